import { firstNameOf } from '../../../domain/names.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { attendantOf } from './rules.ts';
import type { Candidates } from './types.ts';
import { readCandidates } from './views.ts';

/** Says who attends an appointment, as its citizen reads it: by first name, never by the name of a desk. */
export interface Attendants {
  /** Returns the first name; null: nobody knows yet, or the office shows no names. */
  of(office: Office, appointment: string): Promise<string | null>;
  /** Returns by appointment the first name, or else the office's name in its citizen's language. `office`: its id. */
  ofAll(office: number, appointments: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Returns whether an office gives the first names of its people. `office`: its id. */
  showsNames(office: number): Promise<boolean>;
}

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

    showsNames: async (id) => showsNamesIn(await deps.offices.byId(id)),
  };
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
