/**
 * Puts the body of ci/unleak-ci.sh into every template below ci/, between the lines that name it: a template is one file
 * that a pipeline can include as it is, and what they do is written once.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../ci');
const BODY = /^( *)# unleak-ci begin\n(?:.*\n)*?\1# unleak-ci end$/m;

function bodyOf(text: string, name: string): string {
  const body = BODY.exec(text)?.[0];
  if (body === undefined) throw new Error(`ci/${name}: the lines unleak-ci begin and end are not there`);
  return body;
}

const body = bodyOf(readFileSync(join(folder, 'unleak-ci.sh'), 'utf8'), 'unleak-ci.sh');
// Groovy, CircleCI and GitHub would read these themselves.
const strange = /\\|'''|<<|\$\{\{/.exec(body);
if (strange !== null) throw new Error(`ci/unleak-ci.sh: ${strange[0]} means something else in a template`);

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || entry.name === 'unleak-ci.sh') continue;
  const text = readFileSync(file, 'utf8');
  const [indent = ''] = /^ */.exec(bodyOf(text, entry.name)) ?? [];
  const indented = body.replace(/^(?=.)/gm, indent);
  writeFileSync(
    file,
    text.replace(BODY, () => indented),
  );
}
