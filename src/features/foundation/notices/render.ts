import { extentOf } from '../../../domain/office/bundle.ts';
import type { Office, OfficeSettings } from '../../../domain/office/types.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { calendarFile } from './calendar.ts';
import { timeOf } from './card.ts';
import { htmlOf } from './html.ts';
import { type Letter, letterOf, linksOf } from './letter.ts';
import { smsOf } from './sms.ts';
import { textOf } from './text.ts';
import type { LinkMaker, Message, Notice, NoticeKind } from './types.ts';

/**
 * Writes a notice. `enclosed`: what is added to it. The result depends only on the arguments, so a repetition after a crash, or in the demo's mailbox, is the same
 * message.
 */
export function render(
  notice: Notice,
  office: Office,
  maker: LinkMaker,
  enclosed: Message['attachments'] = [],
): Message {
  const links = linksOf(notice, office, maker);
  const letter = letterOf(notice, office, links);
  if (notice.channel === 'sms') {
    const text = smsOf(notice, office, links);
    return { subject: letter.subject, text, html: '', attachments: [] };
  }
  return {
    ...letterMessage(letter, notice.language, office.settings.look),
    attachments: [...calendarOf(notice, office, links.manage), ...enclosed],
  };
}

/** A letter as a mail without attachments. */
export const letterMessage = (
  letter: Letter,
  language: Language,
  look: OfficeSettings['look'],
): Message => ({
  subject: letter.subject,
  text: textOf(letter),
  html: htmlOf(letter, language, look),
  attachments: [],
});

/** Kinds that change a calendar. Other kinds have no calendar file. */
const IN_CALENDARS: ReadonlySet<NoticeKind> = new Set(['confirmation', 'change', 'cancellation']);

function calendarOf(notice: Notice, office: Office, manageUrl: string): Message['attachments'] {
  const { kind, facts, appointment } = notice;
  if (!appointment || !IN_CALENDARS.has(kind)) return [];
  const entry = {
    id: appointment,
    reference: facts.reference ?? '',
    procedure: facts.procedure,
    ...extentOf(facts),
    channel: facts.channel,
    start: timeOf(facts.start),
    end: timeOf(facts.end),
    sequence: facts.sequence,
    status: kind === 'cancellation' ? 'cancelled' : 'booked',
  } as const;
  return [calendarFile(entry, office, manageUrl, translateTo(notice.language), notice.createdAt)];
}
