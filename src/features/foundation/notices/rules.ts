import { randomUUID } from 'node:crypto';
import type { AddressKind } from '../../../domain/address.ts';
import { type Appointment, askOf } from '../../../domain/appointment.ts';
import { type Citizen, noticeFactsOf } from '../../../domain/person.ts';
import type { Rota } from '../../../domain/rota.ts';
import {
  type ExtraFacts,
  NOTICE_KINDS,
  type NoticeDraft,
  type NoticeFacts,
  type NoticeGroup,
  type NoticeKind,
  type Waiting,
} from './types.ts';

/** After its end a survey is no longer asked for. */
const SURVEY_LIVES: Temporal.DurationLike = { hours: 72 };
/** Who asked for their link asked now. */
const LINK_LIVES: Temporal.DurationLike = { hours: 24 };

/** Papers go soon after the end: later there may be nothing to fetch. */
const PAPERS_LIVE: Temporal.DurationLike = { hours: 24 };

const later = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(a, b) > 0 ? a : b;

/** Where a citizen is written to: by e-mail where there is an address, else by SMS, else nowhere. */
export function addressOf({ email, phone }: Pick<Citizen, AddressKind>) {
  if (email) return { channel: 'email', recipient: email } as const;
  return phone ? ({ channel: 'sms', recipient: phone } as const) : null;
}

/**
 * The notices that an appointment's citizen is owed now: one, by e-mail where there is an address, else by SMS, else none.
 * `extra` adds what only this kind tells.
 */
export function noticesOwed(
  kind: NoticeKind,
  appointment: Appointment,
  now: Temporal.Instant,
  extra: ExtraFacts = {},
): NoticeDraft[] {
  const address = addressOf(appointment.citizen);
  if (!address) return [];
  const until = expiry(kind, appointment, now, extra);
  return [{ ...draftOf(kind, appointment, now, until, extra), ...address }];
}

/** Kinds that are of no use any more once the appointment has changed. That an address was changed is always told. */
export const OVERTAKEN_KINDS: readonly NoticeKind[] = NOTICE_KINDS.filter(
  (each) => each !== 'contact',
);

/**
 * The notices that an address was changed, to those that stood before: by mail where there was an address, and by SMS where the
 * telephone was changed or is the only one. They carry no link to the appointment, since it may not be the citizen's any more.
 */
export function contactOwed(
  old: Appointment,
  changed: readonly AddressKind[],
  by: 'citizen' | 'office' | 'system',
  now: Temporal.Instant,
): NoticeDraft[] {
  if (changed.length === 0) return [];
  const { email, phone } = old.citizen;
  const extra = { contact: { changed, by, at: now.toString() } };
  const to = (address: Pick<NoticeDraft, 'channel' | 'recipient'>): NoticeDraft => ({
    ...draftOf('contact', old, now, null, extra),
    ...address,
  });
  const drafts: NoticeDraft[] = [];
  if (email) drafts.push(to({ channel: 'email', recipient: email }));
  if (phone && (changed.includes('phone') || !email))
    drafts.push(to({ channel: 'sms', recipient: phone }));
  return drafts;
}

function draftOf(
  kind: NoticeKind,
  appointment: Appointment,
  from: Temporal.Instant,
  until: Temporal.Instant | null,
  extra: ExtraFacts = {},
): Omit<NoticeDraft, 'channel' | 'recipient'> {
  const { reference, start, end, sequence } = appointment;
  return {
    id: randomUUID(),
    kind,
    language: appointment.noticeLanguage,
    facts: {
      reference,
      ...askOf(appointment),
      start: start.toString(),
      end: end.toString(),
      sequence,
      ...noticeFactsOf(appointment),
      ...(appointment.link > 0 && { link: appointment.link }),
      ...extra,
    },
    not_before: from.toString(),
    expires_at: until?.toString() ?? null,
  };
}

function expiry(
  kind: NoticeKind,
  { start, end }: Appointment,
  now: Temporal.Instant,
  { minutes, offer }: ExtraFacts,
): Temporal.Instant | null {
  switch (kind) {
    case 'survey':
      return now.add(SURVEY_LIVES);
    case 'link':
      return now.add(LINK_LIVES);
    case 'offer':
      return offer ? Temporal.Instant.from(offer.expiresAt) : null;
    case 'again':
    case 'result':
      return later(end, now).add(PAPERS_LIVE);
    case 'late':
      return start.add({ minutes: minutes ?? 0 });
    case 'confirmation':
    case 'change':
    case 'waiting':
      return end;
    default:
      return null;
  }
}

/**
 * The notices that somebody on the waiting list is owed now. The outbox's row names the entry (`About.waiting`), and the
 * appointment where they have one.
 */
export function noticesToWaiting(
  kind: 'waiting' | 'offer',
  waiting: Waiting,
  now: Temporal.Instant,
  extra: Pick<ExtraFacts, 'offer' | 'isDisplaced'> = {},
): NoticeDraft[] {
  const address = addressOf(waiting.citizen);
  if (!address) return [];
  const { link = 0 } = waiting;
  const until = extra.offer?.expiresAt ?? now.add(LINK_LIVES).toString();
  return [
    {
      id: randomUUID(),
      kind,
      ...address,
      language: waiting.noticeLanguage,
      facts: {
        reference: null,
        ...askOf(waiting),
        start: null,
        end: null,
        sequence: 0,
        ...noticeFactsOf(waiting),
        ...(link > 0 && { link }),
        ...extra,
      },
      not_before: now.toString(),
      expires_at: until,
    },
  ];
}

/** The group of notices that somebody may ask not to be sent; null: those that nobody can do without. */
export function groupOf(kind: NoticeKind): NoticeGroup | null {
  if (kind === 'reminder' || kind === 'soon') return 'reminders';
  return kind === 'survey' ? 'surveys' : null;
}

/**
 * How many messages of an office's one person may be sent within 24 hours for one of this kind to be among them. What they
 * could do without stops at half of what the office allows. News of their time goes on to twice as many: it must arrive, and
 * still nobody's mailbox is filled by moving an appointment to and fro. What those who work here change or cancel is always
 * told: else a stranger who writes somebody's address into a form could use up what they may be sent, and keep it from them.
 */
export function mostInADay(
  { kind, facts }: { kind: NoticeKind; facts: Pick<NoticeFacts, 'by' | 'contact'> },
  perDay: number,
): number {
  if (kind === 'code') return Infinity; // codes have limits of their own
  // What isn't told keeps an address frozen, so nobody gains by using up what somebody may be sent.
  const isByOthers = facts.by === 'office' || (facts.contact && facts.contact.by !== 'citizen');
  if (isByOthers) return Infinity;
  if (kind === 'change' || kind === 'cancellation' || kind === 'contact') return perDay * 2;
  return groupOf(kind) ? Math.floor(perDay / 2) : perDay;
}

/** Whether SMS may go to a number (E.164). `prefixes`: see `SmsLimits`. */
export const isReached = (phone: string, prefixes: readonly string[]): boolean =>
  prefixes.length === 0 || prefixes.some((each) => phone.startsWith(each));

/** What an office has decided about reminders (town file: notices). */
export interface ReminderPolicy {
  reminderWorkingDays: number;
  reminderMinutes: number;
  sms: 'only-without-email' | 'reminders-too';
}

/** Local hour at which the reminder of some days before is sent: offices are open, and nobody sleeps. */
const REMINDER_TIME = Temporal.PlainTime.from('10:00');
/** Who was told less than this long before by the booking or the change itself needs no reminder. */
const TOLD_HOURS = { reminder: 12, soon: 2 } as const;
/** Before the start; then the last reminder is of no more use. */
const SOON_MARGIN_MINUTES = 10;

/**
 * The reminders of an appointment, as of when it is booked or moved: one some working days before, one shortly before. One
 * that can't be sent in time is dropped, not sent late: the first lives until its day ends or the last is due.
 */
export function remindersOwed(
  appointment: Appointment,
  rota: Rota,
  policy: ReminderPolicy,
  now: Temporal.Instant,
): NoticeDraft[] {
  const reminder = reminderTime(appointment.start, rota, policy, now);
  const soon = soonTime(appointment.start, policy, now);
  return [
    ...addressed(reminder, addressOf(appointment.citizen), 'reminder', appointment),
    ...addressed(soon, soonAddress(appointment.citizen, policy), 'soon', appointment),
  ];
}

/** Where the last reminder goes: a telephone is at hand sooner than a mailbox, where the office pays for it. */
export function soonAddress(citizen: Pick<Citizen, AddressKind>, { sms }: ReminderPolicy) {
  const { phone } = citizen;
  if (phone && sms === 'reminders-too') return { channel: 'sms', recipient: phone } as const;
  return addressOf(citizen);
}

interface Span {
  from: Temporal.Instant;
  until: Temporal.Instant;
}

function addressed(
  span: Span | null,
  address: ReturnType<typeof addressOf>,
  kind: 'reminder' | 'soon',
  appointment: Appointment,
): NoticeDraft[] {
  if (!span || !address) return [];
  return [{ ...draftOf(kind, appointment, span.from, span.until), ...address }];
}

/** When the reminder may be sent; null: not at all. */
function reminderTime(
  start: Temporal.Instant,
  rota: Rota,
  { reminderWorkingDays: count, reminderMinutes }: ReminderPolicy,
  now: Temporal.Instant,
): Span | null {
  if (count === 0) return null;
  const { timeZone } = rota;
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  let day = start.toZonedDateTimeISO(timeZone).toPlainDate();
  for (let left = count; left > 0; ) {
    day = day.subtract({ days: 1 });
    if (Temporal.PlainDate.compare(day, today) < 0) return null;
    if (isWorkingDay(day, rota)) left--;
  }
  const from = day.toZonedDateTime({ timeZone, plainTime: REMINDER_TIME }).toInstant();
  const dayEnd = day.add({ days: 1 }).toZonedDateTime(timeZone).toInstant();
  const last = reminderMinutes > 0 ? start.subtract({ minutes: reminderMinutes }) : start;
  const until = Temporal.Instant.compare(last, dayEnd) < 0 ? last : dayEnd;
  return spanAfter(from, until, now.add({ hours: TOLD_HOURS.reminder }));
}

function soonTime(
  start: Temporal.Instant,
  { reminderMinutes: minutes }: ReminderPolicy,
  now: Temporal.Instant,
): Span | null {
  if (minutes === 0) return null;
  const margin = Math.min(SOON_MARGIN_MINUTES, Math.floor(minutes / 2));
  const from = start.subtract({ minutes });
  return spanAfter(from, start.subtract({ minutes: margin }), now.add({ hours: TOLD_HOURS.soon }));
}

/** The span, unless it is empty or begins before `earliest`. */
function spanAfter(
  from: Temporal.Instant,
  until: Temporal.Instant,
  earliest: Temporal.Instant,
): Span | null {
  const isEmpty = Temporal.Instant.compare(from, until) >= 0;
  return isEmpty || Temporal.Instant.compare(from, earliest) < 0 ? null : { from, until };
}

/** Whether the office is open on a local day and somebody's shift begins on it. */
export function isWorkingDay(day: Temporal.PlainDate, rota: Rota): boolean {
  const text = day.toString();
  if (rota.isClosed(text)) return false;
  return rota.desks.some(({ shifts }) =>
    shifts.some(
      ({ weekdays, since, until }) =>
        weekdays.includes(day.dayOfWeek) && since <= text && (until === undefined || text <= until),
    ),
  );
}
