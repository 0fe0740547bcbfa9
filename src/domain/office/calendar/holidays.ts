import Holidays from 'date-holidays';
import type { Language, Texts } from '../../../lib/i18n/languages.ts';
import type { TownClosure, TownOffice } from '../schema.ts';

/** The declarations that decide the closed days of an office, apart from its closures. */
export type HolidayRules = Pick<TownOffice, 'holidays' | 'feastDays' | 'openDays'>;

/** The whole local days, `YYYY-MM-DD`, on which no desk works, with reasons. */
export interface ClosedDays {
  isClosed(day: string): boolean;
  /** Returns the reason why the day is closed, in words for citizens; undefined when it is open. */
  why(day: string): Texts | undefined;
}

const PUBLIC_HOLIDAY: Record<Language, string> = {
  ca: 'Festiu',
  es: 'Festivo',
  en: 'Public holiday',
  eu: 'Jaieguna',
};
const CLOSED: Record<Language, string> = {
  ca: 'Tancat',
  es: 'Cerrado',
  en: 'Closed',
  eu: 'Itxita',
};

/**
 * Returns the closed days of an office: the public holidays of its region, its feast days and its closures. A day in `openDays` cancels a
 * public holiday, but not a closure.
 */
export function closedDays(rules: HolidayRules, closures: readonly TownClosure[]): ClosedDays {
  const open = new Set(rules.openDays);
  const own = [...closures, ...rules.feastDays];
  const why = (day: string): Texts | undefined => {
    const closure = own.find((each) => each.from <= day && day <= each.to);
    if (closure) return closure.why ?? CLOSED;
    if (open.has(day) || !publicHolidays(rules.holidays, yearOf(day)).has(day)) return undefined;
    return PUBLIC_HOLIDAY;
  };
  return { why, isClosed: (day) => why(day) !== undefined };
}

const yearOf = (day: string): number => Number(day.slice(0, 4));

const known = new Map<string, ReadonlyMap<string, string>>();

/**
 * Returns the public holidays of a year by local day, with the library's name for each. Substitutes are included.
 * @param code a country or region of the date-holidays library, such as ES-CT, or none
 */
export function publicHolidays(code: string, year: number): ReadonlyMap<string, string> {
  if (code === 'none') return new Map();
  const key = `${code} ${year}`;
  let days = known.get(key);
  if (!days) {
    days = compute(code, year);
    known.set(key, days);
  }
  return days;
}

function compute(code: string, year: number): Map<string, string> {
  const days = new Map<string, string>();
  const library = new Holidays({ ...parts(code) }, { types: ['public'] });
  for (const { date, start, end, name } of library.getHolidays(year)) {
    // `date` is wall-clock time of the region in any time zone of the process; start and end are only compared.
    const from = Temporal.PlainDateTime.from(date.replace(' ', 'T').slice(0, 19));
    const hours = Math.round((end.getTime() - start.getTime()) / 3_600_000);
    for (const day of wholeDays(from, hours)) days.set(day, name);
  }
  return days;
}

/** Returns the days of which the holiday covers more than half: some feasts begin at sunset, some only at two in the afternoon. */
function wholeDays(from: Temporal.PlainDateTime, hours: number): string[] {
  const days: string[] = [];
  let left = hours;
  for (let at = from; left > 0; at = at.add({ days: 1 }).with({ hour: 0, minute: 0 })) {
    const taken = Math.min(left, 24 - at.hour);
    if (taken > 12) days.push(at.toPlainDate().toString());
    left -= taken;
  }
  return days;
}

function parts(code: string): { country: string; state?: string; region?: string } {
  const [country = '', state, region] = code.split('-');
  return { country, ...(state && { state }), ...(region && { region }) };
}

/** Returns the regions of a country whose public holidays the library has, the country first, by their names in a language. */
export function holidayRegions(
  country: string,
  language: string,
): { code: string; name: string }[] {
  const library = new Holidays();
  const name = library.getCountries(language)[country];
  if (name === undefined) return [];
  const states = Object.entries(library.getStates(country, language) ?? {});
  return [
    { code: country, name },
    ...states.map(([code, each]) => ({ code: `${country}-${code}`, name: each })),
  ];
}

/** Returns similar codes that the library has; undefined when it has this one. */
export function holidaysProblem(code: string): { known: string[] } | undefined {
  if (code === 'none') return undefined;
  const library = new Holidays();
  const { country, state, region } = parts(code);
  if (!Object.hasOwn(library.getCountries(), country)) {
    return { known: [...Object.keys(library.getCountries()), 'none'] };
  }
  const states = library.getStates(country) ?? {};
  if (!state) return undefined;
  if (!Object.hasOwn(states, state)) {
    return { known: [country, ...Object.keys(states).map((each) => `${country}-${each}`)] };
  }
  const regions = library.getRegions(country, state) ?? {};
  if (!region || Object.hasOwn(regions, region)) return undefined;
  const base = `${country}-${state}`;
  return { known: [base, ...Object.keys(regions).map((each) => `${base}-${each}`)] };
}
