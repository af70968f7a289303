/** Shannon entropy of the distribution of byte values, in bits per byte: 0 for no or one distinct byte, 8 at most. */
export function entropy(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) {
    if (count === 0) continue;
    const share = count / bytes.length;
    bits -= share * Math.log2(share);
  }
  // One distinct byte gives -0.
  return bits === 0 ? 0 : bits;
}
