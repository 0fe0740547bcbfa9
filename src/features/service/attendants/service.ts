import { firstNameOf } from '../../../domain/names.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { attendantOf, namedAt } from './rules.ts';
import type { Candidates } from './types.ts';
import { readAtDesks, readCandidates } from './views.ts';

/**
 * Says who attends: an appointment, as its citizen reads it, by first name and never by the name of a desk; a desk, as the staff read it.
 */
export interface Attendants {
  /** Returns the first name; null: nobody knows yet, or the office shows no names. */
  of(office: Office, appointment: string): Promise<string | null>;
  /** Returns by appointment the first name, or else the office's name in its citizen's language. `office`: its id. */
  ofAll(office: number, appointments: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Returns first names by the ids of accounts; none where the office shows no names. */
  firstNames(office: Office, staff: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Returns whether an office gives the first names of its people. `office`: its id. */
  showsNames(office: number): Promise<boolean>;
  /**
   * Returns the whole names of the people of each desk, for the staff of the office; desks without people are left out. They are some
   * seconds old at most.
   */
  atDesks(office: Office): Promise<DeskPeople>;
}

/** By a desk's id: who is there today, else whose desk it is. */
export type DeskPeople = ReadonlyMap<number, string>;

/** Every page of the console asks for these names, and they change some times a day. */
const KEPT_SECONDS = 15;

export interface AttendantsDeps {
  db: Db;
  clock: Clock;
  staff: StaffNames;
  offices: Pick<Offices, 'byId'>;
}

export function createAttendants(deps: AttendantsDeps): Attendants {
  return {
    async of(office, appointment) {
      const [found] = await findAttendants(deps, office, [appointment]);
      return found?.name ?? null;
    },

    async ofAll(id, appointments) {
      const office = await deps.offices.byId(id);
      const found = await findAttendants(deps, office, appointments);
      return new Map(
        found.map(({ appointment, language, name }) => [
          appointment,
          name ?? textIn(office.name, language),
        ]),
      );
    },

    firstNames: async (office, staff) => {
      if (staff.length === 0 || !showsNamesIn(office)) return new Map();
      const names = await deps.staff.namesOf(staff);
      return new Map([...names].map(([id, name]) => [id, firstNameOf(name)]));
    },

    showsNames: async (id) => showsNamesIn(await deps.offices.byId(id)),
    atDesks: keptShortly(deps, (office) => findAtDesks(deps, office)),
  };
}

/** Answers again what was found for an office some seconds ago. */
function keptShortly<T>(
  { clock }: Pick<AttendantsDeps, 'clock'>,
  find: (office: Office) => Promise<T>,
): (office: Office) => Promise<T> {
  const kept = new Map<number, { at: Temporal.Instant; found: Promise<T> }>();
  return (office) => {
    const now = clock.now();
    const known = kept.get(office.id);
    if (known && Math.abs(known.at.until(now).total('seconds')) < KEPT_SECONDS) return known.found;
    const found = find(office);
    kept.set(office.id, { at: now, found });
    found.catch(() => kept.delete(office.id));
    return found;
  };
}

async function findAtDesks(
  { db, clock, staff }: AttendantsDeps,
  office: Office,
): Promise<DeskPeople> {
  const all = await within(db, office.id, (tx) => readAtDesks(tx, office.id));
  const now = clock.now();
  const ids = new Map([...all].map(([desk, people]) => [desk, namedAt(people, now)]));
  const names = await staff.namesOf([...new Set([...ids.values()].flat())]);
  return new Map(
    [...ids].flatMap(([desk, people]): [number, string][] => {
      const who = people.flatMap((each) => names.get(each) ?? []).sort();
      return who.length > 0 ? [[desk, who.join(', ')]] : [];
    }),
  );
}

const showsNamesIn = ({ settings }: Office): boolean => settings.notices.names !== 'office';

/** Returns the appointments that there are, each with the first name of its attendant. */
async function findAttendants(
  { db, clock, staff }: AttendantsDeps,
  office: Office,
  appointments: readonly string[],
): Promise<(Candidates & { name: string | null })[]> {
  const all = await within(db, office.id, (tx) => readCandidates(tx, appointments));
  const now = clock.now();
  const people = all.map((each) => (showsNamesIn(office) ? attendantOf(each, now) : null));
  const names = await staff.namesOf([...new Set(people.flatMap((each) => each ?? []))]);
  return all.map((each, index) => {
    const name = names.get(people[index] ?? 0);
    return { ...each, name: name ? firstNameOf(name) : null };
  });
}
