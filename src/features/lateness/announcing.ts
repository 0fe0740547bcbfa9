import { can } from '../../domain/roles.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Db, within } from '../../lib/db/database.ts';
import { actorOf, type StaffViewer } from '../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../appointments/service.ts';
import { readMany } from '../appointments/views.ts';
import { type Unit, unitOf } from '../audit/service.ts';
import type { Body } from '../bodies/types.ts';
import { addressOf, noticesOwed } from '../notices/rules.ts';
import { oweNotices } from '../notices/service.ts';
import { ANNOUNCED, isStillToCome, isWorthSaying } from './rules.ts';
import type { Announcement, Reached, Turn } from './types.ts';
import { readTurns } from './views.ts';

/** That a desk, or all of them, run late, on a coordinator's word. */
export interface Announcing {
  /** Who is still to be attended today, and would be told; null: not theirs to ask. */
  reach(viewer: StaffViewer, body: Body, about: Announcement): Promise<Reached[] | null>;
  /**
   * Tells them that they will be attended about so many minutes later. Who was told as much isn't told again; whom nothing
   * can be sent sees it at their appointment's page. Answers how many were told; null: not theirs to say.
   */
  announce(
    viewer: StaffViewer,
    body: Body,
    about: Announcement & { minutes: number },
  ): Promise<number | null>;
}

const mayAnnounce = (viewer: StaffViewer, body: Body): boolean =>
  can(viewer, 'announce_delays') && viewer.body === body.id;

/** Citizens told in one transaction, with one audit record. More would keep their appointments locked for too long. */
const TOLD_AT_ONCE = 100;

export function createAnnouncing(deps: {
  db: Db;
  clock: Clock;
  wake(body: number): void;
}): Announcing {
  const { db, clock } = deps;
  const unit = unitOf(deps);

  const turnsOf = async (body: Body, about: Announcement): Promise<Turn[]> => {
    const now = clock.now();
    const turns = await within(db, body.id, (tx) =>
      readTurns(tx, body.id, spanOf(body, about, now)),
    );
    return turns
      .filter((each) => isStillToCome(each, body.settings.attempts.windowMinutes, now))
      .toSorted((a, b) => Temporal.Instant.compare(a.start, b.start) || (a.id < b.id ? -1 : 1));
  };

  return {
    async reach(viewer, body, about) {
      if (!mayAnnounce(viewer, body)) return null;
      const turns = await turnsOf(body, about);
      const ids = turns.map((each) => each.id);
      const found = await unit(viewer, body.id, async ({ tx, record }) => {
        await record('listed', { data: { appointments: ids } });
        return readMany(tx, ids);
      });
      const citizens = new Map(found.map((each) => [each.id, each.citizen]));
      return turns.flatMap(({ id, agent, start, told }) => {
        const citizen = citizens.get(id);
        if (!citizen) return [];
        const by = addressOf(citizen)?.channel ?? null;
        return [{ id, agent, start, name: citizen.name, by, told: told.minutes }];
      });
    },

    async announce(viewer, body, { minutes, ...about }) {
      const isSaid = minutes >= ANNOUNCED.least && minutes <= ANNOUNCED.most;
      if (!mayAnnounce(viewer, body) || !isSaid) return null;
      // Everybody locks in the order of the ids, so that two announcements at once can't block each other for good.
      const ids = (await turnsOf(body, about)).map((each) => each.id).toSorted();
      const tellSome = (some: readonly string[]) =>
        unit(viewer, body.id, async (it) => {
          let count = 0;
          for (const id of some) if (await tellOne(it, body, id, minutes)) count++;
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

/** Tells a citizen, unless they were told as much or are attended by now. Answers whether they were told. */
async function tellOne(
  { tx, viewer, now }: Unit,
  body: Body,
  id: string,
  minutes: number,
): Promise<boolean> {
  const appointment = await lockAppointment(tx, id);
  if (!appointment) return false;
  const { start, agent } = appointment;
  const turns = await readTurns(tx, body.id, { from: start, to: start, agent });
  const turn = turns.find((each) => each.id === id);
  const { windowMinutes } = body.settings.attempts;
  if (!turn || !isStillToCome(turn, windowMinutes, now) || !isWorthSaying(turn, minutes, now))
    return false;
  const data = { minutes, start: start.toString(), announced: true };
  const actor = actorOf(viewer);
  await appendEvent(tx, { appointment, kind: 'delayed', actor, at: now, data });
  const about = { body: body.id, appointment: id };
  await oweNotices(tx, about, noticesOwed('late', appointment, now, { minutes }), now);
  return true;
}

/** From when their turn may be passed over until the end of the day, or of some hours. */
function spanOf(
  { timeZone, settings }: Body,
  { desk, hours }: Announcement,
  now: Temporal.Instant,
) {
  const midnight = now.toZonedDateTimeISO(timeZone).startOfDay().add({ days: 1 }).toInstant();
  const end = hours === null ? midnight : now.add({ hours });
  const to = Temporal.Instant.compare(end, midnight) < 0 ? end : midnight;
  return {
    from: now.subtract({ minutes: settings.attempts.windowMinutes }),
    to: to.subtract({ milliseconds: 1 }),
    ...(desk !== null && { agent: desk }),
  };
}
