import type { Office } from '../../../domain/office/types.ts';
import { type Clock, withoutJumps } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Forget, Forgotten, RetentionPass } from '../../feature.ts';
import type { Offices } from '../offices/service.ts';
import { boundsOf } from './rules.ts';
import { readEveryOffice } from './views.ts';

export interface Retention {
  /**
   * Destroys what each office keeps no longer (RGPD art. 5.1.e). Returns of how many appointments and entries of the wait list
   * something was destroyed.
   * @throws ClockJumped
   */
  sweep(): Promise<number>;
}

export function createRetention(deps: {
  db: Db;
  offices: Offices;
  clock: Clock;
  /** How each feature forgets. */
  forgets: readonly Forget[];
  /** Destroys what has clocks of its own: documents, and acts that were consented to. */
  destroy?: readonly ((office: Office) => Promise<number>)[];
}): Retention {
  const { db, offices, clock, forgets, destroy = [] } = deps;
  // A clock that jumped ahead mustn't destroy a year's data.
  const steady = withoutJumps(clock);

  return {
    async sweep() {
      const now = steady();
      let destroyed = 0;
      for (const id of await readEveryOffice(db)) {
        const office = await offices.byId(id);
        for (const each of destroy) await each(office);
        const ended = boundsOf(office.settings, now);
        const { contacts, waiting, notes } = await within(db, id, (tx) =>
          forgetAll(forgets, { tx, office: id, now, ended }),
        );
        destroyed += contacts.length + waiting.length + notes.length;
      }
      return destroyed;
    },
  };
}

/** Has every feature destroy what is due; then every feature what it keeps about that. */
async function forgetAll(forgets: readonly Forget[], pass: RetentionPass): Promise<Forgotten> {
  const contacts: string[] = [];
  const waiting: string[] = [];
  const notes: string[] = [];
  for (const { due } of forgets) {
    const chosen = (await due?.(pass)) ?? {};
    contacts.push(...(chosen.contacts ?? []));
    waiting.push(...(chosen.waiting ?? []));
    notes.push(...(chosen.notes ?? []));
  }
  const forgotten = { contacts, waiting, notes };
  for (const { about } of forgets) await about?.(pass, forgotten);
  return forgotten;
}
