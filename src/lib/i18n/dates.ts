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
  /** "9:20", on the 24-hour clock */
  time(at: Temporal.Instant): string;
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
    return (at: Temporal.Instant) => formatter.format(at.epochMilliseconds);
  };
  return {
    longDay: format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    day: format({ weekday: 'long', day: 'numeric', month: 'long' }),
    shortDay: format({ day: 'numeric', month: 'numeric', year: 'numeric' }),
    time: format({ hour: 'numeric', minute: '2-digit', hourCycle: 'h23' }),
  };
}
