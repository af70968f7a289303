import type { Layer, Origin, Source } from './layers.ts';
import { keyText } from './parse.ts';
import type { KeyPath } from './parse.ts';
import { valueAt } from './settings.ts';

/** A value, and who said it where. */
export interface Said<T> {
  readonly value: T;
  readonly origin: Origin;
  readonly at?: Place;
}

export interface Place {
  readonly layer: Layer;
  readonly source: Source;
  readonly path: KeyPath;
}

/** Everything that is said at `path`, what goes before first. The schema has checked that it is a `T`. */
export function every<T>(layers: readonly Layer[], path: KeyPath): readonly Said<T>[] {
  return layers.flatMap((layer) =>
    layer.sources.flatMap((source) => {
      const value = valueAt(source.config, path) as T | undefined;
      return value === undefined ? [] : [said(value, { layer, source, path })];
    }),
  );
}

export function first<T>(layers: readonly Layer[], path: KeyPath): Said<T> | undefined {
  return every<T>(layers, path)[0];
}

/** The items of all lists at `path`, one by one. */
export function items<T>(layers: readonly Layer[], path: KeyPath): readonly Said<T>[] {
  return every<readonly T[]>(layers, path).flatMap(({ value, at }) =>
    value.map((item, index) => (at === undefined ? defaulted(item) : said(item, { ...at, path: [...path, index] }))),
  );
}

export function said<T>(value: T, at: Place): Said<T> {
  return { value, at, origin: originOf(at) };
}

export function defaulted<T>(value: T): Said<T> {
  return { value, origin: { kind: 'default', name: '' } };
}

function originOf({ layer, source, path }: Place): Origin {
  const line = source.lineOf(path);
  return { kind: layer.kind, name: source.name, ...(line === undefined ? {} : { line }) };
}

/** Where a problem with a value is, and how its message begins. */
export function problemPlace({ source, path }: Place): {
  readonly file: string;
  readonly line: number | undefined;
  readonly key: string;
} {
  // A flag's or a variable's name says the key already.
  const isFile = source.lineOf([]) !== undefined;
  return { file: source.name, line: source.lineOf(path), key: isFile ? `${keyText(path)}: ` : '' };
}
