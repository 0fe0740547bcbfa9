import type { Office } from '../../domain/office/types.ts';
import { takesRequests } from '../../features/service/requests/service.ts';

/** Which office is meant; `unknown`: there is none of this name; `missing`: there are several; `none`: no office takes requests. */
export type JurisdictionFound =
  | { ok: true; office: Office }
  | { ok: false; why: 'unknown' | 'missing' | 'none'; codes: readonly string[] };

/**
 * Returns the office that `jurisdiction_id` names: by its code; or, where one office alone takes requests, by the town's domain, or not at all. With
 * a token it is the token's office unless another one is named. `own`: the code of that office; null: no token.
 */
export function jurisdictionIn(
  named: string,
  { offices, own, host }: { offices: readonly Office[]; own: string | null; host: string },
): JurisdictionFound {
  const open = offices.filter(takesRequests);
  const codes = open.map(({ code }) => code);
  const [only] = open;
  const isAlone = open.length === 1;
  const isNamed = (name: string, value: string) => name.toLowerCase() === value.toLowerCase();
  if (!only) return { ok: false, why: 'none', codes };
  if (named === '') {
    const found = open.find(({ code }) => code === own) ?? (isAlone ? only : null);
    return found ? { ok: true, office: found } : { ok: false, why: 'missing', codes };
  }
  const found = open.find(({ code }) => isNamed(code, named));
  if (found) return { ok: true, office: found };
  const isTown = isNamed(withoutWww(host), withoutWww(named));
  return isAlone && isTown ? { ok: true, office: only } : { ok: false, why: 'unknown', codes };
}

const withoutWww = (host: string): string => host.replace(/^www\./i, '');
