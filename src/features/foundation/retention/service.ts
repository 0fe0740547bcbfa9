import type { Office } from '../../../domain/office/types.ts';
import { type Clock, withoutJumps } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { doAll, inBatches } from '../../../lib/jobs/batches.ts';
import type { Forget, Forgotten, RetentionPass } from '../../feature.ts';
import type { Offices } from '../offices/service.ts';
import { boundsOf, FORGOTTEN_AT_ONCE } from './rules.ts';
import { readEveryOffice } from './views.ts';

export interface Retention {
  /**
   * Destroys data whose retention period in its office has ended (RGPD art. 5.1.e). Returns the number of affected appointments,
   * encounters and wait list entries. A step that fails in an office doesn't hold up its other steps, nor other offices.
   * @throws ClockJumped; at the end, what failed
   */
  sweep(): Promise<number>;
}

export function createRetention(deps: {
  db: Db;
  offices: Offices;
  clock: Clock;
  /** The `forget` declarations of the features. */
  forgets: readonly Forget[];
  /** Destroys data with retention periods of its own: documents, and acts with consent. */
  destroy?: readonly ((office: Office) => Promise<number>)[];
}): Retention {
  const { db, offices, clock, forgets, destroy = [] } = deps;
  // A clock that jumped ahead must not destroy a year's data.
  const steady = withoutJumps(clock);

  return {
    async sweep() {
      const now = steady();
      let destroyed = 0;
      const sweepOffice = async (id: number): Promise<number> => {
        const office = await offices.byId(id);
        const ended = boundsOf(office.settings, now);
        const forget = () =>
          inBatches(FORGOTTEN_AT_ONCE, async () => {
            const forgotten = await within(db, id, (tx) =>
              forgetAll(forgets, { tx, office: id, now, ended }),
            );
            const { contacts, people, waiting, encounters, notices } = forgotten;
            const counts = [contacts, people, waiting, encounters].map(({ length }) => length);
            destroyed += counts.reduce((sum, each) => sum + each, 0);
            return Math.max(...counts, notices.length);
          });
        return doAll([...destroy, forget], (step) => step(office));
      };
      await doAll(await readEveryOffice(db), sweepOffice);
      return destroyed;
    },
  };
}

/** Makes every feature destroy due data, and then every feature the data that it keeps about it. */
async function forgetAll(forgets: readonly Forget[], pass: RetentionPass): Promise<Forgotten> {
  const contacts: string[] = [];
  const people: string[] = [];
  const waiting: string[] = [];
  const encounters: string[] = [];
  const notes: string[] = [];
  const notices: string[] = [];
  for (const { due } of forgets) {
    const chosen = (await due?.(pass)) ?? {};
    contacts.push(...(chosen.contacts ?? []));
    people.push(...(chosen.people ?? []));
    waiting.push(...(chosen.waiting ?? []));
    encounters.push(...(chosen.encounters ?? []));
    notes.push(...(chosen.notes ?? []));
    notices.push(...(chosen.notices ?? []));
  }
  const forgotten = { contacts, people, waiting, encounters, notes, notices };
  for (const { about } of forgets) await about?.(pass, forgotten);
  return forgotten;
}
