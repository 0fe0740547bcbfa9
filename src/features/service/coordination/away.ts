import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { digest as digestOfText } from '../../../lib/digest.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import {
  endAbsence,
  insertAbsence,
  lockOffice,
  settleAbsence,
} from '../../foundation/offices/service.ts';
import type { CoordinationDeps } from './deps.ts';
import { areSame, instantAt, localMinute, mayCoordinate } from './rules.ts';
import { resolutionsOf, seeToAll } from './settling.ts';
import type { Away, NotedAbsence, Resolution, Settled } from './types.ts';
import {
  readAbsence,
  readAbsences,
  readCovering,
  readOutcomes,
  readUnsettled,
  readWaitingAt,
} from './views.ts';

/** The consequences of a desk's absence, and a digest that changes with them. */
export interface AwayPlan {
  resolutions: Resolution[];
  digest: string;
}

export type AwayResult =
  | { ok: true; absence: number }
  /** Something was booked, moved or given away since the plan was made: the plan as it is now. */
  | { ok: false; reason: 'changed'; plan: AwayPlan }
  | { ok: false; reason: 'not_allowed' };

export interface DeskAway {
  /** Returns where each citizen would be served; changes nothing. Null for viewers without permission. */
  planAway(viewer: StaffViewer, office: Office, away: Away): Promise<AwayPlan | null>;
  /**
   * Notes that the desk is away, so that nobody books there, then sees to each of its appointments, each in a transaction of
   * its own: another desk at its hour, or the citizen is asked to choose another. What a crash interrupts, a worker ends.
   * Done twice it is done once.
   */
  sendAway(viewer: StaffViewer, office: Office, away: Away, digest: string): Promise<AwayResult>;
  /** The desk is back: it can be booked again. What was given away or displaced stays so. Answers whether it was away. */
  comeBack(viewer: StaffViewer, office: Office, absence: number): Promise<boolean>;
  /** The absences written down here that aren't over. */
  absences(viewer: StaffViewer, office: Office): Promise<NotedAbsence[]>;
  /** One of them, over or not, with what became of its appointments; null: there is none such. */
  absence(
    viewer: StaffViewer,
    office: Office,
    id: number,
  ): Promise<{ absence: NotedAbsence; settled: Settled[] } | null>;
  /** Goes on with what was begun. Answers how many absences were seen to. */
  settleAll(): Promise<number>;
}

export function createDeskAway(deps: CoordinationDeps): DeskAway {
  const { clock, unit } = deps;
  const { kysely: db } = deps.database;
  return {
    async planAway(viewer, office, away) {
      if (!isTheirs(viewer, office)) return null;
      const plan = await planFor(deps, office, away);
      const data = { desk: away.desk, count: plan.resolutions.length };
      await unit(viewer, office.id, ({ record }) => record('away_planned', { data }));
      return plan;
    },

    sendAway: async (viewer, office, away, digest) =>
      isTheirs(viewer, office)
        ? sendAway(deps, viewer, office, away, digest)
        : { ok: false, reason: 'not_allowed' },

    comeBack: async (viewer, office, absence) =>
      isTheirs(viewer, office) &&
      (await unit(viewer, office.id, (each) => comeBack(each, office, absence))),

    async absences(viewer, office) {
      if (!isTheirs(viewer, office)) return [];
      const after = localMinute(clock.now(), office.timeZone);
      return within(db, office.id, (tx) => readAbsences(tx, office.id, after));
    },

    async absence(viewer, office, id) {
      if (!isTheirs(viewer, office) || !Number.isSafeInteger(id) || id > 2 ** 31 - 1) return null;
      return unit(viewer, office.id, (each) => readSettled(each, id));
    },

    settleAll: () => settleAll(deps),
  };
}

const isTheirs = (viewer: StaffViewer, office: Office): boolean =>
  mayCoordinate(viewer) && viewer.office === office.id;

async function planFor(deps: CoordinationDeps, office: Office, away: Away): Promise<AwayPlan> {
  const { database, clock } = deps;
  const affected = await within(database.kysely, office.id, (tx) =>
    affectedBy(tx, office, away, clock.now()),
  );
  const resolutions = await resolutionsOf(deps, office, affected);
  return { resolutions, digest: digestOf(resolutions) };
}

async function sendAway(
  deps: CoordinationDeps,
  viewer: StaffViewer,
  office: Office,
  away: Away,
  digest: string,
): Promise<AwayResult> {
  const plan = await planFor(deps, office, away);
  const noted = await deps.unit(viewer, office.id, async (each) => {
    const { tx, now, record } = each;
    await lockOffice(each, office.id);
    const earlier = await readCovering(tx, office.id, away);
    if (earlier) return earlier;
    if (plan.digest !== digest) return null;
    // While the office is locked nothing is booked: the plan holds if it has the same appointments.
    const planned = plan.resolutions.map((resolution) => resolution.appointment);
    if (!areSame(planned, await affectedBy(tx, office, away, now))) return null;
    const id = await insertAbsence(each, office.id, away, { staff: viewer.staff, now });
    const { desk, from, to } = away;
    await record('desk_away', { data: { absence: id, desk, from, to } });
    return { ...away, id, madeAt: now };
  });
  if (!noted) return { ok: false, reason: 'changed', plan: await planFor(deps, office, away) };
  await settle(deps, viewer, await deps.offices.byId(office.id), noted);
  return { ok: true, absence: noted.id };
}

async function comeBack(unit: Unit, office: Office, absence: number): Promise<boolean> {
  const { tx, now, record } = unit;
  await lockOffice(unit, office.id);
  const at = localMinute(now, office.timeZone);
  const found = await readAbsence(tx, office.id, absence);
  if (!found || !(await endAbsence(unit, office.id, absence, at))) return false;
  await record('desk_back', { data: { absence, desk: found.desk } });
  return true;
}

/** Reads an absence with what became of its appointments, on record. Returns null where there is none such. */
async function readSettled(
  { tx, office, record }: Unit,
  id: number,
): ReturnType<DeskAway['absence']> {
  const absence = await readAbsence(tx, office, id);
  if (!absence) return null;
  const outcomes = await readOutcomes(tx, office, absence);
  const settled = outcomes.map(
    ({ kind, desk, appointment }): Settled =>
      kind === 'reassigned' && desk !== null
        ? { appointment, outcome: 'reassigned', desk }
        : { appointment, outcome: 'displaced', kept: null },
  );
  await record('away_read', { data: { absence: id, count: settled.length } });
  return { absence, settled };
}

async function settleAll(deps: CoordinationDeps): Promise<number> {
  const unsettled = await readUnsettled(deps.database.kysely);
  for (const { office, absence } of unsettled) {
    const viewer: Viewer = { kind: 'system', why: 'away' };
    await settle(deps, viewer, await deps.offices.byId(office), absence);
  }
  return unsettled.length;
}

/** Those at the desk that wait to be attended while it is away; of a desk that is away from now on also what it didn't get to. */
function affectedBy(
  tx: Tx,
  { timeZone }: Office,
  { desk, from, to }: Away,
  now: Temporal.Instant,
): Promise<Appointment[]> {
  const isNow = from <= localMinute(now, timeZone);
  const midnight = now.toZonedDateTimeISO(timeZone).startOfDay().toInstant();
  const span = {
    from: instantAt(from, timeZone),
    to: instantAt(to, timeZone),
    overdue: isNow ? midnight : instantAt(to, timeZone),
  };
  return readWaitingAt(tx, desk, span);
}

const digestOf = (resolutions: readonly Resolution[]): string =>
  digestOfText(resolutions.map(({ appointment, to }) => `${appointment.id} ${to}`).join());

/** Sees to each appointment of a desk that is away, as things are when its turn comes. */
async function settle(
  deps: CoordinationDeps,
  viewer: Viewer,
  office: Office,
  absence: NotedAbsence,
): Promise<void> {
  const { database, clock } = deps;
  const affected = await within(database.kysely, office.id, (tx) =>
    affectedBy(tx, office, absence, clock.now()),
  );
  const resolutions = await resolutionsOf(deps, office, affected);
  await seeToAll(deps, viewer, office, { resolutions, offers: [] }, { absence: absence.id });
  await within(database.kysely, office.id, (tx) => settleAbsence({ tx }, absence.id, clock.now()));
}
