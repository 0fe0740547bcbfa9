import type { Channel } from '../../features/appointments/types.ts';
import { Button } from '../../ui/buttons.tsx';
import { TextArea } from '../../ui/forms.tsx';
import { BackLink, type ProblemLink } from '../../ui/parts.tsx';
import { readForm } from '../form.ts';
import { isChangeable } from './appointment.tsx';
import { channelsOf } from './ask.tsx';
import { Card } from './card.tsx';
import { readInstant } from './days.ts';
import {
  ContactFields,
  checkAnswers,
  type Mistakes,
  problemsOf,
  readAnswers,
} from './details-form.tsx';
import { showTimes } from './pick-time.tsx';
import { Problems } from './shared.tsx';
import type { TimePage } from './time-page.ts';
import type { AppointmentVisit, CitizenDeps } from './visit.tsx';

/** Where the appointment can't be changed any more, its own page says how it stands. */
const whenOpen =
  (handle: (visit: AppointmentVisit) => Response | Promise<Response>) =>
  (visit: AppointmentVisit): Response | Promise<Response> =>
    isChangeable(visit) ? handle(visit) : toManage(visit);

const toManage = ({ redirect, to, secret }: AppointmentVisit) => redirect(to.appointment(secret));

/** `…/change`: another time, or another channel and its times. */
export function changePage(deps: CitizenDeps) {
  return {
    get: whenOpen((visit) => showTimes(deps, visit, timePage(visit))),

    post: whenOpen(async (visit) => {
      const { t, body, appointment, viewer, dates } = visit;
      const start = readInstant((await readForm(visit.c)).text('start'));
      if (!start) {
        const problem = { status: 422, text: t('citizen.times.choose') } as const;
        return showTimes(deps, visit, { ...timePage(visit), problem });
      }
      const channel = channelOf(visit);
      const moved = await deps.appointments.move(viewer, body, appointment.id, { start, channel });
      if (moved.ok || moved.reason === 'not_open' || moved.reason === 'not_found')
        return toManage(visit);
      const taken = { day: dates.day(start), time: dates.time(start) };
      const text = t('citizen.times.takenMove', taken);
      const problem = { status: 409, text, lost: start } as const;
      return showTimes(deps, visit, { ...timePage(visit), problem });
    }),
  };
}

/** The channel that the address asks for, where we could reach the citizen by it; else the appointment's. */
function channelOf(visit: AppointmentVisit): Channel {
  const asked = reachable(visit).find((each) => each === visit.c.req.query('channel'));
  return asked ?? visit.appointment.channel;
}

/** The procedure's channels for which we have what they need: an e-mail for the link, a telephone for the call. */
const reachable = ({
  procedure,
  appointment: { citizen, language },
}: AppointmentVisit): Channel[] =>
  channelsOf(procedure, language).filter((each) =>
    each === 'video' ? citizen.email : citizen.phone,
  );

function timePage(visit: AppointmentVisit): TimePage {
  const { t, appointment, secret, to, dates } = visit;
  const channel = channelOf(visit);
  const page = to.appointment(secret, 'change');
  const others = reachable(visit).filter((each) => each !== channel);
  const now = { day: dates.day(appointment.start), time: dates.time(appointment.start) };
  const { procedure, language } = appointment;
  const ask = { procedure, channel, language };
  return {
    ask,
    title: t('citizen.changeTime.title'),
    path: page,
    keep: { channel },
    back: { href: to.appointment(secret), text: t('citizen.backToAppointment') },
    button: t('citizen.changeTime.button'),
    others: others.map((each) => ({
      ask: { ...ask, channel: each },
      keep: { channel: each },
    })),
    except: appointment.id,
    chosen: appointment.start,
    isPersonal: true,
    intro: (
      <>
        <p class="lead">
          {t('citizen.changeTime.now', {
            ...now,
            channel: t(`common.channel.${appointment.channel}`),
          })}
        </p>
        {channel === appointment.channel ? null : <p>{t(`citizen.changeTime.to.${channel}`)}</p>}
        {others.map((each) => (
          <p key={each}>
            <a href={`${page}?channel=${each}`}>{t(`citizen.changeTime.rather.${each}`)}</a>
          </p>
        ))}
      </>
    ),
  };
}

/** `…/contact`: name, telephone and e-mail. */
export function contactPage(deps: CitizenDeps) {
  return {
    get: whenOpen((visit) => {
      const { name, phone, email } = visit.appointment.citizen;
      return showContact(visit, { name, phone: phone ?? '', email: email ?? '' }, {});
    }),

    post: whenOpen(async (visit) => {
      const { body, appointment, viewer } = visit;
      const answers = readAnswers(await readForm(visit.c));
      const checked = checkAnswers(visit, appointment.channel, answers);
      if (!checked.ok) return showContact(visit, answers, checked.mistakes);
      const { citizen } = checked.details;
      const changed = await deps.appointments.changeContact(viewer, body, appointment.id, citizen);
      if (!changed.ok && changed.reason === 'too_many') {
        const problem = { href: '#email', text: visit.t('limits.contact') };
        return showContact(visit, answers, {}, [problem]);
      }
      return toManage(visit);
    }),
  };
}

function showContact(
  visit: AppointmentVisit,
  answers: Record<string, string | string[]>,
  mistakes: Mistakes,
  problems: readonly ProblemLink[] = problemsOf(visit.t, mistakes, answers),
): Response {
  const { t, appointment, secret, to } = visit;
  const title = t('citizen.contact.title');
  return visit.show(
    {
      title,
      hasErrors: problems.length > 0,
      status: problems.length > 0 ? 422 : 200,
      isPersonal: true,
    },
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <form class="form" action={to.appointment(secret, 'contact')} method="post" novalidate>
        <ContactFields t={t} channel={appointment.channel} answers={answers} mistakes={mistakes} />
        <Button>{t('citizen.contact.button')}</Button>
      </form>
    </>,
  );
}

const LONGEST_REASON = 500;

/** `…/cancel`: asks once more, and why, if they want to say. */
export function cancelPage(deps: CitizenDeps) {
  return {
    get: whenOpen((visit) => {
      const { t, secret, to } = visit;
      const title = t('citizen.cancel.title');
      return visit.show(
        { title, isPersonal: true },
        <>
          <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
          <h1>{title}</h1>
          <Card visit={visit} />
          <p>
            <a href={to.appointment(secret, 'change')}>{t('citizen.cancel.rather')}</a>
          </p>
          <form class="form" action={to.appointment(secret, 'cancel')} method="post">
            <TextArea name="reason" rows={2} label={t('citizen.cancel.reason')} />
            <div class="row">
              <Button kind="grave">{t('citizen.cancel.button')}</Button>
              <a href={to.appointment(secret)}>{t('citizen.cancel.keep')}</a>
            </div>
          </form>
        </>,
      );
    }),

    post: whenOpen(async (visit) => {
      const { body, appointment, viewer } = visit;
      const reason = (await readForm(visit.c)).text('reason').trim().slice(0, LONGEST_REASON);
      await deps.appointments.cancel(viewer, body, appointment.id, reason);
      return toManage(visit);
    }),
  };
}
