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

/** The choice in a page's address. An unavailable channel or language counts as absent. */
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

/** The procedure, channel and language. */
export interface Choice extends Way {
  language: EncounterLanguage;
}

/** The maximum number of times; the default is three, up to five on request. */
const MOST = 5;
/** The number of searched days: a later time isn't worth showing. */
const DAYS = 31;

/**
 * Returns the requested choice where it is available, else the first channel and the page's own
 * language. Null without any desk.
 */
export function choose(office: Office, procedure: Procedure, asked: TimesAsked): Choice | null {
  const ways = waysOf(office, procedure);
  const languages = languagesOf(office, procedure);
  const way = wayNamed(ways, asked.channel) ?? ways[0];
  const find = (wanted: string | undefined) => languages.find((each) => each === wanted);
  const language = find(asked.spoken) ?? find(asked.language) ?? languages[0];
  return way && language ? { ...way, language } : null;
}

/** Returns the first free times, in words of `language`, with links into the booking. */
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
  const choosing = choosingOf({ procedure: procedure.code, ...choice });
  const timesAt = (start?: Temporal.Instant) =>
    deps.baseUrl + to.times(office.code, procedure.code, choosing, start);
  const minutes = t('common.minutes', { count: procedure.channels[choice.channel] ?? 0 });
  return {
    lang: language,
    title,
    how: `${formatWay(t, office, choice)}, ${minutes}`,
    times: starts.map((start) => ({
      start: start.toString(),
      text: `${dates.day(start)}, ${dates.time(start)}`,
      href: timesAt(start),
    })),
    none: null,
    more: { text: t('embed.more'), href: timesAt() },
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
