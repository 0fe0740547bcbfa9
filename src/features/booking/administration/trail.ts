import type { Habilitation } from '../../../domain/office/schema.ts';
import type { OfficeState } from '../../../domain/office/state.ts';
import { type Difference, differences } from '../../../formats/town-file/changes/differences.ts';
import { fingerprint } from '../../../formats/town-file/changes/fingerprint.ts';
import { same } from '../../../formats/town-file/changes/same.ts';
import { briefAddress, isFile } from '../../../formats/town-file/look/logo.ts';
import type { Writing } from '../../../formats/town-file/writing/written.ts';

/** Returns a state's office as plain groups for comparison, without retired entries. */
export function plainOffice(office: OfficeState) {
  const { settings, procedures, desks, shifts, absences, closures } = office;
  return {
    ...settings,
    procedures: standingOf(procedures, (each) => each.settings),
    'procedures in order': Object.keys(standingOf(procedures, ({ retired }) => retired)),
    desks: standingOf(desks, (each) => each),
    shifts,
    absences,
    closures,
  };
}

type Plain = ReturnType<typeof plainOffice>;

/** The replacement of a name. */
const UNSAID = '…';

/**
 * Returns the changes of an office for the permanent trail: a short summary without personal names. A desk is recorded by its
 * code; an absence only by its desk, since its time and reason may be health data; an official by the
 * fingerprint of their address.
 */
export function trailOf(before: Plain, after: Plain): Difference[] {
  return [
    ...differences(withoutPeople(before), withoutPeople(after)),
    ...renamed(before.desks, after.desks),
    ...people(
      'absences',
      before.absences.map(unexplained),
      after.absences.map(unexplained),
      (each) => each.desk,
    ),
    ...people('habilitated', officialsIn(before), officialsIn(after), ({ email }) =>
      fingerprint(email),
    ),
  ];
}

/** People from before the register have none. */
const officialsIn = ({ habilitated = [] }: Plain): readonly Habilitation[] => habilitated;

const unexplained = ({ why: _, ...absence }: Plain['absences'][number]) => absence;

const withoutPeople = ({ absences: _, habilitated: __, desks, ...office }: Plain): Writing =>
  JSON.parse(
    JSON.stringify(
      { ...office, desks: mapped(desks, ({ name: _name, ...desk }) => desk) },
      (_key, each) => (typeof each === 'string' && isFile(each) ? briefAddress(each) : each),
    ),
  );

const renamed = (before: Plain['desks'], after: Plain['desks']): Difference[] =>
  Object.entries(after)
    .filter(([code, { name }]) => before[code] && before[code].name !== name)
    .map(([code]) => ({ path: `desks.${code}.name`, from: UNSAID, to: UNSAID }));

/** Returns the desks with removed and with added rows; a changed row is both. */
function people<T>(
  path: string,
  before: readonly T[],
  after: readonly T[],
  who: (row: T) => string,
): Difference[] {
  const beyond = (rows: readonly T[], others: readonly T[]) =>
    rows.filter((row) => !others.some((each) => same(each, row))).map(who);
  const [from, to] = [beyond(before, after), beyond(after, before)];
  return from.length + to.length > 0 ? [{ path, from, to }] : [];
}

const mapped = <T, U>(group: Record<string, T>, of: (thing: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(group).map(([key, each]) => [key, of(each)]));

const standingOf = <T extends { retired: boolean }, U>(
  things: ReadonlyMap<string, T>,
  of: (thing: T) => U,
): Record<string, U> =>
  Object.fromEntries(
    [...things].filter(([, each]) => !each.retired).map(([code, each]) => [code, of(each)]),
  );
