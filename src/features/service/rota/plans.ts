import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { localMinute, type Rota } from '../../../domain/rota.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { digest } from '../../../lib/digest.ts';
import type { RotaRows } from '../../foundation/offices/types.ts';
import type { Coordination } from '../coordination/service.ts';
import {
  affected,
  applyEdit,
  changedDesks,
  daysAfter,
  differences,
  during,
  MOST_COPIES,
  midnightOf,
  rotaWith,
  WEEKS_AHEAD,
} from './rules.ts';
import type { Affected, DayDifference, EditMistake, RotaEdit } from './types.ts';
import { readRows, readWaiting } from './views.ts';

/** The effect of an edit, before it is made. */
export interface RotaPlan {
  /** The days that would change, within the days that the plan shows. */
  differences: readonly DayDifference[];
  affected: readonly Affected[];
  /** Whether nothing would change, also on days that the plan does not show. */
  isNothing: boolean;
  /** A digest of the plan. It differs whenever the plan differs. */
  digest: string;
}

export type PlanResult =
  | { ok: true; plan: RotaPlan }
  | { ok: false; reason: 'not_allowed' }
  | { ok: false; reason: 'mistakes'; mistakes: readonly EditMistake[] };

export interface PlanDeps {
  db: Db;
  clock: Clock;
  coordination: Pick<Coordination, 'resolutionsOf'>;
}

/** The rows before and after an edit, and the appointments that lose their desk by it. */
export interface Looked {
  ok: true;
  /** The local minute. */
  now: string;
  /** The desks whose rows differ. */
  changed: readonly number[];
  before: RotaRows;
  after: RotaRows;
  rota: Rota;
  lost: Appointment[];
}

type Mistaken = { ok: false; mistakes: EditMistake[] };

/** Days that a plan shows: as far as a rota is planned, since a pattern may have no end. */
const DAYS_SHOWN = 7 * (WEEKS_AHEAD + 1);
/** Days that the plan of a copy shows. A copy affects all desks, and only the days of its weeks. */
const DAYS_COPIED = 7 * MOST_COPIES;

/** Returns the rows after the edit and the appointments that lose their desk by it, as the transaction reads them. */
export async function lookAt(
  tx: Tx,
  office: Office,
  edit: RotaEdit,
  now: Temporal.Instant,
): Promise<Looked | Mistaken> {
  const { timeZone } = office;
  const local = localMinute(now, timeZone);
  const before = await readRows(tx, office.id);
  const desks = new Set(office.desks.map((each) => each.id));
  const edited = applyEdit(before, edit, { desks, now: local });
  if (!edited.ok) return edited;
  const after = edited.rows;
  const changed = changedDesks(before, after).filter((each) => desks.has(each));
  const waiting = await readWaiting(tx, changed, {
    endingAfter: midnightOf(local.slice(0, 10), timeZone),
  });
  const rota = rotaWith(office.rota, after);
  const entered = after.absences.filter((each) => each.id === null);
  const lost = new Set([
    ...affected(rotaWith(office.rota, before), rota, waiting, now),
    ...during(entered, waiting, now, timeZone),
  ]);
  const inOrder = waiting.filter((each) => lost.has(each));
  return { ok: true, now: local, changed, before, after, rota, lost: inOrder };
}

/** Returns the plan of an edit: its effect, with the possible resolution of each appointment. */
export async function planFor(
  { db, clock, coordination }: PlanDeps,
  office: Office,
  edit: RotaEdit,
): Promise<{ ok: true; plan: RotaPlan; lost: Appointment[] } | Mistaken> {
  const looked = await within(db, office.id, (tx) => lookAt(tx, office, edit, clock.now()));
  if (!looked.ok) return looked;
  const { now, changed, before, after, lost, rota } = looked;
  const resolutions = await coordination.resolutionsOf({ ...office, rota }, lost);
  const first = firstOf(edit, before, now.slice(0, 10));
  const length = edit.kind === 'copy' ? DAYS_COPIED : DAYS_SHOWN;
  const days = Array.from({ length }, (_, nth) => daysAfter(first, nth));
  const found = differences(before, after, changed, days);
  // A file that is imported again writes its shifts anew; every change that it can make is in the plan.
  const isSeen = found.length > 0 || resolutions.length > 0;
  const plan: RotaPlan = {
    differences: found,
    affected: resolutions,
    isNothing: !isSeen && (changed.length === 0 || edit.kind === 'import'),
    digest: digestOf(looked, resolutions),
  };
  return { ok: true, plan, lost };
}

/** Returns the first day that a plan shows: the day of the edit, or the first day of its weeks. */
function firstOf(edit: RotaEdit, { absences }: RotaRows, today: string): string {
  const latest = (...moments: string[]) =>
    [today, ...moments.map((each) => each.slice(0, 10))].sort().at(-1) ?? today;
  switch (edit.kind) {
    case 'copy':
      return latest(edit.to);
    case 'absence':
    case 'close':
      return latest(edit.from);
    case 'reopen':
      return today;
    case 'back': {
      const found = absences.find((each) => each.id === edit.absence);
      return latest(found?.from ?? today, edit.at ?? today);
    }
    case 'import':
      return today;
    default:
      return edit.day;
  }
}

/** Returns the digest of a plan. The plan of an absence that ends now has the same digest a minute later. */
function digestOf({ before, after, now }: Looked, resolutions: readonly Affected[]): string {
  const ends = new Map(before.absences.map(({ id, to }) => [id, to]));
  const endsNow = ({ id, to }: RotaRows['absences'][number]) =>
    id !== null && to === now && ends.get(id) !== now;
  const absences = after.absences.map((each) => (endsNow(each) ? { ...each, to: 'now' } : each));
  const given = resolutions.map(({ appointment, to }) => [appointment.id, to]);
  return digest(JSON.stringify([after.shifts, absences, given]));
}
