/**
 * A list whose members are made when they are first read. To everybody else it is an array: whoever maps, spreads or
 * clones it makes all that are not made yet.
 */
export function lateList<T>(length: number, make: (index: number) => T): readonly T[] {
  const list: T[] = [];
  for (let index = 0; index < length; index++) {
    Object.defineProperty(list, index, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make(index);
        Object.defineProperty(list, index, { configurable: true, enumerable: true, writable: false, value });
        return value;
      },
    });
  }
  return list;
}
