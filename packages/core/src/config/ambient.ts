/** What the configuration depends on besides files; the process edge fills it in. */
export interface ConfigAmbient {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths of flags and variables are relative to. Absolute. */
  readonly cwd: string;
  /** Absolute; undefined where a user has no home. */
  readonly home: string | undefined;
  /** As `process.platform`. */
  readonly platform: string;
}
