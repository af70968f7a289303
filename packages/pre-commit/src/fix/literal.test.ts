import { expect, test } from 'vitest';
import { randomText } from '../../../../test/support/tokens.ts';
import { neededImport } from './imports.ts';
import { findLiteral } from './literal.ts';
import { syntaxOf } from './syntax.ts';

const SECRET = randomText(12, 'literal');
const [HALF, REST] = [SECRET.slice(0, 6), SECRET.slice(6)];

/** The file with the credential `«»` replaced by `NAME`, or why it stays. A URL is marked as such by `isInUrl`. */
function fixed(path: string, marked: string, isInUrl = false): string {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const text = marked.replace('«', '').replace('»', '');
  const found = findLiteral({ path, text, start, end, isInUrl });
  return 'refused' in found
    ? `no: ${found.refused}`
    : text.slice(0, found.start) + found.replacement('NAME') + text.slice(found.end);
}

test.each<readonly [path: string, before: string, after: string]>([
  ['a.js', `const key = "«${SECRET}»";`, 'const key = process.env.NAME;'],
  ['a.mjs', `login('«${SECRET}»', 3)`, 'login(process.env.NAME, 3)'],
  ['a.js', `const key = \`«${SECRET}»\`\n`, 'const key = process.env.NAME\n'],
  [
    'a.js',
    `module.exports = { key: '«${SECRET}»' } // it's here`,
    "module.exports = { key: process.env.NAME } // it's here",
  ],
  ['a.js', `f({\n  key:\n    '«${SECRET}»',\n});`, 'f({\n  key:\n    process.env.NAME,\n});'],
  ['a.ts', `const key: string = "«${SECRET}»";`, "const key: string = process.env.NAME ?? '';"],
  ['a.tsx', `const el = <Login token={"«${SECRET}»"} />;`, "const el = <Login token={process.env.NAME ?? ''} />;"],
  ['a.py', `KEY = "«${SECRET}»"  # mine\n`, 'KEY = os.environ["NAME"]  # mine\n'],
  ['a.py', `    return '«${SECRET}»'`, '    return os.environ["NAME"]'],
  ['a.py', `d = {"key": "«${SECRET}»", "b": 1}`, 'd = {"key": os.environ["NAME"], "b": 1}'],
  ['a.rb', `key = '«${SECRET}»'`, 'key = ENV.fetch("NAME")'],
  ['a.rb', `{ key => '«${SECRET}»' }`, '{ key => ENV.fetch("NAME") }'],
  ['a.go', `var key = "«${SECRET}»"`, 'var key = os.Getenv("NAME")'],
  ['a.go', `\tkey := "«${SECRET}»"\n`, '\tkey := os.Getenv("NAME")\n'],
  [
    'A.java',
    `private static final String KEY = "«${SECRET}»";`,
    'private static final String KEY = System.getenv("NAME");',
  ],
  ['a.kt', `val key = "«${SECRET}»"`, 'val key = System.getenv("NAME")'],
  ['A.cs', `string key = "«${SECRET}»";`, 'string key = System.Environment.GetEnvironmentVariable("NAME");'],
  ['a.php', `$key = '«${SECRET}»';`, '$key = getenv("NAME");'],
  ['a.sh', `export KEY="«${SECRET}»"\n`, 'export KEY="${NAME}"\n'],
  ['a.sh', `KEY=«${SECRET}»\n`, 'KEY="${NAME}"\n'],
  ['a.sh', `login --token '«${SECRET}»' now`, 'login --token "${NAME}" now'],
  ['docker-compose.yml', `      KEY: "«${SECRET}»"\n`, '      KEY: "${NAME}"\n'],
  ['compose.prod.yaml', `      - KEY=«${SECRET}»\n`, '      - KEY=${NAME}\n'],
  ['application.properties', `app.key=«${SECRET}»\n`, 'app.key=${NAME}\n'],
  ['.env.example', `KEY=«${SECRET}»\nB=1\n`, 'KEY=\nB=1\n'],
])('%s: %j', (path, before, after) => {
  expect(fixed(path, before)).toBe(after);
});

test.each<readonly [path: string, text: string]>([
  ['a.js', `const key = "prefix-«${SECRET}»";`],
  ['a.js', `const key = "«${SECRET}»" + suffix;`],
  ['a.js', `const key = "«${SECRET}»"\n  .trim();`],
  ['a.js', `const key = other || "«${SECRET}»";`],
  ['a.js', `const text = "the key is '«${SECRET}»'";`],
  ['a.js', `const text = \`\nkey = "«${SECRET}»"\n\`;`],
  ['a.js', `const map = { "«${SECRET}»": 1 };`],
  ['a.js', `switch (x) { case "«${SECRET}»": }`],
  ['a.jsx', `<Login token="«${SECRET}»"\n/>`],
  ['a.ts', `enum Keys {\n  A = "«${SECRET}»",\n}`],
  ['a.ts', `type Key = "«${SECRET}»";`],
  ['a.d.ts', `declare const key = "«${SECRET}»";`],
  ['a.py', `KEY = b"«${SECRET}»"`],
  ['a.py', `KEY = f"«${SECRET}»"`],
  ['a.py', `"""\nKEY = "«${SECRET}»"\n"""`],
  ['a.py', `KEY = ("«${SECRET}»"\n  "more")`],
  ['a.py', `KEY = "«${HALF}\\x${REST}»"`],
  ['a.rb', `key = "«${HALF}#{x}${REST}»"`],
  ['a.rb', `text = <<~TEXT\n  key = '«${SECRET}»'\nTEXT\n`],
  ['a.go', `const key = "«${SECRET}»"`],
  ['a.go', `const (\n\ta = 1\n\tkey = "«${SECRET}»"\n)`],
  ['A.java', `@Value("«${SECRET}»")`],
  ['a.kt', `const val KEY = "«${SECRET}»"`],
  ['A.cs', `const string Key = "«${SECRET}»";`],
  ['A.cs', `[Key("«${SECRET}»")]`],
  ['A.cs', `void F(string key = "«${SECRET}»") {}`],
  ['a.php', `private $key = "«${SECRET}»";`],
  ['a.sh', `cat <<END\nkey="«${SECRET}»"\nEND\n`],
  ['a.sh', `KEY=«${HALF}$${REST}»\n`],
  ['a.rs', `let key = "«${SECRET}»";`],
  ['a.swift', `let key = "«${SECRET}»"`],
  ['a.tf', `password = "«${SECRET}»"`],
  ['a.json', `{"key": "«${SECRET}»"}`],
  ['a.yaml', `key: «${SECRET}»`],
  ['compose.yml', `# KEY: «${SECRET}»`],
  ['compose.yml', `command: run --key «${SECRET}»`],
  ['.env', `KEY=«${SECRET}»`],
  ['.github/workflows/a.yml', `KEY: «${SECRET}»`],
  ['a.js', `${'a-'.repeat(2000)}; const key = "«${SECRET}»";`],
  ['README.md', `the key is «${SECRET}»`],
  ['a.js', `const key = "«${SECRET}\n${SECRET}»";`],
])('stays as it is: %s: %j', (path, text) => {
  expect(fixed(path, text)).toMatch(/^no: [^\n]+$/);
});

test('of an address, the whole text goes, since a part of it is of no use', () => {
  const url = (password: string): string => ['postgres:', `//app:${password}`, '@db.internal/orders'].join('');
  expect(fixed('a.js', `connect("${url(`«${SECRET}»`)}");`, true)).toBe('connect(process.env.NAME);');
  expect(fixed('a.js', `connect("${url(`«${SECRET}»`)}");`)).toMatch(/^no: /);
  expect(fixed('compose.yml', `  - DB=${url(`«${SECRET}»`)}\n`, true)).toBe('  - DB=${NAME}\n');
  expect(fixed('a.js', `connect("psql ${url(`«${SECRET}»`)}");`, true)).toMatch(/^no: /);
});

test.each<readonly [path: string, text: string, expected: string | undefined]>([
  ['a.py', 'import os\nx = 1\n', undefined],
  ['a.py', 'import sys, os\n', undefined],
  [
    'a.py',
    '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\nimport sys\n',
    '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\nimport os\nimport sys\n',
  ],
  [
    'a.py',
    'from __future__ import annotations\nfrom a import b\n',
    'from __future__ import annotations\nimport os\nfrom a import b\n',
  ],
  ['a.py', 'x = 1\r\n', 'import os\r\n\r\nx = 1\r\n'],
  ['a.go', 'package a\n\nimport (\n\t"fmt"\n)\n', 'package a\n\nimport (\n\t"os"\n\t"fmt"\n)\n'],
  ['a.go', 'package a\n\nimport "os"\n', undefined],
  ['a.go', 'package a\n', 'package a\n\nimport "os"\n'],
])('imports of %s: %j', (path, text, expected) => {
  const syntax = syntaxOf(path);
  if (typeof syntax === 'string') throw new Error(syntax);
  const needed = neededImport(text, syntax);
  if (typeof needed === 'string') throw new Error(needed);
  expect(needed === undefined ? undefined : text.slice(0, needed.at) + needed.text + text.slice(needed.at)).toBe(
    expected,
  );
});

test('where an import has no sure place, somebody has to write it', () => {
  const syntax = syntaxOf('a.py');
  if (typeof syntax === 'string') throw new Error(syntax);
  expect(neededImport('"""What this is."""\nx = 1\n', syntax)).toContain('import os');
});
