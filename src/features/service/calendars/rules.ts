import type { Appointment } from '../../../domain/appointment.ts';
import { can, roleCan } from '../../../domain/roles.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Post } from './types.ts';

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
