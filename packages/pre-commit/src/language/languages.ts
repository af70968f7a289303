/**
 * What a file is written in, told by its name, as far as that matters to somebody who has to take a credential out of it:
 * how it reads a variable of the environment, and how it writes a comment.
 */

export interface Language {
  /** As it stands in a sentence: "In Python: …". */
  readonly name: string;
  /** A comment to the end of the line; undefined where the language has none. */
  readonly comment?: (text: string) => string;
  /** An expression that gives the variable's value; undefined where the file has no way to read one. */
  readonly read?: (variable: string) => string;
  /** What people have to know besides, or do instead where nothing can be read. One sentence, without a full stop. */
  readonly hint?: string;
}

const slashes = (text: string): string => `// ${text}`;
const hash = (text: string): string => `# ${text}`;
const dashes = (text: string): string => `-- ${text}`;
const semicolon = (text: string): string => `; ${text}`;
const markup = (text: string): string => `<!-- ${text} -->`;
const block = (text: string): string => `/* ${text} */`;
const variable = (name: string): string => `\${${name}}`;

const NOT_EXPANDED = 'keep it out of the file, and have the program that reads the file take it from the environment';

const COMPOSE: Language = { name: 'Compose', comment: hash, read: variable };
const DOTENV: Language = {
  name: '.env files',
  comment: hash,
  hint: 'keep this file on your machine: take it out of git (git rm --cached), name it in .gitignore, and commit an example without values',
};
const WORKFLOW: Language = {
  name: 'GitHub Actions',
  comment: hash,
  // GitHub keeps names that begin with its own for itself.
  read: (name) => `\${{ secrets.${name.replace(/^GITHUB_/, 'GH_')} }}`,
  hint: 'the value goes into the secrets of the repository (Settings, Secrets and variables)',
};
const GITLAB_CI: Language = {
  name: 'GitLab CI',
  comment: hash,
  read: (name) => `$${name}`,
  hint: 'the value goes into the CI/CD variables of the project, masked',
};
const DOCKERFILE: Language = {
  name: 'a Dockerfile',
  comment: hash,
  hint: 'ARG and ENV stay in the image: give it to the build with RUN --mount=type=secret, or to the container when it runs',
};
const SPRING: Language = { name: 'Spring', comment: hash, read: variable };
const SHELL: Language = { name: 'a shell', comment: hash, read: (name) => `"${variable(name)}"` };
const RUBY: Language = { name: 'Ruby', comment: hash, read: (name) => `ENV.fetch("${name}")` };
const TFVARS: Language = {
  name: 'Terraform',
  comment: hash,
  hint: 'keep this file out of git, and give the value as TF_VAR_<name> in the environment',
};
const HELM_OR_YAML: Language = {
  name: 'YAML',
  comment: hash,
  hint: `YAML has no variables of its own: ${NOT_EXPANDED}`,
};
const OTHER: Language = {
  name: 'this file',
  hint: 'put a placeholder in its place, and the value where git does not see it',
};

/** Whole names and patterns of them, first match wins; then endings. */
const BY_NAME: readonly (readonly [RegExp, Language])[] = [
  [/^(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/, COMPOSE],
  [/^\.env(?:\..+)?$|\.env$/, DOTENV],
  [/^\.envrc$|^\.(?:bash|zsh)(?:rc|_profile|env)$|^\.profile$/, SHELL],
  [/^(?:dockerfile|containerfile)(?:\..+)?$|\.dockerfile$/, DOCKERFILE],
  [/^\.gitlab-ci\.ya?ml$/, GITLAB_CI],
  [/^application(?:-[^/]*)?\.(?:ya?ml|properties)$/, SPRING],
  [/^(?:gemfile|rakefile|podfile|fastfile|vagrantfile|brewfile)$/, RUBY],
  [/\.(?:tfvars|tfvars\.json)$/, TFVARS],
];

const JAVASCRIPT: Language = { name: 'JavaScript', comment: slashes, read: (name) => `process.env.${name}` };
// Strict type checking wants text, not text or nothing.
const TYPESCRIPT: Language = { name: 'TypeScript', comment: slashes, read: (name) => `process.env.${name} ?? ''` };
const MARKUP: Language = {
  name: 'a page',
  comment: markup,
  hint: 'whatever a page holds reaches everybody who opens it: keep the credential on the server',
};
const JVM = (name: string): Language => ({ name, comment: slashes, read: (env) => `System.getenv("${env}")` });

const BY_ENDING: Readonly<Record<string, Language>> = {
  ...each(['js', 'mjs', 'cjs', 'jsx'], JAVASCRIPT),
  ...each(['ts', 'mts', 'cts', 'tsx'], TYPESCRIPT),
  ...each(['vue', 'svelte', 'astro', 'html', 'htm', 'xhtml'], MARKUP),
  ...each(['py', 'pyw', 'pyi'], {
    name: 'Python',
    comment: hash,
    read: (name) => `os.environ["${name}"]`,
    hint: 'with import os at the top',
  }),
  ...each(['ipynb'], {
    name: 'a notebook',
    hint: 'read it with os.environ["NAME"], and clear the output of the cells that printed it',
  }),
  ...each(['rb', 'rake', 'gemspec', 'podspec'], RUBY),
  go: { name: 'Go', comment: slashes, read: (name) => `os.Getenv("${name}")`, hint: 'with "os" among the imports' },
  java: JVM('Java'),
  ...each(['kt', 'kts'], JVM('Kotlin')),
  ...each(['groovy', 'gradle'], JVM('Groovy')),
  ...each(['scala', 'sbt'], { name: 'Scala', comment: slashes, read: (name) => `sys.env("${name}")` }),
  ...each(['clj', 'cljs', 'cljc'], {
    name: 'Clojure',
    comment: semicolon,
    read: (name) => `(System/getenv "${name}")`,
  }),
  ...each(['cs', 'csx'], {
    name: 'C#',
    comment: slashes,
    read: (name) => `System.Environment.GetEnvironmentVariable("${name}")`,
  }),
  ...each(['fs', 'fsx'], {
    name: 'F#',
    comment: slashes,
    read: (name) => `System.Environment.GetEnvironmentVariable("${name}")`,
  }),
  vb: {
    name: 'Visual Basic',
    comment: (text) => `' ${text}`,
    read: (name) => `Environment.GetEnvironmentVariable("${name}")`,
  },
  ...each(['php', 'phtml'], { name: 'PHP', comment: slashes, read: (name) => `getenv("${name}")` }),
  rs: {
    name: 'Rust',
    comment: slashes,
    read: (name) => `std::env::var("${name}")?`,
    hint: 'which gives a String, or an error where it is not set',
  },
  swift: {
    name: 'Swift',
    comment: slashes,
    read: (name) => `ProcessInfo.processInfo.environment["${name}"]`,
    hint: 'on a server; whatever an app holds reaches everybody who installs it',
  },
  dart: { name: 'Dart', comment: slashes, read: (name) => `Platform.environment["${name}"]` },
  ...each(['c', 'h'], { name: 'C', comment: block, read: (name) => `getenv("${name}")` }),
  ...each(['cc', 'cpp', 'cxx', 'hpp', 'hh', 'm', 'mm'], {
    name: 'C++',
    comment: slashes,
    read: (name) => `std::getenv("${name}")`,
  }),
  ...each(['ex', 'exs'], { name: 'Elixir', comment: hash, read: (name) => `System.fetch_env!("${name}")` }),
  erl: { name: 'Erlang', comment: (text) => `% ${text}`, read: (name) => `os:getenv("${name}")` },
  hs: { name: 'Haskell', comment: dashes, read: (name) => `getEnv "${name}"` },
  lua: { name: 'Lua', comment: dashes, read: (name) => `os.getenv("${name}")` },
  ...each(['pl', 'pm'], { name: 'Perl', comment: hash, read: (name) => `$ENV{${name}}` }),
  r: { name: 'R', comment: hash, read: (name) => `Sys.getenv("${name}")` },
  jl: { name: 'Julia', comment: hash, read: (name) => `ENV["${name}"]` },
  ...each(['sh', 'bash', 'zsh', 'ksh'], SHELL),
  fish: { name: 'fish', comment: hash, read: (name) => `"$${name}"` },
  ...each(['ps1', 'psm1', 'psd1'], { name: 'PowerShell', comment: hash, read: (name) => `$env:${name}` }),
  ...each(['bat', 'cmd'], { name: 'a batch file', comment: (text) => `rem ${text}`, read: (name) => `%${name}%` }),
  sql: {
    name: 'SQL',
    comment: dashes,
    hint: 'give it as a parameter of the query, or as a variable of the client',
  },
  ...each(['tf', 'hcl'], {
    name: 'Terraform',
    comment: hash,
    read: (name) => `var.${name.toLowerCase()}`,
    hint: 'with a variable block that says sensitive = true, and the value as TF_VAR_<name> in the environment',
  }),
  nix: {
    name: 'Nix',
    comment: hash,
    hint: 'the store is readable by everybody: read it from a file when the service starts',
  },
  ...each(['yml', 'yaml'], HELM_OR_YAML),
  ...each(['json', 'jsonl', 'geojson', 'webmanifest'], {
    name: 'JSON',
    hint: `JSON has no variables: ${NOT_EXPANDED}`,
  }),
  ...each(['json5', 'jsonc'], { name: 'JSON', comment: slashes, hint: `JSON has no variables: ${NOT_EXPANDED}` }),
  toml: { name: 'TOML', comment: hash, hint: `TOML has no variables: ${NOT_EXPANDED}` },
  ...each(['ini', 'cfg', 'conf', 'cnf'], { name: 'a configuration file', comment: hash, hint: NOT_EXPANDED }),
  properties: { name: 'a properties file', comment: hash, hint: NOT_EXPANDED },
  ...each(['xml', 'config', 'plist', 'csproj', 'svg'], {
    name: 'XML',
    comment: markup,
    hint: `XML has no variables: ${NOT_EXPANDED}`,
  }),
  ...each(['md', 'markdown', 'mdx'], {
    name: 'a text for people',
    comment: markup,
    hint: 'put a placeholder in its place, such as <your key>',
  }),
  ...each(['css', 'scss', 'less'], { name: 'a style sheet', comment: block, hint: 'put a placeholder in its place' }),
};

function each(endings: readonly string[], language: Language): Readonly<Record<string, Language>> {
  return Object.fromEntries(endings.map((ending) => [ending, language]));
}

/** Of a path as reports give it. Names that say nothing give a language that can neither read nor comment. */
export function languageOf(path: string): Language {
  const name = (path.split('/').at(-1) ?? '').toLowerCase();
  if (/(?:^|\/)\.(?:github|gitea|forgejo)\/(?:workflows|actions)\//.test(path) && /\.ya?ml$/.test(name))
    return WORKFLOW;
  const byName = BY_NAME.find(([pattern]) => pattern.test(name));
  if (byName !== undefined) return byName[1];
  const ending = name.includes('.') ? (name.split('.').at(-1) ?? '') : '';
  return Object.hasOwn(BY_ENDING, ending) ? (BY_ENDING[ending] ?? OTHER) : OTHER;
}

/** A `.env` that is committed on purpose, to say which variables there are. */
export function isDotenvExample(path: string): boolean {
  return isDotenv(path) && /\.(?:example|sample|template|dist|defaults?)$/i.test(path);
}

/** Whether a file is one of those that programs read their environment from: it belongs on a machine, not in git. */
export function isDotenv(path: string): boolean {
  return languageOf(path) === DOTENV;
}
