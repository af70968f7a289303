/** The proxy of a self-hosted runner, for Node's own `fetch`, which does not look for one by itself. */
import * as http from 'node:http';
import type { Environment } from '../inputs.ts';

const NAMES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/**
 * From now on requests go through what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say. Gives a sentence where they name a proxy that
 * cannot be used; it does not quote them, since they may hold a password.
 */
export function useProxy(env: Environment): string | undefined {
  if (NAMES.every((name) => (env[name] ?? '') === '')) return undefined;
  // Node before 24.14 lacks it.
  const { setGlobalProxyFromEnv } = http as { readonly setGlobalProxyFromEnv?: (env: Environment) => unknown };
  if (setGlobalProxyFromEnv === undefined)
    return 'the Node of this runner cannot use a proxy: calls to GitHub go without the one that HTTPS_PROXY names';
  try {
    setGlobalProxyFromEnv({ ...env });
    return undefined;
  } catch {
    return 'HTTP_PROXY or HTTPS_PROXY is no address of a proxy (http://host:port): calls to GitHub go without one';
  }
}
