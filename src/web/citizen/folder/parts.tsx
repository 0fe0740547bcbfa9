import type { ComponentChildren } from 'preact';
import type { Office } from '../../../domain/office/types.ts';
import { type Dates, datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';

/** The offices of some entries, by id. */
export type Offices = ReadonlyMap<number, Office>;

/** Returns the offices of some entries, closed ones too. */
export async function officesOf(
  { offices }: Pick<CitizenDeps, 'offices'>,
  entries: readonly { office: number }[],
): Promise<Offices> {
  const ids = [...new Set(entries.map((each) => each.office))];
  return new Map(await Promise.all(ids.map(async (id) => [id, await offices.byId(id)] as const)));
}

/** Returns the office of an entry, with dates in its time. */
export function placeOf(
  { language }: Pick<PersonVisit, 'language'>,
  offices: Offices,
  id: number,
): { office: Office; dates: Dates; name: string } {
  const office = offices.get(id);
  if (!office) throw new Error(`Office ${id} was not read`);
  return {
    office,
    dates: datesIn(language, office.timeZone),
    name: textIn(office.name, language),
  };
}

/** An instant in words, to the minute. */
export const formatAt = (dates: Dates, at: Temporal.Instant): string =>
  `${dates.shortDay(at)}, ${dates.time(at)}`;

/** Says for whom a session acts, where it isn't the person themselves: their folder is their own. */
export function ActingFor({ visit }: { visit: PersonVisit }): ComponentChildren {
  const { t, session } = visit;
  if (!session.represents) return null;
  return <p class="note">{t('folder.company', { company: session.represents.name })}</p>;
}
