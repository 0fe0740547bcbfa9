import { readNotice, readOutbox, render } from '../../features/foundation/notices/service.ts';
import type {
  Enclosures,
  LinkMaker,
  Message,
  Notice,
} from '../../features/foundation/notices/types.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { StaffMailbox } from '../../features/foundation/staff-mail/service.ts';
import type { StaffMessage } from '../../features/foundation/staff-mail/types.ts';
import type { Db } from '../../lib/db/database.ts';

export interface MailboxDeps {
  database: { kysely: Db };
  offices: Pick<Offices, 'byId'>;
  links: LinkMaker;
  enclosures?: Enclosures;
  staffMail: Pick<StaffMailbox, 'all' | 'find'>;
}

/** A notice as everybody may read it in demo mode. */
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

/**
 * Returns every notice so far, and every mail to staff, newest last, with the text that was or would
 * have been sent. `isShown`: whether those to a recipient are wanted.
 */
export async function readMailbox(
  deps: MailboxDeps,
  now: Temporal.Instant,
  isShown: (recipient: string) => boolean = () => true,
): Promise<Mail[]> {
  const all = await readOutbox(deps.database.kysely, now);
  const notices = all.filter(({ recipient }) => isShown(recipient));
  const mails = await Promise.all(notices.map((notice) => mailOf(deps, notice)));
  const toStaff = (await deps.staffMail.all()).map(staffMailOf);
  const at = (mail: Mail) => Temporal.Instant.from(mail.at);
  return [...mails, ...toStaff].sort((a, b) => Temporal.Instant.compare(at(a), at(b)));
}

/** Returns one of them; null when there is none with this id. */
export async function readMail(deps: MailboxDeps, id: string): Promise<Mail | null> {
  const notice = await readNotice(deps.database.kysely, id);
  if (notice) return mailOf(deps, notice);
  const toStaff = await deps.staffMail.find(id);
  return toStaff && staffMailOf(toStaff);
}

function staffMailOf(message: StaffMessage): Mail {
  const { sender: _, at, ...mail } = message;
  return { ...mail, channel: 'email', at: at.toString(), appointment: null };
}

async function mailOf(deps: MailboxDeps, notice: Notice): Promise<Mail> {
  const { id, channel, recipient, language, facts, notBefore } = notice;
  const office = await deps.offices.byId(notice.office);
  const enclosed = (await deps.enclosures?.of(notice, office)) ?? [];
  const { subject, text, html, attachments } = render(notice, office, deps.links, enclosed);
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
