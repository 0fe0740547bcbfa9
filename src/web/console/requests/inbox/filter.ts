import { REQUEST_KINDS } from '../../../../domain/requests/kinds.ts';
import {
  REQUEST_GROUPS,
  type RequestFilter,
  settingsOf,
} from '../../../../features/service/requests/service.ts';
import type { DeskVisit } from '../../visit.tsx';

/** The parts of the filter as the address has them. */
const KEYS = ['group', 'type', 'kind', 'area', 'team', 'assignee', 'reference'] as const;

/** The word of the address for what is in no area, of no team, or handled by nobody. */
const NONE = 'none';

/** Returns the filter in the address. What can't be read counts as not given. */
export function requestFilterIn({ c, office, viewer }: DeskVisit): RequestFilter {
  const asked = (name: (typeof KEYS)[number]): string =>
    /^[\w-]{1,70}$/.exec((c.req.query(name) ?? '').trim())?.[0] ?? '';
  const orNone = (name: 'area' | 'team') => (asked(name) === NONE ? null : asked(name));
  const type = settingsOf(office)?.types.find(({ code }) => code === asked('type'))?.code;
  const kind = REQUEST_KINDS.find((each) => each === asked('kind'));
  const assignee = assigneeIn(asked('assignee'), viewer.staff);
  const reference = asked('reference').toUpperCase();
  return {
    group: REQUEST_GROUPS.find((each) => each === asked('group')) ?? 'open',
    ...(type && { type }),
    ...(kind && { kind }),
    ...(asked('area') && { area: orNone('area') }),
    ...(asked('team') && { team: orNone('team') }),
    ...(assignee !== undefined && { assignee }),
    ...(reference && { reference }),
  };
}

function assigneeIn(text: string, self: number): number | null | undefined {
  if (text === NONE) return null;
  if (text === 'me') return self;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Returns the filter of the address as a query, with some parts changed; empty ones are left out. */
export function requestQueryOf(
  { c }: Pick<DeskVisit, 'c'>,
  changed: Partial<Record<(typeof KEYS)[number], string>> = {},
): URLSearchParams {
  const query = new URLSearchParams();
  for (const key of KEYS) {
    const text = changed[key] ?? c.req.query(key) ?? '';
    if (text !== '') query.set(key, text.slice(0, 100));
  }
  return query;
}
