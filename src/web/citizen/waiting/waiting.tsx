import { namesIn } from '../../../domain/office/bundle.ts';
import type { Waiting } from '../../../domain/waiting.ts';
import type { Offer } from '../../../features/booking/wait-list/types.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { MessageKey } from '../../../lib/i18n/translate.ts';
import { AppointmentCard } from '../../../ui/appointment-card.tsx';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { Mark } from '../../../ui/mark.tsx';
import {
  BackLink,
  LanguageName,
  Notice,
  SummaryList,
  type SummaryRow,
} from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { afterDoing } from '../appointment/done.tsx';
import { Untied } from '../cases/talking/about.tsx';
import { today } from '../times/days.ts';
import type { CitizenDeps, WaitingVisit } from '../visit.tsx';
import { HowItWorks } from './form.tsx';

/**
 * `/{language}/waiting/{secret}`: the state of the entry, and the offered time. Opening it changes nothing.
 */
export function waitingPage(deps: CitizenDeps) {
  const { waitList, appointments } = deps;
  return {
    get: (visit: WaitingVisit) => showWaiting(deps, visit),

    post: async (visit: WaitingVisit): Promise<Response> => {
      const { office, waiting, secret, to } = visit;
      const form = await readForm(visit.c);
      const offer = form.text('offer');
      if (form.text('answer') === 'decline') await waitList.decline(office, waiting, offer);
      if (form.text('answer') !== 'accept') return visit.redirect(to.waiting(secret));
      const accepted = await waitList.accept(office, waiting, offer, (appointment) =>
        deps.cases.tieWaited(waiting, appointment),
      );
      if (accepted.ok) {
        const its = appointments.secretOf(accepted.appointment);
        return accepted.isNew
          ? visit.redirect(to.appointment(its, 'confirmed'))
          : afterDoing({ ...visit, secret: its }, 'moved');
      }
      if (accepted.reason === 'taken' || accepted.reason === 'too_many')
        return showWaiting(deps, visit, { offer, reason: accepted.reason });
      return visit.redirect(to.waiting(secret));
    },
  };
}

/** `…/leave`: one button, since mail scanners open links; also the target of a mail program's own button. */
export function leavePage(deps: CitizenDeps) {
  return {
    get: (visit: WaitingVisit): Response => {
      const { t, waiting, secret, to } = visit;
      if (waiting.ended) return visit.redirect(to.waiting(secret));
      const title = t('waiting.leave.title');
      return visit.show(
        { title, isPersonal: true },
        <>
          <BackLink href={to.waiting(secret)}>{t('citizen.back')}</BackLink>
          <h1>{title}</h1>
          <p>{t(forWhom(waiting, LEAVE))}</p>
          <LeaveForm visit={visit} kind="main" />
        </>,
      );
    },

    post: async (visit: WaitingVisit): Promise<Response> => {
      await deps.waitList.leave(visit.office, visit.waiting);
      return visit.redirect(visit.to.waiting(visit.secret));
    },
  };
}

/**
 * The words for a person who keeps their appointment, for one without any, and for one whose appointment
 * was displaced.
 */
interface ForWhom {
  keeps: MessageKey;
  none: MessageKey;
  displaced: MessageKey;
}

const forWhom = ({ appointment }: Waiting, { keeps, none, displaced }: ForWhom): MessageKey =>
  appointment?.isDisplaced ? displaced : appointment ? keeps : none;

const LEAVE = {
  keeps: 'waiting.leave.keeps',
  none: 'waiting.leave.text',
  displaced: 'waiting.displaced.leave',
} as const;
const OFFER = {
  keeps: 'waiting.offer.keeps',
  none: 'waiting.offer.text',
  displaced: 'waiting.displaced.offer',
} as const;
const PLACE = {
  keeps: 'waiting.place.keeps',
  none: 'waiting.place.text',
  displaced: 'waiting.displaced.wait',
} as const;

/**
 * An offer that was accepted in vain: another person has the time, or the person has the maximum of
 * appointments.
 */
interface Refused {
  offer: string;
  reason: 'taken' | 'too_many';
}

/** The case that the appointment will be about. */
const WaitsAbout = (props: { visit: WaitingVisit; reference: string | null }) =>
  props.reference ? (
    <p>{props.visit.t('talking.waiting', { reference: props.reference })}</p>
  ) : null;

async function showWaiting(
  deps: CitizenDeps,
  visit: WaitingVisit,
  refused?: Refused,
): Promise<Response> {
  const { t, waiting, to } = visit;
  if (waiting.ended?.why === 'served' && waiting.appointment)
    return visit.redirect(to.appointment(deps.appointments.secretOf(waiting.appointment)));
  if (waiting.ended) return showEnded(deps, visit, waiting.ended.why);
  const offers = await deps.waitList.offers(waiting);
  const open = offers.find((each) => isOpenOffer(each, visit.now));
  if (open && refused?.reason !== 'taken') return showOffer(visit, open, refused);
  const title = t('waiting.title');
  const gone = offers.find((each) => each.id === refused?.offer);
  return visit.show(
    { title, isPersonal: true, status: refused ? 409 : 200 },
    <>
      <h1>{title}</h1>
      {gone ? <Gone visit={visit} offer={gone} /> : await lastOffer(deps, visit, offers[0])}
      <Place visit={visit} ahead={await deps.waitList.ahead(waiting)} />
      <Untied visit={visit} isWaiting />
      <WaitsAbout visit={visit} reference={await deps.cases.waitedFor(waiting)} />
      <ChooseYourself deps={deps} visit={visit} />
      <SummaryList rows={summaryOf(deps, visit)} />
      <section class="stack" aria-labelledby="how">
        <h2 id="how">{t('waiting.how.title')}</h2>
        <HowItWorks
          visit={visit}
          address={waiting.citizen.email ?? waiting.citizen.phone ?? ''}
          keeps={waiting.appointment !== null && !waiting.appointment.isDisplaced}
        />
      </section>
      <section class="stack no-print" aria-labelledby="leave">
        <h2 id="leave">{t('waiting.leave.title')}</h2>
        <p>{t(forWhom(waiting, LEAVE))}</p>
        <LeaveForm visit={visit} kind="quiet" />
      </section>
    </>,
  );
}

const isOpenOffer = (offer: Offer, now: Temporal.Instant): boolean =>
  offer.ended === null && Temporal.Instant.compare(now, offer.expiresAt) < 0;

/** Shows an offered time: its end, and the two answers. */
function showOffer(visit: WaitingVisit, offer: Offer, refused: Refused | undefined): Response {
  const { t, waiting, office, procedure, dates, secret, to, language } = visit;
  const title = t('waiting.offer.title');
  const mine = waiting.appointment;
  const minutes = t('common.minutes', { count: procedure.channels[waiting.channel] ?? 0 });
  return visit.show(
    { title, isPersonal: true, status: refused ? 409 : 200 },
    <>
      {refused ? (
        <Notice kind="warn">
          <p>{t('limits.open.text', { count: office.settings.booking.openPerPerson })}</p>
          <p>{t('limits.open.change')}</p>
        </Notice>
      ) : null}
      <div class="lit-title">
        <Mark lit />
        <h1>{title}</h1>
      </div>
      <AppointmentCard
        day={dates.longDay(offer.start)}
        hour={dates.time(offer.start)}
        start={offer.start}
        channel={`${t(`common.channel.${waiting.channel}`)}, ${minutes}`}
        rows={[
          { label: t('citizen.check.what'), value: namesIn(procedure, language) },
          { label: t('citizen.card.who'), value: textIn(office.name, language) },
          ...(mine
            ? [
                {
                  label: t(mine.isDisplaced ? 'waiting.displaced.had' : 'waiting.row.now'),
                  value: `${dates.day(mine.start)}, ${dates.time(mine.start)}`,
                },
              ]
            : []),
        ]}
      />
      <Notice kind="time">
        <p>{t('waiting.offer.until', { until: untilIn(visit, offer) })}</p>
      </Notice>
      <p>{t(forWhom(waiting, OFFER))}</p>
      <form class="row" action={to.waiting(secret)} method="post">
        <input type="hidden" name="offer" value={offer.id} />
        <Button name="answer" value="accept">
          {t(mine ? 'waiting.offer.move' : 'waiting.offer.take')}
        </Button>
        <Button kind="quiet" name="answer" value="decline">
          {t('waiting.offer.decline')}
        </Button>
      </form>
      <p class="soft">
        <a href={to.waiting(secret, 'leave')}>{t('waiting.leave.title')}</a>
      </p>
    </>,
  );
}

/** "10:20", with its day where that isn't today. */
function untilIn({ office, now, language }: WaitingVisit, { expiresAt }: Offer): string {
  const dates = datesIn(language, office.timeZone);
  const isToday = today(office, expiresAt).equals(today(office, now));
  return isToday ? dates.time(expiresAt) : `${dates.time(expiresAt)}, ${dates.day(expiresAt)}`;
}

/**
 * The person's entry and appointment stay although the time is gone; a displaced person reads below how
 * to choose another.
 */
function StillOnTheList({ visit: { t, waiting } }: { visit: WaitingVisit }) {
  const { appointment } = waiting;
  if (appointment?.isDisplaced) return null;
  return <p>{t(appointment ? 'waiting.gone.keeps' : 'waiting.gone.stays')}</p>;
}

/** A displaced person needn't wait for an offer. */
function ChooseYourself({ deps, visit }: { deps: CitizenDeps; visit: WaitingVisit }) {
  const { t, to, waiting } = visit;
  if (!waiting.appointment?.isDisplaced) return null;
  const secret = deps.appointments.secretOf(waiting.appointment);
  return (
    <p class="no-print">
      <ButtonLink href={to.appointment(secret, 'change')}>
        {t('manage.displaced.choose')}
      </ButtonLink>
    </p>
  );
}

/** The answer came too late: the time is no longer free. */
function Gone({ visit, offer }: { visit: WaitingVisit; offer: Offer }) {
  const { t, dates } = visit;
  const time = { day: dates.day(offer.start), time: dates.time(offer.start) };
  return (
    <Notice kind="warn">
      <p>{t('waiting.gone', time)}</p>
      <StillOnTheList visit={visit} />
    </Notice>
  );
}

/** Shows the result of the last offer; a time that is still free can still be accepted. */
async function lastOffer(deps: CitizenDeps, visit: WaitingVisit, offer: Offer | undefined) {
  const { t, dates, secret, to, now } = visit;
  if (!offer || Temporal.Instant.compare(offer.start, now) <= 0) return null;
  const time = { day: dates.day(offer.start), time: dates.time(offer.start) };
  if (offer.ended?.outcome === 'declined')
    return (
      <Notice>
        <p>{t('waiting.declined', time)}</p>
      </Notice>
    );
  return (
    <Notice kind="warn">
      <p>{t('waiting.expired', { ...time, until: untilIn(visit, offer) })}</p>
      <StillOnTheList visit={visit} />
      {(await isFree(deps, visit, offer.start)) ? (
        <form action={to.waiting(secret)} method="post">
          <input type="hidden" name="offer" value={offer.id} />
          <Button kind="quiet" name="answer" value="accept">
            {t('waiting.expired.still')}
          </Button>
        </form>
      ) : null}
    </Notice>
  );
}

async function isFree(
  deps: CitizenDeps,
  { office, waiting }: WaitingVisit,
  start: Temporal.Instant,
): Promise<boolean> {
  const day = today(office, start).toString();
  const found = await deps.slots.search(office, waiting, { from: day, to: day });
  return found.ok && found.slots.some((each) => each.start.equals(start));
}

/** The number of earlier entries, as information and not as a promise. */
function Place({ visit, ahead }: { visit: WaitingVisit; ahead: number }) {
  const { t, waiting } = visit;
  return (
    <>
      <p class="lead">{t('waiting.place', { count: ahead })}</p>
      <p>{t(forWhom(waiting, PLACE))}</p>
    </>
  );
}

function summaryOf(deps: CitizenDeps, visit: WaitingVisit): SummaryRow[] {
  const { t, waiting, procedure, language, dates, to, office } = visit;
  const { appointment, firstDay, lastDay, part } = waiting;
  const dayIn = (day: string) =>
    dates.day(Temporal.PlainDate.from(day).toZonedDateTime(office.timeZone).toInstant());
  const wish = [
    t(`waiting.part.${part ?? 'any'}`),
    ...(firstDay ? [t('waiting.wish.from', { day: dayIn(firstDay) })] : []),
    ...(lastDay ? [t('waiting.wish.until', { day: dayIn(lastDay) })] : []),
  ];
  const manage = appointment && to.appointment(deps.appointments.secretOf(appointment));
  return [
    { label: t('citizen.check.what'), value: namesIn(procedure, language) },
    { label: t('citizen.check.how'), value: t(`common.channel.${waiting.channel}`) },
    { label: t('citizen.check.language'), value: <LanguageName of={waiting.language} t={t} /> },
    ...(appointment && manage
      ? [
          {
            label: t(appointment.isDisplaced ? 'waiting.displaced.had' : 'waiting.row.now'),
            value: (
              <a href={manage}>
                {dates.day(appointment.start)}, {dates.time(appointment.start)}
              </a>
            ),
          },
        ]
      : []),
    { label: t('waiting.row.wish'), value: wish.join('\n') },
  ];
}

function LeaveForm({ visit, kind }: { visit: WaitingVisit; kind: 'main' | 'quiet' }) {
  const { t, secret, to } = visit;
  return (
    <form action={to.waiting(secret, 'leave')} method="post">
      <Button kind={kind}>{t('waiting.leave.button')}</Button>
    </form>
  );
}

/** The entry has ended: the reason, and the next step. */
function showEnded(
  deps: CitizenDeps,
  visit: WaitingVisit,
  why: NonNullable<Waiting['ended']>['why'],
): Response {
  const { t, waiting, office, procedure, to } = visit;
  const title = t('waiting.ended.title');
  const { appointment } = waiting;
  const text = why === 'left' || why === 'too_late' ? why : 'appointment_ended';
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t(`waiting.ended.${text}`)}</p>
      {appointment ? (
        <p>
          <ButtonLink href={to.appointment(deps.appointments.secretOf(appointment))}>
            {t('waiting.ended.appointment')}
          </ButtonLink>
        </p>
      ) : procedure.retired ? null : (
        <p>
          <ButtonLink href={to.procedure(office.code, procedure.code)}>
            {t('waiting.ended.book')}
          </ButtonLink>
        </p>
      )}
    </>,
  );
}
