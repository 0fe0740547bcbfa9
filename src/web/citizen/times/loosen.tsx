import { type Channel, channelNamed, isChannel } from '../../../domain/channel.ts';
import {
  ENCOUNTER_LANGUAGES,
  type EncounterLanguage,
  isSigned,
} from '../../../lib/i18n/languages.ts';
import { LanguageName, Notice } from '../../../ui/parts.tsx';
import type { ProcedureVisit } from '../visit.tsx';
import { firstFree, type Search } from './days.ts';
import { addressOf, type TimePage } from './time-page.ts';
import type { Wanted } from './wanted.ts';
import { withSite } from './ways.ts';

/** A suggestion when there are no times: the condition to relax, and the first time it gives. */
export interface Loosening {
  /** The whole day; an earlier day; another channel; another language. */
  what: 'all' | 'first' | Channel | EncounterLanguage;
  /** With a channel: the site, where it takes place at one. */
  site?: string | null | undefined;
  href: string;
  first: Temporal.Instant;
}

/** Returns the conditions whose relaxation gives times, the smallest change first. */
export async function loosenings(
  search: Search,
  page: TimePage,
  wanted: Wanted,
): Promise<Loosening[]> {
  const { part } = wanted;
  const from = wanted.from ?? search.first;
  const whole = { ...search, part: null };
  const found = [
    ...(part ? [way('all', addressOf(page, { from: wanted.from }), whole, from)] : []),
    ...(wanted.from ? [way('first', addressOf(page, { part }), search, search.first)] : []),
    ...(part && wanted.from ? [way('first', addressOf(page, {}), whole, search.first)] : []),
    ...(page.others?.() ?? []).map((other) => {
      const { ask } = other;
      const what =
        ask.language === page.ask.language ? channelNamed(ask.channel) : language(ask.language);
      const at = addressOf({ path: page.path, keep: other.keep }, { from: wanted.from });
      return way(what, at, { ...whole, ask }, from, ask.site);
    }),
  ];
  const ways = (await Promise.all(found)).filter((each) => each !== null);
  const isAlike = (one: Loosening, other: Loosening) =>
    one.what === other.what && one.site === other.site;
  return ways.filter((each, index) => ways.findIndex((one) => isAlike(one, each)) === index);
}

const language = (code: string) => ENCOUNTER_LANGUAGES.find((each) => each === code) ?? 'ca';

/** Returns a suggestion with its first time; null where it gives none. */
async function way(
  what: Loosening['what'],
  href: string,
  search: Search,
  from: Temporal.PlainDate,
  site?: string | null,
): Promise<Loosening | null> {
  const first = await firstFree(search, from);
  return first && { what, href, first, site };
}

/** Says that there are no times, why, and which condition to relax. */
export function Loosen(props: {
  visit: ProcedureVisit;
  page: TimePage;
  wanted: Wanted;
  ways: readonly Loosening[];
}) {
  const { visit, page, wanted, ways } = props;
  const { t, dates } = visit;
  return (
    <Notice kind="warn">
      <p>{t(noneOf(wanted, ways))}</p>
      {ways.length > 0 ? (
        <>
          <p>{t('times.loosen.title')}</p>
          <ul>
            {ways.map((each) => (
              <li key={`${each.what} ${each.site ?? ''}`}>
                <a href={each.href}>
                  <What of={each} visit={visit} />
                </a>
                {': '}
                {t('times.loosen.since', {
                  day: dates.day(each.first),
                  time: dates.time(each.first),
                })}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {isSigned(language(page.ask.language)) ? <p>{t('times.signed.interpreter')}</p> : null}
    </Notice>
  );
}

function noneOf({ part, from }: Wanted, ways: readonly Loosening[]) {
  if (part) return `times.none.${part}` as const;
  if (from) return ways.length > 0 ? 'times.none.from' : 'citizen.times.none';
  return ways.length > 0 ? 'times.none.asked' : 'citizen.times.none';
}

function What({ of: { what: of, site }, visit }: { of: Loosening; visit: ProcedureVisit }) {
  const { t, office } = visit;
  if (isChannel(of)) return withSite(t, office, { channel: of, site }, t(`times.loosen.${of}`));
  return of === 'all' || of === 'first' ? t(`times.loosen.${of}`) : <LanguageName of={of} t={t} />;
}
