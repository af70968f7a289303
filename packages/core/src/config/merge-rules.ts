import type { Layer } from './layers.ts';
import { every, said } from './said.ts';
import type { Said } from './said.ts';
import type { RuleOverride } from './schema.ts';

export interface Selection {
  readonly enable: readonly Said<string>[];
  readonly disable: readonly Said<string>[];
}

/** Entries of all layers. Of what is enabled here and disabled there, the first that says anything is right. */
export function mergeSelection(layers: readonly Layer[]): Selection {
  const chosen = new Map<string, { list: 'enable' | 'disable'; entry: Said<string> }>();
  for (const layer of layers) {
    for (const source of layer.sources) {
      for (const list of ['enable', 'disable'] as const) {
        source.config.rules?.[list]?.forEach((value, index) => {
          if (!chosen.has(value))
            chosen.set(value, { list, entry: said(value, { layer, source, path: ['rules', list, index] }) });
        });
      }
    }
  }
  const entries = [...chosen.values()];
  const of = (list: 'enable' | 'disable'): Said<string>[] =>
    entries.filter((one) => one.list === list).map(({ entry }) => entry);
  return { enable: of('enable'), disable: of('disable') };
}

const ATTRIBUTES = ['severity', 'confidence', 'entropy'] as const;

/** Each attribute of each rule from the first that sets it; also one by one, for showing. */
export function mergeOverrides(layers: readonly Layer[]): {
  readonly merged: Readonly<Record<string, RuleOverride>>;
  readonly said: readonly (Said<string | number> & { readonly key: string })[];
} {
  const ids = new Set(
    every<Record<string, RuleOverride>>(layers, ['rules', 'overrides']).flatMap(({ value }) => Object.keys(value)),
  );
  const merged: [string, RuleOverride][] = [];
  const all: (Said<string | number> & { key: string })[] = [];
  for (const id of [...ids].sort()) {
    const found = ATTRIBUTES.flatMap((attribute) => {
      const one = every<string | number>(layers, ['rules', 'overrides', id, attribute])[0];
      return one === undefined ? [] : [{ attribute, one }];
    });
    for (const { attribute, one } of found) all.push({ ...one, key: `rules.overrides.${id}.${attribute}` });
    merged.push([id, Object.fromEntries(found.map(({ attribute, one }) => [attribute, one.value])) as RuleOverride]);
  }
  return { merged: Object.fromEntries(merged), said: all };
}
