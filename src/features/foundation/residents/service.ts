import { randomUUID } from 'node:crypto';
import type { PersonId } from '../../../domain/identity.ts';
import { HOUSEHOLD_MOST } from '../../../domain/residence/certify.ts';
import type { Extent, Found, Resident } from '../../../domain/residence/resident.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../audit/service.ts';
import { isMuchShorter, KEPT_DAYS, todayAnywhere } from './rules.ts';
import { type ListKey, newListKey, openListKey, rewrapped } from './sealing.ts';
import {
  deleteList,
  insertResidents,
  lockImports,
  type NewResident,
  replaceList,
  rewrapList,
  sweepResidents,
} from './store.ts';
import {
  type Import,
  type Imported,
  type OutsideRegister,
  RegisterSilent,
  type ResidentList,
} from './types.ts';
import { readByLookup, readDwelling, readList } from './views.ts';

/**
 * The town's residents, as its register of inhabitants (padró) has them: a list that an operator brings here, sealed by a key of its own
 * (docs/adr/0097). It is only ever asked for one identifier.
 */
export interface Residents {
  /**
   * Puts a list in the place of the one that is here, all of it or nothing. `read` begins to read it, again after a deadlock; its error
   * changes nothing.
   */
  bring(read: () => AsyncIterable<Resident>, what: Import): Promise<Imported>;
  /** Returns what is known of the list; null: there is none. */
  list(): Promise<ResidentList | null>;
  /** Deletes the list with its key. Returns whether there was one. */
  remove(): Promise<boolean>;
  /**
   * Looks up a person, and for a household those they live with: in the list, or where the town asks its register elsewhere. The look is on the
   * office's trail before anything is read, whatever becomes of the case. `about`: the id of the case. @throws RegisterSilent
   */
  find(viewer: Viewer, office: number, about: Look, id: PersonId): Promise<Found>;
  /** Deletes the list when it is old, and residents whose list is gone. Returns how many residents. */
  sweep(): Promise<number>;
  /** Wraps the list's key by the newest version. Returns how many had an earlier one. */
  rewrap(): Promise<number>;
}

/** For what somebody is looked up. */
export interface Look {
  /** The id of the case. */
  case: string;
  extent: Extent;
  /** Whether the person asked for what it is for, such as a certificate. Otherwise a page fills something in, and waits less. */
  isAsked: boolean;
}

export interface ResidentsDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  /** The purpose key `people`. */
  key: PurposeKey;
  /** Returns the register that the town asks elsewhere; null: it brings a list. */
  outside?: () => Promise<OutsideRegister | null>;
}

export function createResidents(deps: ResidentsDeps): Residents {
  const { db, clock, key, unit } = deps;
  /** Until when no page waits again for a register that was away. */
  let quietUntil: Temporal.Instant | null = null;
  const isQuiet = () =>
    quietUntil !== null && Temporal.Instant.compare(clock.now(), quietUntil) < 0;
  return {
    bring: (read, what) => bring(deps, read, what),
    list: () =>
      within(db, INSTALLATION, async (tx) => {
        const list = await readList(tx);
        return list && factsOf(list);
      }),
    remove: () => within(db, INSTALLATION, (tx) => deleteList(tx)),
    find: async (viewer, office, about, id) => {
      const { case: of, extent, isAsked } = about;
      if (!isAsked && isQuiet()) throw new RegisterSilent({ reason: 'away', code: 'quiet' });
      await unit(viewer, office, (each) => each.record('residents_read', { data: { case: of } }));
      const register = await deps.outside?.();
      if (!register) return within(db, INSTALLATION, (tx) => find(tx, key, id, extent));
      const found = await register.find(id, { extent, about: of, isAsked });
      if (found.ok) return found.value;
      if (found.reason === 'away') quietUntil = clock.now().add({ minutes: QUIET_MINUTES });
      throw new RegisterSilent(found);
    },
    sweep: async () => {
      const before = todayAnywhere(clock.now()).subtract({ days: KEPT_DAYS });
      await within(db, INSTALLATION, (tx) => deleteList(tx, before));
      return sweep(db);
    },
    rewrap: () =>
      within(db, INSTALLATION, async (tx) => {
        const list = await readList(tx);
        if (!list || list.keyVersion >= key.version) return 0;
        await rewrapList(tx, list, rewrapped(key, list.id, list));
        return 1;
      }),
  };
}

const factsOf = ({ id, asOf, importedAt, people, findable }: ResidentList): ResidentList => ({
  ...{ id, asOf, importedAt, people, findable },
});

/** Minutes in which pages fill in nothing from a register that was away. */
const QUIET_MINUTES = 1;

/** How many residents a statement adds or deletes. */
const AT_ONCE = 2000;

/** Ends the transaction of an import that is refused, with what it added. */
class NotImported extends Error {
  readonly result: Imported;
  constructor(result: Imported) {
    super('The import was refused');
    this.result = result;
  }
}

async function bring(
  { db, clock, key }: ResidentsDeps,
  read: () => AsyncIterable<Resident>,
  { asOf, anyway }: Import,
): Promise<Imported> {
  const now = clock.now();
  const today = todayAnywhere(now);
  if (Temporal.PlainDate.compare(asOf, today) > 0) return { ok: false, reason: 'future' };
  if (asOf.until(today).days > KEPT_DAYS) return { ok: false, reason: 'too_old' };
  const id = randomUUID();
  const { own, ...wrapped } = newListKey(key, id);
  try {
    const list = await within(db, INSTALLATION, async (tx) => {
      await lockImports(tx);
      const before = await readList(tx);
      const counts = await add(tx, { id, own }, read());
      const made: ResidentList = { id, asOf, importedAt: now, ...counts };
      const refused = refusalOf(before, made, anyway);
      if (refused) throw new NotImported(refused);
      await replaceList(tx, made, wrapped);
      return made;
    });
    await sweep(db);
    return { ok: true, list };
  } catch (error) {
    if (error instanceof NotImported) return error.result;
    throw error;
  }
}

function refusalOf(
  before: ResidentList | null,
  { asOf, people }: ResidentList,
  anyway: boolean,
): Imported | null {
  if (people === 0) return { ok: false, reason: 'empty' };
  if (!before || anyway) return null;
  const known = factsOf(before);
  if (Temporal.PlainDate.compare(asOf, before.asOf) < 0)
    return { ok: false, reason: 'older', before: known, people };
  return isMuchShorter(before.people, people)
    ? { ok: false, reason: 'shorter', before: known, people }
    : null;
}

async function add(
  tx: Tx,
  { id, own }: { id: string; own: ListKey },
  residents: AsyncIterable<Resident>,
): Promise<Pick<ResidentList, 'people' | 'findable'>> {
  let people = 0;
  let findable = 0;
  let rows: NewResident[] = [];
  for await (const each of residents) {
    people += 1;
    if (each.id) findable += 1;
    rows.push({
      number: people,
      lookup: each.id && own.lookupOf(each.id),
      dwelling: own.dwellingOf(each.dwelling),
      sealed: own.seal(people, each),
    });
    if (rows.length < AT_ONCE) continue;
    await insertResidents(tx, id, rows);
    rows = [];
  }
  if (rows.length > 0) await insertResidents(tx, id, rows);
  return { people, findable };
}

async function find(tx: Tx, key: PurposeKey, id: PersonId, extent: Extent): Promise<Found> {
  const list = await readList(tx);
  if (!list) return { kind: 'no_list' };
  const own = openListKey(key, list.id, list);
  const [row, another] = await readByLookup(tx, list.id, own.lookupOf(id));
  if (!row) return { kind: 'unknown' };
  if (another) return { kind: 'several' };
  const resident = own.open(row.number, row.sealed);
  // One more than a household has at most tells that it is none.
  const rows =
    extent === 'person' ? [row] : await readDwelling(tx, list.id, row.dwelling, HOUSEHOLD_MOST + 1);
  const household = rows.map((each) =>
    each.number === row.number ? resident : own.open(each.number, each.sealed),
  );
  return {
    kind: 'found',
    registered: { resident, household, asOf: list.asOf, tellsProtected: true },
  };
}

/** Deletes residents whose list is gone, some at a time. */
async function sweep(db: Db): Promise<number> {
  let all = 0;
  for (;;) {
    const some = await within(db, INSTALLATION, (tx) => sweepResidents(tx, AT_ONCE));
    all += some;
    if (some < AT_ONCE) return all;
  }
}
