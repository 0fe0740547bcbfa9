import { translateTo } from '../../lib/i18n/translate.ts';
import type { Body } from '../bodies/types.ts';
import { calendarFile } from './calendar.ts';
import { htmlOf } from './html.ts';
import { letterOf, linksOf } from './letter.ts';
import { smsOf } from './sms.ts';
import { textOf } from './text.ts';
import type { Message, Notice } from './types.ts';

/**
 * A notice in words. It depends on nothing but its arguments, so the same notice is the same message however often it is
 * made: after a crash, or in the demo's mailbox.
 *
 * @param manageUrl the citizen's own page of the appointment, in the notice's language
 */
export function render(notice: Notice, body: Body, manageUrl: string): Message {
  const links = linksOf(notice, body, manageUrl);
  const letter = letterOf(notice, body, links);
  if (notice.channel === 'sms') {
    const text = smsOf(notice, body, links);
    return { subject: letter.subject, text, html: '', attachments: [] };
  }
  return {
    subject: letter.subject,
    text: textOf(letter),
    html: htmlOf(letter, notice.language, body.settings.look),
    attachments: calendarOf(notice, body, manageUrl),
  };
}

/** The calendar file of what changes a calendar. */
function calendarOf(notice: Notice, body: Body, manageUrl: string): Message['attachments'] {
  const { kind, facts } = notice;
  if (!notice.appointment) return [];
  if (kind === 'noshow' || kind === 'survey') return [];
  const entry = {
    id: notice.appointment,
    reference: facts.reference,
    procedure: facts.procedure,
    channel: facts.channel,
    start: Temporal.Instant.from(facts.start),
    end: Temporal.Instant.from(facts.end),
    sequence: facts.sequence,
    status: kind === 'cancellation' ? 'cancelled' : 'booked',
  } as const;
  return [calendarFile(entry, body, manageUrl, translateTo(notice.language), notice.createdAt)];
}
