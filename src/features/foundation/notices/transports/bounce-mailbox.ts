import type { ImapFlow } from 'imapflow';
import { isLoopback } from '../../../../lib/loopback.ts';

export interface BounceMailbox {
  /** Reads what has come since. Answers how many reports of ours were among it. @throws when the server can't be reached */
  read(): Promise<number>;
  /** Signs in and opens the mailbox, and does nothing there. @throws as `read` */
  visit(): Promise<void>;
}

export interface BounceMailboxOptions {
  /** BOUNCES_URL: `imaps://user:password@host/Mailbox`, INBOX where none is named. */
  url: string;
  /** Takes a mail; whether it was a report of ours, and can go. */
  take(raw: Uint8Array): Promise<boolean>;
}

/** A report quotes a message or its headers; beyond this it quotes attachments. */
const MOST_BYTES = 256 * 1024;
/** A mailbox that nobody has tidied for years is gone through in parts. */
const AT_ONCE = 200;

/**
 * The mailbox to which reports of undelivered mails come. Reports of ours are deleted once they are noted, since they name
 * people; anything else is marked as read and left, since somebody may have written there.
 */
export function bounceMailbox({ url, take }: BounceMailboxOptions): BounceMailbox {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const mailbox = decodeURIComponent(pathname.slice(1)) || 'INBOX';
  const inMailbox = async <T>(work: (client: ImapFlow) => Promise<T>): Promise<T> => {
    // Loaded when it is needed, since loading it takes a tenth of a second.
    const imap = await import('imapflow');
    const client = new imap.ImapFlow({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'imaps:' ? 993 : 143),
      secure: protocol === 'imaps:',
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
      logger: false,
      // A password isn't said in clear beyond this machine.
      ...(protocol === 'imap:' && !isLoopback(url) && { doSTARTTLS: true }),
      // As with a mail server on this very machine.
      ...(isLoopback(url) && { tls: { rejectUnauthorized: false } }),
      socketTimeout: 60_000,
      greetingTimeout: 16_000,
    });
    // Without a listener a connection that breaks would end the process; the command under way fails, which is enough.
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

/** Answers how many it took. */
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
