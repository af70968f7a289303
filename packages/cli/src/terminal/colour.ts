import type { Io } from '../io.ts';
import type { Output } from '../output.ts';

/** `--no-color`, then FORCE_COLOR, then NO_COLOR (no-color.org), then whether the output is a terminal that can. */
export function wantsColour(io: Pick<Io, 'env'>, output: Pick<Output, 'isTTY'>, noColor: boolean): boolean {
  if (noColor) return false;
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: term } = io.env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (none !== undefined && none !== '') return false;
  return output.isTTY && term !== 'dumb';
}
