import type { ComponentChildren } from 'preact';
import type { SlotAsk } from '../../features/slots/service.ts';
import { ATTENTION_LANGUAGES, textIn } from '../../lib/i18n/languages.ts';
import { Button } from '../../ui/buttons.tsx';
import { DateInput } from '../../ui/forms.tsx';
import { BackLink, LanguageName, Notice, type ProblemLink } from '../../ui/parts.tsx';
import { SlotPicker } from '../../ui/slot-picker.tsx';
import {
  type FreeDays,
  findFreeDays,
  lastDay,
  readDay,
  readIsoDay,
  type TypedDay,
  today,
} from './days.ts';
import { Phone, Problems } from './shared.tsx';
import type { CitizenDeps, ProcedureVisit } from './visit.tsx';

/** A page where a time is chosen: for a new booking, in the middle of one, or to move an appointment. */
export interface TimePage {
  ask: SlotAsk;
  title: string;
  /** Where a chosen time is posted, and where the page itself is asked for another day. */
  action: string;
  /** What the address must keep besides the day. */
  keep?: Record<string, string>;
  back: { href: string; text: string };
  button: string;
  /** Above the times. */
  intro?: ComponentChildren;
  /** An appointment whose own time counts as free. */
  except?: string;
  chosen?: string | undefined;
  /** What was wrong with what was sent. */
  problem?: { status: 409 | 422; text: string } | undefined;
  isPersonal?: boolean;
}

/** Shows the times; reads from the address from which day on. */
export async function showTimes(
  deps: CitizenDeps,
  visit: ProcedureVisit,
  page: TimePage,
): Promise<Response> {
  const { t, body, now } = visit;
  const wanted = readWanted(visit);
  const until = lastDay(body, now);
  const from = wanted.from ?? today(body, now);
  const found = await findFreeDays(deps.slots, body, page.ask, {
    from,
    until,
    ...(page.except && { except: page.except }),
  });
  // What was booked may since have gone from the catalogue: then there are no other times.
  const free: FreeDays = found.ok ? found : { starts: [], more: null };
  const dayProblem = wanted.problem && t(`citizen.times.day.${wanted.problem}`);
  const problems: ProblemLink[] = [
    ...(page.problem
      ? [{ href: free.starts.length > 0 ? '#start' : '#on', text: page.problem.text }]
      : []),
    ...(dayProblem ? [{ href: '#on', text: dayProblem }] : []),
  ];
  return visit.show(
    {
      title: page.title,
      hasErrors: problems.length > 0,
      status: page.problem?.status ?? (dayProblem ? 400 : 200),
      isPersonal: page.isPersonal ?? false,
      isPassing: true,
    },
    <>
      <BackLink href={page.back.href}>{page.back.text}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{page.title}</h1>
      {page.intro}
      <Times visit={visit} page={page} free={free} isFirst={wanted.from === null} />
      <OtherDay visit={visit} page={page} typed={wanted.typed} error={dayProblem} until={until} />
      <NothingSuits visit={visit} />
    </>,
  );
}

interface Wanted {
  from: Temporal.PlainDate | null;
  typed: TypedDay;
  problem?: 'bad' | 'past' | 'far';
}

/** The day asked for: `from`, or the three fields. A day that can't be is said so, and the first days are shown. */
function readWanted({ c, body, now }: ProcedureVisit): Wanted {
  const part = (name: string) => (c.req.query(`on-${name}`) ?? '').trim().slice(0, 4);
  const typed = { day: part('day'), month: part('month'), year: part('year') };
  const day = readDay(typed);
  if (day === 'bad') return { from: null, typed, problem: 'bad' };
  const asked = day ?? readIsoDay(c.req.query('from') ?? '');
  if (!asked) return { from: null, typed };
  if (Temporal.PlainDate.compare(asked, today(body, now)) < 0)
    return { from: null, typed, ...(day && { problem: 'past' }) };
  if (Temporal.PlainDate.compare(asked, lastDay(body, now)) > 0)
    return { from: null, typed, ...(day && { problem: 'far' }) };
  return { from: asked, typed };
}

interface Props {
  visit: ProcedureVisit;
  page: TimePage;
}

function Times({ visit, page, free, isFirst }: Props & { free: FreeDays; isFirst: boolean }) {
  const { t, body, dates } = visit;
  const first = free.starts[0];
  if (!first)
    return (
      <Notice kind="warn">
        <p>{t(isFirst ? 'citizen.times.none' : 'citizen.times.noneFrom')}</p>
      </Notice>
    );
  return (
    <>
      {isFirst ? (
        <form
          class="row"
          action={page.action}
          method="post"
          aria-label={t('citizen.times.firstForm')}
        >
          <p>
            {t('citizen.times.first')}{' '}
            <strong>
              {dates.day(first)}, <span class="nowrap">{dates.time(first)}</span>
            </strong>
          </p>
          <input type="hidden" name="start" value={first.toString()} />
          <Button kind="quiet">{t('citizen.times.takeFirst')}</Button>
        </form>
      ) : null}
      <form action={page.action} method="post" aria-label={t('citizen.times.legend')}>
        <SlotPicker
          t={t}
          dates={dates}
          timeZone={body.timeZone}
          starts={free.starts}
          chosen={page.chosen}
          error={page.problem?.text}
          legend={t('citizen.times.legend')}
        />
        <div class="bar">
          <Button>{page.button}</Button>
        </div>
      </form>
      {free.more ? (
        <form action={page.action.split('?')[0]} method="get" aria-label={t('citizen.times.more')}>
          <Kept page={page} />
          <input type="hidden" name="from" value={free.more} />
          <Button kind="quiet">{t('citizen.times.more')}</Button>
        </form>
      ) : (
        <p class="soft">{t('citizen.times.last')}</p>
      )}
    </>
  );
}

function Kept({ page }: { page: TimePage }) {
  return (
    <>
      {Object.entries(page.keep ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

function OtherDay(
  props: Props & { typed: TypedDay; error: string | undefined; until: Temporal.PlainDate },
) {
  const { visit, page, typed, error, until } = props;
  const { t, dates, body } = visit;
  const last = dates.longDay(until.toZonedDateTime(body.timeZone).toInstant());
  return (
    <section class="stack" aria-labelledby="other-day">
      <h2 id="other-day">{t('citizen.times.otherDay')}</h2>
      <form
        class="form"
        action={page.action.split('?')[0]}
        method="get"
        aria-labelledby="other-day"
      >
        <Kept page={page} />
        <DateInput
          name="on"
          label={t('citizen.times.from')}
          hint={t('citizen.times.until', { day: last })}
          error={error}
          value={typed}
          labels={{
            day: t('common.date.day'),
            month: t('common.date.month'),
            year: t('common.date.year'),
          }}
        />
        <Button kind="quiet">{t('citizen.times.see')}</Button>
      </form>
    </section>
  );
}

function NothingSuits({ visit }: { visit: ProcedureVisit }) {
  const { t, body, procedure, to } = visit;
  const phone = body.settings.contact?.phone;
  return (
    <section class="stack" aria-labelledby="nothing">
      <h2 id="nothing">{t('citizen.times.nothing')}</h2>
      {phone ? (
        <p>
          {t('citizen.times.callUs')} <Phone number={phone} />
        </p>
      ) : null}
      <p>{t('citizen.walkIn.text')}</p>
      <p>
        <a href={`${to.procedure(body.code, procedure.code)}#walk-in`}>
          {t('citizen.times.where')}
        </a>
      </p>
    </section>
  );
}

/** "Alta al padró. Trucada telefònica, 15 minuts. Català." */
export function Chosen({ visit, ask }: { visit: ProcedureVisit; ask: SlotAsk }) {
  const { t, procedure, language } = visit;
  const channel = ask.channel === 'video' ? 'video' : 'phone';
  const spoken = ATTENTION_LANGUAGES.find((each) => each === ask.language);
  return (
    <p class="lead">
      {textIn(procedure.name, language)}. {t(`common.channel.${channel}`)},{' '}
      {t('common.minutes', { count: procedure.channels[channel] ?? 0 })}
      {spoken ? (
        <>
          , <LanguageName of={spoken} t={t} />
        </>
      ) : null}
      .
    </p>
  );
}
