import type { Config } from '../../config.ts';
import { type Finding, warning } from './report.ts';

/** Reports that tokens with networks are refused behind a proxy that nobody declared. `limited`: the valid ones with networks. Pure. */
export function aboutNetworks(
  limited: number,
  { trustedProxies, declaredProxies }: Pick<Config, 'trustedProxies' | 'declaredProxies'>,
): Finding[] {
  if (limited === 0 || trustedProxies === declaredProxies) return [];
  return [
    warning(
      `${limited} API tokens or Open311 keys work only from their networks, which can't be seen while TRUSTED_PROXIES is not set: they are refused.`,
      'Set TRUSTED_PROXIES=1 where your web server writes X-Forwarded-For anew (docs/web-server.md).',
    ),
  ];
}
