import { resolveQuickly, type ConfigFiles, type OpenTarget, type QuickConfig, type ResolveInput } from '@unleak/core';

/** How many times files may name further files. */
const MAX_ROUNDS = 16;

/**
 * The configuration with what a fetched repository says in HEAD, if it is trusted. Files are read as they are asked for:
 * the resolver asks at once, and reading them takes time, so it is asked again with what it wanted.
 */
export async function resolveFetched(input: Omit<ResolveInput, 'target'>, target: OpenTarget): Promise<QuickConfig> {
  const texts = new Map<string, string | undefined>();
  for (let round = 0; ; round++) {
    const missing = new Set<string>();
    const files: ConfigFiles = {
      readText(path) {
        if (!texts.has(path)) missing.add(path);
        return texts.get(path);
      },
    };
    const attempt = await resolveQuickly({ ...input, target: { kind: 'fetched', files } }).then(
      (resolved) => ({ resolved }),
      (error: unknown) => ({ error }),
    );
    if (missing.size > 0 && round < MAX_ROUNDS) {
      for (const path of missing) texts.set(path, await readText(target, path));
    } else if ('error' in attempt) throw attempt.error;
    else return attempt.resolved;
  }
}

async function readText(target: OpenTarget, path: string): Promise<string | undefined> {
  const bytes = await target.readPlace?.('HEAD', path);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}
