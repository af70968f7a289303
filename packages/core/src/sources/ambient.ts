/**
 * What the sources need from the machine, handed in by the process edge: core never looks at process, environment or
 * working directory by itself.
 */
export interface Ambient {
  /** The operator's environment. The git door passes on PATH and SystemRoot alone; a clone gets more (git/clone.ts). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where temporary directories are made, absolute. */
  readonly tmpdir: string;
  /** User id of the operator; undefined where the system has none (Windows). */
  readonly uid: number | undefined;
  /** Processors that a source may keep busy by itself. */
  readonly parallelism: number;
}
