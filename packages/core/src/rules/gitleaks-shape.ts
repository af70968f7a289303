/**
 * The shape of `.gitleaks.toml` and `.betterleaks.toml`: TOML text to typed tables. Keys are read in any case, as those
 * tools read them. What has no effect here is a warning, never silent.
 */
import { TomlError, parse } from 'smol-toml';
import type { Problem } from './problem.ts';

export interface ForeignAllowList {
  readonly description?: string;
  readonly condition: 'any' | 'all';
  readonly commits: readonly string[];
  readonly paths: readonly string[];
  readonly target: 'secret' | 'match' | 'line';
  readonly patterns: readonly string[];
  readonly words: readonly string[];
  readonly targetRules: readonly string[];
}

export interface ForeignRequired {
  readonly id: string;
  readonly withinLines?: number;
  readonly withinColumns?: number;
}

/** Members that the table does not have are absent, so that a rule can override another member by member. */
export interface ForeignRule {
  readonly id: string;
  readonly description?: string;
  readonly path?: string;
  readonly regex?: string;
  readonly secretGroup?: number;
  readonly entropy?: number;
  readonly keywords: readonly string[];
  readonly tags: readonly string[];
  readonly skipReport?: boolean;
  readonly allow: readonly ForeignAllowList[];
  readonly required: readonly ForeignRequired[];
}

export interface ForeignConfig {
  readonly title?: string;
  readonly extend: { readonly path?: string; readonly useDefault: boolean; readonly disabledRules: readonly string[] };
  readonly allow: readonly ForeignAllowList[];
  readonly rules: readonly ForeignRule[];
}

export interface ForeignShape {
  readonly config?: ForeignConfig;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const MAX_CONFIG_BYTES = 4 << 20;

export function readForeignConfig(file: string, text: string): ForeignShape {
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES)
    return { problems: [{ file, message: `larger than ${MAX_CONFIG_BYTES} bytes` }], warnings: [] };
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { problems: [{ file, line: error.line, message: firstLine(error.message) }], warnings: [] };
  }
  const reader = new Reader(file);
  const config = reader.config(new Table(reader, value, ''));
  return { ...(reader.problems.length === 0 ? { config } : {}), problems: reader.problems, warnings: reader.warnings };
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '').trim();
}

class Reader {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  problem(message: string, rule?: string): void {
    this.problems.push({ file: this.#file, message, ...(rule === undefined ? {} : { rule }) });
  }

  warn(message: string, rule?: string): void {
    this.warnings.push({ file: this.#file, message, ...(rule === undefined ? {} : { rule }) });
  }

  config(top: Table): ForeignConfig {
    const extend = top.table('extend');
    if (extend.text('url') !== undefined)
      this.problem('extend.url is not read: download the file and name it with extend.path');
    const path = extend.text('path');
    const title = top.text('title');
    top.ignored(['prefilter', 'filter'], 'expressions are not supported, so it filters nothing');
    top.known(['description', 'minversion', 'betterleaksminversion']);
    const config = {
      ...(title === undefined ? {} : { title }),
      extend: {
        ...(path === undefined || path === '' ? {} : { path }),
        useDefault: extend.flag('usedefault') ?? false,
        disabledRules: extend.texts('disabledrules'),
      },
      allow: [...top.tables('allowlist'), ...top.tables('allowlists')].map((table) => this.#allowList(table)),
      rules: top.tables('rules').map((table, i) => this.#rule(table, i)),
    };
    extend.rest();
    top.rest();
    return config;
  }

  #rule(table: Table, index: number): ForeignRule {
    const id = table.text('id') ?? '';
    if (id === '') this.problem(`rule ${index + 1} has no id`);
    table.rule = id;
    table.ignored(['validate', 'filter'], 'expressions are not supported, so it has no effect');
    table.ignored(['specificity', 'tokenefficiency'], 'it has no effect here');
    const [description, path, regex] = [table.text('description'), table.text('path'), table.text('regex')];
    const [secretGroup, entropy] = [table.number('secretgroup'), table.number('entropy')];
    const skipReport = table.flag('skipreport');
    const rule: ForeignRule = {
      id,
      ...(description === undefined ? {} : { description }),
      ...(path === undefined || path === '' ? {} : { path }),
      ...(regex === undefined || regex === '' ? {} : { regex }),
      ...(secretGroup === undefined || secretGroup === 0 ? {} : { secretGroup }),
      ...(entropy === undefined || entropy === 0 ? {} : { entropy }),
      ...(skipReport === undefined ? {} : { skipReport }),
      keywords: table.texts('keywords'),
      tags: table.texts('tags'),
      allow: [...table.tables('allowlist'), ...table.tables('allowlists')].map((list) => this.#allowList(list, id)),
      required: table.tables('required').map((required) => this.#required(required, id)),
    };
    if (secretGroup !== undefined && (!Number.isInteger(secretGroup) || secretGroup < 0))
      this.problem('secretGroup is not a whole number', id);
    table.rest();
    return rule;
  }

  #required(table: Table, rule: string): ForeignRequired {
    table.rule = rule;
    const id = table.text('id') ?? '';
    if (id === '') this.problem('required has no id', rule);
    const [withinLines, withinColumns] = [table.number('withinlines'), table.number('withincolumns')];
    table.rest();
    return {
      id,
      ...(withinLines === undefined ? {} : { withinLines }),
      ...(withinColumns === undefined ? {} : { withinColumns }),
    };
  }

  #allowList(table: Table, rule?: string): ForeignAllowList {
    if (rule !== undefined) table.rule = rule;
    const description = table.text('description');
    const condition = (table.text('condition') ?? 'OR').toUpperCase();
    if (!['OR', 'AND', '||', '&&'].includes(condition))
      this.problem(`condition of an allow-list is ${condition}, not OR or AND`, rule);
    const target = (table.text('regextarget') ?? 'secret').toLowerCase();
    if (target !== 'secret' && target !== 'match' && target !== 'line' && target !== '') {
      this.problem(`regexTarget of an allow-list is ${target}, not secret, match or line`, rule);
    }
    const list: ForeignAllowList = {
      ...(description === undefined ? {} : { description }),
      condition: condition === 'AND' || condition === '&&' ? 'all' : 'any',
      target: target === 'match' || target === 'line' ? target : 'secret',
      commits: table.texts('commits').map((commit) => commit.trim().toLowerCase()),
      paths: table.texts('paths'),
      patterns: table.texts('regexes'),
      words: table.texts('stopwords').map((word) => word.toLowerCase()),
      targetRules: table.texts('targetrules'),
    };
    if (list.commits.length + list.paths.length + list.patterns.length + list.words.length === 0) {
      this.problem('an allow-list without commits, paths, regexes and stopwords', rule);
    }
    table.rest();
    return list;
  }
}

/** A table whose keys are looked up in lower case; `rest` warns of those that nobody asked for. */
class Table {
  rule: string | undefined;
  readonly #reader: Reader;
  readonly #name: string;
  readonly #members = new Map<string, { readonly key: string; readonly value: unknown }>();
  readonly #asked = new Set<string>();

  constructor(reader: Reader, value: unknown, name: string) {
    this.#reader = reader;
    this.#name = name;
    if (value === undefined) return;
    if (!isTable(value)) reader.problem(`${name} is not a table`);
    else
      for (const [key, member] of Object.entries(value)) this.#members.set(key.toLowerCase(), { key, value: member });
  }

  #ask(key: string): unknown {
    this.#asked.add(key);
    return this.#members.get(key)?.value;
  }

  #path(key: string): string {
    return `${this.#name === '' ? '' : `${this.#name}.`}${this.#members.get(key)?.key ?? key}`;
  }

  #wrong(key: string, what: string): void {
    this.#reader.problem(`${this.#path(key)} is not ${what}`, this.rule);
  }

  text(key: string): string | undefined {
    const value = this.#ask(key);
    if (value === undefined || typeof value === 'string') return value;
    this.#wrong(key, 'a text');
    return undefined;
  }

  number(key: string): number | undefined {
    const value = this.#ask(key);
    if (typeof value === 'bigint') return Number(value);
    if (value === undefined || typeof value === 'number') return value;
    this.#wrong(key, 'a number');
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.#ask(key);
    if (value === undefined || typeof value === 'boolean') return value;
    this.#wrong(key, 'true or false');
    return undefined;
  }

  texts(key: string): readonly string[] {
    const value = this.#ask(key);
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    this.#wrong(key, 'a list of texts');
    return [];
  }

  table(key: string): Table {
    return new Table(this.#reader, this.#ask(key), this.#path(key));
  }

  /** A list of tables, or a single one (the older form of an allow-list). */
  tables(key: string): readonly Table[] {
    const value = this.#ask(key);
    if (value === undefined) return [];
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!items.every(isTable)) {
      this.#wrong(key, 'a table or a list of tables');
      return [];
    }
    return items.map((item) => new Table(this.#reader, item, this.#path(key)));
  }

  known(keys: readonly string[]): void {
    for (const key of keys) this.#asked.add(key);
  }

  ignored(keys: readonly string[], why: string): void {
    for (const key of keys)
      if (this.#ask(key) !== undefined) this.#reader.warn(`${this.#path(key)}: ${why}`, this.rule);
  }

  rest(): void {
    for (const key of this.#members.keys()) {
      if (!this.#asked.has(key)) this.#reader.warn(`${this.#path(key)} is not known, so it has no effect`, this.rule);
    }
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
