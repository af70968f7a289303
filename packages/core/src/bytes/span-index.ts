/** Spans with a value each, to be asked which of them overlap another span; overlapping one another is allowed. */
import type { Span } from '../types/index.ts';

export class SpanIndex<T> {
  readonly #entries: readonly { readonly span: Span; readonly value: T }[];
  /** For each entry the greatest end of it and all before it. */
  readonly #reach: readonly number[];

  constructor(entries: Iterable<{ readonly span: Span; readonly value: T }>) {
    this.#entries = [...entries].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
    let reach = 0;
    this.#reach = this.#entries.map((entry) => (reach = Math.max(reach, entry.span.end)));
  }

  /** Entries that share a byte with `span`, by start. */
  overlapping(span: Span): { readonly span: Span; readonly value: T }[] {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.span.start ?? 0) < span.end) low = middle + 1;
      else high = middle;
    }
    const found: { span: Span; value: T }[] = [];
    for (let i = low - 1; i >= 0 && (this.#reach[i] ?? 0) > span.start; i--) {
      const entry = this.#entries[i];
      if (entry !== undefined && entry.span.end > span.start) found.push(entry);
    }
    return found.reverse();
  }
}
