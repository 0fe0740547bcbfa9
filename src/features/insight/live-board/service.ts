import type { Office } from '../../../domain/office/types.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import type { Clock } from '../../../lib/clock.ts';
import { actorOf, type StaffViewer, staffIn } from '../../../lib/viewer.ts';
import { isUncalled } from '../../booking/appointments/rules.ts';
import { workTimes } from '../../booking/slots/rules.ts';
import { createThrottledAudit, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { mayCoordinate, timeOf } from '../../service/coordination/rules.ts';
import { readDisplaced } from '../../service/coordination/views.ts';
import { dayOf } from '../../service/encounter/rules.ts';
import type { DayPlace } from '../../service/encounter/types.ts';
import { readPlaces } from '../../service/encounter/views.ts';
import { isUnresponsive, standingOf, standingWith } from '../../service/presence/rules.ts';
import type { DeskPresence, Standing } from '../../service/presence/types.ts';
import { readDesks, readWithoutDesk } from '../../service/presence/views.ts';
import {
  aheadOf,
  figuresOf,
  inBoardOrder,
  isAtWork,
  isShown,
  matches,
  nextAt,
  owedSince,
  spanAhead,
  waitsOf,
  workLeft,
} from './rules.ts';
import type { DeskNow, Filter, LiveBoard, Wait } from './types.ts';

export interface LiveBoards {
  /** Returns an office at this moment; null for viewers without permission. The look is recorded on the audit trail, at intervals. */
  board(viewer: StaffViewer, office: Office, filter: Filter): Promise<LiveBoard | null>;
}

/** A person who has waited since before midnight still counts. */
const BACK_HOURS = 3;

export function createLiveBoards(deps: {
  clock: Clock;
  staff: StaffNames;
  unit: RunUnit;
}): LiveBoards {
  const { clock, staff, unit } = deps;
  const throttledAudit = createThrottledAudit();
  return {
    async board(viewer, office, filter) {
      if (!mayCoordinate(viewer) || viewer.office !== office.id) return null;
      const now = clock.now();
      const seen = await throttledAudit.look(`${actorOf(viewer)} ${office.id}`, now, (isToRecord) =>
        unit(viewer, office.id, (each) => readNow(each, office, isToRecord)),
      );
      const people = seen.withoutDesk.map(({ actor }) => staffIn(actor));
      const names = await staff.namesOf(people.filter((each) => each !== null));
      return boardOf(office, filter, seen, names, now);
    },
  };
}

type Seen = Awaited<ReturnType<typeof readNow>>;

/** Reads the present state. `isToRecord`: whether to record the look. */
async function readNow({ tx, now, record }: Unit, office: Office, isToRecord: boolean) {
  const today = dayOf(now.toZonedDateTimeISO(office.timeZone).toPlainDate(), office.timeZone);
  const from = earliest(today.from, now.subtract({ hours: BACK_HOURS }));
  const to = latest(today.to, spanAhead(now).to);
  const entries = await readPlaces(tx, { from, to, desk: null }, office.settings.attempts);
  const desks = await readDesks(tx);
  const withoutDesk = await readWithoutDesk(tx, now);
  const { windowMinutes } = office.settings.attempts;
  const uncalled = (await readDisplaced(tx, office.id)).filter((each) =>
    isUncalled({ start: each.start, displacedAt: each.since }, windowMinutes),
  );
  if (isToRecord) await record('now', { data: { count: entries.length } });
  return { entries, desks, withoutDesk, uncalled, today };
}

function boardOf(
  office: Office,
  filter: Filter,
  seen: Seen,
  names: ReadonlyMap<number, string>,
  now: Temporal.Instant,
): LiveBoard {
  const { entries } = seen;
  const policy = office.settings.board;
  const waits = waitsOf(entries, policy.lateMinutes, now);
  const times = workTimesAround(office, now);
  const desks = desksOf(office, { seen, waits, times }, now);
  const withoutDesk = seen.withoutDesk
    .map(({ actor, ...work }) => ({
      who: names.get(staffIn(actor) ?? 0) ?? null,
      standing: standingWith(work, policy, now),
    }))
    .filter(({ standing }) => standing.work !== null);
  const isQualified = qualifies(office, filter);
  const ahead = desks.map(({ desk: { id }, standing, isOnShift }) => {
    const isGone = isOnShift && (standing?.state ?? 'away') === 'away';
    const work = workLeft(timeOf(times, id).work, isGone, now);
    return { id, work, isQualified: isQualified(id) };
  });
  const isOfToday = ({ start }: DayPlace) =>
    Temporal.Instant.compare(start, seen.today.from) >= 0 &&
    Temporal.Instant.compare(start, seen.today.to) < 0;
  const today = entries.filter(isOfToday);
  return {
    figures: figuresOf(
      { waits, desks, withoutDesk, today, uncalled: seen.uncalled },
      filter,
      isQualified,
      now,
    ),
    waits: waits.filter(({ entry }) => matches(filter, entry)),
    desks: inBoardOrder(desks.filter(isShown)),
    withoutDesk,
    ahead: aheadOf(entries, ahead, filter, now),
  };
}

/** Returns each desk with its state, and the people who wait for it. */
function desksOf(
  office: Office,
  of: {
    seen: Seen;
    waits: readonly Wait[];
    times: ReturnType<typeof workTimesAround>;
  },
  now: Temporal.Instant,
): DeskNow[] {
  const { seen, waits, times } = of;
  const known = new Map(seen.desks.map((each) => [each.desk, each]));
  const entriesAt = Map.groupBy(seen.entries, (each) => each.desk);
  const waitsAt = Map.groupBy(waits, (each) => each.entry.desk);
  return office.desks.map((desk): DeskNow => {
    const presence = known.get(desk.id) ?? null;
    const waiting = waitsAt.get(desk.id) ?? [];
    return {
      desk,
      ...standingIn(office, presence, waiting, now),
      isOnShift: isAtWork(timeOf(times, desk.id).work, now),
      waiting: waiting.filter((each) => !each.isAbsent).length,
      next: nextAt(entriesAt.get(desk.id) ?? [], now),
    };
  });
}

/** Returns a desk's state; its start is the time of the desk's newest event. */
function standingIn(
  { settings: { board } }: Office,
  presence: DeskPresence | null,
  waits: readonly Wait[],
  now: Temporal.Instant,
): Pick<DeskNow, 'standing' | 'isUnresponsive'> {
  const found = presence && standingOf(presence.signs, board, now);
  const { recorded } = presence ?? {};
  const standing: Standing | null =
    found && recorded?.state === found.state && found.state !== 'in_call'
      ? { ...found, since: recorded.since }
      : found;
  const signs = { waitsSince: owedSince(waits), actedAt: presence?.actedAt ?? null };
  return { standing, isUnresponsive: isUnresponsive(standing, signs, board, now) };
}

/** Returns the desks that may serve the filter. Languages are ignored, since most desks speak the town's. */
function qualifies({ rota }: Office, { procedure, channel }: Filter): (desk: number) => boolean {
  const able = rota.desks.filter(
    ({ skills, channels }) =>
      (procedure === null || skills === 'all' || skills.includes(procedure)) &&
      (channel === null || channels.includes(channel)),
  );
  const ids = new Set(able.map((each) => each.id));
  return (desk) => ids.has(desk);
}

function workTimesAround({ rota, timeZone }: Office, now: Temporal.Instant) {
  const day = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return workTimes(rota, day(now), day(spanAhead(now).to));
}

const earliest = (a: Temporal.Instant, b: Temporal.Instant) =>
  Temporal.Instant.compare(a, b) <= 0 ? a : b;
const latest = (a: Temporal.Instant, b: Temporal.Instant) =>
  Temporal.Instant.compare(a, b) >= 0 ? a : b;
