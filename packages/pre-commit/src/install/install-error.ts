/**
 * Why hooks were not installed or taken away, for the operator: what is the matter and what to do. The first line is
 * whole by itself; lines of configuration to write somewhere may follow.
 */
export class HookInstallError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HookInstallError';
  }
}
