import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ICAL from 'ical.js';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { until } from './processes.ts';

/** A mail as it came over SMTP. */
export interface Received {
  /** The envelope's recipient. */
  to: string;
  /** The envelope's sender: where reports come back to. */
  returnPath: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  language: string;
  messageId: string;
  /** The calendar file, if there is one. */
  calendar: Entry | null;
  /** The addresses in its text. */
  links: string[];
  /** Where a mail program's own button stops such mails with one click (RFC 8058); null: nowhere. */
  stop: string | null;
}

/** The result of an independent calendar parser. */
export interface Entry {
  method: string;
  uid: string;
  sequence: number;
  /** Instants, RFC 3339 in UTC. */
  start: string;
  end: string;
  summary: string;
  status: string;
  /** Minutes before the start at which it rings. */
  alarms: number[];
}

export interface MailServer extends AsyncDisposable {
  /** For SMTP_URL. */
  url: string;
  received: Received[];
  /** Keeps its word back from now on: what comes is received, and not acknowledged until what this returns is called. */
  hold(): () => void;
  /** Waits for the nth mail (1: the first) to this address. */
  mailTo(address: string, nth: number): Promise<Received>;
}

/** A mail server that takes everything and keeps it. */
export async function openMailServer(): Promise<MailServer> {
  const received: Received[] = [];
  let held = Promise.resolve();
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      const to = session.envelope.rcptTo.map((each) => each.address).join(', ');
      simpleParser(stream).then(
        (mail) => {
          const { mailFrom } = session.envelope;
          received.push(readMail(mail, to, mailFrom ? mailFrom.address : ''));
          held.then(() => done());
        },
        (error: Error) => done(error),
      );
    },
  });
  // A client that died in the middle of a mail.
  smtp.on('error', () => {});
  const listening = smtp.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    mailTo: (address, nth) =>
      until(
        `${nth} mails to ${address}`,
        () => received.filter((each) => each.to === address)[nth - 1],
      ),
    [Symbol.asyncDispose]: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
}

const addressOf = (who: AddressObject | undefined): string => who?.value[0]?.address ?? '';

function readMail(mail: ParsedMail, to: string, returnPath: string): Received {
  const file = mail.attachments.find((each) => each.contentType === 'text/calendar');
  const text = mail.text ?? '';
  return {
    to,
    returnPath,
    from: addressOf(mail.from),
    subject: mail.subject ?? '',
    text,
    html: mail.html || '',
    language: String(mail.headers.get('content-language') ?? ''),
    messageId: mail.messageId ?? '',
    calendar: file ? readCalendar(file.content.toString('utf8')) : null,
    stop: stopOf(mail),
    links: [...text.matchAll(/https?:\/\/[^\s<>]+/g)].map((match) => match[0]),
  };
}

function stopOf(mail: ParsedMail): string | null {
  const line = (key: string) => mail.headerLines.find((each) => each.key === key)?.line ?? '';
  if (!line('list-unsubscribe-post').endsWith('List-Unsubscribe=One-Click')) return null;
  return /<(https?:[^>]+)>/.exec(line('list-unsubscribe').replaceAll(/\s+/g, ''))?.[1] ?? null;
}

/** Reads a calendar file. @throws where it isn't one with one event */
function readCalendar(text: string): Entry {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents('vevent');
  const [component] = events;
  if (!component || events.length !== 1) throw new Error(`${events.length} events in\n${text}`);
  const event = new ICAL.Event(component);
  const alarms = component.getAllSubcomponents('valarm').map((each) => {
    const trigger = each.getFirstPropertyValue('trigger');
    if (!(trigger instanceof ICAL.Duration)) throw new Error(`An alarm at no duration in\n${text}`);
    return -trigger.toSeconds() / 60;
  });
  return {
    method: String(calendar.getFirstPropertyValue('method')),
    uid: event.uid,
    sequence: event.sequence,
    start: instant(event.startDate),
    end: instant(event.endDate),
    summary: event.summary,
    status: String(component.getFirstPropertyValue('status')),
    alarms,
  };
}

const instant = (time: ICAL.Time): string =>
  Temporal.Instant.fromEpochMilliseconds(time.toUnixTime() * 1000).toString();
