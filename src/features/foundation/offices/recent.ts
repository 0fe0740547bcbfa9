import type { Office, Town } from '../../../domain/office/types.ts';
import { recentReads } from '../../../lib/db/frequent/recent-reads.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import type { Offices } from './service.ts';

/**
 * Returns the same offices for pages that many read: while many ask at once, the town and its offices are as they were 25 ms before at most, and not older
 * than a deed that this process told of, or heard of from another.
 */
export function recentOffices(offices: Offices, notifier: Pick<Notifier, 'listen'>): Offices {
  const towns = recentReads<Town>();
  const lists = recentReads<Office[]>();
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
