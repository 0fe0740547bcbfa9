import type { Office } from '../../../domain/office/types.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { expectedStarts } from '../delays/rules.ts';
import type { Turn } from '../delays/types.ts';
import { readTurns } from '../delays/views.ts';
import { dayOf } from '../encounter/rules.ts';
import { readTurns as readDayTurns } from '../encounter/views.ts';
import { isUnresponsive, standingOf } from '../presence/rules.ts';
import type { DeskPresence, Standing } from '../presence/types.ts';
import { readDesks } from '../presence/views.ts';
import { type LateCall, outlookOf, owedOf } from './rules.ts';
import type { Outlook } from './types.ts';
import { readUnattended } from './views.ts';

/** How far back somebody who was never attended still waits. */
const BACK_HOURS = 3;

/** The desks of an office at this moment. */
export interface DesksNow {
  /** By the desk's id; a desk where nobody has been today has no standing. */
  outlooks: ReadonlyMap<number, Outlook>;
  /** The citizens to whom a call is owed. */
  calls: LateCall[];
}

/** A citizen to whom a call, or another one, is owed now. */
type OwedCall = Omit<LateCall, 'expected'>;

/** Returns the citizens of an office to whom a call is owed now: nobody has called them, or the next try is due. */
export async function readOwedNow(
  tx: Tx,
  office: Office,
  now: Temporal.Instant,
): Promise<OwedCall[]> {
  const span = { from: now.subtract({ hours: BACK_HOURS }), to: now };
  const found = await readUnattended(tx, office.id, span);
  if (found.length === 0) return [];
  const { attempts } = office.settings;
  const turns = await readDayTurns(tx, { ...span, desk: null }, attempts);
  return owedOf(found, new Map(turns.map((each) => [each.id, each])), now);
}

/** Returns the outlook of every desk of an office, and the citizens to whom a call is owed. */
export async function readDesksNow(
  tx: Tx,
  office: Office,
  now: Temporal.Instant,
): Promise<DesksNow> {
  const today = dayOf(now.toZonedDateTimeISO(office.timeZone).toPlainDate(), office.timeZone);
  const presences = new Map((await readDesks(tx)).map((each) => [each.desk, each]));
  const turns = Map.groupBy(await readTurns(tx, office.id, today), (each) => each.desk);
  const owed = await readOwedNow(tx, office, now);
  const outlooks = new Map<number, Outlook>();
  for (const { id } of office.desks) {
    const waiting = owed.filter((each) => each.desk === id);
    const presence = presences.get(id) ?? null;
    const standing = standingNow(office, presence, waiting, now);
    const { windowMinutes } = office.settings.attempts;
    outlooks.set(id, outlookOf({ standing, turns: turns.get(id) ?? [], windowMinutes }, now));
  }
  const calls = owed.map(
    (call): LateCall => ({ ...call, expected: expectedAt(office, call, { outlooks, turns }, now) }),
  );
  return { outlooks, calls };
}

/** How a desk stands today; null: nobody has been there. A desk that answers nobody counts as left since its last sign. */
function standingNow(
  office: Office,
  presence: DeskPresence | null,
  waiting: readonly OwedCall[],
  now: Temporal.Instant,
): Standing | null {
  if (!presence) return null;
  const { signs, actedAt } = presence;
  const day = (at: Temporal.Instant) => at.toZonedDateTimeISO(office.timeZone).toPlainDate();
  if (!day(signs.seenAt).equals(day(now))) return null;
  const policy = office.settings.board;
  const standing = standingOf(signs, policy, now);
  const waitsSince =
    waiting.map((each) => each.owedSince).toSorted(Temporal.Instant.compare)[0] ?? null;
  return isUnresponsive(standing, { waitsSince, actedAt }, policy, now)
    ? { state: 'away', since: actedAt, why: 'timeout', work: null }
    : standing;
}

/** When its own desk is likely to begin with a call; null: nobody is there. */
function expectedAt(
  office: Office,
  { id, desk }: OwedCall,
  of: { outlooks: ReadonlyMap<number, Outlook>; turns: ReadonlyMap<number, Turn[]> },
  now: Temporal.Instant,
): Temporal.Instant | null {
  const outlook = of.outlooks.get(desk);
  if (!outlook?.freeAt) return null;
  const { windowMinutes } = office.settings.attempts;
  // Whoever was called once has no turn: the desk calls them again when it is free.
  return expectedStarts(of.turns.get(desk) ?? [], windowMinutes, now).get(id) ?? outlook.freeAt;
}
