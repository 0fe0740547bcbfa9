import { digest } from '../../../../lib/digest.ts';
import type { BusyStretch } from '../../../foundation/offices/service.ts';
import type { ReadSpan } from '../types.ts';
import type { Written } from '../written.ts';
import { type Json, objectOf, textAt } from './json.ts';

/**
 * Events of Microsoft Graph (Microsoft Learn: "event resource type", "event: delta"). A delta of a calendar view has single events, and the
 * occurrences and exceptions of series. An occurrence may have only its times and the id of its series.
 */

/** What an event of a delta means. */
export type EventRead =
  | { kind: 'removed'; id: string }
  /** A series: what its occurrences don't have themselves. */
  | { kind: 'series'; id: string; event: Json }
  | { kind: 'event'; id: string; event: Json; series: string }
  /** It has no id. */
  | { kind: 'odd' };

/** Returns what an item of a delta is. */
export function readItem(item: Json): EventRead {
  const id = textAt(item, 'id');
  if (!id) return { kind: 'odd' };
  if (item['@removed'] !== undefined) return { kind: 'removed', id };
  if (item['type'] === 'seriesMaster') return { kind: 'series', id, event: item };
  return { kind: 'event', id, event: item, series: textAt(item, 'seriesMasterId') };
}

/** Returns whether an event lacks what only its series has. */
export const lacksSeries = (event: Json): boolean =>
  textAt(event, 'seriesMasterId') !== '' && event['showAs'] === undefined;

/** How a person is shown at an event at which they can still work for others. `unknown` counts as busy: nobody is booked by mistake. */
const NOT_BUSY = ['free', 'workingElsewhere'];

/**
 * Returns when an event keeps its owner busy, within a span; null: it doesn't. 'unreadable': its times are not known.
 * @param event with what it has of its series
 */
export function busyOf(id: string, event: Json, span: ReadSpan): BusyStretch | null | 'unreadable' {
  const isOff =
    event['isCancelled'] === true ||
    NOT_BUSY.includes(textAt(event, 'showAs')) ||
    textAt(objectOf(event['responseStatus']), 'response') === 'declined';
  if (isOff || span.ownPlaces.has(id) || span.isOwn(uidIn(textAt(event, 'transactionId'))))
    return null;
  const isAllDay = event['isAllDay'] === true;
  const [from, to] = ['start', 'end'].map((key) =>
    instantOf(objectOf(event[key]), isAllDay, span.timeZone),
  );
  if (!from || !to || Temporal.Instant.compare(from, to) > 0) return 'unreadable';
  const cut = {
    from: Temporal.Instant.compare(from, span.from) < 0 ? span.from : from,
    to: Temporal.Instant.compare(to, span.until) > 0 ? span.until : to,
  };
  return Temporal.Instant.compare(cut.from, cut.to) < 0 ? { event: eventKey(id), ...cut } : null;
}

/** Returns the digest of an event's id. */
export const eventKey = (id: string): string => digest(id);

/**
 * Returns an instant of a `dateTimeTimeZone`, which we ask for in UTC. Events of whole days begin and end at midnight whatever zone is asked
 * for: they are days of the office's zone.
 */
function instantOf(said: Json, isAllDay: boolean, timeZone: string): Temporal.Instant | null {
  try {
    const at = Temporal.PlainDateTime.from(textAt(said, 'dateTime').replace(/Z$/, ''));
    if (isAllDay) return at.toPlainDate().toZonedDateTime(timeZone).toInstant();
    return at.toZonedDateTime(textAt(said, 'timeZone') || 'UTC').toInstant();
  } catch {
    return null;
  }
}

/** The named property (MAPI) by which an event is found that was written and whose id was not noted. */
const PROPERTY = 'String {00020329-0000-0000-C000-000000000046} Name FinestretaAppointment';

/** Returns the condition for the event of an appointment. */
export const conditionFor = (uid: string): string =>
  `singleValueExtendedProperties/Any(ep: ep/id eq '${PROPERTY}' and ep/value eq '${uid.replaceAll("'", "''")}')`;

/** Returns an appointment as an event of Graph. Nobody is invited and nothing rings: the console does that. */
export const eventBody = ({ uid, title, text, place, start, end }: Written): Json => ({
  subject: title,
  body: { contentType: 'text', content: text },
  location: { displayName: place },
  start: timeOf(start),
  end: timeOf(end),
  showAs: 'busy',
  sensitivity: 'private',
  isReminderOn: false,
  singleValueExtendedProperties: [{ id: PROPERTY, value: uid }],
});

const timeOf = (at: Temporal.Instant) => ({
  dateTime: at.toString({ smallestUnit: 'second' }).replace('Z', ''),
  timeZone: 'UTC',
});

/**
 * Returns the id of the request that creates an event: the same for the same words, so that Graph makes one event of a request that is sent
 * again. What was removed and is written again has another one, since it has changed.
 */
export const transactionOf = ({ uid, changedAt }: Written): string =>
  `${changedAt.epochMilliseconds}:${uid}`;

const uidIn = (transaction: string): string => transaction.replace(/^\d+:/, '');
