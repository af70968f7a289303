/** Half-open range of byte offsets, `[start, end)`, always into the text as its source delivered it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
