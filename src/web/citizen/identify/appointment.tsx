import { type GivenLevel, isEnough } from '../../../domain/identity.ts';
import { levelNeeded, namesIn } from '../../../domain/office/bundle.ts';
import { canGive } from '../../../features/foundation/identification/rules.ts';
import type { OfferedProvider } from '../../../features/foundation/identification/types.ts';
import type { IdentityStanding } from '../../../features/service/identifying/types.ts';
import { type Language, textIn } from '../../../lib/i18n/languages.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { type Reason, showProviders, startChosen } from './choose.tsx';

/** Returns the level that is asked of an appointment's citizen: what the office asks in the call, else what the procedures need. */
export const levelOf = (
  { procedure }: Pick<AppointmentVisit, 'procedure'>,
  { asking }: IdentityStanding,
): GivenLevel => (asking?.state === 'asked' ? asking.level : (levelNeeded(procedure) ?? 'low'));

/** Returns the names of the providers that reach a level, in the order of the town. */
export const providersFor = (
  offered: readonly OfferedProvider[],
  level: GivenLevel,
  language: Language,
): string[] =>
  offered.filter((each) => canGive(each, level)).map(({ name }) => textIn(name, language));

/** `…/identify`: identifies the citizen of an appointment, before it or while it goes on. */
export function identifyAppointment(deps: CitizenDeps) {
  const reasonOf = (visit: AppointmentVisit, at: IdentityStanding): Reason => {
    const { t, to, secret, appointment, office, dates, language, procedure } = visit;
    const here = to.appointment(secret, 'identify');
    const values = {
      office: textIn(office.name, language),
      day: dates.day(appointment.start),
      time: dates.time(appointment.start),
      procedure: namesIn(procedure, language),
    };
    return {
      level: levelOf(visit, at),
      purpose: { for: 'appointment', appointment: appointment.id, office: office.id },
      transaction: null,
      next: here,
      here,
      back: to.appointment(secret),
      why: t('identifying.why', values),
      more: <WhoActs visit={visit} at={at} />,
      ...(isCalling(visit) && {
        tick: { label: t('identifying.tick'), missing: t('identifying.tick.missing') },
      }),
    };
  };

  return {
    get: async (visit: AppointmentVisit): Promise<Response> => {
      if (!isHere(visit)) return visit.redirect(visit.to.appointment(visit.secret));
      const at = await deps.identifying.standing(visit.appointment);
      const { session } = visit;
      const theirs = at.people.find(({ person }) => person === session?.person);
      const isDone = theirs && at.asking?.state !== 'asked' && session;
      return isDone ? showDone(visit, theirs) : showProviders(deps, visit, reasonOf(visit, at));
    },

    post: async (visit: AppointmentVisit): Promise<Response> => {
      if (!isHere(visit)) return visit.redirect(visit.to.appointment(visit.secret));
      const { session, office, to, secret, c } = visit;
      const at = await deps.identifying.standing(visit.appointment);
      const reason = reasonOf(visit, at);
      const form = await readForm(c);
      const isKept = form.text('use') === 'session' && !isCalling(visit);
      if (!isKept || !session || !isEnough(session.level, reason.level))
        return startChosen(deps, visit, reason, form);
      await deps.identifying.settle(visit.viewer, office, session.identification);
      return visit.redirect(to.appointment(secret, 'identify'));
    },
  };
}

/** Whether there is anything for which to identify. */
export const isHere = ({ appointment }: Pick<AppointmentVisit, 'appointment'>): boolean =>
  appointment.status !== 'cancelled' && appointment.citizen.name !== '';

/**
 * Whether the call goes on: its official may take whoever identifies for whom they talk with. The address can be sent to somebody else, so
 * these tick that they are in the call, and a session of before is not enough.
 */
const isCalling = ({ appointment }: AppointmentVisit): boolean =>
  appointment.status === 'in_progress';

/** Says who acts and for whom, and offers the identity that this browser has. */
function WhoActs({ visit, at }: { visit: AppointmentVisit; at: IdentityStanding }) {
  const { t, appointment, session, to, secret } = visit;
  const isUsable = session && !isCalling(visit) && isEnough(session.level, levelOf(visit, at));
  const name = session?.name.full ?? '';
  return (
    <>
      {appointment.onBehalfOf ? (
        <p>{t('identifying.behalf', { name: appointment.onBehalfOf })}</p>
      ) : null}
      <Notice kind="warn">
        <p>{t('identifying.warning')}</p>
      </Notice>
      {isUsable ? (
        <form class="form" action={to.appointment(secret, 'identify')} method="post">
          <p>
            {t('identifying.session.text', { name })}{' '}
            {session.represents
              ? t('identifying.done.company', { name: session.represents.name })
              : null}
          </p>
          <input type="hidden" name="use" value="session" />
          <Button>{t('identifying.session.use', { name })}</Button>
          <p>{t('identifying.session.or')}</p>
        </form>
      ) : null}
      <p>
        {t('anotherDevice.lead')}{' '}
        <a href={to.appointment(secret, 'identify/code')}>{t('anotherDevice.link')}</a>
      </p>
    </>
  );
}

/** Says that the citizen is identified, as whom and for whom. */
function showDone(
  visit: AppointmentVisit,
  person: IdentityStanding['people'][number],
): Promise<Response> | Response {
  const { t, to, secret, appointment } = visit;
  const title = t('identifying.done.title');
  const isCalling = appointment.status === 'in_progress';
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">
        {t('identifying.done.text', { name: person.name })}{' '}
        {person.represents ? t('identifying.done.company', { name: person.represents }) : null}
      </p>
      {appointment.onBehalfOf ? (
        <p>{t('identifying.behalf', { name: appointment.onBehalfOf })}</p>
      ) : null}
      {person.shownBy === null ? (
        <Notice>{t('identifying.done.other', { name: appointment.citizen.name })}</Notice>
      ) : null}
      {isCalling ? <p class="lead">{t('identifying.done.call')}</p> : null}
      <p>
        <ButtonLink kind={isCalling ? 'quiet' : 'main'} href={to.appointment(secret)}>
          {t('identifying.done.back')}
        </ButtonLink>
      </p>
    </>,
  );
}

/** What an appointment's page needs to say of identification. */
export interface IdentityRead {
  at: IdentityStanding;
  /** The providers of the town. */
  offered: readonly OfferedProvider[];
}

/** Reads how an appointment stands with identification. */
export const readIdentity = async (
  { identifying, identification }: Pick<CitizenDeps, 'identifying' | 'identification'>,
  { appointment }: AppointmentVisit,
): Promise<IdentityRead> => ({
  at: await identifying.standing(appointment),
  offered: await identification.offered(),
});

/** What an appointment's page says of identification: that it is asked now, or was done. */
export function AskedToIdentify(props: { visit: AppointmentVisit; identity: IdentityRead }) {
  const { visit, identity } = props;
  const { at, offered } = identity;
  const { t, to, secret, office, language } = visit;
  if (at.asking?.state !== 'asked') return null;
  const providers = providersFor(offered, at.asking.level, language);
  return (
    <Notice kind="warn">
      <h2>{t('identifying.asked.title', { office: textIn(office.name, language) })}</h2>
      {providers.length > 0 ? (
        <p>{t('identifying.asked.with', { providers: providers.join(', ') })}</p>
      ) : null}
      <p>
        <ButtonLink href={to.appointment(secret, 'identify')}>{t('identify.title')}</ButtonLink>
      </p>
    </Notice>
  );
}

/** Says which identity procedures need, and with which providers; null: they need none. */
export function identityNeeded(
  { t, language, procedure }: Pick<AppointmentVisit, 't' | 'language' | 'procedure'>,
  offered: readonly OfferedProvider[],
): string | null {
  const needed = levelNeeded(procedure);
  if (!needed) return null;
  const providers = providersFor(offered, needed, language);
  return providers.length > 0
    ? t('identifying.prepare', { providers: providers.join(', ') })
    : t('identifying.prepare.none', { level: t(`identify.level.${needed}`) });
}

/** What the preparation for an appointment says of the identity that its procedures need. */
export function IdentityNeeded(props: { visit: AppointmentVisit; identity: IdentityRead }) {
  const { visit, identity } = props;
  const { at, offered } = identity;
  const { t, to, secret, language, procedure } = visit;
  const needed = levelNeeded(procedure);
  if (!needed) return null;
  const said = identityNeeded(visit, offered);
  if (providersFor(offered, needed, language).length === 0) return <li>{said}</li>;
  // Somebody with the link may have led another person to type a code: the page says no more of them than that they identified.
  const named = at.people.filter(({ how }) => how !== 'code').map(({ name }) => name);
  return (
    <li>
      {said}{' '}
      {at.people.length > 0 ? (
        <b>
          {t('identifying.done.title')}
          {named.length > 0 ? `: ${named.join(', ')}` : ''}.
        </b>
      ) : null}{' '}
      <a class="no-print" href={to.appointment(secret, 'identify')}>
        {t('identifying.link')}
      </a>
    </li>
  );
}
