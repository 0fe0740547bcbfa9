import type { Language } from './languages.ts';

const LOCALES: Record<Language, string> = { ca: 'ca-ES', es: 'es-ES', en: 'en-GB', eu: 'eu-ES' };

/** Dates and times in a language, in one zone. `Intl` objects are expensive, so they are kept. */
export interface Dates {
  /** The zone, such as `Europe/Madrid`. */
  timeZone: string;
  /** "dimecres, 9 de desembre de 2026" */
  longDay(at: Temporal.Instant): string;
  /** "dimecres, 9 de desembre" */
  day(at: Temporal.Instant): string;
  /** "9/12/2026" */
  shortDay(at: Temporal.Instant): string;
  /** "desembre del 2026" */
  month(at: Temporal.Instant): string;
  /** "nov.": as short as possible */
  briefMonth(at: Temporal.Instant): string;
  /** "dimecres" */
  weekday(at: Temporal.Instant): string;
  /** "dc. 9/12", "Wed 9 Dec": as short as possible */
  briefDay(at: Temporal.Instant): string;
  /** "9:20", on the 24-hour clock */
  time(at: Temporal.Instant): string;
  /** Formats a minute of the day, 560, in the same way; results are kept, since pages have many times. */
  clock(minute: number): string;
}

const made = new Map<string, Dates>();

export function datesIn(language: Language, timeZone: string): Dates {
  const key = `${language} ${timeZone}`;
  let dates = made.get(key);
  if (!dates) {
    dates = makeDates(LOCALES[language], timeZone);
    made.set(key, dates);
  }
  return dates;
}

function makeDates(locale: string, timeZone: string): Dates {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    if (locale === LOCALES.eu)
      return (at: Temporal.Instant) => inBasque(formatter.format(at.epochMilliseconds));
    return (at: Temporal.Instant) => formatter.format(at.epochMilliseconds);
  };
  // Figures alone would be read as month and day in these languages.
  const month = [LOCALES.eu, LOCALES.en].includes(locale) ? 'short' : 'numeric';
  const brief = format({ weekday: 'short', day: 'numeric', month });
  const time = timeFormat(locale, timeZone);
  const clock = timeFormat(locale, 'UTC');
  const clocks: string[] = [];
  return {
    timeZone,
    longDay: format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    day: format({ weekday: 'long', day: 'numeric', month: 'long' }),
    shortDay: format({ day: 'numeric', month: 'numeric', year: 'numeric' }),
    month: format({ month: 'long', year: 'numeric' }),
    briefMonth: format({ month: 'short' }),
    weekday: format({ weekday: 'long' }),
    briefDay: (at) => brief(at).replaceAll(',', ''),
    time: (at) => time.format(at.epochMilliseconds),
    clock: (minute) => {
      clocks[minute] ??= clock.format(minute * 60_000);
      return clocks[minute];
    },
  };
}

const timeFormat = (locale: string, timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h23',
  });

/**
 * Returns a date in Basque with its endings. Basque declines dates, and CLDR leaves the endings in brackets: "abendua 9(a)" is "abenduaren
 * 9a", "2026(e)ko" is "2026ko". The ending of a numeral depends on its pronunciation: hamaika (11) ends in a vowel of its own.
 */
export function inBasque(date: string): string {
  return date
    .replace(/(\p{L}+a) (\d+)\(a\)/u, '$1ren $2(a)')
    .replace(/(\d+)\(a\)/, (_, day: string) => (/^[13]1$/.test(day) ? day : `${day}a`))
    .replace(/(\d+)\(e\)ko/, (_, year: string) => `${year}${endsInConsonant(year) ? 'e' : ''}ko`);
}

/** Returns whether the word for a number ends in a consonant: bat, bost, hamar, ehun and their compounds. */
function endsInConsonant(number: string): boolean {
  const lastTwo = Number(number.slice(-2));
  if (lastTwo === 0) return !number.endsWith('000');
  return (lastTwo % 10 === 1 && lastTwo % 20 !== 11) || lastTwo % 10 === 5 || lastTwo % 20 === 10;
}
