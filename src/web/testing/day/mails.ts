import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { Claim } from './ledger.ts';

/** A mail server that reads each mail as its citizen does, before it answers that it has it. */
export interface Mailbox {
  url: string;
  /** Called for each mail, before it is accepted. */
  onMail: (to: string, claim: Claim, messageId: string) => void;
  close(): Promise<void>;
}

/** Opens it. No mail reaches the addresses that begin with `nobody`. */
export async function openMailbox(): Promise<Mailbox> {
  const mailbox: Mailbox = { url: '', onMail: () => {}, close: async () => {} };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: ({ address }, _, callback) =>
      callback(
        address.startsWith('nobody')
          ? Object.assign(new Error('5.1.1 No such user'), { responseCode: 550 })
          : null,
      ),
    onData: (stream, session, callback) => {
      simpleParser(stream).then((mail) => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        mailbox.onMail(to, claimOf(mail), mail.messageId ?? '');
        callback();
      }, callback);
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  mailbox.url = `smtp://127.0.0.1:${port}`;
  mailbox.close = () => new Promise<void>((resolve) => server.close(resolve));
  return mailbox;
}

/** The mails of the English pages, by what their subjects begin with. */
const KINDS: [RegExp, string][] = [
  [/^Appointment confirmed/, 'confirmation'],
  [/^Reminder:/, 'reminder'],
  [/^Soon:/, 'soon'],
  [/^We are running late/, 'late'],
  [/^Appointment changed/, 'change'],
  [/^Appointment cancelled/, 'cancellation'],
  [/^We couldn’t reach you/, 'noshow'],
  [/^What is your number/, 'number'],
  [/^How did your appointment go/, 'survey'],
  [/^We can’t help you on/, 'displaced'],
  [/^We didn’t call you on/, 'uncalled'],
  [/^A time has come free/, 'offer'],
  [/^Your contact details were changed/, 'contact'],
];

/** The day before whose midnight minutes are counted. */
const FIRST = 30;
const DAY = 24 * 60;

/** Returns what a mail claims, from its subject and text alone. */
function claimOf({ subject = '', text = '' }: ParsedMail): Claim {
  const kind = KINDS.find(([pattern]) => pattern.test(subject))?.[1] ?? `unknown: ${subject}`;
  const [, day, month, hour, minute] =
    /(\d{1,2}) (November|December)\D*?(\d{1,2}):(\d\d)/.exec(subject) ?? [];
  const isNamed = day !== undefined;
  const nth = Number(day) - FIRST + (month === 'December' ? FIRST : 0);
  const by = /You cancelled this appointment/.test(text)
    ? 'citizen'
    : /We have had to cancel/.test(text)
      ? 'office'
      : null;
  return { kind, start: isNamed ? nth * DAY + Number(hour) * 60 + Number(minute) : null, by };
}
