import type {
  AccountSeen,
  PasskeySeen,
  SessionSeen,
} from '../../../features/foundation/staff/service.ts';
import { type Dates, datesIn } from '../../../lib/i18n/dates.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button, LinkButton } from '../../../ui/buttons.tsx';
import { BackLink, Notice, Tag } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import type { SignedInVisit, StaffDeps } from '../visit.tsx';
import { toConfirm } from './confirm.tsx';

/** The result of the previous page, shown on top of this one. */
const DONE = [
  'nif',
  'passkey_added',
  'passkey_renamed',
  'passkey_removed',
  'authenticator',
  'password',
] as const;

/** `/staff/account`: the ways to sign in, and the open sessions. */
export function accountPage(deps: StaffDeps) {
  return {
    get: async (visit: SignedInVisit) => {
      const { t, session } = visit;
      const seen = await deps.staff.account(session);
      const own = await deps.staffIdentifiers.own(session);
      const { timeZone } = await deps.offices.town();
      const dates = datesIn(t.language, timeZone);
      return visit.show(
        { title: t('account.title') },
        <>
          <BackLink href="/console">{t('shortcuts.back')}</BackLink>
          <h1>{t('account.title')}</h1>
          <p class="lead">
            {session.name}, {session.email}
          </p>
          <Done visit={visit} />
          {seen.takesPasskeys ? <PasskeyPart t={t} dates={dates} passkeys={seen.passkeys} /> : null}
          <FactorParts t={t} seen={seen} />
          <NifPart t={t} masked={own.masked} />
          <SessionPart t={t} dates={dates} sessions={seen.sessions} />
        </>,
      );
    },

    /** Ends one session, or all the others. */
    endSessions: async (visit: SignedInVisit) => {
      const form = await readForm(visit.c);
      const which = form.has('others') ? ('others' as const) : { only: form.text('session') };
      if (which !== 'others' && which.only === visit.session.id)
        return visit.redirect('/staff/account');
      const count = await deps.staff.endSessions(visit.session, which);
      if (count === null) return toConfirm(visit, '/staff/account', true);
      return visit.redirect(`/staff/account?ended=${count}`);
    },
  };
}

function Done({ visit }: { visit: SignedInVisit }) {
  const { t, c } = visit;
  const done = DONE.find((each) => each === c.req.query('done'));
  const ended = c.req.query('ended') ?? '';
  if (done) return <Say>{t(done === 'nif' ? 'nif.done' : `account.done.${done}`)}</Say>;
  if (/^\d{1,3}$/.test(ended))
    return <Say>{t('account.done.sessions', { count: Number(ended) })}</Say>;
  return null;
}

const Say = ({ children }: { children: string }) => (
  <Notice kind="good">
    <p role="status">{children}</p>
  </Notice>
);

/** "24/11/2026, 9:20": a session needs no weekday. */
const when = (dates: Dates, at: Temporal.Instant) => `${dates.shortDay(at)}, ${dates.time(at)}`;

function PasskeyPart(props: { t: Translate; dates: Dates; passkeys: readonly PasskeySeen[] }) {
  const { t, dates, passkeys } = props;
  return (
    <section class="own-part" aria-labelledby="passkeys">
      <h2 id="passkeys">{t('account.passkeys.title')}</h2>
      <p>{t('account.passkeys.text')}</p>
      {passkeys.length === 0 ? <p class="soft">{t('account.passkeys.none')}</p> : null}
      {passkeys.length > 0 ? (
        <ul class="own-list">
          {passkeys.map((each) => (
            <li key={each.id}>
              <b>{each.name}</b>
              <span class="soft">
                {t('account.passkeys.made', { when: dates.shortDay(each.createdAt) })}
              </span>
              <span class="soft">
                {each.lastUsedAt
                  ? t('account.passkeys.used', { when: when(dates, each.lastUsedAt) })
                  : t('account.passkeys.unused')}
              </span>
              {each.isBackedUp ? <span class="soft">{t('account.passkeys.backedUp')}</span> : null}
              <a class="own-do" href={`/staff/account/passkey/${each.id}`}>
                {t('account.passkeys.change')}
                <span class="hide"> {each.name}</span>
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      <p>
        <a class="button quiet" href="/staff/account/passkey">
          {t('account.passkeys.add')}
        </a>
      </p>
    </section>
  );
}

function FactorParts({ t, seen }: { t: Translate; seen: AccountSeen }) {
  const { hasPassword, hasAuthenticator, recoveryCodes } = seen;
  return (
    <>
      {hasPassword ? (
        <section class="own-part" aria-labelledby="password">
          <h2 id="password">{t('account.password.title')}</h2>
          <p>
            <a class="own-do" href="/staff/account/password">
              {t('account.password.change')}
            </a>
          </p>
        </section>
      ) : null}
      {hasAuthenticator ? (
        <>
          <section class="own-part" aria-labelledby="authenticator">
            <h2 id="authenticator">{t('account.code.title')}</h2>
            <p>{t('account.code.text')}</p>
            <p>
              <a class="own-do" href="/staff/account/authenticator">
                {t('account.code.replace')}
              </a>
            </p>
          </section>
          <section class="own-part" aria-labelledby="codes">
            <h2 id="codes">{t('account.codes.title')}</h2>
            {recoveryCodes < FEW ? (
              <Notice kind="warn">{t('account.codes.left', { count: recoveryCodes })}</Notice>
            ) : (
              <p>{t('account.codes.left', { count: recoveryCodes })}</p>
            )}
            <p>
              <a class="own-do" href="/staff/account/codes">
                {t('account.codes.new')}
              </a>
            </p>
          </section>
        </>
      ) : null}
    </>
  );
}

function NifPart({ t, masked }: { t: Translate; masked: string | null }) {
  return (
    <section class="own-part" aria-labelledby="nif">
      <h2 id="nif">{t('nif.title')}</h2>
      <p>{t('nif.text')}</p>
      <p>{masked ?? <span class="soft">{t('nif.none')}</span>}</p>
      <p>
        <a class="own-do" href="/staff/account/nif">
          {t(masked ? 'nif.change' : 'nif.enter')}
        </a>
      </p>
    </section>
  );
}

/** With fewer recovery codes than this the page suggests new ones. */
const FEW = 3;

function SessionPart(props: { t: Translate; dates: Dates; sessions: readonly SessionSeen[] }) {
  const { t, dates, sessions } = props;
  return (
    <section class="own-part" aria-labelledby="sessions">
      <h2 id="sessions">{t('account.sessions.title')}</h2>
      <p>{t('account.sessions.text')}</p>
      <ul class="own-list">
        {sessions.map((each) => (
          <li key={each.id}>
            <b>
              {where(t, each)}{' '}
              {each.isThis ? <Tag kind="now">{t('account.sessions.this')}</Tag> : null}
            </b>
            <span class="soft">{t('account.sessions.address', { address: each.address })}</span>
            <span class="soft">
              {t('account.sessions.since', { when: when(dates, each.createdAt) })}
            </span>
            <span class="soft">
              {t('account.sessions.seen', { when: when(dates, each.lastSeenAt) })}
            </span>
            {each.isThis ? null : (
              <form class="own-do" method="post" action="/staff/account/sessions">
                <LinkButton name="session" value={each.id}>
                  {t('account.sessions.end')}
                  <span class="hide"> {where(t, each)}</span>
                </LinkButton>
              </form>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? (
        <form method="post" action="/staff/account/sessions">
          <Button kind="quiet" name="others" value="1">
            {t('account.sessions.endOthers')}
          </Button>
        </form>
      ) : null}
    </section>
  );
}

function where(t: Translate, { browser, system }: SessionSeen): string {
  if (!browser && !system) return t('account.sessions.unknown');
  return t('account.sessions.where', {
    browser: browser ?? t('account.sessions.unknown'),
    system: system ?? '–',
  });
}
