import { ImapFlow } from 'imapflow';
import { isLoopback } from '../../../config.ts';

export interface BounceMailbox {
  /** Reads what has come since. Answers how many reports of ours were among it. @throws when the server can't be reached */
  read(): Promise<number>;
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
  return {
    async read() {
      const client = new ImapFlow({
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port) || (protocol === 'imaps:' ? 993 : 143),
        secure: protocol === 'imaps:',
        auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
        logger: false,
        // As with a mail server on this very machine.
        ...(isLoopback(url) && { tls: { rejectUnauthorized: false } }),
        socketTimeout: 60_000,
        greetingTimeout: 16_000,
      });
      // Without a listener a connection that breaks would end the process; the command under way fails, which is enough.
      client.on('error', () => {});
      await client.connect();
      try {
        return await readAll(client, mailbox, take);
      } finally {
        await client.logout().catch(() => client.close());
      }
    },
  };
}

async function readAll(
  client: ImapFlow,
  mailbox: string,
  take: BounceMailboxOptions['take'],
): Promise<number> {
  const lock = await client.getMailboxLock(mailbox);
  try {
    const unread = ((await client.search({ seen: false }, { uid: true })) || []).slice(0, AT_ONCE);
    let taken = 0;
    for (const uid of unread) {
      const mail = await client.fetchOne(
        String(uid),
        { source: { maxLength: MOST_BYTES } },
        { uid: true },
      );
      const source = mail ? mail.source : undefined;
      const isOurs = source ? await take(source) : false;
      if (isOurs) await client.messageDelete(String(uid), { uid: true });
      else await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
      if (isOurs) taken++;
    }
    return taken;
  } finally {
    lock.release();
  }
}
