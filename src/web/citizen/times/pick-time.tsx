import { hash } from 'node:crypto';
import { channelNamed } from '../../../domain/channel.ts';
import { namesIn } from '../../../domain/office/bundle.ts';
import type { SlotAsk } from '../../../features/booking/slots/service.ts';
import { ENCOUNTER_LANGUAGES, isSigned } from '../../../lib/i18n/languages.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, LanguageName, Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { DAY_PARTS, instantOf, type SlotDay, startOf } from '../../../ui/slot-days.ts';
import { SlotPicker } from '../../../ui/slot-picker.tsx';
import { Problems } from '../shared.tsx';
import type { CitizenDeps, ProcedureVisit } from '../visit.tsx';
import {
  type FreeDays,
  findEarlierDays,
  findFreeDays,
  lastDay,
  type Search,
  today,
} from './days.ts';
import { Loosen, type Loosening, loosenings } from './loosen.tsx';
import { NothingSuits, OtherDay } from './other-day.tsx';
import { addressOf, type TimePage, wantedBy } from './time-page.ts';
import type { Wanted } from './wanted.ts';
import { formatWay, withSite } from './ways.ts';

/** Shows the times of the days in the address. */
export async function showTimes(
  deps: CitizenDeps,
  visit: ProcedureVisit,
  page: TimePage,
): Promise<Response> {
  const { t, office, now } = visit;
  const wanted = near(wantedBy(visit), visit);
  const search: Search = {
    slots: deps.slots,
    office,
    ask: page.ask,
    part: wanted.part,
    except: page.except,
    own: page.own,
    first: today(office, now),
    last: lastDay(office, now),
  };
  const found = await (wanted.before
    ? findEarlierDays(search, wanted.before)
    : findFreeDays(search, wanted.from ?? search.first));
  // The booked procedure may have left the catalogue: then there are no other times.
  const free: FreeDays = found.ok ? found : { days: [], more: null };
  const ways = free.days.length > 0 ? [] : await loosenings(search, page, wanted);
  const time = timeProblem(visit, page, wanted, free);
  const problems = problemsOf(visit, page, wanted, time, free);
  return visit.show(
    {
      title: page.title,
      hasErrors: problems.length > 0,
      status: statusOf(page, wanted, time),
      isPersonal: page.isPersonal ?? false,
      isPassing: true,
      islands: ['times'],
      ...sameTimes(visit, page, free),
    },
    <>
      <BackLink href={page.back.href}>{page.back.text}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{page.title}</h1>
      {page.intro}
      <Times visit={visit} page={page} free={free} wanted={wanted} time={time} ways={ways} />
      <OtherDay visit={visit} page={page} wanted={wanted} />
      <NothingSuits visit={visit} waiting={page.waiting} />
    </>,
  );
}

/** Says what a page of free times follows from; one without any says more, and one in the middle of a booking belongs to somebody. */
function sameTimes({ office, now }: ProcedureVisit, page: TimePage, free: FreeDays) {
  if (!page.isSame || free.days.length === 0) return {};
  return { same: `${today(office, now)} ${free.more} ${free.days.map(nameOf)}` };
}

const names = new WeakMap<SlotDay, string>();

/** Returns a name that days with the same times have. */
function nameOf(day: SlotDay): string {
  const known = names.get(day) ?? hash('sha256', day.starts.join(), 'base64');
  names.set(day, known);
  return known;
}

/** Returns the days around the time to choose, unless the address names a day. */
function near(wanted: Wanted, { office, now }: ProcedureVisit): Wanted {
  if (!wanted.start || wanted.from || wanted.before) return wanted;
  const day = today(office, wanted.start);
  const isWithin =
    Temporal.PlainDate.compare(day, today(office, now)) > 0 &&
    Temporal.PlainDate.compare(day, lastDay(office, now)) <= 0;
  return isWithin ? { ...wanted, from: day } : wanted;
}

/** Returns what is wrong with the time that the address names, if anything is. */
function timeProblem(
  { t, dates }: ProcedureVisit,
  { own, taken }: TimePage,
  { start, isMissing }: Wanted,
  free: FreeDays,
): string | undefined {
  if (!start) return isMissing ? t('citizen.times.choose') : undefined;
  if (isFree(start, free)) return undefined;
  const when = { day: dates.day(start), time: dates.time(start) };
  return t(own?.equals(start) ? 'times.own' : taken, when);
}

function statusOf(page: TimePage, wanted: Wanted, time: string | undefined) {
  if (page.problem) return 422;
  if (time) return wanted.start ? 409 : 422;
  return wanted.mistake ? 400 : 200;
}

const isFree = (start: Temporal.Instant, { days }: FreeDays): boolean =>
  days.some(({ starts }) => starts.includes(startOf(start)));

function problemsOf(
  { t }: ProcedureVisit,
  { problem }: TimePage,
  { mistake }: Wanted,
  time: string | undefined,
  free: FreeDays,
): ProblemLink[] {
  const timesHref = free.days.length > 0 ? '#start' : '#on';
  return [
    ...(problem ? [{ href: problem.href ?? timesHref, text: problem.text }] : []),
    ...(time ? [{ href: timesHref, text: time }] : []),
    ...(mistake ? [{ href: '#on', text: t(`citizen.times.day.${mistake}`) }] : []),
  ];
}

interface Props {
  visit: ProcedureVisit;
  page: TimePage;
  free: FreeDays;
  wanted: Wanted;
  /** What is wrong with the time. */
  time: string | undefined;
}

/** The free times. `data-` has the announcement for the script that replaces the times. */
function Times({ ways, ...props }: Props & { ways: readonly Loosening[] }) {
  const { visit, page, free, wanted } = props;
  const { t } = visit;
  const days = free.days.length;
  const hours = free.days.reduce((sum, day) => sum + day.starts.length, 0);
  return (
    <div
      class="stack"
      id="times"
      data-said={t('times.said', { hours, days })}
      data-more={t('times.said.more', { days })}
      data-failed={t('times.failed')}
    >
      {wanted.stale ? (
        <Notice>
          <p>{t(`times.stale.${wanted.stale}`)}</p>
        </Notice>
      ) : null}
      <Parts visit={visit} page={page} wanted={wanted} />
      {days > 0 ? (
        <Offer {...props} />
      ) : (
        <Loosen visit={visit} page={page} wanted={wanted} ways={ways} />
      )}
    </div>
  );
}

/** The whole day, its morning or its afternoon. */
function Parts({ visit, page, wanted }: Omit<Props, 'free' | 'time'>) {
  const { t } = visit;
  const { from, before, part } = wanted;
  return (
    <nav aria-label={t('times.parts')}>
      <ul class="parts">
        {[null, ...DAY_PARTS].map((each) => (
          <li key={each}>
            <a
              href={addressOf(page, { from, before, part: each })}
              aria-current={each === part ? 'true' : undefined}
            >
              {t(each ? `citizen.times.${each}` : 'times.part.all')}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Offer({ visit, page, free, wanted, time }: Props) {
  const { t, dates, now } = visit;
  const { from, before, part, start } = wanted;
  const wished = start && isFree(start, free) ? start : undefined;
  const chosen = page.chosen ?? wished;
  const isFirst = from === null && before === null;
  const [day] = free.days;
  const action = addressOf(page, { from, before, part });
  return (
    <>
      {isFirst && !page.fields ? <FirstTime visit={visit} action={action} day={day} /> : null}
      {!isFirst && day ? (
        <p>
          <a class="back" rel="prev" href={addressOf(page, { before: day.key, part })}>
            {t('times.earlier')}
          </a>
        </p>
      ) : null}
      <form action={action} method="post">
        {page.fields ? <div class="form asked">{page.fields}</div> : null}
        <SlotPicker
          t={t}
          dates={dates}
          days={free.days}
          now={now}
          chosen={chosen}
          error={time ?? (page.problem?.href ? undefined : page.problem?.text)}
          legend={t('citizen.times.legend')}
        />
        <div class="more">
          {free.more ? (
            <ButtonLink kind="quiet" rel="next" href={addressOf(page, { from: free.more, part })}>
              {t('citizen.times.more')}
            </ButtonLink>
          ) : (
            <p class="soft">{t('citizen.times.last')}</p>
          )}
        </div>
        <Bar visit={visit} page={page} chosen={chosen} />
      </form>
    </>
  );
}

/**
 * The chosen time and the button, once there is a choice. The island `times` writes the time; without it the button says enough, since the
 * chosen time has a tick.
 */
function Bar(props: {
  visit: ProcedureVisit;
  page: TimePage;
  chosen: Temporal.Instant | undefined;
}) {
  const { visit, page, chosen } = props;
  const { t, office, dates } = visit;
  const channel = channelNamed(page.ask.channel);
  const way = withSite(t, office, { channel, site: page.ask.site }, t(`times.by.${channel}`));
  return (
    <div class="bar">
      <p id="choice" data-way={way}>
        {chosen ? `${dates.day(chosen)}, ${dates.time(chosen)}, ${way}` : ''}
      </p>
      <Button>{page.button}</Button>
    </div>
  );
}

/** The first free time of all, with a button. */
function FirstTime(props: { visit: ProcedureVisit; action: string; day: SlotDay | undefined }) {
  const { t, dates } = props.visit;
  const start = props.day?.starts[0];
  if (start === undefined) return null;
  const first = instantOf(start);
  return (
    <form class="row" action={props.action} method="post">
      <p>
        {t('citizen.times.first')}{' '}
        <strong>
          {dates.day(first)}, <span class="nowrap">{dates.time(first)}</span>
        </strong>
      </p>
      <input type="hidden" name="start" value={first.toString()} />
      <Button kind="quiet">{t('citizen.times.takeFirst')}</Button>
    </form>
  );
}

/** "Alta al padró. Trucada telefònica, 15 minuts, Català." */
export function Chosen({ visit, ask }: { visit: ProcedureVisit; ask: SlotAsk }) {
  const { t, office, procedure, language } = visit;
  const { people } = procedure;
  const channel = channelNamed(ask.channel);
  const attended = ENCOUNTER_LANGUAGES.find((each) => each === ask.language);
  return (
    <>
      <p class="lead">
        {namesIn(procedure, language)}. {formatWay(t, office, { channel, site: ask.site })},{' '}
        {t('common.minutes', { count: procedure.channels[channel] ?? 0 })}
        {attended ? (
          <>
            , <LanguageName of={attended} t={t} />
          </>
        ) : null}
        {people > 1 ? `, ${t('common.people', { count: people })}` : ''}.
      </p>
      {attended && isSigned(attended) ? <p>{t('times.signed.only')}</p> : null}
    </>
  );
}
