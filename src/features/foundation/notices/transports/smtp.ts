import { createTransport } from 'nodemailer';
import { mailSecurity } from '../../../../lib/encryption.ts';
import type { Delivery } from '../../outbox/types.ts';
import { returnAddress } from '../bounces/report.ts';
import { oneLine } from '../plain.ts';
import type { Outgoing, Transport } from '../types.ts';

export interface SmtpOptions {
  /** The server's URL: SMTP_URL. */
  url: string;
  /** MAIL_FROM: an address, with an optional name for offices without one. */
  mailFrom: string;
  /** MAIL_BOUNCES: the address for delivery reports; null: the sender. */
  bounces?: string | null;
  /** The URL whose host is used in message ids. */
  baseUrl: string;
  /** Whether WITHOUT_TLS allows a server without STARTTLS. */
  mayBePlain?: boolean;
  /** Maximum parallel messages. */
  connections?: number;
  timeouts?: typeof SMTP_TIMEOUTS;
}

/**
 * For how long a server may say nothing, in milliseconds: until the connection, until its first words, and to each thing that it is told. Servers that scan
 * a message before they accept it take a while.
 */
export const SMTP_TIMEOUTS = {
  connectionTimeout: 15_000,
  greetingTimeout: 30_000,
  socketTimeout: 120_000,
};

/** Default of parallel messages: mail servers accept this number from one client. */
const SMTP_CONNECTIONS = 5;

/**
 * Sends over SMTP on persistent connections. It tries once; the outbox repeats, since it survives restarts.
 * Connections to other machines need TLS, also without a password: mails contain secret links.
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
    ...(options.timeouts ?? SMTP_TIMEOUTS),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...mailSecurity(options.url, options.mayBePlain ?? false),
  });
  return {
    send: async (outgoing) => {
      try {
        const mail = mailOf(outgoing, host, { name, address });
        const from = options.bounces ? returnAddress(options.bounces, outgoing.id) : address;
        const { response } = await mailer.sendMail({
          ...mail,
          envelope: { from, to: outgoing.to },
        });
        return { ok: true, answer: oneLine(response).slice(0, 500) };
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

/** Headers for the mail program's own unsubscribe button, which posts to the address (RFC 8058). */
const stopHeaders = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/** Properties that nodemailer adds to its errors. */
interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

/**
 * Returns whether an error is permanent: a refusal of this recipient or message (5xx to RCPT or DATA), or an address that is not
 * valid. A refused password or sender is for the operator to correct; all messages wait meanwhile.
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
