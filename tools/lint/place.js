const core = '/packages/core/src/';

/** A file's path below `packages/core/src/`, with `/`; undefined for a file that lies elsewhere. */
export function placeInCore(filename) {
  const path = filename.replaceAll('\\', '/');
  const at = path.lastIndexOf(core);
  return at === -1 ? undefined : path.slice(at + core.length);
}

/** Whether a place is one of the named files, or lies in one of the named folders (names that end in `/`). */
export function isOneOf(place, names) {
  return names.some((name) => (name.endsWith('/') ? place.startsWith(name) : place === name));
}

/** The schema of a list of such names. */
export const placesSchema = { type: 'array', items: { type: 'string' }, uniqueItems: true };
