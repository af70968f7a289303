/** Where the tables of the module end that this is compiled into; tools/build/compile-assembly.ts looks whether they fit. */
export const tablesEnd: usize = __heap_base;
