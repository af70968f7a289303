import { neutralise } from '../bytes/display.ts';
import type { Origin } from './layers.ts';
import type { ResolvedValue } from './resolve.ts';

/** `--fail-on`, `UNLEAK_FAIL_ON`, `unleak.yaml:3`, `default`; a target's file is called so, for it is not trusted. */
export function originText({ kind, name, line }: Origin): string {
  if (kind === 'default') return 'default';
  const place = line === undefined ? name : `${name}:${line}`;
  return neutralise(kind === 'target' ? `${place} (target)` : place);
}

/** One line per value, for people: `failOn = high  # --fail-on`. */
export function showValues(values: readonly ResolvedValue[]): readonly string[] {
  return values.map(({ key, value, origin }) => {
    const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
    return `${neutralise(key)} = ${neutralise(text)}  # ${originText(origin)}`;
  });
}
