/** What may be replaced in which files. A language is here only where a variable has the type of a literal. */
import { isDotenv, isDotenvExample, languageOf } from '../language/languages.ts';

export interface CodeSyntax {
  readonly kind: 'code';
  readonly id: 'js' | 'ts' | 'python' | 'ruby' | 'go' | 'jvm' | 'csharp' | 'php' | 'shell' | 'other';
  /** Characters that begin and end a text. */
  readonly quotes: string;
  readonly read: (variable: string) => string;
  /** What in a text makes it more than a text, except in single quotes. */
  readonly interpolates: RegExp;
  /** Marks of texts that go over several lines. */
  readonly longQuotes: readonly string[];
  readonly heredocs: boolean;
  /** `NAME=value` without quotes is a text, too. */
  readonly bareValues: boolean;
  /** Lines in which nothing but a constant may stand. */
  readonly constants: RegExp;
}

export interface ValueSyntax {
  readonly kind: 'values';
  readonly read: (variable: string) => string;
}

export type Syntax = CodeSyntax | ValueSyntax;

const NEVER = /(?!)/;
const DOLLAR = /\$/;

function code(id: CodeSyntax['id'], changes: Partial<CodeSyntax>): Omit<CodeSyntax, 'read'> {
  return {
    kind: 'code',
    id,
    quotes: '"',
    interpolates: NEVER,
    longQuotes: [],
    heredocs: false,
    bareValues: false,
    constants: NEVER,
    ...changes,
  };
}

const JVM = code('jvm', { longQuotes: ['"""'], interpolates: DOLLAR, constants: /\bconst\s+val\b|@\w+\s*\(|\bcase\b/ });

/** By the name of the language. */
const CODE: Readonly<Record<string, Omit<CodeSyntax, 'read'>>> = {
  JavaScript: code('js', { quotes: '"\'`', longQuotes: ['`'], interpolates: DOLLAR, constants: /\bimport\b|\bcase\b/ }),
  TypeScript: code('ts', {
    quotes: '"\'`',
    longQuotes: ['`'],
    interpolates: DOLLAR,
    constants: /\bimport\b|\bcase\b|^\s*(?:export\s+)?(?:declare\s+)?type\b|\benum\b|\bdeclare\b|\bas\s+const\b/,
  }),
  Python: code('python', { quotes: '"\'', longQuotes: ['"""', "'''"], constants: /\bcase\b/ }),
  Ruby: code('ruby', { quotes: '"\'', interpolates: /#[{$@]/, heredocs: true }),
  Go: code('go', { longQuotes: ['`'], constants: /\bconst\b|\bcase\b|\bimport\b/ }),
  Java: JVM,
  Kotlin: JVM,
  Groovy: { ...JVM, quotes: '"\'', longQuotes: ['"""', "'''"] },
  Scala: JVM,
  'C#': code('csharp', { longQuotes: ['"""'], interpolates: /[{}]/, constants: /\bconst\b|^\s*\[|\bcase\b/ }),
  PHP: code('php', {
    quotes: '"\'',
    interpolates: DOLLAR,
    heredocs: true,
    constants: /\b(?:const|public|private|protected|static|var|readonly|function|fn|case)\b/,
  }),
  'a shell': code('shell', {
    quotes: '"\'',
    interpolates: /[$`!]/,
    heredocs: true,
    bareValues: true,
    constants: /\bcase\b/,
  }),
  Elixir: code('other', { interpolates: /#\{/, longQuotes: ['"""'], constants: /^\s*@/ }),
  R: code('other', { quotes: '"\'' }),
  Julia: code('other', { interpolates: DOLLAR, longQuotes: ['"""'] }),
  Lua: code('other', { quotes: '"\'' }),
};

/** A sentence for people where nothing can be replaced. */
export function syntaxOf(path: string): Syntax | string {
  const language = languageOf(path);
  const { name, read, hint } = language;
  if (isDotenv(path)) {
    if (isDotenvExample(path)) return { kind: 'values', read: () => '' };
    return 'a .env file is not for git: git rm --cached it, and name it in .gitignore';
  }
  if (path.endsWith('.d.ts')) return 'a file of types holds no values';
  const syntax = CODE[name];
  if (syntax !== undefined && read !== undefined) return { ...syntax, read };
  if ((name === 'Compose' || name === 'Spring') && read !== undefined) return { kind: 'values', read };
  if (read === undefined) return hint ?? 'files of this kind cannot read variables';
  const how = hint === undefined ? '' : `, ${hint}`;
  return `in ${name} a variable cannot simply take the place of a text: ${read('NAME')}${how}`;
}
