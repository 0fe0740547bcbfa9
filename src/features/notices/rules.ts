import { randomUUID } from 'node:crypto';
import type { Appointment } from '../appointments/types.ts';
import type { NoticeDraft, NoticeFacts, NoticeKind } from './types.ts';

/** After its end a survey is no longer asked for, and a confirmation or change is of no use after the start. */
const SURVEY_LIVES: Temporal.DurationLike = { hours: 72 };

/**
 * The notices that an appointment's citizen is owed: one, by e-mail where there is an address, else by SMS, else none.
 * `extra` adds what only this kind tells.
 */
export function noticesOwed(
  kind: NoticeKind,
  appointment: Appointment,
  now: Temporal.Instant,
  extra: Pick<NoticeFacts, 'before' | 'by' | 'reason'> = {},
): NoticeDraft[] {
  const { email, phone, name } = appointment.citizen;
  const address = email
    ? ({ channel: 'email', recipient: email } as const)
    : phone
      ? ({ channel: 'sms', recipient: phone } as const)
      : null;
  if (!address) return [];
  return [
    {
      id: randomUUID(),
      kind,
      ...address,
      language: appointment.noticeLanguage,
      facts: {
        reference: appointment.reference,
        procedure: appointment.procedure,
        channel: appointment.channel,
        language: appointment.language,
        start: appointment.start.toString(),
        end: appointment.end.toString(),
        sequence: appointment.sequence,
        name,
        onBehalfOf: appointment.onBehalfOf,
        ...extra,
      },
      not_before: now.toString(),
      expires_at: expiry(kind, appointment, now)?.toString() ?? null,
    },
  ];
}

function expiry(
  kind: NoticeKind,
  appointment: Appointment,
  now: Temporal.Instant,
): Temporal.Instant | null {
  switch (kind) {
    case 'survey':
      return now.add(SURVEY_LIVES);
    case 'confirmation':
    case 'change':
      return appointment.end;
    default:
      return null;
  }
}
