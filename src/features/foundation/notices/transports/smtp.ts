import { createTransport } from 'nodemailer';
import { mailSecurity } from '../../../../lib/encryption.ts';
import type { Delivery } from '../../outbox/types.ts';
import { returnAddress } from '../bounces/report.ts';
import { oneLine } from '../plain.ts';
import type { Outgoing, Transport } from '../types.ts';

export interface SmtpOptions {
  /** SMTP_URL. */
  url: string;
  /** MAIL_FROM: an address, perhaps with a name before it that is used where an office has none. */
  mailFrom: string;
  /** MAIL_BOUNCES: where reports of what could not be delivered come back to; null: to the sender. */
  bounces?: string | null;
  /** Whose host names the messages. */
  baseUrl: string;
  /** Whether WITHOUT_TLS allows a server without STARTTLS. */
  mayBePlain?: boolean;
  /** Messages at once. */
  connections?: number;
}

/** How many messages are sent at once: what mail servers let one client do without complaint. */
const SMTP_CONNECTIONS = 5;

/**
 * Sends over SMTP, on connections that are kept. It tries once: trying again is the outbox's business, which outlives us.
 * Beyond this machine it needs TLS, with a password or without one: mails hold secret links.
 */
export function smtpTransport(options: SmtpOptions): Transport {
  const host = new URL(options.baseUrl).hostname;
  const [, name = '', address = ''] =
    /^(?:([^<]*)<)?\s*([^\s<>]+)\s*>?$/.exec(options.mailFrom) ?? [];
  const mailer = createTransport({
    url: options.url,
    pool: true,
    maxConnections: options.connections ?? SMTP_CONNECTIONS,
    maxRequeues: 0,
    connectionTimeout: 15_000,
    greetingTimeout: 30_000,
    // Of silence. Servers that scan a message before they take it may be silent for a while.
    socketTimeout: 120_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...mailSecurity(options.url, options.mayBePlain ?? false),
  });
  return {
    send: async (outgoing) => {
      try {
        const mail = mailOf(outgoing, host, { name, address });
        const from = options.bounces ? returnAddress(options.bounces, outgoing.id) : address;
        await mailer.sendMail({ ...mail, envelope: { from, to: outgoing.to } });
        return { ok: true };
      } catch (error) {
        return deliveryOf(error);
      }
    },
    close: () => mailer.close(),
  };
}

function mailOf(outgoing: Outgoing, host: string, from: { name: string; address: string }) {
  const { id, to, message, at } = outgoing;
  return {
    from: { name: oneLine(outgoing.sender || from.name), address: from.address },
    to: { name: '', address: to },
    ...(outgoing.replyTo && { replyTo: { name: '', address: outgoing.replyTo } }),
    subject: oneLine(message.subject),
    messageId: `<${id}@${host}>`,
    date: new Date(at.epochMilliseconds),
    headers: {
      'Auto-Submitted': 'auto-generated', // RFC 3834: no out-of-office answers
      'Content-Language': outgoing.language,
      ...(outgoing.stopUrl && stopHeaders(outgoing.stopUrl)),
    },
    text: message.text,
    html: message.html,
    textEncoding: 'quoted-printable' as const,
    attachments: message.attachments.map(({ filename, contentType, text }) => ({
      filename,
      contentType,
      content: text,
      contentDisposition: 'attachment' as const,
    })),
  };
}

/** With these a mail program shows a button of its own, which posts to the address (RFC 8058). */
const stopHeaders = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/** What nodemailer adds to its errors. */
interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

/**
 * Permanent is what the server says of this recipient or this message (5xx to RCPT or DATA), and an address that can't be
 * written. That it doesn't take our password or our sender is the operator's to mend, and every message's to wait for.
 */
function deliveryOf(error: unknown): Delivery {
  if (!(error instanceof Error)) throw error;
  const {
    code = 'unknown',
    command = '',
    responseCode = 0,
    response,
    message,
  } = error as SmtpError;
  const isRefused = responseCode >= 500 && /^(RCPT|DATA)/.test(command);
  const isUnwritable = code === 'EENVELOPE' && command === 'API';
  return {
    ok: false,
    permanent: isRefused || isUnwritable,
    answered: responseCode > 0,
    code: responseCode > 0 ? `${responseCode}` : code,
    reason: oneLine(response || message).slice(0, 500),
  };
}
