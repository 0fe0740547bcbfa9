import type { Way } from '../../domain/appointment.ts';
import type { Office, Procedure } from '../../domain/office/types.ts';
import type { Slots } from '../../features/booking/slots/service.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { Clock } from '../../lib/clock.ts';
import { datesIn } from '../../lib/i18n/dates.ts';
import { type EncounterLanguage, type Language, textIn } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import type { FirstTimes } from '../../ui/first-times.ts';
import { choosingOf, languagesOf } from '../citizen/times/ask.tsx';
import { formatWay, wayNamed, waysOf } from '../citizen/times/ways.ts';
import { urls } from '../citizen/urls.ts';

/** Which times a page asks for. What isn't offered of the encounter's channel and language counts as not said. */
export interface TimesAsked {
  language: Language;
  channel: string | undefined;
  spoken: string | undefined;
}

export interface TimesDeps {
  offices: Offices;
  slots: Slots;
  clock: Clock;
  baseUrl: string;
}

/** What is attended, and how. */
export interface Choice extends Way {
  language: EncounterLanguage;
}

/** As many as a page may show; it shows three unless it asks for up to five. */
const MOST = 5;
/** Days looked at: what isn't free within them is no first time worth showing. */
const DAYS = 31;

/** What was asked for where it is offered, else the first channel and the page's own language. Null where nobody attends. */
export function choose(office: Office, procedure: Procedure, asked: TimesAsked): Choice | null {
  const ways = waysOf(office, procedure);
  const languages = languagesOf(office, procedure);
  const way = wayNamed(ways, asked.channel) ?? ways[0];
  const find = (wanted: string | undefined) => languages.find((each) => each === wanted);
  const language = find(asked.spoken) ?? find(asked.language) ?? languages[0];
  return way && language ? { ...way, language } : null;
}

/** The first free times, worded in `language` and leading into the booking. */
export async function firstTimes(
  deps: TimesDeps,
  office: Office,
  procedure: Procedure,
  language: Language,
  choice: Choice | null,
): Promise<FirstTimes> {
  const t = translateTo(language);
  const to = urls(language);
  const title = t('embed.title', { procedure: textIn(procedure.name, language) });
  const starts = choice ? await findStarts(deps, office, procedure, choice) : [];
  if (!choice || starts.length === 0) {
    const href = deps.baseUrl + to.procedure(office.code, procedure.code);
    const more = { text: t('embed.ways'), href };
    return { lang: language, title, how: '', times: [], none: t('embed.none'), more };
  }
  const dates = datesIn(language, office.timeZone);
  const timesFrom = (day?: string) =>
    deps.baseUrl +
    to.times(
      office.code,
      procedure.code,
      choosingOf({ procedure: procedure.code, ...choice }),
      day,
    );
  const minutes = t('common.minutes', { count: procedure.channels[choice.channel] ?? 0 });
  return {
    lang: language,
    title,
    how: `${formatWay(t, office, choice)}, ${minutes}`,
    times: starts.map((start) => ({
      start: start.toString(),
      text: `${dates.day(start)}, ${dates.time(start)}`,
      href: timesFrom(start.toZonedDateTimeISO(office.timeZone).toPlainDate().toString()),
    })),
    none: null,
    more: { text: t('embed.more'), href: timesFrom() },
  };
}

async function findStarts(
  { slots, clock }: TimesDeps,
  office: Office,
  procedure: Procedure,
  choice: Choice,
): Promise<Temporal.Instant[]> {
  const today = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
  const span = { from: today.toString(), to: today.add({ days: DAYS - 1 }).toString() };
  const found = await slots.search(office, { procedure: procedure.code, ...choice }, span);
  return found.ok ? found.slots.slice(0, MOST).map((each) => each.start) : [];
}
