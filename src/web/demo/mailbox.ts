import type { Bodies } from '../../features/bodies/service.ts';
import { readNotice, readOutbox, render } from '../../features/notices/service.ts';
import type { LinkMaker, Message, Notice } from '../../features/notices/types.ts';
import type { Db } from '../../lib/db/database.ts';

export interface MailboxDeps {
  database: { kysely: Db };
  bodies: Pick<Bodies, 'byId'>;
  links: LinkMaker;
}

/** A notice as everybody may read it in demo mode (interfaces.md). */
export interface Mail extends Message {
  id: string;
  channel: Notice['channel'];
  to: string;
  language: Notice['language'];
  /** RFC 3339. */
  at: string;
  /** Reference of the appointment. */
  appointment: string | null;
}

/** Every notice so far, newest last, in the words that left or would have left. */
export async function readMailbox(deps: MailboxDeps, now: Temporal.Instant): Promise<Mail[]> {
  const notices = await readOutbox(deps.database.kysely, now);
  return Promise.all(notices.map((notice) => mailOf(deps, notice)));
}

/** One of them; null when there is none with this id. */
export async function readMail(deps: MailboxDeps, id: string): Promise<Mail | null> {
  const notice = await readNotice(deps.database.kysely, id);
  return notice && mailOf(deps, notice);
}

async function mailOf(deps: MailboxDeps, notice: Notice): Promise<Mail> {
  const { id, channel, recipient, language, facts, notBefore } = notice;
  const body = await deps.bodies.byId(notice.body);
  const { subject, text, html, attachments } = render(notice, body, deps.links);
  return {
    id,
    channel,
    to: recipient,
    language,
    subject,
    text,
    html,
    attachments: attachments.map(({ filename, contentType, text: content }) => ({
      filename,
      contentType,
      text: content,
    })),
    at: notBefore.toString(),
    appointment: facts.reference,
  };
}
