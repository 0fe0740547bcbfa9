import type { AddressKind } from '../../../domain/address.ts';
import { askOf, isSameWay, type Way } from '../../../domain/appointment.ts';
import { type Channel, isReachable, TRAITS } from '../../../domain/channel.ts';
import { type Citizen, textsOf } from '../../../domain/person.ts';
import { isDisplaced } from '../../../features/booking/appointments/rules.ts';
import type { Answers } from '../../../features/booking/journeys/types.ts';
import { nearInstant } from '../../../lib/calendar/near.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { checkAnswers, type Mistakes, problemsOf, readAnswers } from '../booking/answers.ts';
import { EmailField, PhoneField } from '../booking/details-form.tsx';
import { askForCode } from '../documents/code.tsx';
import { Problems } from '../shared.tsx';
import { showTimes } from '../times/pick-time.tsx';
import { addressOf, askAgain, type TimePage, type TimeProblem } from '../times/time-page.ts';
import { formatWay, wayAsked, wayCode, waysFor, withSite } from '../times/ways.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { afterDoing } from './done.tsx';
import { whileOpen } from './while-open.ts';

/** The sent values and their mistakes. */
interface Sent {
  answers?: Answers;
  mistakes?: Mistakes;
  problem?: TimeProblem;
  /** The chosen time, when something else is wrong. */
  chosen?: Temporal.Instant;
}

/** `…/change`: another time, or another channel at the same time or another. */
export function changePage(deps: CitizenDeps) {
  const show = async (visit: AppointmentVisit, sent: Sent = {}): Promise<Response> => {
    const { appointment, viewer } = visit;
    const asksReach = missingFor(wayOf(visit).channel, appointment.citizen) !== null;
    if (asksReach && !viewer.proof && (await deps.proofs.holdsDocuments(appointment)))
      return askForCode(visit, codeNext(visit));
    return (await isSameTimeOffered(deps, visit))
      ? showSameTime(visit, sent)
      : showTimes(deps, visit, timePage(visit, sent));
  };

  return {
    get: whileOpen((visit) => show(visit)),

    post: whileOpen(async (visit) => {
      const { t } = visit;
      const form = await readForm(visit.c);
      const reach = readReach(visit, form);
      const { answers } = reach;
      const start = nearInstant(form.text('start'));
      if (!reach.ok) return show(visit, { ...reach, ...(start && { chosen: start }) });
      // Typed contact data are in the page that answers, never in an address.
      if (!start && reach.citizen)
        return show(visit, { answers, problem: { text: t('citizen.times.choose') } });
      if (!start || ownTime(visit)?.equals(start))
        return askAgain(visit, timePage(visit, {}), start);
      return move(visit, start, reach);
    }),
  };

  /** Changes the address first, because the new channel needs it, and then the time. */
  async function move(
    visit: AppointmentVisit,
    start: Temporal.Instant,
    { answers, citizen }: { answers: Answers; citizen: Citizen | null },
  ): Promise<Response> {
    const { t, office, appointment, viewer } = visit;
    const { id } = appointment;
    let reached = appointment;
    if (citizen) {
      const changed = await deps.appointments.changeContact(viewer, office, id, citizen);
      if (!changed.ok && changed.reason === 'too_many') {
        const problem = { text: t('limits.contact'), href: '#email' };
        return show(visit, { answers, problem, chosen: start });
      }
      if (!changed.ok && changed.reason === 'needs_proof')
        return askForCode(visit, codeNext(visit));
      if (!changed.ok) return afterDoing(visit, 'too_late');
      reached = changed.appointment;
    }
    const to = { start, ...wayOf(visit) };
    const moved = await deps.appointments.move(viewer, office, id, to);
    const secret = deps.appointments.secretOf(reached);
    if (moved.ok) return afterDoing({ ...visit, secret }, 'moved');
    if (moved.reason === 'not_open' || moved.reason === 'not_found')
      return afterDoing({ ...visit, secret }, 'too_late');
    const there = { ...visit, appointment: reached, secret };
    return askAgain(there, timePage(there, {}), start);
  }
}

/** Returns the time that the page doesn't offer: the appointment's own. When its desk is away, it may be found at another desk. */
function ownTime(visit: AppointmentVisit): Temporal.Instant | undefined {
  const { appointment } = visit;
  const isKept = isSameWay(wayOf(visit), appointment) && !isDisplaced(appointment);
  return isKept ? appointment.start : undefined;
}

/** Returns the page after the code, when the new channel needs another address. */
const codeNext = (visit: AppointmentVisit) => `change?channel=${wayCode(wayOf(visit))}` as const;

/** Returns the ways that the appointment could change to. */
export const otherWays = ({ office, procedure, appointment }: AppointmentVisit): Way[] =>
  waysFor(office, procedure, appointment).filter((each) => !isSameWay(each, appointment));

/** Returns the way in the address, where the procedure has it; else the appointment's. */
const wayOf = (visit: AppointmentVisit): Way =>
  wayAsked(otherWays(visit), visit.c.req.query('channel'), visit.appointment);

/** Returns the missing address that a channel needs: an e-mail for the link, a telephone for the call. */
function missingFor(channel: Channel, citizen: Citizen): AddressKind | null {
  if (isReachable(channel, citizen)) return null;
  return TRAITS[channel].requires[0] ?? null;
}

type Reached = { ok: true; citizen: Citizen | null; answers: Answers } | ({ ok: false } & Asked);
type Asked = Required<Pick<Sent, 'answers' | 'mistakes'>> & Sent;

/** Reads the address that the channel needs, if the form asked for it. */
function readReach(visit: AppointmentVisit, form: Form): Reached {
  const { t, appointment } = visit;
  const { citizen } = appointment;
  const { channel } = wayOf(visit);
  const missing = missingFor(channel, citizen);
  if (!missing) return { ok: true, citizen: null, answers: {} };
  const { [missing]: typed = '', emailAsked = '' } = readAnswers(form);
  const answers: Answers = { ...textsOf(citizen), emailAsked, [missing]: typed };
  const checked = checkAnswers(visit, channel, answers);
  if (checked.ok) {
    const reached = { ...citizen, [missing]: checked.details.citizen[missing] };
    return { ok: true, citizen: reached, answers };
  }
  const { mistakes } = checked;
  const [first] = problemsOf(t, mistakes, answers);
  // Without a problem the form only asks whether the address is right.
  const problem = { href: `#${missing}`, text: first?.text ?? '' };
  return { ok: false, answers, mistakes, ...(first && { problem }) };
}

function ReachField({ visit, sent }: { visit: AppointmentVisit; sent: Sent }) {
  const { t, appointment } = visit;
  const { channel } = wayOf(visit);
  const { answers = {}, mistakes = {} } = sent;
  const field = { t, channel, answers, mistakes };
  switch (missingFor(channel, appointment.citizen)) {
    case 'email':
      return <EmailField {...field} />;
    case 'phone':
      return <PhoneField {...field} />;
    default:
      return null;
  }
}

/** The parameters of a search for another time. */
const ASKED = ['other', 'from', 'before', 'part', 'on-day', 'start', 'missing'];

/**
 * Returns whether only the channel changes, which is possible when the same time is free on the new
 * channel and the citizen didn't ask for others.
 */
async function isSameTimeOffered(
  { slots }: CitizenDeps,
  visit: AppointmentVisit,
): Promise<boolean> {
  const { appointment, office, c } = visit;
  const { id, start } = appointment;
  const way = wayOf(visit);
  const isAsked = ASKED.some((each) => c.req.query(each) !== undefined);
  if (isSameWay(way, appointment) || isAsked) return false;
  const day = start.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  const span = { from: day, to: day };
  const found = await slots.search(office, { ...askOf(appointment), ...way }, span, id);
  return found.ok && found.slots.some((each) => each.start.equals(start));
}

/** Returns the page's own address with its way. */
function placeOf({ to, appointment, secret }: AppointmentVisit, way: Way) {
  const keep = isSameWay(way, appointment) ? {} : { channel: wayCode(way) };
  return { path: to.appointment(secret, 'change'), keep };
}

/** Returns the duration on a channel, in words. */
const lengthOf = ({ t, procedure }: AppointmentVisit, channel: Channel) =>
  t('common.minutes', { count: procedure.channels[channel] ?? 0 });

function Now({ visit }: { visit: AppointmentVisit }) {
  const { t, dates, appointment, office } = visit;
  const when = { day: dates.day(appointment.start), time: dates.time(appointment.start) };
  const channel = formatWay(t, office, appointment);
  return <p class="lead">{t('citizen.changeTime.now', { ...when, channel })}</p>;
}

/** Offers the other channel at the same time, with one button. */
function showSameTime(visit: AppointmentVisit, sent: Sent): Response {
  const { t, appointment, office, secret, to, dates } = visit;
  const { start } = appointment;
  const way = wayOf(visit);
  const { channel } = way;
  const place = placeOf(visit, way);
  const title = withSite(t, office, way, t(`manage.channel.title.${channel}`));
  const { problem } = sent;
  const when = { day: dates.day(start), time: dates.time(start) };
  const minutes = lengthOf(visit, channel);
  return visit.show(
    { title, hasErrors: !!problem, status: problem ? 422 : 200, isPersonal: true },
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      <Problems
        t={t}
        problems={problem ? [{ href: problem.href ?? '#other', text: problem.text }] : []}
      />
      <h1>{title}</h1>
      <Now visit={visit} />
      <form class="form" action={addressOf(place, {})} method="post" novalidate>
        <p>{t(`manage.channel.same.${channel}`, { ...when, minutes })}</p>
        <ReachField visit={visit} sent={sent} />
        <input type="hidden" name="start" value={start.toString()} />
        <Button>{t('manage.channel.keep')}</Button>
      </form>
      <p>
        <a id="other" href={addressOf({ ...place, keep: { ...place.keep, other: '1' } }, {})}>
          {t('manage.channel.other')}
        </a>
      </p>
    </>,
  );
}

function timePage(visit: AppointmentVisit, sent: Sent): TimePage {
  const { t, appointment, office, secret, to } = visit;
  const { id, start } = appointment;
  const way = wayOf(visit);
  const { channel } = way;
  const isOther = !isSameWay(way, appointment);
  const missing = missingFor(channel, appointment.citizen);
  const others = waysFor(office, visit.procedure, appointment).filter(
    (each) => !isSameWay(each, way),
  );
  const minutes = lengthOf(visit, channel);
  const askIn = (one: Way) => ({ ask: { ...askOf(appointment), site: null, ...one } });
  const { path, keep } = placeOf(visit, way);
  return {
    ...askIn(way),
    title: isOther
      ? withSite(t, office, way, t(`manage.channel.title.${channel}`))
      : t('citizen.changeTime.title'),
    path,
    keep: isOther ? { ...keep, other: '1' } : keep,
    back: { href: to.appointment(secret), text: t('citizen.backToAppointment') },
    button: t('citizen.changeTime.button'),
    others: () => others.map((each) => ({ ...askIn(each), keep: placeOf(visit, each).keep })),
    except: id,
    own: ownTime(visit),
    chosen: sent.chosen ?? (isOther ? start : undefined),
    taken: 'citizen.times.takenMove',
    isPersonal: true,
    problem: sent.problem,
    ...(missing && { fields: <ReachField visit={visit} sent={sent} /> }),
    intro: (
      <>
        <Now visit={visit} />
        {isOther ? <p>{t(`manage.channel.times.${channel}`, { minutes })}</p> : null}
        {others.map((each) => (
          <p key={wayCode(each)}>
            <a href={addressOf(placeOf(visit, each), {})}>
              {withSite(t, office, each, t(`citizen.changeTime.rather.${each.channel}`))}
            </a>
          </p>
        ))}
      </>
    ),
  };
}
