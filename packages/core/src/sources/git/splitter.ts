/** Cuts a stream of bytes at a delimiter without copying what lies in one piece. */
export interface Splitter {
  readonly push: (chunk: Uint8Array) => void;
  /** Hands on what stands behind the last delimiter, if anything does. */
  end(): void;
}

/** `onToken` gets the bytes `[start, end)` of a token without its delimiter, valid during the call. */
export function createSplitter(
  delimiter: number,
  onToken: (bytes: Uint8Array, start: number, end: number) => void,
): Splitter {
  let rest = new Uint8Array(256);
  let held = 0;

  function hold(bytes: Uint8Array): void {
    if (held + bytes.length > rest.length) {
      const larger = new Uint8Array(Math.max(rest.length * 2, held + bytes.length));
      larger.set(rest.subarray(0, held));
      rest = larger;
    }
    rest.set(bytes, held);
    held += bytes.length;
  }

  return {
    push(chunk) {
      let at = 0;
      let end = chunk.indexOf(delimiter);
      if (held > 0 && end >= 0) {
        hold(chunk.subarray(0, end));
        const length = held;
        held = 0;
        onToken(rest, 0, length);
        at = end + 1;
        end = chunk.indexOf(delimiter, at);
      }
      for (; end >= 0; end = chunk.indexOf(delimiter, at)) {
        onToken(chunk, at, end);
        at = end + 1;
      }
      if (at < chunk.length) hold(chunk.subarray(at));
    },
    end() {
      const length = held;
      held = 0;
      if (length > 0) onToken(rest, 0, length);
    },
  };
}
