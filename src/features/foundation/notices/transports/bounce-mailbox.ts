import type { ImapFlow } from 'imapflow';
import { isLoopback } from '../../../../lib/http/loopback.ts';

export interface BounceMailbox {
  /** Reads new mails. Returns how many of them were reports about our messages. @throws when the server can't be reached */
  read(): Promise<number>;
  /** Signs in and opens the mailbox, without other effects. @throws as `read` */
  visit(): Promise<void>;
}

export interface BounceMailboxOptions {
  /** The mailbox URL BOUNCES_URL: `imaps://user:password@host/Mailbox`; INBOX is the default. */
  url: string;
  /** Takes a mail. Returns whether it was a report about our messages and can be deleted. */
  take(raw: Uint8Array): Promise<boolean>;
}

/** Maximum size read. A report quotes a message or its headers; more is attachments. */
const MOST_BYTES = 256 * 1024;
/** Maximum mails per run. A large mailbox is read in parts. */
const AT_ONCE = 200;

/**
 * The mailbox that receives reports of undelivered mails. Reports about our messages are deleted after they are recorded, since they name
 * people. Other mails are marked as read and kept, since a person may have written them.
 */
export function bounceMailbox({ url, take }: BounceMailboxOptions): BounceMailbox {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const mailbox = decodeURIComponent(pathname.slice(1)) || 'INBOX';
  const inMailbox = async <T>(work: (client: ImapFlow) => Promise<T>): Promise<T> => {
    // Loaded only when needed, since loading takes a tenth of a second.
    const imap = await import('imapflow');
    const client = new imap.ImapFlow({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'imaps:' ? 993 : 143),
      secure: protocol === 'imaps:',
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
      logger: false,
      // The password is sent unencrypted only within this machine.
      ...(protocol === 'imap:' && !isLoopback(url) && { doSTARTTLS: true }),
      // The same exception as for a mail server on this machine.
      ...(isLoopback(url) && { tls: { rejectUnauthorized: false } }),
      socketTimeout: 60_000,
      greetingTimeout: 16_000,
    });
    // Without a listener, a broken connection would end the process. The current command fails, which is sufficient.
    client.on('error', () => {});
    await client.connect();
    try {
      const lock = await client.getMailboxLock(mailbox);
      try {
        return await work(client);
      } finally {
        lock.release();
      }
    } finally {
      await client.logout().catch(() => client.close());
    }
  };
  return {
    read: () => inMailbox((client) => readAll(client, take)),
    visit: () => inMailbox(async () => {}),
  };
}

/** Returns how many it took. */
async function readAll(client: ImapFlow, take: BounceMailboxOptions['take']): Promise<number> {
  const unread = ((await client.search({ seen: false }, { uid: true })) || []).slice(0, AT_ONCE);
  let taken = 0;
  for (const uid of unread.map(String)) {
    const wanted = { source: { maxLength: MOST_BYTES } };
    const mail = await client.fetchOne(uid, wanted, { uid: true });
    const source = mail ? mail.source : undefined;
    if (source && (await take(source))) {
      await client.messageDelete(uid, { uid: true });
      taken++;
    } else {
      await client.messageFlagsAdd(uid, ['\\Seen'], { uid: true });
    }
  }
  return taken;
}
