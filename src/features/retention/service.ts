import { type Clock, withoutJumps } from '../../lib/clock.ts';
import { type Db, within } from '../../lib/db/database.ts';
import type { Bodies } from '../bodies/service.ts';
import type { Body } from '../bodies/types.ts';
import { reasonsKeptFrom } from '../town-file/rules.ts';
import {
  forgetCalls,
  forgetContacts,
  forgetNotes,
  forgetReasons,
  forgetWaiting,
  forgetWords,
  readEveryBody,
  recordForgotten,
} from './store.ts';

export interface Retention {
  /** Destroys what each body keeps no longer (RGPD art. 5.1.e). Answers how many appointments and
   * entries of the waiting list something was destroyed of. @throws ClockJumped */
  sweep(): Promise<number>;
}

export { recordForgotten } from './store.ts';

export function createRetention(deps: {
  db: Db;
  bodies: Bodies;
  clock: Clock;
  /** What has clocks of its own: documents, and acts that were consented to. */
  evidence?: readonly { destroy(body: Body): Promise<number> }[];
  /** Destroys who was at which desk, and when. */
  presence?: { sweep(): Promise<number> };
}): Retention {
  const { db, bodies, clock } = deps;
  // A clock that jumped ahead mustn't destroy a year's data.
  const steady = withoutJumps(clock);

  return {
    async sweep() {
      const now = steady();
      await deps.presence?.sweep();
      let destroyed = 0;
      for (const id of await readEveryBody(db)) {
        const body = await bodies.byId(id);
        const { settings, timeZone } = body;
        for (const each of deps.evidence ?? []) await each.destroy(body);
        const { contactDays, notesDays } = settings.retention;
        destroyed += await within(db, id, async (tx) => {
          const daysAgo = (days: number) => now.subtract({ hours: 24 * days });
          const contacts = await forgetContacts(tx, id, daysAgo(contactDays), now);
          const waiting = await forgetWaiting(tx, id, daysAgo(contactDays), now);
          const notes = await forgetNotes(tx, id, daysAgo(notesDays), now);
          await forgetWords(tx, id, monthAfter(daysAgo(notesDays), timeZone));
          await forgetCalls(tx, id, daysAgo(notesDays));
          await forgetReasons(tx, id, reasonsKeptFrom(settings, now));
          for (const [what, appointments] of [
            ['contact', contacts],
            ['notes', notes],
          ] as const) {
            if (appointments.length > 0)
              await recordForgotten(tx, { body: id, appointments, what }, now);
          }
          return contacts.length + waiting + notes.length;
        });
      }
      return destroyed;
    },
  };
}

/** When the local month of an instant is over: all of it goes as soon as its first day is due. */
const monthAfter = (at: Temporal.Instant, timeZone: string): Temporal.Instant =>
  at
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .with({ day: 1 })
    .add({ months: 1 })
    .toZonedDateTime(timeZone)
    .toInstant();
