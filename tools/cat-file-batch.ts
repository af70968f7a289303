/** Output of `git cat-file --batch`: a line `<oid> <type> <size>`, the object, and a line feed. */
export interface BatchObject {
  readonly oid: string;
  readonly type: string;
  /** Valid until the next one is asked for. */
  readonly bytes: Uint8Array;
}

const LF = 0x0a;
/** A header is shorter than this. */
const MAX_HEADER = 256;

/** @throws Error for output that ends early or is something else */
export async function* readBatch(output: AsyncIterable<Buffer>): AsyncGenerator<BatchObject> {
  let held: Buffer[] = [];
  let size = 0;
  let wanted = 1;
  for await (const chunk of output) {
    held.push(chunk);
    size += chunk.length;
    if (size < wanted) continue;
    let all = held.length === 1 ? chunk : Buffer.concat(held);
    for (;;) {
      const end = all.indexOf(LF);
      if (end < 0) {
        if (all.length > MAX_HEADER) throw new Error('that is no output of git cat-file');
        wanted = all.length + 1;
        break;
      }
      const [oid = '', type = '', length = ''] = all.toString('latin1', 0, end).split(' ');
      if (!/^\d+$/.test(length)) throw new Error(`git cat-file says ${type} of ${oid}`);
      wanted = end + 1 + Number(length) + 1;
      if (all.length < wanted) break;
      yield { oid, type, bytes: all.subarray(end + 1, wanted - 1) };
      all = all.subarray(wanted);
    }
    held = [all];
    size = all.length;
  }
  if (size > 0) throw new Error('the output of git cat-file ends early');
}
