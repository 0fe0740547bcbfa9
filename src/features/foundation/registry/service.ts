import { randomUUID } from 'node:crypto';
import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { RunUnit, Unit } from '../audit/service.ts';
import { owe } from './outside/store.ts';
import { daysToClose, hashOfEntry, nextPlace, numberText } from './rules.ts';
import { insertDay, insertEntry, lockBook } from './store.ts';
import { DIRECTIONS, type RegistryEntry, type RegistryVerdict, type ToRegister } from './types.ts';
import { verifyRegistry } from './verifying.ts';
import { countDay, readClock, readEntry, readFirstOpenDay } from './views.ts';

export { createOutsideRegistering, type OutsideRegistering } from './outside/service.ts';
export { numberText } from './rules.ts';

/** The registry of each office: Ley 39/2015, arts. 16 and 31; RD 203/2021, arts. 37 to 42 (docs/adr/0090). */
export interface Registry {
  /**
   * Registers something in the caller's unit of work: it is registered when the rest is committed, and never without it. Something that was
   * registered before with the same content gets the entry that it has.
   * @throws when it was registered with another content
   */
  register(unit: Unit, office: Office, what: ToRegister): Promise<RegistryEntry>;
  /** Closes the days of an office that have ended, from its first entry on. Returns how many. */
  closeDays(office: Office): Promise<number>;
  /** While something still writes the past, this process closes no day: an entry of a closed day would be dated later. */
  holdClosing(isHeld: boolean): void;
  /** Checks all entries of an office: each is as the sealed audit trail has it, follows the one before, and none is missing. */
  verify(office: Office): Promise<RegistryVerdict>;
}

export interface RegistryDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
}

export function createRegistry({ db, clock, unit }: RegistryDeps): Registry {
  let isHeld = false;
  return {
    register: (each, office, what) => register(each, office, what, () => clock.now()),

    async closeDays(office) {
      const { timeZone } = office;
      const first = await within(db, office.id, (tx) => readFirstOpenDay(tx, office.id, timeZone));
      let closed = 0;
      for (const day of daysToClose(first, clock.now(), timeZone))
        if (!isHeld && (await closeDay(unit, office, day))) closed++;
      return closed;
    },

    holdClosing: (held) => {
      isHeld = held;
    },

    verify: (office) => within(db, office.id, (tx) => verifyRegistry(tx, office)),
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
  await checkClock(tx);
  // The clock is read when the book is ours: whoever waited for it comes later.
  const at = now().round('millisecond');
  const place = nextPlace(last, at, office.timeZone);
  const day = place.at.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const countsFrom = workingDaysOf(office.settings).handedInOn(day);
  const written = { id: randomUUID(), office: id, ...what, ...place, countsFrom };
  const entry = { ...written, hash: hashOfEntry(written) };
  await insertEntry(tx, entry);
  await owe(tx, entry, at);
  await record('registered', {
    data: { entry: entry.id, number: numberText(entry), hash: entry.hash },
  });
  return entry;
}

/** Seconds by which the clocks of this machine and of the database may differ. */
const CLOCKS_APART = 30;

/**
 * Refuses to register with a wrong clock: an entry that is dated ahead can never be taken out, and all that follow would have its hour.
 * @throws when the clocks of this machine and of the database differ
 */
async function checkClock(tx: Tx): Promise<void> {
  const apart = (await readClock(tx)).until(systemClock.now()).total('seconds');
  if (Math.abs(apart) > CLOCKS_APART)
    throw new Error(
      `The clock is ${Math.round(apart)} s from that of the database: nothing is registered`,
    );
}

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
