import type { z } from '@hono/zod-openapi';
import type { Appointment, AppointmentEvent } from '../../domain/appointment.ts';
import { codesOf } from '../../domain/office/bundle.ts';
import type { Office, Procedure } from '../../domain/office/types.ts';
import {
  detailsOf,
  PERSON_FIELD_NAMES,
  PERSON_FIELDS,
  type PersonField,
} from '../../domain/person.ts';
import { hasScope } from '../../domain/scopes.ts';
import { type FieldMistake, isDisplaced } from '../../features/booking/appointments/rules.ts';
import type { AskRefusal } from '../../features/booking/slots/service.ts';
import type { AppointmentEvent as ToldEvent } from '../../features/booking/webhooks/types.ts';
import { ATTEMPT_OUTCOMES } from '../../features/service/encounter/types.ts';
import type { ProblemField } from '../../lib/problem.ts';
import type { TokenViewer } from '../../lib/viewer.ts';
import {
  COURSE_KINDS,
  type courseAnswer,
  type eventsAnswer,
  type webhookMessage,
} from './event-schemas.ts';
import type {
  appointmentAnswer,
  changedAnswer,
  officeAnswer,
  proceduresAnswer,
  wholeAppointmentAnswer,
} from './schemas.ts';

/** Formats the services' results for the API. */

/** RFC 3339 with the offset that the zone has at that instant: 2026-12-09T09:20:00+01:00. */
export const formatInstant = (instant: Temporal.Instant, timeZone: string): string =>
  instant
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', smallestUnit: 'second', roundingMode: 'floor' });

export function formatAppointment(
  appointment: Appointment,
  office: Office,
): z.infer<typeof appointmentAnswer> {
  const { id, reference, status, procedure, channel, language, site, externalId } = appointment;
  const start = formatInstant(appointment.start, office.timeZone);
  const end = formatInstant(appointment.end, office.timeZone);
  return {
    id,
    reference,
    status,
    procedure,
    procedures: codesOf(appointment),
    people: appointment.people ?? 1,
    channel,
    language,
    ...(site && { site }),
    start,
    end,
    externalId,
  };
}

export function formatWholeAppointment(
  appointment: Appointment,
  office: Office,
): z.infer<typeof wholeAppointmentAnswer> {
  return {
    ...formatAppointment(appointment, office),
    ...detailsOf(appointment),
    noticesBy: appointment.noticesBy ?? null,
    displaced: isDisplaced(appointment),
    createdAt: formatInstant(appointment.createdAt, office.timeZone),
    updatedAt: formatInstant(appointment.updatedAt, office.timeZone),
  };
}

/**
 * Formats an appointment after a change, restricted to the fields that a token with these scopes may read.
 */
export const formatChanged = (
  viewer: TokenViewer,
  appointment: Appointment,
  office: Office,
): z.infer<typeof changedAnswer> =>
  hasScope(viewer, 'appointments:read')
    ? formatWholeAppointment(appointment, office)
    : formatAppointment(appointment, office);

/**
 * Formats an appointment's history: what happened, when and by whom, without the internal work of the agents.
 */
export function formatCourse(
  events: readonly AppointmentEvent[],
  office: Office,
): z.infer<typeof courseAnswer> {
  return {
    events: events.flatMap(({ id, kind, at, actor, data }) => {
      const type = COURSE_KINDS.find((each) => each === kind);
      const by = BY.find((each) => each === actor.split(':')[0]);
      if (!type || !by) return [];
      const outcome = ATTEMPT_OUTCOMES.find((each) => each === data.outcome);
      const attempt = type === 'attempt' && outcome && { number: Number(data.number), outcome };
      const timestamp = formatInstant(at, office.timeZone);
      return [{ event: id, type, timestamp, by, ...(attempt && { attempt }) }];
    }),
  };
}

const BY = ['citizen', 'staff', 'token', 'system'] as const;

/** Formats an event with its appointment as it is now, without personal data and without secrets. */
export function formatEvent(
  event: ToldEvent,
  appointment: Appointment,
  office: Office,
): z.infer<typeof eventsAnswer>['events'][number] {
  return {
    event: event.id,
    type: `appointment.${event.kind}`,
    timestamp: formatInstant(event.at, office.timeZone),
    data: formatAppointment(appointment, office),
  };
}

/** Formats the same for webhooks; with `personal`, includes the person. */
export function formatWebhook(
  event: ToldEvent,
  appointment: Appointment,
  office: Office,
  { personal }: { personal: boolean },
): z.infer<typeof webhookMessage> {
  const said = formatEvent(event, appointment, office);
  if (!personal) return said;
  const { citizen } = detailsOf(appointment);
  return { ...said, data: { ...said.data, citizen } };
}

export function formatOffice(office: Office): z.infer<typeof officeAnswer> {
  const { intro, contact, sites, walkIn, otherWays, themes, slots, combining } = office.settings;
  return {
    code: office.code,
    name: office.name,
    ...(intro && { intro }),
    timeZone: office.timeZone,
    languages: [...office.languages],
    ...(contact && { contact }),
    sites,
    walkIn,
    otherWays,
    themes: themes.map(({ code, name }) => ({ code, name })),
    leadMinutes: slots.leadMinutes,
    horizonDays: slots.horizonDays,
    combining,
  };
}

export function formatProcedure(
  procedure: Procedure,
): z.infer<typeof proceduresAnswer>['procedures'][number] {
  // The check-list is internal to the agents.
  const { id: _, retired: __, step: ___, checklist: ____, ...known } = procedure;
  return known;
}

const MESSAGES: Record<FieldMistake, string> = {
  missing: 'This is needed.',
  missing_either: 'A telephone number or an e-mail address is needed.',
  too_long: 'This is too long.',
  not_email: 'This is not an e-mail address.',
  not_phone: 'This is not a telephone number.',
  not_called: 'This is a service’s, premium or satellite number: nobody calls it.',
  phone_extra: 'Send one number, without an extension.',
  not_name: 'A name has letters, and no pictures.',
  has_link:
    'A name holds no web or mail address and no telephone number. A full stop is followed by a space.',
  not_known: 'This is not one of the known values.',
  not_on_channel:
    'This channel can’t meet that need. Another channel can, or this one with a relay_service.',
  not_text: 'There are characters in it that are no text.',
};

/** Returns the rules' mistakes as fields of the request. */
export function fieldsOfMistakes(
  mistakes: Partial<Record<PersonField, FieldMistake>>,
): ProblemField[] {
  return PERSON_FIELD_NAMES.flatMap((field) => {
    const reason = mistakes[field];
    if (!reason) return [];
    const name = PERSON_FIELDS[field].part === 'citizen' ? `citizen.${field}` : field;
    return [{ name, reason, message: MESSAGES[reason] }];
  });
}

/** Returns the unavailable choice as a field of the request. */
export function fieldOfRefusal(reason: AskRefusal): ProblemField {
  switch (reason) {
    case 'unknown_procedure':
      return {
        name: 'procedure',
        reason: 'not_known',
        message: 'The office has no such procedure.',
      };
    case 'not_combinable':
      return {
        name: 'procedures',
        reason: 'not_combinable',
        message: 'The office doesn’t put these procedures into one appointment.',
      };
    case 'too_many_people':
      return {
        name: 'people',
        reason: 'too_many',
        message: 'One appointment for these procedures can’t be for so many people.',
      };
    case 'too_long':
      return {
        name: 'procedures',
        reason: 'too_long',
        message: 'One appointment for all of this would take longer than the office allows.',
      };
    case 'channel_not_offered':
      return {
        name: 'channel',
        reason: 'not_offered',
        message: 'The procedure isn’t attended this way.',
      };
    case 'language_not_offered':
      return {
        name: 'language',
        reason: 'not_offered',
        message: 'The office doesn’t attend in this language.',
      };
  }
}
