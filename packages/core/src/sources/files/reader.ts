export function readFiles(): never { throw new Error('x'); }
