import ical, {
  ICalAlarmType,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  ICalEventStatus,
} from 'ical-generator';
import type { Appointment } from '../../../domain/appointment.ts';
import { isCalled } from '../../../domain/channel.ts';
import type { Extent } from '../../../domain/office/bundle.ts';
import { locationOf, siteOf } from '../../../domain/office/site.ts';
import type { Office } from '../../../domain/office/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { callerOf, placeOf, procedureNames } from './card.ts';
import { oneLine } from './plain.ts';
import type { Message } from './types.ts';

/** The data of an appointment that a calendar file needs. */
export type CalendarEntry = Pick<
  Appointment,
  | 'id'
  | 'reference'
  | 'procedure'
  | 'channel'
  | 'site'
  | 'start'
  | 'end'
  | 'sequence'
  | 'status'
  | keyof Extent
>;

const ALARM_MINUTES = 15;

/**
 * Returns the appointment as a calendar file (RFC 5545).
 *
 * The method is PUBLISH and not REQUEST (RFC 5546, 3.2.1). With REQUEST, mail programs show Yes and No buttons, whatever RSVP
 * says. A citizen who presses No would think that the appointment is cancelled, while the answer reaches nobody. The
 * disadvantage is that no calendar changes automatically. When opened, the file of a change replaces the entry (same UID,
 * higher SEQUENCE), and the file of a cancellation (CANCEL) removes it.
 *
 * Times are in UTC: an appointment is an instant, and each calendar shows it in its owner's time zone. So no VTIMEZONE
 * is needed, whose rules could differ from the calendar's own.
 *
 * @param link the citizen's own page of the appointment
 * @param now when the file is made, for DTSTAMP
 */
export function calendarFile(
  entry: CalendarEntry,
  office: Office,
  link: string,
  t: Translate,
  now: Temporal.Instant,
): Message['attachments'][number] {
  const isCancelled = entry.status === 'cancelled';
  const name = oneLine(textIn(office.name, t.language));
  const method = isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH;
  const calendar = ical({ method, prodId: { company: 'Finestreta', product: 'Finestreta' } });
  const summary = t(`notices.calendar.summary.${entry.channel}`, { office: name });
  const email = office.settings.contact?.email;
  const event = calendar.createEvent({
    id: `${entry.id}@${new URL(link).hostname}`,
    sequence: entry.sequence,
    stamp: now,
    start: entry.start,
    end: entry.end,
    summary,
    location: whereOf(entry, office, t),
    description: descriptionOf(entry, office, link, t),
    url: link,
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    busystatus: isCancelled ? ICalEventBusyStatus.FREE : ICalEventBusyStatus.BUSY,
    organizer: email ? { name, email } : null,
  });
  if (!isCancelled) {
    event.createAlarm({
      type: ICalAlarmType.display,
      trigger: ALARM_MINUTES * 60,
      description: summary,
    });
  }
  return {
    filename: `${t('notices.calendar.file')}-${entry.reference}.ics`,
    contentType: `text/calendar; charset=utf-8; method=${method}`,
    text: `${calendar.toString().trimEnd()}\r\n`,
  };
}

function whereOf(entry: CalendarEntry, office: Office, t: Translate) {
  const { channel } = entry;
  const site = siteOf(office, entry);
  const title = site && placeOf(entry, office, t);
  if (site && title) {
    const geo = locationOf(site);
    return { title, ...(geo && { geo }) };
  }
  const number = callerOf(office);
  return isCalled(channel) && number
    ? t('notices.calendar.place.caller', { number: oneLine(number) })
    : t(`notices.calendar.place.${channel}`);
}

const descriptionOf = (entry: CalendarEntry, office: Office, link: string, t: Translate): string =>
  [
    procedureNames(office, entry, t),
    `${t('notices.row.reference')}: ${entry.reference}`,
    ...(entry.status === 'cancelled' ? [] : [t('notices.calendar.manage'), link]),
  ].join('\n');
