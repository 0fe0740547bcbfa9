import type { DemoAccess } from '../../features/foundation/staff/types.ts';
import type { Dates } from '../../lib/i18n/dates.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { BackLink, Notice, SummaryList } from '../../ui/parts.tsx';
import { codeNow } from './access.ts';
import type { Mail } from './mailbox.ts';
import { PhoneSection } from './phone/section.tsx';
import type { Shown } from './send.tsx';
import type { DemoTools } from './types.ts';
import { Welcome } from './welcome.tsx';

/** `/demo`: everything for trying Finestreta out, on one page. */
export function DemoPage(props: { t: Translate; dates: Dates } & Shown) {
  const { t, access, mails, dates, life, tools, now, isGone, hasBegun, played, unplayed } = props;
  return (
    <>
      {isGone ? <Notice kind="warn">{t('demo.noSuch')}</Notice> : null}
      {hasBegun ? <Notice kind="good">{t('demo.again.done')}</Notice> : null}
      {life ? (
        <>
          <Welcome t={t} dates={dates} now={now} life={life} played={played} unplayed={unplayed} />
          <ToolsSection t={t} tools={tools} />
        </>
      ) : (
        <>
          <h1>{t('notices.demo.title')}</h1>
          <p class="lead">{t('notices.demo.intro')}</p>
        </>
      )}
      {life ? null : <h2>{t('notices.demo.places')}</h2>}
      {life ? null : <Places t={t} />}
      <h2>{t('notices.demo.mailbox')}</h2>
      {life ? <Mailboxes {...props} /> : <Mailbox t={t} mails={mails} dates={dates} />}
      {life ? (
        <details>
          <summary>{t('demo.more')}</summary>
          <Places t={t} />
          <Inside t={t} access={access} />
        </details>
      ) : (
        <Inside t={t} access={access} />
      )}
    </>
  );
}

/** One's own telephone, what IT wants to see, and beginning again. */
function ToolsSection({ t, tools }: { t: Translate; tools: DemoTools }) {
  return (
    <>
      {tools.phone ? <PhoneSection t={t} phone={tools.phone} /> : null}
      {tools.trials ? (
        <>
          <h2>{t('demo.it')}</h2>
          <p>
            <a href="/demo/it">{t('demo.it.link')}</a>
          </p>
        </>
      ) : null}
      {tools.again ? (
        <>
          <h2>{t('demo.again')}</h2>
          <p>
            <a href="/demo/again">{t('demo.again.link')}</a>
          </p>
        </>
      ) : null}
    </>
  );
}

/** How many of the newest messages a demo that lives shows. */
const MAILS = 12;

/** What whoever tries it got, and apart what the people who work here got. */
function Mailboxes({ t, mails, access, dates }: Parameters<typeof DemoPage>[0]) {
  const works = new Set(access.staff.map(({ email }) => email));
  const toStaff = mails.filter(({ to }) => works.has(to)).slice(-MAILS);
  const own = mails.filter(({ to }) => !works.has(to)).slice(-MAILS);
  return (
    <>
      <Mailbox t={t} mails={own} dates={dates} />
      {toStaff.length > 0 ? (
        <details>
          <summary>{t('demo.staffMails')}</summary>
          <Mailbox t={t} mails={toStaff} dates={dates} />
        </details>
      ) : null}
    </>
  );
}

function Places({ t }: { t: Translate }) {
  return (
    <ul>
      {[
        [`/${t.language}`, t('notices.demo.citizen')],
        ['/staff/sign-in', t('notices.demo.staff')],
        ['/api', t('notices.demo.api')],
        ['/demo/outbox.json', t('notices.demo.outboxJson')],
        ['/demo/access.json', t('notices.demo.accessJson')],
      ].map(([href = '', text]) => (
        <li key={href}>
          <a href={href}>{text ?? ''}</a>
        </li>
      ))}
    </ul>
  );
}

function Inside({ t, access }: { t: Translate; access: Shown['access'] }) {
  return (
    <>
      <h2>{t('notices.demo.access')}</h2>
      <LogIns t={t} people={access.staff} />
      <h2>{t('notices.demo.tokens')}</h2>
      <SummaryList
        rows={Object.entries(access.tokens).map(([office, token]) => ({
          label: office,
          value: <code>{token}</code>,
        }))}
      />
    </>
  );
}

function Mailbox({ t, mails, dates }: { t: Translate; mails: Mail[]; dates: Dates }) {
  if (mails.length === 0) return <p>{t('notices.demo.none')}</p>;
  return (
    <>
      <p>{t('notices.demo.mailboxCaption')}</p>
      <ul class="lists">
        {mails.toReversed().map((mail) => (
          <li key={mail.id}>
            <a href={`/demo/mail/${mail.id}`} lang={mail.language}>
              {mail.subject}
            </a>
            <p>
              {[mail.to, ...(mail.channel === 'sms' ? ['SMS'] : []), atOf(mail, dates)].join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

function atOf({ at }: Mail, dates: Dates): string {
  const instant = Temporal.Instant.from(at);
  return `${dates.shortDay(instant)} ${dates.time(instant)}`;
}

function LogIns({ t, people }: { t: Translate; people: DemoAccess[] }) {
  const password = people[0]?.password ?? '';
  return (
    <>
      <p>
        {t('notices.demo.password')}: <code>{password}</code>
      </p>
      <p>{t('notices.demo.codeNote')}</p>
      <ul class="lists">
        {people.map((each) => (
          <li key={`${each.email} ${each.office} ${each.role}`}>
            <strong>{each.email}</strong>
            <p>
              {t(`notices.demo.role.${each.role}`)}, {each.office}. {t('notices.demo.code')}:{' '}
              <code>{codeNow(each.totpSecret)}</code>
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

/** `/demo/mail/{id}`: one message, as a mail program shows it and as text. */
export function MailPage({ t, mail, dates }: { t: Translate; mail: Mail; dates: Dates }) {
  return (
    <>
      <BackLink href="/demo">{t('notices.demo.back')}</BackLink>
      <h1 lang={mail.language}>{mail.subject}</h1>
      <p>
        {t('notices.demo.to')}: {mail.to}
        <br />
        {t('notices.demo.at')}: {atOf(mail, dates)}
        <br />
        {t('notices.demo.appointment')}: {mail.appointment}
      </p>
      {mail.html ? (
        <>
          <h2>{t('notices.demo.asHtml')}</h2>
          <div>
            <iframe
              src={`/demo/mail/${mail.id}/html`}
              title={t('notices.demo.frame')}
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              width="600"
              height="1100"
            />
          </div>
        </>
      ) : null}
      <h2>{mail.html ? t('notices.demo.asText') : t('notices.demo.sms')}</h2>
      <Lines text={mail.text} language={mail.language} />
      {mail.attachments.length > 0 ? <h2>{t('notices.demo.attachments')}</h2> : null}
      {mail.attachments.map((file) => (
        <details key={file.filename}>
          <summary>
            {file.filename} ({file.contentType})
          </summary>
          <Lines text={file.text} language={mail.language} />
        </details>
      ))}
    </>
  );
}

/** Shows a text line by line, without changes, within the width of a telephone. */
function Lines({ text, language }: { text: string; language: Mail['language'] }) {
  return (
    <p lang={language}>
      {text.split(/\r?\n/).map((line, index) => (
        <>
          {index > 0 ? <br /> : null}
          {/^https?:\/\/\S+$/.test(line) ? <a href={line}>{line}</a> : line}
        </>
      ))}
    </p>
  );
}
