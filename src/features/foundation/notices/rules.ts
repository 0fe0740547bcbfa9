import { randomUUID } from 'node:crypto';
import type { AddressKind, NoticeWay } from '../../../domain/address.ts';
import { type Appointment, askOf } from '../../../domain/appointment.ts';
import { type Citizen, nobody, noticeFactsOf } from '../../../domain/person.ts';
import { canReceiveSms } from '../../../domain/phone.ts';
import type { Rota } from '../../../domain/rota.ts';
import {
  type ExtraFacts,
  NOTICE_KINDS,
  NOTICE_TRAITS,
  type NoticeCase,
  type NoticeDraft,
  type NoticeFacts,
  type NoticeGroup,
  type NoticeKind,
  type Waiting,
} from './types.ts';

/** Time after the end until which a survey may be sent. */
const SURVEY_LIVES: Temporal.DurationLike = { hours: 72 };
/** A recovered link is only useful soon after the request. */
const LINK_LIVES: Temporal.DurationLike = { hours: 24 };

/** A notice about documents is only useful soon after the end: later they may be destroyed. */
const PAPERS_LIVE: Temporal.DurationLike = { hours: 24 };

const later = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(a, b) > 0 ? a : b;

/**
 * Returns the channel to a citizen: e-mail when there is an address, else SMS to a mobile, else none. `by`: the way that they chose, which
 * comes first where it reaches them.
 */
export function addressOf({ email, phone }: Pick<Citizen, AddressKind>, by?: NoticeWay | null) {
  const mail = email ? ({ channel: 'email', recipient: email } as const) : null;
  return by === 'sms' ? (smsTo(phone) ?? mail) : (mail ?? smsTo(phone));
}

/** Returns whether a citizen has both ways, and can choose one. `isReached`: whether SMS go to a number. */
export const canChooseWay = (
  { email, phone }: Pick<Citizen, AddressKind>,
  isReached: (phone: string) => boolean,
): boolean => !!email && smsTo(phone) !== null && isReached(phone ?? '');

const smsTo = (phone: string | null) =>
  phone && canReceiveSms(phone) ? ({ channel: 'sms', recipient: phone } as const) : null;

/**
 * Returns the notices to send to an appointment's citizen now: one by the way that they chose, else by e-mail, else by SMS, else none.
 * `extra` adds facts of this kind.
 */
export function noticesOwed(
  kind: NoticeKind,
  appointment: Appointment,
  now: Temporal.Instant,
  extra: ExtraFacts = {},
): NoticeDraft[] {
  const address = addressOf(appointment.citizen, appointment.noticesBy);
  if (!address) return [];
  const until = expiry(kind, appointment, now, extra);
  return [{ ...draftOf(kind, appointment, now, until, extra), ...address }];
}

/** Kinds that are dropped when the appointment moves, begins, ends or is cancelled. */
export const TIME_BOUND_KINDS: readonly NoticeKind[] = NOTICE_KINDS.filter(
  (each) => NOTICE_TRAITS[each].isTimeBound,
);

/** Kinds that go to the citizen's present address. The notice of a changed address goes to the former one. */
export const READDRESSED_KINDS: readonly NoticeKind[] = NOTICE_KINDS.filter(
  (each) => each !== 'contact',
);

/**
 * Returns the notices of a changed address, for the former addresses: by mail to a former e-mail address, and by SMS when the
 * telephone was changed or is the only address, and is a mobile. They have no link to the appointment, since it may belong to another person now.
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
  const sms = smsTo(phone);
  if (sms && (changed.includes('phone') || !email)) drafts.push(to(sms));
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
    case 'refused':
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
 * Returns the notices to send to a person on the wait list now. The outbox row names the entry (`About.waiting`), and the
 * appointment when there is one.
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

/** The facts of what has no appointment. */
export const factsWithout = ({ reference, language, link }: NoticeCase): NoticeFacts => ({
  reference,
  procedure: '',
  channel: 'phone',
  language,
  start: null,
  end: null,
  sequence: 0,
  ...noticeFactsOf(nobody()),
  ...(link > 0 && { link }),
});

/**
 * Returns the notices to send to whoever handed in a case: one by e-mail, else by SMS, else none. They name neither the person nor the procedure:
 * whoever else reads that address learns only that something is in a case. With `authorisation` it is of
 * what others do for that person, and not of the case.
 */
export function noticesOfCase(
  of: NoticeCase,
  to: Pick<Citizen, AddressKind>,
  now: Temporal.Instant,
  extra: Pick<ExtraFacts, 'news' | 'until' | 'cosigner' | 'authorisation'>,
): NoticeDraft[] {
  const address = addressOf(to);
  if (!address) return [];
  return [
    {
      id: randomUUID(),
      kind: extra.authorisation ? 'authorisation' : 'case',
      ...address,
      language: of.language,
      facts: {
        ...factsWithout(of),
        ...extra,
        // The person can change that as often as they like.
        by: extra.news === 'chosen' ? 'citizen' : 'office',
      },
      not_before: now.toString(),
      expires_at: null,
    },
  ];
}

/**
 * Returns the notices to send to whoever sent a request or follows it: one by the way that they chose, or none. They name neither the person nor what it is
 * about.
 */
export function noticesOfRequest(
  of: NoticeCase,
  to: Pick<Citizen, AddressKind>,
  at: Temporal.Instant,
  extra: Pick<ExtraFacts, 'told' | 'follower' | 'by'>,
): NoticeDraft[] {
  const address = addressOf(to);
  if (!address) return [];
  return [
    {
      ...{ id: randomUUID(), kind: 'request', ...address, language: of.language },
      facts: { ...factsWithout(of), ...extra },
      not_before: at.toString(),
      expires_at: extra.told === 'link' ? at.add(LINK_LIVES).toString() : null,
    },
  ];
}

/** The group of notices that a person may stop; null: mandatory notices. */
export function groupOf(kind: NoticeKind): NoticeGroup | null {
  if (kind === 'reminder' || kind === 'soon') return 'reminders';
  return kind === 'survey' ? 'surveys' : null;
}

/**
 * Returns the maximum messages per person, office and 24 hours for a notice of this kind to be sent. Optional notices stop at
 * half of the office's limit, and so do those that the holder of a link can cause by sending one useless file after the other.
 * Notices of a changed time are sent up to twice the limit: they are important, but moving an appointment repeatedly must not
 * fill a mailbox. Changes and cancellations by staff are always sent, and so is what staff leave or ask for: otherwise a stranger
 * who enters somebody's address in a form could use up the limit and block these notices.
 */
export function mostInADay(
  { kind, facts }: { kind: NoticeKind; facts: Partial<NoticeFacts> },
  perDay: number,
): number {
  // One-time codes have limits of their own; those for a chat go wherever somebody says.
  if (kind === 'code') return facts.isForChat ? perDay : Infinity;
  if (kind === 'result' || kind === 'again') return Infinity;
  // An address stays frozen until this notice is sent, so using up the limit is of no advantage.
  const isUseless = kind === 'refused' || facts.news === 'paper';
  const isByOthers = facts.by === 'office' || (facts.contact && facts.contact.by !== 'citizen');
  if (isByOthers && !isUseless) return Infinity;
  if (kind === 'change' || kind === 'cancellation' || kind === 'contact') return perDay * 2;
  const isFew = groupOf(kind) !== null || isUseless;
  return isFew ? Math.floor(perDay / 2) : perDay;
}

/** Returns whether SMS may go to a number (E.164): it is a mobile, in one of the countries. `prefixes`: see `SmsLimits`. */
export const isReached = (phone: string, prefixes: readonly string[]): boolean =>
  canReceiveSms(phone) &&
  (prefixes.length === 0 || prefixes.some((each) => phone.startsWith(each)));

/** The office's settings of reminders (town file: notices). */
export interface ReminderPolicy {
  reminderWorkingDays: number;
  reminderMinutes: number;
  sms: 'only-without-email' | 'reminders-too';
}

/** Local hour at which the reminder some days before is sent: offices are open, and people are awake. */
const REMINDER_TIME = Temporal.PlainTime.from('10:00');
/** A citizen who received a notice of the booking or change less than this time before needs no reminder. */
const TOLD_HOURS = { reminder: 12, soon: 2 } as const;
/** Time before the start; after it the last reminder is of no use. */
const SOON_MARGIN_MINUTES = 10;

/**
 * Returns the reminders of an appointment at the time when it is booked or moved: one some working days before, one shortly before.
 * A late reminder is dropped and not sent: the first is valid until its day ends or the last one is due.
 */
export function remindersOwed(
  appointment: Appointment,
  rota: Rota,
  policy: ReminderPolicy,
  now: Temporal.Instant,
): NoticeDraft[] {
  const reminder = reminderTime(appointment.start, rota, policy, now);
  const soon = soonTime(appointment.start, policy, now);
  const { citizen, noticesBy } = appointment;
  return [
    ...addressed(reminder, addressOf(citizen, noticesBy), 'reminder', appointment),
    ...addressed(soon, soonAddress(appointment, policy), 'soon', appointment),
  ];
}

/** Returns the channel of the last reminder: SMS when the office pays for it, since people read it sooner than mail, unless they chose mail. */
export const soonAddress = (
  { citizen, noticesBy }: { citizen: Pick<Citizen, AddressKind>; noticesBy?: NoticeWay | null },
  { sms }: ReminderPolicy,
) => {
  const isBySms = sms === 'reminders-too' && noticesBy !== 'email';
  return (isBySms ? smsTo(citizen.phone) : null) ?? addressOf(citizen, noticesBy);
};

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

/** Returns the time span in which the reminder may be sent; null: none. */
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

/** Returns the span, unless it is empty or begins before `earliest`. */
function spanAfter(
  from: Temporal.Instant,
  until: Temporal.Instant,
  earliest: Temporal.Instant,
): Span | null {
  const isEmpty = Temporal.Instant.compare(from, until) >= 0;
  return isEmpty || Temporal.Instant.compare(from, earliest) < 0 ? null : { from, until };
}

/** Returns whether the office is open on a local day and a shift begins on it. */
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
