import { z } from '@hono/zod-openapi';
import { APPOINTMENT_KINDS } from '../../features/booking/webhooks/types.ts';
import { ATTEMPT_OUTCOMES } from '../../features/service/encounter/types.ts';
import { appointmentShape, when } from './schemas.ts';
import { citizenAnswer } from './shapes/person.ts';

/** The description of events in the API and in webhooks. */

const eventShape = {
  event: z.int().openapi({ description: 'Rises with what happens in the office.', example: 4711 }),
  type: z
    .enum(APPOINTMENT_KINDS.map((each) => `appointment.${each}` as const))
    .openapi({ example: 'appointment.booked' }),
  timestamp: when('When it happened.', '2026-12-01T10:00:00+01:00'),
};

export const eventsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).openapi({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 0,
    description: 'The `next` of the answer before; 0: from the beginning.',
  }),
  limit: z.coerce.number().int().min(1).max(200).default(100).openapi({
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: 100,
    description: 'Most events in one answer.',
  }),
});

export const eventsAnswer = z
  .object({
    events: z.array(
      z
        .object({
          ...eventShape,
          data: z
            .object(appointmentShape)
            .openapi({ description: 'The appointment as it is now, without who it is for.' }),
        })
        .openapi('Event'),
    ),
    next: z.int().openapi({ description: 'For `after` next time.', example: 4711 }),
  })
  .openapi('Events');

/** The message of a webhook. */
export const webhookMessage = z
  .object({
    ...eventShape,
    data: z.object({
      ...appointmentShape,
      citizen: citizenAnswer
        .optional()
        .openapi({ description: 'Only where the webhook was made with personal data.' }),
    }),
  })
  .openapi('WebhookMessage');

/** The events in an appointment's history. The notes of the agents aren't in it. */
export const COURSE_KINDS = [
  'booked',
  'moved',
  'contact_changed',
  'displaced',
  'delayed',
  'attempt',
  'started',
  'undone',
  'fulfilled',
  'noshow',
  'cancelled',
  'surveyed',
] as const;

export const courseAnswer = z
  .object({
    events: z.array(
      z
        .object({
          event: z.int().openapi({ description: 'As in the events of the office.', example: 4711 }),
          type: z.enum(COURSE_KINDS).openapi({
            description:
              '`attempt`: a call that was made; `undone`: the last step before was taken back; `displaced`: nobody can attend it at its hour, or nobody called, and the citizen ' +
              'was asked to choose another; `delayed`: the citizen was told that it begins late; `surveyed`: they said how it went.',
            example: 'attempt',
          }),
          timestamp: when('When it happened.', '2026-12-09T09:20:00+01:00'),
          by: z
            .enum(['citizen', 'staff', 'token', 'system'])
            .openapi({ description: 'Who did it.', example: 'staff' }),
          attempt: z
            .object({
              number: z.int().openapi({ example: 1 }),
              outcome: z.enum(ATTEMPT_OUTCOMES).openapi({ example: 'no_answer' }),
            })
            .optional()
            .openapi({ description: 'With `attempt` only.' }),
        })
        .openapi('CourseEvent'),
    ),
  })
  .openapi('Course');
