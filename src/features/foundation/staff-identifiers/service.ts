import { maskedIdentifier, nifIn, type PersonId } from '../../../domain/identity.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../audit/service.ts';
import { mayManagePeople } from '../people/rules.ts';
import type { People } from '../people/service.ts';
import { isFreshSession, type Staff, tell } from '../staff/service.ts';
import type { StaffSession } from '../staff/types.ts';
import { openIdentifier, sealIdentifier } from './sealing.ts';
import { lockPerson, resealIdentifier, saveIdentifier } from './store.ts';
import type { Entered, SameNif, SeenIdentifier } from './types.ts';
import { readIdentifier, readIdentifierIn, readOlder } from './views.ts';

type Asker = Pick<StaffSession, 'id' | 'staff' | 'operator'>;

/**
 * The NIF of members of staff, for registries that demand to know which official asks. It is entered once, and shown masked ever after.
 * Entering needs a second factor of the last ten minutes.
 */
export interface StaffIdentifiers {
  /** Returns the person's own. */
  own(session: Asker): Promise<SeenIdentifier>;
  enterOwn(session: Asker, typed: string): Promise<Entered>;
  /** Returns that of somebody in the viewer's office, for its administrator; null: not found. */
  find(viewer: StaffViewer, staff: number): Promise<SeenIdentifier | null>;
  /** Enters that of somebody in the viewer's office who has none. `asker`: the session of the request. */
  enter(viewer: StaffViewer, asker: Asker, staff: number, typed: string): Promise<Entered>;
  /** Returns anybody's, for an operator; null: not found. */
  findAnywhere(operator: Asker, staff: number): Promise<SeenIdentifier | null>;
  enterAnywhere(operator: Asker, staff: number, typed: string): Promise<Entered>;
  /**
   * Returns the NIF of a member of staff of the unit's office, to pass it to a registry, and records that it was used; null: none was
   * entered. It is in no page, log or answer of ours.
   */
  nifOf(unit: Unit, staff: number): Promise<PersonId | null>;
  /** Returns whether an identifier is the NIF of a member of staff. Nothing of the NIF is told, so it is not recorded. */
  compare(staff: number, id: PersonId): Promise<SameNif>;
  /** Seals with the newest key what an earlier one sealed. Returns how many there were. */
  rewrap(): Promise<number>;
}

export interface StaffIdentifiersDeps {
  db: Db;
  clock: Clock;
  /** The purpose key `people`. */
  key: PurposeKey;
  staff: Pick<Staff, 'transaction'>;
  people: Pick<People, 'find' | 'everybody'>;
}

export function createStaffIdentifiers(deps: StaffIdentifiersDeps): StaffIdentifiers {
  const { db, key, people } = deps;
  const masked = async (staff: number): Promise<string | null> => {
    const row = await within(db, INSTALLATION, (tx) => readIdentifier(tx, staff));
    return row && maskedIdentifier(openIdentifier(key, staff, row));
  };
  const here = async (viewer: StaffViewer, staff: number): Promise<boolean> => {
    const person = mayManagePeople(viewer) ? await people.find(viewer, staff) : null;
    return person !== null && person.state !== 'retired';
  };
  const anywhere = async (operator: Asker, staff: number): Promise<boolean> => {
    const all = (await people.everybody(operator)) ?? [];
    return all.some((each) => each.staff === staff && each.state !== 'retired');
  };
  const notFound: Entered = { ok: false, reason: 'not_found' };
  return {
    own: async ({ staff }) => ({ masked: await masked(staff), mayEnter: true }),
    enterOwn: (session, typed) => enter(deps, session, session.staff, typed, true),
    find: async (viewer, staff) => {
      if (!(await here(viewer, staff))) return null;
      const seen = await masked(staff);
      return { masked: seen, mayEnter: seen === null || staff === viewer.staff };
    },
    enter: async (viewer, asker, staff, typed) =>
      asker.staff === viewer.staff && (await here(viewer, staff))
        ? enter(deps, asker, staff, typed, staff === viewer.staff)
        : notFound,
    findAnywhere: async (operator, staff) =>
      (await anywhere(operator, staff)) ? { masked: await masked(staff), mayEnter: true } : null,
    enterAnywhere: async (operator, staff, typed) =>
      (await anywhere(operator, staff)) ? enter(deps, operator, staff, typed, true) : notFound,
    nifOf: async (unit, staff) => {
      const row = await within(db, INSTALLATION, (tx) => readIdentifierIn(tx, unit.office, staff));
      if (!row) return null;
      await unit.record('nif_used', { data: { staff } });
      return openIdentifier(key, staff, row);
    },
    compare: comparing(deps),
    rewrap: () => rewrap(deps),
  };
}

/** Returns what tells whether an identifier is the NIF of a member of staff. */
export const comparing =
  ({ db, key }: Pick<StaffIdentifiersDeps, 'db' | 'key'>): StaffIdentifiers['compare'] =>
  async (staff, id) => {
    const row = await within(db, INSTALLATION, (tx) => readIdentifier(tx, staff));
    if (!row) return 'unknown';
    const { scheme, country, identifier } = openIdentifier(key, staff, row);
    const isSame = scheme === id.scheme && country === id.country && identifier === id.identifier;
    return isSame ? 'same' : 'other';
  };

/** Enters a NIF. `mayChange`: whether it may take the place of another one. */
async function enter(
  { clock, key, staff: accounts }: StaffIdentifiersDeps,
  asker: Asker,
  staff: number,
  typed: string,
  mayChange: boolean,
): Promise<Entered> {
  const id = typed.length > LONGEST ? null : nifIn(typed);
  return accounts.transaction<Entered>(async (client) => {
    if (!(await isFreshSession(client, asker.id))) return { ok: false, reason: 'stale' };
    const has = await lockPerson(client, staff);
    if (has === null) return { ok: false, reason: 'not_found' };
    if (has && !mayChange) return { ok: false, reason: 'already' };
    if (!id) return { ok: false, reason: 'invalid' };
    const now = clock.now();
    await saveIdentifier(client, staff, sealIdentifier(key, staff, id), now);
    await tell(client, { staff, by: asker.staff, now, action: 'nif_entered' });
    return { ok: true };
  });
}

const LONGEST = 40;

async function rewrap({ db, key, staff: accounts }: StaffIdentifiersDeps): Promise<number> {
  const older = await within(db, INSTALLATION, (tx) => readOlder(tx, key.version));
  for (const { staff, ...row } of older) {
    const anew = sealIdentifier(key, staff, openIdentifier(key, staff, row));
    await accounts.transaction((client) => resealIdentifier(client, staff, row, anew));
  }
  return older.length;
}
