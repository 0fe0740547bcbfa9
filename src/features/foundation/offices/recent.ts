import type { Office, Town } from '../../../domain/office/types.ts';
import { recentReads } from '../../../lib/db/frequent/recent-reads.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import type { Offices } from './service.ts';

/** How old what the town publishes may be on a page, while many ask at once. */
export const RECENT_MS = 25;

/**
 * Returns the same offices for pages that many read: while many ask at once, the town and its offices are as they were `RECENT_MS` ago at most, and never
 * older than a deed of this process, or one of another process that it heard of.
 */
export function recentOffices(offices: Offices, notifier: Pick<Notifier, 'listen'>): Offices {
  const towns = recentReads<Town>({ keptMs: RECENT_MS });
  const lists = recentReads<Office[]>({ keptMs: RECENT_MS });
  notifier.listen(() => {
    towns.forget();
    lists.forget();
  });
  const list = () => lists.get('', offices.list);
  return {
    ...offices,
    town: () => towns.get('', offices.town),
    list,
    find: async (code) => (await list()).find((each) => each.code === code) ?? null,
    byId: async (id) => (await list()).find((each) => each.id === id) ?? offices.byId(id),
    forget: (id) => {
      lists.forget();
      offices.forget(id);
    },
  };
}
