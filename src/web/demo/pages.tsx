import type { DemoAccess } from '../../features/staff/types.ts';
import type { Dates } from '../../lib/i18n/dates.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { BackLink, Table } from '../../ui/parts.tsx';
import { type Access, codeNow } from './access.ts';
import type { Mail } from './mailbox.ts';

export const PLACES = { staff: '/staff/sign-in', api: '/api/v1/openapi.json' } as const;

/** `/demo`: everything that somebody who tries Finestreta out needs, on one page. */
export function DemoPage(props: { t: Translate; access: Access; mails: Mail[]; dates: Dates }) {
  const { t, access, mails, dates } = props;
  return (
    <>
      <h1>{t('notices.demo.title')}</h1>
      <p class="lead">{t('notices.demo.intro')}</p>
      <h2>{t('notices.demo.places')}</h2>
      <ul>
        {[
          [`/${t.language}`, t('notices.demo.citizen')],
          [PLACES.staff, t('notices.demo.staff')],
          [PLACES.api, t('notices.demo.api')],
          ['/demo/outbox.json', t('notices.demo.outboxJson')],
          ['/demo/access.json', t('notices.demo.accessJson')],
        ].map(([href = '', text]) => (
          <li key={href}>
            <a href={href}>{text ?? ''}</a>
          </li>
        ))}
      </ul>
      <h2>{t('notices.demo.mailbox')}</h2>
      <Mailbox t={t} mails={mails} dates={dates} />
      <h2>{t('notices.demo.access')}</h2>
      <LogIns t={t} people={access.staff} />
      <h2>{t('notices.demo.tokens')}</h2>
      <Table
        caption={t('notices.demo.tokensCaption')}
        columns={[
          { head: t('notices.demo.body'), cell: ([body]) => body },
          { head: t('notices.demo.token'), cell: ([, token]) => <code>{token}</code> },
        ]}
        rows={Object.entries(access.tokens)}
        keyOf={([body]) => body}
      />
    </>
  );
}

function Mailbox({ t, mails, dates }: { t: Translate; mails: Mail[]; dates: Dates }) {
  if (mails.length === 0) return <p>{t('notices.demo.none')}</p>;
  return (
    <Table
      caption={t('notices.demo.mailboxCaption')}
      columns={[
        {
          head: t('notices.demo.subject'),
          cell: (mail) => <a href={`/demo/mail/${mail.id}`}>{mail.subject}</a>,
        },
        {
          head: t('notices.demo.to'),
          cell: (mail) => (mail.channel === 'sms' ? `${mail.to} (SMS)` : mail.to),
        },
        { head: t('notices.demo.at'), cell: (mail) => atOf(mail, dates) },
      ]}
      rows={mails.toReversed()}
      keyOf={(mail) => mail.id}
    />
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
      <p>{t('notices.demo.codeNote')}</p>
      <Table
        caption={t('notices.demo.accessCaption', { password })}
        columns={[
          { head: t('notices.demo.email'), cell: (each) => each.email },
          { head: t('notices.demo.role'), cell: (each) => t(`notices.demo.role.${each.role}`) },
          { head: t('notices.demo.body'), cell: (each) => each.body },
          {
            head: t('notices.demo.code'),
            cell: (each) => <code>{codeNow(each.totpSecret)}</code>,
            number: true,
          },
        ]}
        rows={people}
        keyOf={(each) => `${each.email} ${each.body} ${each.role}`}
      />
    </>
  );
}

/** `/demo/mail/{id}`: one message, as it looks and as text. */
export function MailPage({ t, mail, dates }: { t: Translate; mail: Mail; dates: Dates }) {
  return (
    <>
      <BackLink href="/demo">{t('notices.demo.back')}</BackLink>
      <h1>{mail.subject}</h1>
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
          <div class="scroll">
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
      <Lines text={mail.text} />
      {mail.attachments.length > 0 ? <h2>{t('notices.demo.attachments')}</h2> : null}
      {mail.attachments.map((file) => (
        <details key={file.filename}>
          <summary>
            {file.filename} ({file.contentType})
          </summary>
          <Lines text={file.text} />
        </details>
      ))}
    </>
  );
}

/** A text as it is, line by line, that still fits a telephone. */
function Lines({ text }: { text: string }) {
  return (
    <p>
      {text.split(/\r?\n/).map((line, index) => (
        <>
          {index > 0 ? <br /> : null}
          {line}
        </>
      ))}
    </p>
  );
}
