import { createHash } from 'node:crypto';
import { within } from '../../lib/db/database.ts';
import type { StaffViewer, Viewer } from '../../lib/viewer.ts';
import type { Appointment } from '../appointments/types.ts';
import type { Body } from '../bodies/types.ts';
import { type CoordinationDeps, noteDay } from './deps.ts';
import { instantAt, localMinute, mayCoordinate } from './rules.ts';
import { fatesOf, seeToAll } from './settling.ts';
import { endAbsence, insertAbsence, markSettled, seizeBody } from './store.ts';
import type { Away, Fate, NotedAbsence, Settled } from './types.ts';
import {
  readAbsence,
  readAbsences,
  readCovering,
  readOutcomes,
  readUnsettled,
  readWaitingAt,
} from './views.ts';

/** What will happen when a desk is away, and a text that differs whenever that does. */
export interface AwayPlan {
  fates: Fate[];
  digest: string;
}

export type AwayResult =
  | { ok: true; absence: number }
  /** Something was booked, moved or given away since the plan was made: the plan as it is now. */
  | { ok: false; reason: 'changed'; plan: AwayPlan }
  | { ok: false; reason: 'not_allowed' };

export interface DeskAway {
  /** Who would be attended where; changes nothing. Null: not theirs to see. */
  planAway(viewer: StaffViewer, body: Body, away: Away): Promise<AwayPlan | null>;
  /**
   * Notes that the desk is away, so that nobody books there, then sees to each of its appointments, each in a transaction of
   * its own: another desk at its hour, or the citizen is asked to choose another. What a crash interrupts, a worker ends.
   * Done twice it is done once.
   */
  sendAway(viewer: StaffViewer, body: Body, away: Away, digest: string): Promise<AwayResult>;
  /** The desk is back: it can be booked again. What was given away or displaced stays so. Answers whether it was away. */
  comeBack(viewer: StaffViewer, body: Body, absence: number): Promise<boolean>;
  /** The absences written down here that aren't over. */
  absences(viewer: StaffViewer, body: Body): Promise<NotedAbsence[]>;
  /** One of them, over or not, with what became of its appointments; null: there is none such. */
  absence(
    viewer: StaffViewer,
    body: Body,
    id: number,
  ): Promise<{ absence: NotedAbsence; settled: Settled[] } | null>;
  /** Goes on with what was begun. Answers how many absences were seen to. */
  settleAll(): Promise<number>;
}

export function createDeskAway(deps: CoordinationDeps): DeskAway {
  const { bodies, clock, wake } = deps;
  const { kysely: db } = deps.database;
  const isTheirs = (viewer: StaffViewer, body: Body) =>
    mayCoordinate(viewer) && viewer.body === body.id;

  const planFor = async (body: Body, away: Away): Promise<AwayPlan> => {
    const fates = await fatesOf(deps, body, await affectedBy(deps, body, away));
    return { fates, digest: digestOf(fates) };
  };

  return {
    planAway: async (viewer, body, away) => {
      if (!isTheirs(viewer, body)) return null;
      const plan = await planFor(body, away);
      const data = { desk: away.desk, count: plan.fates.length };
      const by = { viewer, now: clock.now() };
      await within(db, body.id, (tx) => noteDay(tx, by, 'away_planned', data));
      return plan;
    },

    async sendAway(viewer, body, away, digest) {
      if (!isTheirs(viewer, body)) return { ok: false, reason: 'not_allowed' };
      const plan = await planFor(body, away);
      const now = clock.now();
      const noted = await within(db, body.id, async (tx) => {
        await seizeBody(tx, body.id);
        const earlier = await readCovering(tx, body.id, away);
        if (earlier) return earlier;
        if (plan.digest !== digest) return null;
        const id = await insertAbsence(tx, body.id, away, { staff: viewer.staff, now });
        const { desk, from, to } = away;
        await noteDay(tx, { viewer, now }, 'desk_away', { absence: id, desk, from, to });
        return { ...away, id, madeAt: now };
      });
      if (!noted) return { ok: false, reason: 'changed', plan };
      wake(body.id);
      await settle(deps, viewer, await bodies.byId(body.id), noted);
      return { ok: true, absence: noted.id };
    },

    async comeBack(viewer, body, absence) {
      if (!isTheirs(viewer, body)) return false;
      const now = clock.now();
      const isBack = await within(db, body.id, async (tx) => {
        await seizeBody(tx, body.id);
        const at = localMinute(now, body.timeZone);
        const found = await readAbsence(tx, body.id, absence);
        if (!found || !(await endAbsence(tx, body.id, absence, at))) return false;
        await noteDay(tx, { viewer, now }, 'desk_back', { absence, desk: found.desk });
        return true;
      });
      if (isBack) wake(body.id);
      return isBack;
    },

    absences: async (viewer, body) => {
      if (!isTheirs(viewer, body)) return [];
      const after = localMinute(clock.now(), body.timeZone);
      return within(db, body.id, (tx) => readAbsences(tx, body.id, after));
    },

    absence: async (viewer, body, id) => {
      if (!isTheirs(viewer, body) || !Number.isSafeInteger(id) || id > 2 ** 31 - 1) return null;
      return within(db, body.id, async (tx) => {
        const absence = await readAbsence(tx, body.id, id);
        if (!absence) return null;
        const outcomes = await readOutcomes(tx, body.id, absence);
        const settled = outcomes.map(
          ({ kind, desk, appointment }): Settled =>
            kind === 'reassigned' && desk !== null
              ? { appointment, outcome: 'reassigned', desk }
              : { appointment, outcome: 'displaced', kept: null },
        );
        await noteDay(tx, { viewer, now: clock.now() }, 'away_read', {
          absence: id,
          count: settled.length,
        });
        return { absence, settled };
      });
    },

    async settleAll() {
      const unsettled = await readUnsettled(db);
      for (const { body, absence } of unsettled) {
        const viewer: Viewer = { kind: 'system', why: 'away' };
        await settle(deps, viewer, await bodies.byId(body), absence);
      }
      return unsettled.length;
    },
  };
}

/** Those at the desk that wait to be attended while it is away; of a desk that is away from now on also what it didn't get to. */
async function affectedBy(
  { clock, database }: CoordinationDeps,
  body: Body,
  { desk, from, to }: Away,
): Promise<Appointment[]> {
  const { timeZone } = body;
  const now = clock.now();
  const isNow = from <= localMinute(now, timeZone);
  const midnight = now.toZonedDateTimeISO(timeZone).startOfDay().toInstant();
  const span = {
    from: instantAt(from, timeZone),
    to: instantAt(to, timeZone),
    overdue: isNow ? midnight : instantAt(to, timeZone),
  };
  return within(database.kysely, body.id, (tx) => readWaitingAt(tx, desk, span));
}

const digestOf = (fates: readonly Fate[]): string =>
  createHash('sha256')
    .update(fates.map(({ appointment, to }) => `${appointment.id} ${to}`).join())
    .digest('base64url')
    .slice(0, 22);

/** Sees to each appointment of a desk that is away, as things are when its turn comes. */
async function settle(
  deps: CoordinationDeps,
  viewer: Viewer,
  body: Body,
  absence: NotedAbsence,
): Promise<void> {
  const fates = await fatesOf(deps, body, await affectedBy(deps, body, absence));
  await seeToAll(deps, viewer, body, { fates, offers: [] }, { absence: absence.id });
  await within(deps.database.kysely, body.id, (tx) =>
    markSettled(tx, absence.id, deps.clock.now()),
  );
}
