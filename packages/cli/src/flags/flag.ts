/**
 * What a flag or a command is. The tables made of these are the only list: yargs, the short parser of the hook,
 * completion, help and docs/cli.md are made from them.
 */
export interface Flag {
  /** Without dashes. */
  readonly name: string;
  /** One letter. */
  readonly alias?: string;
  /** `list`: may be given several times. */
  readonly type: 'boolean' | 'string' | 'number' | 'list';
  /** What stands for the value in help, such as `FILE`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** For people: what holds when neither the flag nor anything else says. */
  readonly default?: string;
  readonly group: string;
  readonly description: string;
  /** Environment variable that says the same. */
  readonly env?: string;
  /** Key of the configuration that says the same. */
  readonly config?: string;
}

export interface Positional {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly many?: boolean;
}

export interface Example {
  readonly command: string;
  readonly description: string;
}

export interface Command {
  /** One or two words. */
  readonly name: string;
  readonly description: string;
  readonly positionals: readonly Positional[];
  readonly flags: readonly Flag[];
  readonly examples: readonly Example[];
  /** Sentences below the flags of its help. */
  readonly notes?: readonly string[];
}

type ValueOf<F extends Flag> = F['type'] extends 'boolean'
  ? true
  : F['type'] extends 'list'
    ? readonly string[]
    : F['type'] extends 'number'
      ? number
      : F extends { readonly choices: readonly (infer C)[] }
        ? C
        : string;

/** What was given, by name. What was not given is not there: defaults are the business of whoever resolves settings. */
export type Values<T extends readonly Flag[]> = { readonly [F in T[number] as F['name']]?: ValueOf<F> };
