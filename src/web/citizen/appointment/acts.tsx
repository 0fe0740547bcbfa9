import { hasRoom } from '../../../domain/channel.ts';
import { maskAddress } from '../../../features/booking/proof/rules.ts';
import { actKeptUntil } from '../../../features/service/consent/rules.ts';
import {
  type ActEntry,
  type ActSeen,
  IDENTITY_REFUSALS,
} from '../../../features/service/consent/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button, ButtonLink, LinkButton } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { ActTag } from '../../words/acts.tsx';
import { REFUSED } from '../identify/settling.ts';
import { problem } from '../problem.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { ActText } from './act-text.tsx';
import { rememberProof } from './proof.ts';

const actOf = ({ c }: AppointmentVisit): string => c.req.param('act') ?? '';
const addressOf = ({ to, secret }: AppointmentVisit, act: string): string => to.act(secret, act);

type Consent = CitizenDeps['consent'];
type On = Parameters<Consent['decline']>;

/**
 * `…/acts/{act}`: the act that an official wants to do for the citizen, in large plain words, and the
 * answer. Only a form answers;
 * opening the page doesn't.
 */
export function actPage(deps: CitizenDeps) {
  return {
    get: (visit: AppointmentVisit) => showAct(deps, visit, refusedIn(visit)),

    post: async (visit: AppointmentVisit): Promise<Response> => {
      const { c, viewer, office, appointment } = visit;
      const form = await readForm(c);
      const on: On = [viewer, office, appointment.id, actOf(visit)];
      const typed = form.line('code');
      const answered = await answer(deps.consent, on, form.text('do'), typed);
      if (!answered) return showAct(deps, visit);
      if (!answered.ok) return refuseAnswer(deps, visit, answered, typed);
      if ('secret' in answered && answered.secret) rememberProof(deps, visit, answered.secret);
      return back(visit, form.text('do') === 'send' ? '?sent=1#answer' : '');
    },
  };
}

const back = (visit: AppointmentVisit, more = ''): Response =>
  visit.redirect(addressOf(visit, actOf(visit)) + more);

/** Does the pressed action; null when it isn't possible. */
function answer(consent: Consent, on: On, what: string, typed: string) {
  if (what === 'send') return consent.sendCode(...on);
  if (what === 'code') return consent.consentByCode(...on, typed);
  if (what === 'spoken') return consent.confirm(...on);
  return what === 'decline' ? consent.decline(...on) : null;
}

/** Returns why the identification with which the browser came back was no consent, in words; undefined: nothing was refused. */
function refusedIn({ c, t }: AppointmentVisit): string | undefined {
  const why = IDENTITY_REFUSALS.find((each) => each === c.req.query(REFUSED));
  if (why) return t(`acts.refused.${why}`);
  return c.req.query(REFUSED) === 'not_habilitated' ? t('acts.not_habilitated') : undefined;
}

type Answered = Awaited<ReturnType<typeof answer>>;

function refuseAnswer(
  deps: CitizenDeps,
  visit: AppointmentVisit,
  refusal: Exclude<NonNullable<Answered>, { ok: true }>,
  typed: string,
): Response | Promise<Response> {
  const { t, dates } = visit;
  switch (refusal.reason) {
    case 'not_found':
      return problem(visit, 'not_found');
    case 'over':
      return back(visit);
    case 'wrong':
      return showAct(deps, visit, t('acts.code.wrong', { left: refusal.left }), typed);
    case 'ended':
      return showAct(deps, visit, t('acts.code.ended'), typed);
    case 'too_soon': {
      const at = { day: dates.day(refusal.at), time: dates.time(refusal.at) };
      return showAct(deps, visit, t('acts.code.too_soon', at), '');
    }
    case 'no_address':
    case 'frozen':
      return showAct(deps, visit, t('acts.code.nowhere'));
    default:
      return showAct(deps, visit, t(`acts.${refusal.reason}`));
  }
}

async function showAct(
  { consent, oneTimeCodes }: Pick<CitizenDeps, 'consent' | 'oneTimeCodes'>,
  visit: AppointmentVisit,
  mistake?: string,
  typed?: string,
): Promise<Response> {
  const { c, t, office, appointment, viewer } = visit;
  const act = await consent.read(viewer, office, appointment.id, actOf(visit));
  if (!act) return problem(visit, 'not_found');
  const isAsked = act.state === 'prepared';
  const found = await oneTimeCodes.way(appointment);
  const address = found.ok && { channel: found.way.channel, address: maskAddress(found.way) };
  const isSent = c.req.query('sent') === '1' || typed !== undefined;
  const field = isSent && address && !isConfirmedHere(visit, act) ? '#code' : '#answer';
  const problems = mistake && isAsked ? [{ href: field, text: mistake }] : [];
  return visit.show(
    formPage(t('acts.title'), problems),
    <>
      <BackLink href={visit.to.appointment(visit.secret)}>
        {t('citizen.backToAppointment')}
      </BackLink>
      <Problems t={t} problems={problems} />
      <h1>{t('acts.title')}</h1>
      {isAsked ? (
        <Asked
          visit={visit}
          act={act}
          address={address || null}
          isSent={isSent}
          problems={problems}
          typed={typed}
        />
      ) : (
        <Over visit={visit} act={act} />
      )}
    </>,
  );
}

interface AskedProps {
  visit: AppointmentVisit;
  act: ActSeen;
  address: { channel: 'sms' | 'email'; address: string } | null;
  isSent: boolean;
  problems: readonly ProblemLink[];
  typed: string | undefined;
}

function Asked(props: AskedProps) {
  const { visit, act, isSent } = props;
  const { t } = visit;
  const { record } = act;
  if (!record) return null;
  return (
    <>
      <p class="lead">{t('acts.lead', { name: record.official.name })}</p>
      <ActText visit={visit} act={act} record={record} />
      <section class="stack" aria-labelledby="answer" id="answering">
        <h2 id="answer" tabIndex={-1}>
          {t('acts.answer')}
        </h2>
        {isConfirmedHere(visit, act) ? (
          <Spoken visit={visit} act={act} />
        ) : act.isIndependent ? (
          <ByCode {...props} />
        ) : (
          <p>{t('acts.not_independent')}</p>
        )}
        {isConfirmedHere(visit, act) ? null : <ByIdentity visit={visit} act={act} />}
        {act.heardAt || !act.isIndependent ? null : (
          <form action={`${addressOf(visit, act.id)}#answer`} class="stack">
            {/* A new address each time; otherwise the browser only scrolls on the same page. */}
            <input type="hidden" name="looks" value={looksOf(visit) + 1} />
            {isSent ? <input type="hidden" name="sent" value="1" /> : null}
            <p class="soft">{t('acts.spoken.hint')}</p>
            <LinkButton>{t('acts.look')}</LinkButton>
          </form>
        )}
        <form method="post" action={addressOf(visit, act.id)} class="stack">
          <Button kind="quiet" name="do" value="decline">
            {t('acts.decline')}
          </Button>
          <p class="soft small">{t('acts.decline.hint')}</p>
        </form>
      </section>
    </>
  );
}

/**
 * Returns whether one press here confirms a spoken consent: it was noted, and a code was typed in this
 * browser.
 */
const isConfirmedHere = ({ viewer }: AppointmentVisit, act: ActSeen): boolean =>
  act.heardAt !== null &&
  act.isIndependent &&
  !!viewer.proof &&
  viewer.proof.channel !== 'identity';

/** Returns the number of times that the citizen has checked for the confirmation. */
const looksOf = ({ c }: AppointmentVisit): number => Number(c.req.query('looks')) || 0;

function Spoken({ visit, act }: Pick<AskedProps, 'visit' | 'act'>) {
  const { t } = visit;
  return (
    <form method="post" action={addressOf(visit, act.id)} class="stack">
      <p>{t('acts.spoken.text')}</p>
      <Button name="do" value="spoken">
        {t('acts.spoken.confirm')}
      </Button>
    </form>
  );
}

function ByCode({ visit, act, address, isSent, problems, typed }: AskedProps) {
  const { t } = visit;
  if (!address) return <p>{t('acts.code.nowhere')}</p>;
  const action = addressOf(visit, act.id);
  return (
    <>
      {isSent ? (
        <>
          <Notice>
            <p role="status">{t(`acts.code.sent.${address.channel}`, address)}</p>
          </Notice>
          <form method="post" action={action} class="form" novalidate>
            <TextInput
              name="code"
              label={t('acts.code.label')}
              error={problems[0]?.text}
              value={typed}
              short
              inputMode="numeric"
              autocomplete="one-time-code"
            />
            <Button name="do" value="code">
              {t('acts.code.enter')}
            </Button>
          </form>
        </>
      ) : (
        <p>{t(`acts.code.ask.${address.channel}`, address)}</p>
      )}
      <form method="post" action={action}>
        <Button kind={isSent ? 'quiet' : 'main'} name="do" value="send">
          {t(isSent ? 'acts.code.more' : 'acts.code.send')}
        </Button>
      </form>
    </>
  );
}

/** The way without a code: identifying for this act. In the room of a call its page opens in another tab. */
function ByIdentity({ visit, act }: Pick<AskedProps, 'visit' | 'act'>) {
  const { t, to, secret, language, appointment } = visit;
  const { way, providers } = act.identity;
  if (way === 'none' || way === 'not_independent') return null;
  if (way === 'needs_code') return <p class="soft">{t('acts.identify.needs_code')}</p>;
  const or = new Intl.ListFormat(language, { type: 'disjunction' });
  const names = or.format(providers.map(({ name }) => textIn(name, language)));
  return (
    <div class="stack">
      <p>
        {t('acts.identify.text', { providers: names })}{' '}
        {t('acts.identify.name', { name: appointment.citizen.name })}
      </p>
      <p>
        <ButtonLink kind="quiet" href={to.act(secret, act.id, 'identify')}>
          {t('acts.identify.title')}
        </ButtonLink>
      </p>
    </div>
  );
}

/** The act was answered or has expired. */
function Over({ visit, act }: Pick<AskedProps, 'visit' | 'act'>) {
  const { t, dates, to, secret, appointment } = visit;
  const { state, settledAt, copiedAt, destroyedAt } = act;
  const isForgotten = appointment.citizen.name === '';
  const at = settledAt ?? act.preparedAt;
  const when = { day: dates.longDay(at), time: dates.time(at) };
  const word = state === 'prepared' ? 'expired' : state;
  return (
    <>
      <p class="lead">{nameOf(visit, act)}</p>
      <Notice kind={state === 'consented' ? 'good' : 'plain'}>
        <p role="status">{t(`acts.over.${word}`, when)}</p>
      </Notice>
      {state === 'consented' ? (
        <>
          {act.method === 'identified' ? <p>{t('acts.over.identified')}</p> : null}
          {act.method === 'identified' && isBesideCall(visit) ? (
            <p class="lead">{t('identifying.done.call')}</p>
          ) : null}
          <p>{formatCopy(visit, act)}</p>
          {copiedAt && !destroyedAt ? (
            <p>
              {isForgotten ? (
                <ButtonLink href={to.verify()}>{t('common.footer.verify')}</ButtonLink>
              ) : (
                <ButtonLink href={to.appointment(secret, 'documents')}>
                  {t('acts.over.papers')}
                </ButtonLink>
              )}
            </p>
          ) : null}
        </>
      ) : null}
    </>
  );
}

/** Returns whether this page is a tab beside the call that goes on: it was opened to identify. */
const isBesideCall = ({ c, appointment }: AppointmentVisit): boolean =>
  appointment.status === 'in_progress' &&
  hasRoom(appointment.channel) &&
  c.req.header('Sec-Fetch-Dest') !== 'iframe';

/** Returns the place of the copy, and the end of its availability. */
function formatCopy({ t, dates, office, appointment }: AppointmentVisit, act: ActSeen): string {
  if (act.destroyedAt) return t('acts.over.destroyed', { day: dates.longDay(act.destroyedAt) });
  if (!act.copiedAt) return t('acts.over.copying');
  const day = dates.longDay(actKeptUntil(act, appointment, office.settings.retention));
  return t(appointment.citizen.name ? 'acts.over.copy' : 'acts.over.code', { day });
}

/** Returns the office's name for the act. */
export function nameOf(
  { t, office }: AppointmentVisit,
  { template }: Pick<ActEntry, 'template'>,
): string {
  const name = office.settings.acts.find((each) => each.code === template)?.name;
  return textIn(name, t.language) || template;
}

/** The open consents, on the pages of the appointment. */
export function ActNotice(props: { visit: AppointmentVisit; acts: readonly ActEntry[] }) {
  const { visit, acts } = props;
  const { t } = visit;
  const asked = acts.filter((each) => each.state === 'prepared');
  if (asked.length === 0) return null;
  return (
    <Notice kind="time">
      <p>
        <strong>{t('acts.notice')}</strong>
      </p>
      {asked.map((each) => (
        <p key={each.id}>
          {nameOf(visit, each)}. <a href={addressOf(visit, each.id)}>{t('acts.notice.link')}</a>
        </p>
      ))}
    </Notice>
  );
}

/** The consented acts of an appointment. */
export function ActsList({ visit, acts }: { visit: AppointmentVisit; acts: readonly ActEntry[] }) {
  const { t } = visit;
  const done = acts.filter((each) => each.state === 'consented');
  if (done.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="acts">
      <h2 id="acts">{t('acts.list')}</h2>
      <ul class="lists">
        {done.map((each) => (
          <li key={each.id}>
            <a href={addressOf(visit, each.id)}>{nameOf(visit, each)}</a>{' '}
            <ActTag t={t} state={each.state} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Returns the acts of an appointment in their present state. */
export const actsOf = async (
  { consent }: Pick<CitizenDeps, 'consent'>,
  { viewer, office, appointment }: AppointmentVisit,
): Promise<readonly ActEntry[]> => (await consent.list(viewer, office, appointment.id)) ?? [];
