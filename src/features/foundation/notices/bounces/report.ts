import PostalMime, { type Email } from 'postal-mime';
import { oneLine } from '../plain.ts';

/** A message of ours that came back for good. */
export interface Bounce {
  /** Id of the notice. */
  notice: string;
  /** Enhanced status code (RFC 3463), such as 5.1.1; '' where the report names none. */
  status: string;
  /** As the other server put it; may name the recipient. */
  reason: string;
}

/** The address that a message's report comes back to: it says which message (VERP), whatever the report itself says. */
export function returnAddress(bounces: string, notice: string): string {
  const at = bounces.lastIndexOf('@');
  return `${bounces.slice(0, at)}+${notice}${bounces.slice(at)}`;
}

const ID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const RETURNED_TO = new RegExp(`\\+(${ID})@`, 'i');
const OUR_MESSAGE = new RegExp(`^message-id:\\s*<(${ID})@`, 'im');

/**
 * Lines of a mail that are read. Anybody may write to where reports go, and each line costs the parser time in which nobody
 * else is served; a report says what it has to in some hundred.
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
 * Reads a mail that came to where reports go: a delivery report (RFC 3464) or a plainer one, of a message that we sent and
 * that won't arrive. Null for whatever else comes: a delay, an out-of-office answer, somebody's letter, a stranger's report.
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
    mail.text ?? '', // servers that know no reports quote the message
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

/** What a report says of the recipient: only that it failed, and for good, counts. */
function reportedFailure(report: string): Failure | null {
  const unfolded = report.replaceAll(/\r?\n[ \t]+/g, ' ');
  const field = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(unfolded)?.[1]?.trim() ?? '';
  const status = /^\d\.\d{1,3}\.\d{1,3}/.exec(field('Status'))?.[0] ?? '';
  if (field('Action').toLowerCase() !== 'failed' || status.startsWith('4')) return null;
  const diagnostic = field('Diagnostic-Code').replace(/^[\w-]+;\s*/, '');
  return { status, reason: oneLine(diagnostic || field('Status')).slice(0, 500) };
}

/** A report in words alone: a server's, and with a code that says "for good" in it. */
function plainFailure(mail: Email): Failure | null {
  const isServer = /^(mailer-daemon|postmaster)@/i.test(mail.from?.address ?? '');
  if (!isServer) return null;
  const text = mail.text ?? '';
  const line = text.split(/\r?\n/).find((each) => /\b(5\.\d{1,3}\.\d{1,3}|55\d)\b/.test(each));
  if (line === undefined) return null;
  const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(line)?.[0] ?? '';
  return { status, reason: oneLine(line).slice(0, 500) };
}
