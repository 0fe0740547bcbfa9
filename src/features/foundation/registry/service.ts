import { randomUUID } from 'node:crypto';
import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { RunUnit, Unit } from '../audit/service.ts';
import { faultIn, hashOfEntry, isAsClosed, nextPlace, numberText } from './rules.ts';
import { insertDay, insertEntry, lockBook } from './store.ts';
import { DIRECTIONS, type RegistryEntry, type RegistryVerdict, type ToRegister } from './types.ts';
import { countDay, readBook, readDays, readEntry, readOpenDays, readRegistered } from './views.ts';

export { numberText } from './rules.ts';

/** The registry of each office: Ley 39/2015, arts. 16 and 31; RD 203/2021, arts. 37 to 42 (docs/adr/0090). */
export interface Registry {
  /**
   * Registers something in the caller's unit of work: it is registered when the rest is committed, and never without it. Something that was
   * registered before with the same content gets the entry that it has.
   * @throws when it was registered with another content
   */
  register(unit: Unit, office: Office, what: ToRegister): Promise<RegistryEntry>;
  /** Closes the days of an office that have ended. Returns how many. */
  closeDays(office: Office): Promise<number>;
  /** Checks all entries of an office: each is as the sealed audit trail has it, follows the one before, and none is missing. */
  verify(office: Office): Promise<RegistryVerdict>;
}

export interface RegistryDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
}

export function createRegistry({ db, clock, unit }: RegistryDeps): Registry {
  return {
    register: (each, office, what) => register(each, office, what, () => clock.now()),

    async closeDays(office) {
      const today = clock.now().toZonedDateTimeISO(office.timeZone).startOfDay();
      const days = await within(db, office.id, (tx) => readOpenDays(tx, office.id, today));
      let closed = 0;
      for (const day of days)
        if (await closeDay(unit, office, Temporal.PlainDate.from(day))) closed++;
      return closed;
    },

    verify: (office) => within(db, office.id, (tx) => verify(tx, office)),
  };
}

async function register(
  { tx, record, office: id }: Unit,
  office: Office,
  what: ToRegister,
  now: () => Temporal.Instant,
): Promise<RegistryEntry> {
  const last = await lockBook(tx, id, what.direction);
  const there = await readEntry(tx, id, what.about);
  if (there && (there.content !== what.content || there.direction !== what.direction))
    throw new Error(`${what.about} is registered with another content`);
  if (there) return there;
  // The clock is read when the book is ours: whoever waited for it comes later.
  const at = now().round('millisecond');
  const place = nextPlace(last, at, office.timeZone);
  const day = place.at.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const countsFrom = workingDaysOf(office.settings).handedInOn(day);
  const written = { id: randomUUID(), office: id, ...what, ...place, countsFrom };
  const entry = { ...written, hash: hashOfEntry(written) };
  await insertEntry(tx, entry);
  await record('registered', {
    data: { entry: entry.id, number: numberText(entry), hash: entry.hash },
  });
  return entry;
}

/** Entries that are read at once. */
const AT_ONCE = 2_000;

const SYSTEM = { kind: 'system', why: 'registry' } as const;

function closeDay(unit: RunUnit, office: Office, day: Temporal.PlainDate): Promise<boolean> {
  return unit(SYSTEM, office.id, async ({ tx, now, record }) => {
    // An entry of that day may still be on its way.
    for (const direction of DIRECTIONS) await lockBook(tx, office.id, direction);
    const counted = await countDay(tx, office.id, spanOf(day, office));
    const isClosed = await insertDay(tx, office.id, { day, ...counted }, now);
    if (isClosed) await record('registry_closed', { data: { day: day.toString(), ...counted } });
    return isClosed;
  });
}

const spanOf = (day: Temporal.PlainDate, { timeZone }: Pick<Office, 'timeZone'>) => ({
  from: day.toZonedDateTime(timeZone).toInstant(),
  before: day.add({ days: 1 }).toZonedDateTime(timeZone).toInstant(),
});

async function verify(
  tx: Parameters<typeof readBook>[0],
  office: Office,
): Promise<RegistryVerdict> {
  const onTrail = await readRegistered(tx, office.id);
  const trail = new Map(onTrail.map(({ id, hash }) => [id, hash]));
  let entries = 0;
  for (const direction of DIRECTIONS) {
    let last: RegistryEntry | null = null;
    for (;;) {
      const after = { year: last?.year ?? 0, number: last?.number ?? 0, most: AT_ONCE };
      const some: RegistryEntry[] = await readBook(tx, office.id, direction, after);
      const fault = faultIn(some, trail, last);
      if (fault) return { ok: false, number: numberText(fault.entry), what: fault.what };
      entries += some.length;
      for (const { id } of some) trail.delete(id);
      last = some.at(-1) ?? last;
      if (some.length < AT_ONCE) break;
    }
  }
  const [missing] = trail.keys();
  if (missing) return { ok: false, number: missing, what: 'removed' };
  for (const { day, ...closed } of await readDays(tx, office.id)) {
    const counted = await countDay(tx, office.id, spanOf(day, office));
    if (!isAsClosed({ day, ...closed }, counted))
      return { ok: false, number: day.toString(), what: 'added' };
  }
  return { ok: true, entries };
}
