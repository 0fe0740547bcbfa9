import { isOpen } from '../../features/appointments/rules.ts';
import { ButtonLink } from '../../ui/buttons.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Notice } from '../../ui/parts.tsx';
import { Card, Prepare, type Standing, standing } from './card.tsx';
import { Phone } from './shared.tsx';
import type { AppointmentVisit, CitizenDeps } from './visit.tsx';

/** `/{language}/appointment/{secret}/confirmed`: it is made; what happens next. May be kept and opened again. */
export function confirmedPage() {
  return (visit: AppointmentVisit): Response => {
    const { t, appointment, secret, to } = visit;
    if (standing(visit) !== 'coming') return visit.redirect(to.appointment(secret));
    const { email } = appointment.citizen;
    return visit.show(
      { title: t('citizen.confirmed.title'), isPersonal: true },
      <>
        <div class="lit-title">
          <Mark lit />
          <h1>{t('citizen.confirmed.title')}</h1>
        </div>
        <p class="lead">{t(`citizen.confirmed.${appointment.channel}`)}</p>
        <Card visit={visit} />
        <p>{email ? t('citizen.confirmed.mailed', { email }) : t('citizen.confirmed.keep')}</p>
        <Prepare visit={visit} />
        <Manage visit={visit} />
      </>,
    );
  };
}

/** `/{language}/appointment/{secret}`: how it stands and what can be done. */
export function managePage(deps: CitizenDeps) {
  return async (visit: AppointmentVisit): Promise<Response> => {
    const { t } = visit;
    const stands = standing(visit);
    const title = t(`citizen.manage.${stands}.title`);
    return visit.show(
      { title, isPersonal: true },
      <>
        <div class={stands === 'due' || stands === 'in_progress' ? 'lit-title' : undefined}>
          {stands === 'due' || stands === 'in_progress' ? <Mark lit /> : null}
          <h1>{title}</h1>
        </div>
        <Said visit={visit} stands={stands} />
        <Card visit={visit} />
        {stands === 'coming' || stands === 'due' ? <Prepare visit={visit} /> : null}
        {stands === 'coming' ? <Manage visit={visit} /> : null}
        {await after(deps, visit, stands)}
      </>,
    );
  };
}

function Said({ visit, stands }: { visit: AppointmentVisit; stands: Standing }) {
  const { t, body } = visit;
  if (stands === 'coming') return null;
  const minutes = body.settings.attempts.windowMinutes;
  const phone = body.settings.contact?.phone;
  const text = t(`citizen.manage.${stands}.text`, { minutes });
  return (
    <Notice kind={stands === 'late' || stands === 'noshow' ? 'warn' : 'plain'}>
      <p>{text}</p>
      {phone && (stands === 'late' || stands === 'due') ? (
        <p>
          {t('citizen.times.callUs')} <Phone number={phone} />
        </p>
      ) : null}
    </Notice>
  );
}

/** What can be done with an appointment that is to come. */
function Manage({ visit }: { visit: AppointmentVisit }) {
  const { t, secret, to } = visit;
  const link = (page: 'change' | 'contact' | 'cancel' | 'calendar.ics', text: string) => (
    <li>
      <a href={to.appointment(secret, page)}>{text}</a>
    </li>
  );
  return (
    <section class="stack no-print" aria-labelledby="manage">
      <h2 id="manage">{t('citizen.manage.title')}</h2>
      <ul class="lists">
        {link('calendar.ics', t('citizen.manage.calendar'))}
        {link('change', t('citizen.manage.change'))}
        {link('contact', t('citizen.manage.contact'))}
        {link('cancel', t('citizen.manage.cancel'))}
      </ul>
      <p class="soft">{t('citizen.manage.print')}</p>
    </section>
  );
}

/** After an ending: book again, and say how it went. */
async function after(deps: CitizenDeps, visit: AppointmentVisit, stands: Standing) {
  const { t, appointment, body, procedure, secret, to } = visit;
  const isAsked = deps.survey.isOpen(appointment);
  const answered = isAsked && (await deps.survey.find(appointment)) !== null;
  const again = stands === 'cancelled' || stands === 'noshow' || stands === 'fulfilled';
  return (
    <>
      {again && !procedure.retired ? (
        <p>
          <ButtonLink
            kind={stands === 'fulfilled' ? 'quiet' : 'main'}
            href={to.procedure(body.code, procedure.code)}
          >
            {t('citizen.manage.again')}
          </ButtonLink>
        </p>
      ) : null}
      {isAsked ? (
        <section class="stack no-print" aria-labelledby="survey">
          <h2 id="survey">{t('citizen.survey.title')}</h2>
          <p>{t(answered ? 'citizen.survey.answered' : 'citizen.survey.ask')}</p>
          <p>
            <ButtonLink kind="quiet" href={to.appointment(secret, 'survey')}>
              {t(answered ? 'citizen.survey.changeIt' : 'citizen.survey.give')}
            </ButtonLink>
          </p>
        </section>
      ) : null}
    </>
  );
}

/** Whether the citizen may still change it; else the page to change it says how it stands instead. */
export const isChangeable = ({ appointment, now }: AppointmentVisit): boolean =>
  isOpen(appointment, now);
