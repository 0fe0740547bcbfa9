import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { readMany } from '../../booking/appointments/views.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { addressOf } from '../../foundation/notices/rules.ts';
import { ANNOUNCED, isStillToCome, isWorthSaying } from './rules.ts';
import { tellOne } from './telling.ts';
import type { Announcement, Reached, Turn } from './types.ts';
import { readTurns } from './views.ts';

/** That a desk, or all of them, run late, on a coordinator's word. */
export interface Announcing {
  /** Who is still to be attended today, and would be told; null: not theirs to ask. */
  reach(viewer: StaffViewer, office: Office, about: Announcement): Promise<Reached[] | null>;
  /**
   * Tells them that they will be attended about so many minutes later. Who was told as much isn't told again; whom nothing
   * can be sent sees it at their appointment's page. Answers how many were told; null: not theirs to say.
   */
  announce(
    viewer: StaffViewer,
    office: Office,
    about: Announcement & { minutes: number },
  ): Promise<number | null>;
}

const mayAnnounce = (viewer: StaffViewer, office: Office): boolean =>
  can(viewer, 'announce_delays') && viewer.office === office.id;

/** Citizens told in one transaction, with one audit record. More would keep their appointments locked for too long. */
const TOLD_AT_ONCE = 100;

export function createAnnouncing(deps: { db: Db; clock: Clock; unit: RunUnit }): Announcing {
  const { db, clock, unit } = deps;

  const turnsOf = async (office: Office, about: Announcement): Promise<Turn[]> => {
    const now = clock.now();
    const turns = await within(db, office.id, (tx) =>
      readTurns(tx, office.id, spanOf(office, about, now)),
    );
    return turns
      .filter((each) => isStillToCome(each, office.settings.attempts.windowMinutes, now))
      .toSorted((a, b) => Temporal.Instant.compare(a.start, b.start) || (a.id < b.id ? -1 : 1));
  };

  return {
    async reach(viewer, office, about) {
      if (!mayAnnounce(viewer, office)) return null;
      const turns = await turnsOf(office, about);
      const ids = turns.map((each) => each.id);
      const found = await unit(viewer, office.id, async ({ tx, record }) => {
        await record('listed', { data: { appointments: ids } });
        return readMany(tx, ids);
      });
      const citizens = new Map(found.map((each) => [each.id, each.citizen]));
      return turns.flatMap(({ id, desk, start, told }) => {
        const citizen = citizens.get(id);
        if (!citizen) return [];
        const by = addressOf(citizen)?.channel ?? null;
        return [{ id, desk, start, name: citizen.name, by, told: told.minutes }];
      });
    },

    async announce(viewer, office, { minutes, ...about }) {
      const isSaid = minutes >= ANNOUNCED.least && minutes <= ANNOUNCED.most;
      if (!mayAnnounce(viewer, office) || !isSaid) return null;
      // Everybody locks in the order of the ids, so that two announcements at once can't block each other for good.
      const ids = (await turnsOf(office, about)).map((each) => each.id).toSorted();
      const tellSome = (some: readonly string[]) =>
        unit(viewer, office.id, async (it) => {
          let count = 0;
          const isDue = (turn: Turn) =>
            isStillToCome(turn, office.settings.attempts.windowMinutes, it.now) &&
            isWorthSaying(turn, minutes, it.now);
          const late = { minutes, isDue, isAnnounced: true };
          for (const id of some) if (await tellOne(it, office, id, late)) count++;
          await it.record('late_said', { data: { desk: about.desk, minutes, count } });
          return count;
        });
      let told = await tellSome(ids.slice(0, TOLD_AT_ONCE));
      for (let from = TOLD_AT_ONCE; from < ids.length; from += TOLD_AT_ONCE)
        told += await tellSome(ids.slice(from, from + TOLD_AT_ONCE));
      return told;
    },
  };
}

/** From when their turn may be passed over until the end of the day, or of some hours. */
function spanOf(
  { timeZone, settings }: Office,
  { desk, hours }: Announcement,
  now: Temporal.Instant,
) {
  const midnight = now.toZonedDateTimeISO(timeZone).startOfDay().add({ days: 1 }).toInstant();
  const end = hours === null ? midnight : now.add({ hours });
  const to = Temporal.Instant.compare(end, midnight) < 0 ? end : midnight;
  return {
    from: now.subtract({ minutes: settings.attempts.windowMinutes }),
    to: to.subtract({ milliseconds: 1 }),
    ...(desk !== null && { desk }),
  };
}
