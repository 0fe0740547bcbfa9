import type { TownFile } from '../../../domain/office/schema.ts';

/**
 * Returns the file with people's present addresses. `present`: by a former address that no other person has.
 * A file that names both addresses means two persons.
 */
export function withPresentEmails(file: TownFile, present: ReadonlyMap<string, string>): TownFile {
  const named = new Set(file.staff.map((each) => each.email));
  const emailNow = <T extends { email: string }>(each: T): T => {
    const email = present.get(each.email);
    return !email || (named.has(each.email) && named.has(email)) ? each : { ...each, email };
  };
  const offices = Object.entries(file.offices).map(([code, office]) => [
    code,
    { ...office, habilitated: office.habilitated.map(emailNow) },
  ]);
  return { ...file, staff: file.staff.map(emailNow), offices: Object.fromEntries(offices) };
}

/** Returns messages about each former address in the file. */
export function keptEmails(file: TownFile, present: ReadonlyMap<string, string>): string[] {
  const after = withPresentEmails(file, present);
  return file.staff.flatMap(({ email }, index) => {
    const now = after.staff[index]?.email;
    return now === email ? [] : [`${email} is ${now} since it was changed in the console`];
  });
}
