import { randomUUID } from 'node:crypto';
import type { Appointment, Citizen } from '../appointments/types.ts';
import type { NoticeDraft, NoticeFacts, NoticeKind } from './types.ts';

/** After its end a survey is no longer asked for, and a confirmation or change is of no use after the start. */
const SURVEY_LIVES: Temporal.DurationLike = { hours: 72 };

/** Where a citizen is written to: by e-mail where there is an address, else by SMS, else nowhere. */
export function addressOf({ email, phone }: Pick<Citizen, 'email' | 'phone'>) {
  if (email) return { channel: 'email', recipient: email } as const;
  return phone ? ({ channel: 'sms', recipient: phone } as const) : null;
}

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
  const { name } = appointment.citizen;
  const address = addressOf(appointment.citizen);
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

/** For how long a message that a server refuses for now is tried again (RFC 5321, 4.5.4.1, asks for four or five days;
 * what is told here is of no use so late). */
export const GIVES_UP_AFTER_HOURS = 72;
const FIRST_WAIT = 30;
/** Seconds. After an outage everything has been tried again within this, and five minutes are promised. */
const LONGEST_WAIT = 240;
/** A mailbox that is full for hours isn't asked every four minutes for three days. */
const PATIENCE_HOURS = 6;
const LONGEST_PATIENT_WAIT = 1800;

/**
 * Seconds until the next try after `attempts` failures: 30, 60, 120, then 240, each shortened by up to a quarter so that
 * what failed together doesn't come back together. `random` is in [0, 1). A server that answered is spared after six hours
 * of refusals; one that can't be reached is not, since asking costs it nothing.
 */
export function secondsToWait(
  attempts: number,
  since: { hours: number; answered: boolean },
  random: number,
): number {
  const longest =
    since.answered && since.hours >= PATIENCE_HOURS ? LONGEST_PATIENT_WAIT : LONGEST_WAIT;
  const wait = Math.min(FIRST_WAIT * 2 ** Math.min(attempts - 1, 10), longest);
  return wait * (1 - random / 4);
}
