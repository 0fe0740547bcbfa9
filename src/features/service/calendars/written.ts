import ical, {
  type ICalCalendar,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  ICalEventClass,
  ICalEventStatus,
} from 'ical-generator';
import type { Appointment } from '../../../domain/appointment.ts';
import { namesOf } from '../../../domain/office/bundle.ts';
import { siteOf } from '../../../domain/office/site.ts';
import type { Office } from '../../../domain/office/types.ts';
import { digest } from '../../../lib/digest.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { oneLine } from '../../foundation/notices/service.ts';
import { uidOf } from './rules.ts';

/** How appointments are written for a calendar. */
export interface Writing {
  office: Office;
  t: Translate;
  /** The public address of the installation, for links and UIDs. */
  baseUrl: string;
  /** Whether they say who the citizen is. */
  names: boolean;
}

/** An appointment as a calendar of its desk has it. */
export interface Written {
  uid: string;
  title: string;
  text: string;
  place: string;
  start: Temporal.Instant;
  end: Temporal.Instant;
  /** Of its change, as the appointment counts them (RFC 5545, 3.8.7.4). */
  sequence: number;
  changedAt: Temporal.Instant;
}

/** Returns the words of an appointment for a calendar of its desk. Without `names` nothing in it says who the citizen is. */
export function writtenOf(appointment: Appointment, how: Writing): Written {
  const { office, t, baseUrl, names } = how;
  const { id, reference, channel, start, end, sequence, updatedAt } = appointment;
  const name = namesOf(office, appointment, t.language).join(' + ');
  const what = t(`calendars.event.${channel}`, { procedure: name });
  const site = siteOf(office, appointment);
  return {
    uid: uidOf(id, new URL(baseUrl).hostname),
    title: oneLine(
      names ? t('calendars.event.named', { name: appointment.citizen.name, what }) : what,
    ),
    text: [reference, `${baseUrl}/console/${office.code}/appointment/${id}`].join('\n'),
    place: site ? oneLine(textIn(site.name, t.language)) : '',
    start,
    end,
    sequence,
    changedAt: updatedAt,
  };
}

/** Returns a digest of what a calendar has of an appointment: the same for versions that read the same. */
export const digestOf = ({ title, text, place, start, end }: Written): string =>
  digest(JSON.stringify([title, text, place, start, end]));

const PRODUCT = { company: 'Finestreta', product: 'Finestreta' };

/**
 * Returns a desk's appointments as a calendar that programs read again and again (RFC 5545, RFC 7986). Times are in UTC: an appointment is
 * an instant.
 * @param name the name that the program shows for the calendar
 */
export function feedText(
  appointments: readonly Appointment[],
  how: Writing,
  { id, name }: { id: string; name: string },
): string {
  const calendar = ical({ method: ICalCalendarMethod.PUBLISH, prodId: PRODUCT, name, ttl: 900 });
  for (const each of appointments) addEvent(calendar, writtenOf(each, how));
  // The library writes neither of the two (RFC 7986, 5.3 and 5.4).
  const host = new URL(how.baseUrl).hostname;
  const more = [`UID:${id}@${host}`];
  const newest = appointments
    .map((each) => each.updatedAt)
    .sort(Temporal.Instant.compare)
    .at(-1);
  if (newest) more.push(`LAST-MODIFIED:${utc(newest)}`);
  return linesOf(calendar).replace(/(\r\nPRODID:[^\r]*)/, `$1\r\n${more.join('\r\n')}`);
}

/** Returns an appointment as an object of a calendar's collection, which has no METHOD (RFC 4791, 4.1). */
export function objectText(written: Written): string {
  const calendar = ical({ prodId: PRODUCT });
  addEvent(calendar, written);
  return linesOf(calendar);
}

function addEvent(calendar: ICalCalendar, written: Written): void {
  const { uid, title, text, place, start, end, sequence, changedAt: stamp } = written;
  calendar.createEvent({
    id: uid,
    sequence,
    stamp,
    lastModified: stamp,
    start,
    end,
    summary: title,
    description: text,
    ...(place && { location: place }),
    status: ICalEventStatus.CONFIRMED,
    busystatus: ICalEventBusyStatus.BUSY,
    class: ICalEventClass.PRIVATE,
  });
}

const linesOf = (calendar: ICalCalendar): string => `${calendar.toString().trimEnd()}\r\n`;

const utc = (at: Temporal.Instant): string =>
  `${at.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}`;
