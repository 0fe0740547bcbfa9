import type { Appointment, Status } from '../../domain/appointment.ts';
import { isAtSite } from '../../domain/channel.ts';
import { type Extent, namesOf } from '../../domain/office/bundle.ts';
import type { Office } from '../../domain/office/types.ts';
import {
  isStillOpen,
  minutesBetween,
  situationOf,
} from '../../features/service/encounter/rules.ts';
import type { DayEntry, EncounterItem, Situation } from '../../features/service/encounter/types.ts';
import { outside } from '../../features/service/rota/rules.ts';
import type { OutsideReason } from '../../features/service/rota/types.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import type { TagKind } from '../../ui/parts.tsx';
import type { DeskVisit } from './visit.tsx';

/** Returns a duration in words: "12 minuts", "2 h 5 min". */
export function spanIn(t: Translate, minutes: number): string {
  return minutes < 60
    ? t('common.minutes', { count: minutes })
    : t('staff.span', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** By id, why a day's waiting appointments are at an hour at which their desk does not work. */
export type OutsideShift = ReadonlyMap<string, OutsideReason>;

/** Returns a day's waiting appointments outside their desk's hours, as a reminder for coordinators. */
export function outsideShift({ rota }: Office, entries: readonly DayEntry[]): OutsideShift {
  const waiting = entries.filter(({ status }) => status === 'booked' || status === 'arrived');
  return new Map(outside(rota, waiting).map(({ appointment, why }) => [appointment.id, why]));
}

/** Returns in words why a desk does not work at the hour of an appointment. */
export const outsideIn = (t: Translate, why: OutsideReason): string =>
  t(why === 'calendar' ? 'calendars.conflict' : 'staff.outsideShift');

const KINDS: Record<Situation, TagKind> = {
  upcoming: 'plain',
  due: 'now',
  late: 'warn',
  retry: 'plain',
  number: 'warn',
  unreached: 'warn',
  waiting: 'now',
  in_progress: 'now',
  fulfilled: 'good',
  noshow: 'bad',
  cancelled: 'plain',
};

/** The sign and colour of an appointment's status. */
export const STATUS_KINDS: Record<Status, TagKind> = {
  booked: 'plain',
  arrived: 'now',
  in_progress: 'now',
  fulfilled: 'good',
  noshow: 'bad',
  cancelled: 'plain',
};

/** Returns the status of an entry: its word, sign and colour. */
export function standing(t: Translate, entry: DayEntry, now: Temporal.Instant) {
  const situation = situationOf(entry, now);
  return { situation, kind: KINDS[situation], word: wordOf(t, entry, situation) };
}

/** A situation in words: nobody is called who comes. */
function wordOf(t: Translate, { channel }: DayEntry, situation: Situation): string {
  const isOwn =
    situation === 'due' ||
    situation === 'late' ||
    situation === 'waiting' ||
    situation === 'noshow';
  return isAtSite(channel) && isOwn
    ? t(`checkIn.situation.${situation}`)
    : t(`staff.situation.${situation}`);
}

/** Returns the time of an instant, with its day where that is not today. */
export function whenIn(
  { dates, office, now }: Pick<DeskVisit, 'dates' | 'office' | 'now'>,
  at: Temporal.Instant,
): string {
  const dayAt = (instant: Temporal.Instant) =>
    instant.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const time = dates.time(at);
  return dayAt(at).equals(dayAt(now)) ? time : `${dates.briefDay(at)} ${time}`;
}

/** Returns the turn of an entry, in words; empty when it is over or under way. */
export function turnIn(t: Translate, entry: DayEntry, now: Temporal.Instant): string {
  // An appointment without a callable number, or without calls left, has no turn.
  const hasNoTurn =
    entry.status === 'in_progress' || entry.lacksNumber || situationOf(entry, now) === 'unreached';
  if (!isStillOpen(entry.status) || hasNoTurn) return '';
  const minutes = minutesBetween(now, entry.dueAt);
  if (minutes >= 1) return t('staff.turn.in', { span: spanIn(t, minutes) });
  const late = minutesBetween(entry.dueAt, now);
  return late >= 1 ? t('staff.turn.ago', { span: spanIn(t, late) }) : t('staff.turn.now');
}

/** Returns the kind of actor, where no name is known; see `actorOf`. */
export function formatActor(t: Translate, actor: string): string {
  const [kind] = actor.split(':');
  if (kind === 'verifier' || kind === 'addressee' || kind === 'person')
    return t(`audit.actor.${kind}`);
  const known = (['citizen', 'companion', 'token', 'staff'] as const).find((each) => each === kind);
  return t(`staff.actor.${known ?? 'system'}`);
}

export function procedureName(t: Translate, office: Office, code: string): string {
  return textIn(office.procedure(code)?.name, t.language) || code;
}

/** Returns the names of all procedures of an appointment, and how many people it is for if they are several. */
export function bookedName(
  t: Translate,
  office: Office,
  booked: Extent & { procedure: string },
): string {
  const names = namesOf(office, booked, t.language).join(' + ');
  const { people = 1 } = booked;
  return people > 1 ? `${names} (${t('common.people', { count: people })})` : names;
}

/** The name of one of the office's codes. */
export function nameOf(
  t: Translate,
  list: readonly { code: string; name: Parameters<typeof textIn>[0] }[],
  code: string,
): string {
  return textIn(list.find((each) => each.code === code)?.name, t.language) || code;
}

/** Returns an item in words. */
export function itemIn(t: Translate, office: Office, item: EncounterItem): string {
  const what = item.procedure
    ? procedureName(t, office, item.procedure)
    : item.query
      ? nameOf(t, office.settings.queries, item.query)
      : '';
  return [what, item.label].filter(Boolean).join(': ');
}

/** Returns the title of the page of a day: whoever has no desk sees the office's, and has none of their own. */
export const dayTitle = ({ t, viewer }: { t: Translate; viewer: StaffViewer }): string =>
  t(viewer.desk === null ? 'freeNow.day.title' : 'staff.day.title');

/** The local day of an appointment. */
export const dayOf = (
  appointment: Pick<Appointment, 'start'>,
  office: Office,
): Temporal.PlainDate => appointment.start.toZonedDateTimeISO(office.timeZone).toPlainDate();
