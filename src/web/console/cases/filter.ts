import { GROUPS, type InboxFilter } from '../../../features/service/cases/service.ts';
import { nearDay } from '../../../lib/calendar/near.ts';
import { askedText } from '../../form.ts';
import type { DeskVisit } from '../visit.tsx';

/** The parts of the filter as the address has them. */
const KEYS = ['group', 'procedure', 'assignee', 'team', 'day', 'reference'] as const;

/** Returns the filter in the address. What can't be read counts as not given. */
export function filterIn({ c, office, viewer }: DeskVisit): InboxFilter {
  const asked = (name: (typeof KEYS)[number]) => (c.req.query(name) ?? '').trim();
  const group = GROUPS.find((each) => each === asked('group')) ?? 'open';
  const procedure = office.procedure(asked('procedure'))?.id;
  const assignee = assigneeIn(asked('assignee'), viewer.staff);
  const team = office.settings.teams.find(({ code }) => code === asked('team'))?.code;
  const day = nearDay(asked('day'));
  const reference = askedText(c, 'reference', 20).toUpperCase();
  return {
    group,
    ...(procedure !== undefined && { procedure }),
    ...(assignee !== undefined && { assignee }),
    ...(team && { team }),
    ...(day && { day }),
    ...(reference && { reference }),
  };
}

function assigneeIn(text: string, self: number): number | null | undefined {
  if (text === 'none') return null;
  if (text === 'me') return self;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Returns the filter of the address as a query, with some parts changed; empty ones are left out. */
export function queryOf(
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

/** Returns an address with a query, if it has any. */
export const addressOf = (path: string, query: URLSearchParams): string =>
  query.size > 0 ? `${path}?${query}` : path;
