/**
 * `fetch` for calls that carry the token: bounded in time and size, and it never leaves the host that the token is for.
 * Redirects inside it are followed, since GitHub redirects calls to a repository that was renamed.
 */

export interface Guard {
  /** Of the API: where the token may go. */
  readonly origin: string;
  /** For the whole answer, in milliseconds. */
  readonly timeout: number;
  readonly maxBytes: number;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 307, 308]);

/** @throws TypeError for an answer that is too large, redirects elsewhere or too often; DOMException when time is up */
export function guardedFetch(base: typeof fetch, { origin, timeout, maxBytes }: Guard): typeof fetch {
  return async (input, init) => {
    const signal = AbortSignal.timeout(timeout);
    let url = new URL(typeof input === 'string' ? input : 'url' in input ? input.url : input.href);
    for (let redirects = 0; ; redirects++) {
      if (url.origin !== origin) throw new TypeError('the answer redirects to another host, which was not followed');
      const response = await base(url.href, { ...init, redirect: 'manual', signal });
      const target = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (target === null) return await whole(response, maxBytes);
      await response.body?.cancel();
      if (redirects === MAX_REDIRECTS) throw new TypeError('the answer redirects too often');
      if (!URL.canParse(target, url.href)) throw new TypeError('the answer redirects to no address');
      url = new URL(target, url);
    }
  };
}

/** The response with all of its body read. */
async function whole(response: Response, maxBytes: number): Promise<Response> {
  const { status, statusText, headers } = response;
  if (response.body === null) return response;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    length += chunk.length;
    if (length > maxBytes) throw new TypeError('the answer is too large');
    chunks.push(chunk);
  }
  return new Response(new Blob(chunks), { status, statusText, headers });
}
