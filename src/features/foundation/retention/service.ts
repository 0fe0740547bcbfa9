import type { Office } from '../../../domain/office/types.ts';
import { type Clock, withoutJumps } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Offices } from '../offices/service.ts';
import { boundsOf } from './rules.ts';
import {
  forgetCalls,
  forgetContacts,
  forgetNotes,
  forgetReasons,
  forgetWaiting,
  forgetWords,
  readEveryOffice,
  recordForgotten,
} from './store.ts';

export interface Retention {
  /** Destroys what each office keeps no longer (RGPD art. 5.1.e). Answers how many appointments and
   * entries of the waiting list something was destroyed of. @throws ClockJumped */
  sweep(): Promise<number>;
}

export { recordForgotten } from './store.ts';

export function createRetention(deps: {
  db: Db;
  offices: Offices;
  clock: Clock;
  /** What has clocks of its own: documents, and acts that were consented to. */
  evidence?: readonly { destroy(office: Office): Promise<number> }[];
  /** Destroys who was at which desk, and when. */
  presence?: { sweep(): Promise<number> };
}): Retention {
  const { db, offices, clock } = deps;
  // A clock that jumped ahead mustn't destroy a year's data.
  const steady = withoutJumps(clock);

  return {
    async sweep() {
      const now = steady();
      await deps.presence?.sweep();
      let destroyed = 0;
      for (const id of await readEveryOffice(db)) {
        const office = await offices.byId(id);
        for (const each of deps.evidence ?? []) await each.destroy(office);
        const ended = boundsOf(office.settings, now);
        destroyed += await within(db, id, async (tx) => {
          const contacts = await forgetContacts(tx, id, ended.contacts, now);
          const waiting = await forgetWaiting(tx, id, ended.contacts, now);
          const notes = await forgetNotes(tx, id, ended.notes, now);
          await forgetWords(tx, id, ended.words);
          await forgetCalls(tx, id, ended.notes);
          await forgetReasons(tx, id, ended.reasons);
          for (const [what, appointments] of [
            ['contact', contacts],
            ['notes', notes],
          ] as const) {
            if (appointments.length > 0)
              await recordForgotten(tx, { office: id, appointments, what }, now);
          }
          return contacts.length + waiting + notes.length;
        });
      }
      return destroyed;
    },
  };
}
