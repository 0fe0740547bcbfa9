import type { Language } from './languages.ts';

const LOCALES: Record<Language, string> = { ca: 'ca-ES', es: 'es-ES', en: 'en-GB', eu: 'eu-ES' };

/** Dates and times as a language says them, in one zone. `Intl` objects are dear, so they are kept. */
export interface Dates {
  /** "dimecres, 9 de desembre de 2026" */
  longDay(at: Temporal.Instant): string;
  /** "dimecres, 9 de desembre" */
  day(at: Temporal.Instant): string;
  /** "9/12/2026" */
  shortDay(at: Temporal.Instant): string;
  /** "desembre del 2026" */
  month(at: Temporal.Instant): string;
  /** "nov.": as short as it gets */
  briefMonth(at: Temporal.Instant): string;
  /** "dimecres" */
  weekday(at: Temporal.Instant): string;
  /** "dc. 9/12", "Wed 9 Dec": as short as it gets */
  briefDay(at: Temporal.Instant): string;
  /** "9:20", on the 24-hour clock */
  time(at: Temporal.Instant): string;
  /** The same for a minute of the day, 560: pages full of times are said from memory. */
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
  // Figures alone would be read as a month and a day there.
  const month = [LOCALES.eu, LOCALES.en].includes(locale) ? 'short' : 'numeric';
  const brief = format({ weekday: 'short', day: 'numeric', month });
  const time = timeFormat(locale, timeZone);
  const clock = timeFormat(locale, 'UTC');
  const clocks: string[] = [];
  return {
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
 * Basque declines dates, and CLDR leaves the endings in brackets for whoever writes them: "abendua 9(a)" is "abenduaren 9a",
 * "2026(e)ko" is "2026ko". Which ending a numeral takes depends on how it is read: hamaika (11) ends in a vowel of its own.
 */
export function inBasque(date: string): string {
  return date
    .replace(/(\p{L}+a) (\d+)\(a\)/u, '$1ren $2(a)')
    .replace(/(\d+)\(a\)/, (_, day: string) => (/^[13]1$/.test(day) ? day : `${day}a`))
    .replace(/(\d+)\(e\)ko/, (_, year: string) => `${year}${endsInConsonant(year) ? 'e' : ''}ko`);
}

/** Whether a number is read with a consonant at its end: bat, bost, hamar, ehun and what is made of them. */
function endsInConsonant(number: string): boolean {
  const lastTwo = Number(number.slice(-2));
  if (lastTwo === 0) return !number.endsWith('000');
  return (lastTwo % 10 === 1 && lastTwo % 20 !== 11) || lastTwo % 10 === 5 || lastTwo % 20 === 10;
}
