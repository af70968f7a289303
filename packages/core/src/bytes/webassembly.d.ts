/** What we use of the WebAssembly API: TypeScript has it only among the types of browsers. */
export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

declare global {
  const WebAssembly: {
    readonly Memory: new (descriptor: { readonly initial: number; readonly maximum?: number }) => WebAssemblyMemory;
    readonly RuntimeError: new (message?: string) => Error;
    readonly Module: {
      new (bytes: Uint8Array): object;
      imports(module: object): readonly { readonly module: string; readonly name: string; readonly kind: string }[];
    };
    readonly Instance: new (
      module: object,
      imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    ) => { readonly exports: unknown };
  };
}
