import type { Appointment } from '../../../domain/appointment.ts';
import { can, roleCan } from '../../../domain/roles.ts';
import { isLoopback } from '../../../lib/http/loopback.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { isPassing, type TroubleKind } from './trouble.ts';
import type { Connection, Post } from './types.ts';

/** Days before today whose appointments a calendar still has. */
const DAYS_BACK = 7;

/** Returns whether somebody with these roles may see a desk's appointments in a calendar: their own desk's, or every desk's. */
export const maySeeDesk = (posts: readonly Post[], desk: number): boolean =>
  posts.some((each) => each.desk === desk || roleCan(each.role, 'see_every_desk'));

/** Returns whether the viewer may make a calendar feed of a desk. */
export const mayMakeFeed = (viewer: StaffViewer, desk: number): boolean =>
  can(viewer, 'serve_citizens') && maySeeDesk([viewer], desk);

/** Returns whether the viewer sees the calendars of all desks of their office. */
export const maySeeCalendars = (viewer: StaffViewer): boolean => can(viewer, 'see_every_desk');

/** Returns whether the viewer may end a colleague's feed. */
export const mayEndFeed = (viewer: StaffViewer, { staff }: { staff: number }): boolean =>
  viewer.staff === staff || can(viewer, 'administer');

/** Returns whether the viewer may connect a calendar of their own, which is that of the desk where they sit. */
export const mayConnectOwn = (viewer: StaffViewer): boolean =>
  can(viewer, 'serve_citizens') && viewer.desk !== null;

/** Returns whether the viewer may connect calendars with any desk. */
export const mayConnectDesks = (viewer: StaffViewer): boolean => can(viewer, 'administer');

type Whose = Pick<Connection, 'staff'>;

/** Returns whether the viewer may change a connection: their own, or a desk's as an administrator. Nobody changes a colleague's. */
export const mayChange = (viewer: StaffViewer, { staff }: Whose): boolean =>
  staff === null ? mayConnectDesks(viewer) : staff === viewer.staff;

/** Returns whether the viewer may end a connection: also an administrator a colleague's. */
export const mayEndConnection = (viewer: StaffViewer, whose: Whose): boolean =>
  mayChange(viewer, whose) || mayConnectDesks(viewer);

/** How a connection stands. `choose`: its calendar is not chosen yet; `new`: it was not read yet; `busy`: it is read at this moment. */
export type Standing = 'choose' | 'new' | 'busy' | 'works' | TroubleKind;

export function standingOf(
  { calendar, leasedUntil, trouble, failures, seenAt }: Connection,
  now: Temporal.Instant,
): Standing {
  if (calendar === null) return 'choose';
  if (leasedUntil && Temporal.Instant.compare(leasedUntil, now) > 0) return 'busy';
  if (trouble && !isPassing(trouble, failures)) return trouble;
  return seenAt ? 'works' : 'new';
}

type Asked = Pick<Connection, 'trouble' | 'nextTryAt' | 'leasedUntil'>;

/** Returns whether a calendar's server asked to be left alone, and the time for which it asked is not over. */
export const isLeftAlone = (
  { trouble, nextTryAt }: Omit<Asked, 'leasedUntil'>,
  now: Temporal.Instant,
): boolean => trouble === 'throttled' && Temporal.Instant.compare(nextTryAt, now) > 0;

/** Seconds between two readings that somebody asks for. */
const HURRY_SECONDS = 60;

/** Why a calendar is not read at once. `throttled`: its server asked to be left alone; `recent`: it is being read, or was a moment ago. */
export type HurryRefusal = 'throttled' | 'recent';

/** Returns why a calendar is not read at once although somebody asks for it; null: it is. */
export function hurryRefusal(asked: Asked, now: Temporal.Instant): HurryRefusal | null {
  if (isLeftAlone(asked, now)) return 'throttled';
  const { leasedUntil } = asked;
  const since = leasedUntil?.until(now).total('seconds') ?? HURRY_SECONDS;
  return since < HURRY_SECONDS ? 'recent' : null;
}

const LONGEST = { address: 500, username: 200, password: 500 };

export type AddressMistake = 'missing' | 'too_long' | 'not_url' | 'not_https' | 'has_password';

/** Returns the address of a CalDAV server or calendar, or its mistake. Where it leads is checked at each request. */
export function readAddress(
  typed: string,
  { loopback }: { loopback: boolean },
): URL | AddressMistake {
  const text = typed.trim();
  if (text === '') return 'missing';
  if (text.length > LONGEST.address) return 'too_long';
  const url = URL.parse(/^[\w+.-]+:\/\//.test(text) ? text : `https://${text}`);
  if (!url || !['https:', 'http:'].includes(url.protocol)) return 'not_url';
  if (url.protocol === 'http:' && !(loopback && isLoopback(url.href))) return 'not_https';
  if (url.username || url.password) return 'has_password';
  url.hash = '';
  return url;
}

/** Returns the mistake in a name or password; null: none. */
export function wrongText(
  kind: 'username' | 'password',
  text: string,
): 'missing' | 'too_long' | null {
  if (text === '') return 'missing';
  return text.length > LONGEST[kind] ? 'too_long' : null;
}

/** Returns the first instant of the days whose appointments a calendar has. */
export const calendarSince = (now: Temporal.Instant, timeZone: string): Temporal.Instant =>
  now.toZonedDateTimeISO(timeZone).startOfDay().subtract({ days: DAYS_BACK }).toInstant();

/** Returns whether a desk's calendar has this appointment: it was not cancelled, and still has its hour at the desk. */
export const isInCalendar = ({
  status,
  displacedAt,
}: Pick<Appointment, 'status' | 'displacedAt'>): boolean =>
  status !== 'cancelled' && displacedAt === null;

/** The form of the UIDs that our calendars give a desk's appointment. */
const OWN_UID = /^desk\.[\da-f-]{36}@/;

/**
 * Returns the UID of an appointment in calendars of its desk (RFC 5545, 3.8.4.7): the same in each, and after every change. It is not
 * the one that the citizen's own calendar has.
 * @param host the host of the installation's public address
 */
export const uidOf = (appointment: string, host: string): string => `desk.${appointment}@${host}`;

/** Returns whether an event of a calendar is one that this installation wrote. */
export const isOwnUid = (uid: string, host: string): boolean =>
  OWN_UID.test(uid) && uid.endsWith(`@${host}`);
