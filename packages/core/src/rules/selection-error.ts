/** An entry of a selection, or an override, that names no rule. */
export class SelectionError extends Error {
  readonly code = 'UNKNOWN_RULE';
  readonly entry: string;
  constructor(entry: string, message: string) {
    super(message);
    this.name = 'SelectionError';
    this.entry = entry;
  }
}
