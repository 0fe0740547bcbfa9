import PostalMime, { type Email } from 'postal-mime';
import { oneLine } from '../plain.ts';

/** One of our messages that was returned permanently. */
export interface Bounce {
  /** Id of the notice. */
  notice: string;
  /** Enhanced status code (RFC 3463), such as 5.1.1; '' when the report has none. */
  status: string;
  /** The other server's message; may name the recipient. */
  reason: string;
}

/** Returns the address to which a message's report comes back. It names the message (VERP), whatever the report contains. */
export function returnAddress(bounces: string, notice: string): string {
  const at = bounces.lastIndexOf('@');
  return `${bounces.slice(0, at)}+${notice}${bounces.slice(at)}`;
}

const ID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const RETURNED_TO = new RegExp(`\\+(${ID})@`, 'i');
const OUR_MESSAGE = new RegExp(`^message-id:\\s*<(${ID})@`, 'im');

/**
 * Maximum lines of a mail that are read. Anybody may write to the address of reports, and parsing blocks the process. A report
 * needs a few hundred lines.
 */
const MOST_LINES = 2000;

function beginningOf(raw: Uint8Array | string): Uint8Array {
  const bytes = typeof raw === 'string' ? new TextEncoder().encode(raw) : raw;
  let end = -1;
  for (let line = 0; line < MOST_LINES; line++) {
    end = bytes.indexOf(10, end + 1);
    if (end < 0) return bytes;
  }
  return bytes.subarray(0, end);
}

/**
 * Reads a mail to the address of reports: a delivery report (RFC 3464) or a plain-text one, about one of our messages that will not
 * arrive. Returns null for other mails: a delay, an out-of-office answer, a person's letter, a report on another sender's mail.
 */
export async function readBounce(raw: Uint8Array | string): Promise<Bounce | null> {
  const mail = await PostalMime.parse(beginningOf(raw), { forceRfc822Attachments: true }).catch(
    () => null,
  );
  const notice = mail && noticeOf(mail);
  if (!notice) return null;
  const report = partsOf(mail, 'message/delivery-status')[0];
  const failure = report === undefined ? plainFailure(mail) : reportedFailure(report);
  return failure && { notice: notice.toLowerCase(), ...failure };
}

function noticeOf(mail: Email): string | null {
  const returned = mail.headers
    .filter((each) => /^(to|delivered-to|x-original-to|envelope-to)$/.test(each.key))
    .map((each) => RETURNED_TO.exec(each.value)?.[1]);
  const ours = [
    ...partsOf(mail, 'message/rfc822'),
    ...partsOf(mail, 'text/rfc822-headers'),
    mail.text ?? '', // servers without the report format quote the message
  ].map((text) => OUR_MESSAGE.exec(text)?.[1]);
  return [...returned, ...ours].find((each) => each !== undefined) ?? null;
}

const partsOf = (mail: Email, type: string): string[] =>
  mail.attachments
    .filter((each) => each.mimeType.toLowerCase() === type)
    .map(({ content }) =>
      typeof content === 'string' ? content : new TextDecoder().decode(content),
    );

type Failure = Omit<Bounce, 'notice'>;

/** Returns the recipient's part of a report; only a permanent failure counts. */
function reportedFailure(report: string): Failure | null {
  const unfolded = report.replaceAll(/\r?\n[ \t]+/g, ' ');
  const field = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(unfolded)?.[1]?.trim() ?? '';
  const status = /^\d\.\d{1,3}\.\d{1,3}/.exec(field('Status'))?.[0] ?? '';
  if (field('Action').toLowerCase() !== 'failed' || status.startsWith('4')) return null;
  const diagnostic = field('Diagnostic-Code').replace(/^[\w-]+;\s*/, '');
  return { status, reason: oneLine(diagnostic || field('Status')).slice(0, 500) };
}

/** Reads a plain-text report: it comes from a server and has a code of a permanent failure. */
function plainFailure(mail: Email): Failure | null {
  const isServer = /^(mailer-daemon|postmaster)@/i.test(mail.from?.address ?? '');
  if (!isServer) return null;
  const text = mail.text ?? '';
  const line = text.split(/\r?\n/).find((each) => /\b(5\.\d{1,3}\.\d{1,3}|55\d)\b/.test(each));
  if (line === undefined) return null;
  const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(line)?.[0] ?? '';
  return { status, reason: oneLine(line).slice(0, 500) };
}
