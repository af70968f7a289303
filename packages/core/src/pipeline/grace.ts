/** A signal that follows another one a while later, for what is still to be done after an interrupt; at once without a while. */
export interface Grace {
  readonly signal: AbortSignal;
  /** It will not follow any more. */
  release(): void;
}

export function graceAfter(before: AbortSignal, ms: number): Grace {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    if (ms <= 0) abort.abort(before.reason);
    else timer = setTimeout(() => abort.abort(before.reason), ms);
  };
  if (before.aborted) begin();
  else before.addEventListener('abort', begin, { once: true });
  return {
    signal: abort.signal,
    release() {
      before.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}
