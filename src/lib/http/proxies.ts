import { type reader, wholeNumber } from '../environment.ts';
import { isLoopbackHost, isOurs } from './loopback.ts';

/** How many proxies before the server write the address of their client into `X-Forwarded-For`. */
export interface ProxySettings {
  /** For limits: as declared, else as it must be. Whoever writes a wrong address there only counts as somebody else. */
  trustedProxies: number;
  /** For what permits somebody by their address: as declared, else 0. That a proxy is there doesn't say that it writes the header anew. */
  declaredProxies: number;
}

/** Reads `TRUSTED_PROXIES`. Whoever comes from elsewhere to what only this machine reaches comes through its web server. */
export function readProxies(
  variable: ReturnType<typeof reader>,
  { host, baseUrl }: { host: string; baseUrl: string },
): ProxySettings {
  const declared = variable('TRUSTED_PROXIES', null, wholeNumber(0, 10));
  const needed = isLoopbackHost(host) && !isOurs(baseUrl) ? 1 : 0;
  return { trustedProxies: declared ?? needed, declaredProxies: declared ?? 0 };
}
