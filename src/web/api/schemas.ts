import { z } from '@hono/zod-openapi';
import { NOTICE_WAYS } from '../../domain/address.ts';
import { IMPORTED, STATUSES } from '../../domain/appointment.ts';
import { byChannel, CHANNELS } from '../../domain/channel.ts';
import { GIVEN_LEVELS } from '../../domain/identity.ts';
import { ENCOUNTER_LANGUAGES, inEveryLanguage, LANGUAGES } from '../../lib/i18n/languages.ts';
import { day, instant, nullish, text } from './fields.ts';
import { OFFICE_SAMPLE, PROCEDURE_SAMPLE } from './samples.ts';
import { citizenChange, personAnswer, personRequest } from './shapes/person.ts';
import {
  askedQuery,
  askedShape,
  code,
  isNamed,
  NAMED,
  officeCombining,
  procedureCombining,
} from './shapes/procedures.ts';

/**
 * The input and output of the API. These schemas validate, type the handlers and make the OpenAPI document.
 */

const channel = z
  .enum(CHANNELS)
  .openapi({ description: 'How the citizen is attended.', example: 'phone' });
const spoken = z.enum(LANGUAGES).openapi({ example: 'ca' });
const language = z.enum(ENCOUNTER_LANGUAGES).openapi({
  description: 'Of the encounter; csc and ssp: Catalan and Spanish sign language, by video.',
  example: 'ca',
});
const status = z.enum(STATUSES).openapi({ description: 'Where it stands.', example: 'booked' });
export const when = (description: string, example: string) =>
  z.iso.datetime({ offset: true }).openapi({ description, example });
const starts = () => when('With the offset of the office’s zone.', '2026-12-09T09:20:00+01:00');
const ends = () => when('With the offset of the office’s zone.', '2026-12-09T09:35:00+01:00');

export const officeParams = z.object({
  office: z.string().openapi({ description: 'Code of the office.', example: 'oac' }),
});
export const appointmentParams = officeParams.extend({
  id: z.string().openapi({
    description: 'Id of the appointment, a UUID.',
    example: '0b9f8c1e-6f0a-4a3e-9d57-3f5b6c1f2a10',
  }),
});

export const idempotencyHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/)
    .optional()
    .openapi({
      description:
        'Chosen by you, one for each appointment that you want. The same request with the same key again answers the same ' +
        'appointment. Keys of one token don’t meet those of another.',
      example: '6f1d1c9a-2b61-4a51-8a7e-0c9f6f8f7a55',
    }),
});

/** The parts of an answer that are included only on request. */
export const includeQuery = z.strictObject({
  include: z.enum(['manageUrl']).optional().openapi({
    description:
      'Adds the address of the citizen’s own page. It takes the scope `contacts:write`, and each time is recorded.',
  }),
});

const site = code.openapi({
  description: 'Code of the site, where the citizen comes to one. Left out: any site.',
  example: 'centre',
});

export const slotsQuery = z
  .strictObject({
    ...askedQuery,
    channel,
    language,
    site: site.optional(),
    from: day.openapi({ description: 'First local day.', example: '2026-12-09' }),
    to: day.openapi({
      description: 'Last local day, included; at most 62 days in all.',
      example: '2026-12-11',
    }),
  })
  .refine(isNamed, NAMED);

export const appointmentsQuery = z.strictObject({
  from: day.optional().openapi({ description: 'Starts on this local day or later.' }),
  to: day.optional().openapi({ description: 'Starts on this local day or earlier.' }),
  status: status.optional(),
  procedure: code.optional().openapi({ description: 'Has this procedure, as the first or not.' }),
  channel: channel.optional(),
  externalId: text(200, 'Your own id: one appointment, or none.', 1).optional(),
  cursor: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: 'The `nextCursor` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50).openapi({
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: 50,
    description: 'Most appointments in one answer.',
  }),
});

export const holdRequest = z
  .strictObject({ ...askedShape, channel, language, site: site.optional(), start: instant })
  .refine(isNamed, NAMED)
  .openapi('HoldRequest');

export const appointmentRequest = z
  .strictObject({
    ...askedShape,
    channel,
    language: language.openapi({
      description: 'Of the encounter, and of the notices where it is spoken.',
    }),
    site: site.optional(),
    start: instant,
    noticesBy: nullish(z.enum(NOTICE_WAYS)).openapi({
      description:
        'The way by which the citizen wants notices, where they have both. By default by e-mail. SMS that can’t be sent go by e-mail.',
    }),
    hold: nullish(text(100, 'From POST holds, when the time was held.')),
    ...personRequest,
    externalId: nullish(
      text(200, 'Your own id of this appointment, unique in the office.', 1)
        .refine((value) => !value.startsWith(IMPORTED), {
          params: { reason: 'reserved' },
          message: `${IMPORTED} is for appointments that an office brings from another tool.`,
        })
        .openapi({ pattern: `^(?!${IMPORTED})`, example: 'crm-2026-8841' }),
    ),
  })
  .refine(isNamed, NAMED)
  .openapi('AppointmentRequest');

export const appointmentChange = z
  .strictObject({
    start: instant.optional(),
    channel: channel.optional(),
    site: site.optional(),
    citizen: citizenChange
      .optional()
      .openapi({ description: 'What is left out stays; null takes it away.' }),
  })
  .refine((change) => Object.values(change).some((each) => each !== undefined), {
    params: { reason: 'missing' },
    message: 'At least one of start, channel, site and citizen is needed.',
  })
  .openapi('AppointmentChange');

export const cancellation = z
  .strictObject({
    reason: nullish(text(500, 'Told to the citizen.').openapi({ example: 'La taula és tancada' })),
  })
  .openapi('Cancellation');

const texts = z.object(inEveryLanguage(() => z.string().optional())).openapi('Texts', {
  description: 'The same text in each language that the office offers.',
  example: { ca: 'Volant de padró', es: 'Volante de padrón', en: 'Residence certificate' },
});
const maybe = texts.optional();
const links = { url: z.string().optional(), phone: z.string().optional() };
const otherWays = z.array(z.object({ name: maybe, text: maybe, ...links }));

export const officeAnswer = z
  .object({
    code: z.string().openapi({ example: 'oac' }),
    name: texts,
    intro: maybe,
    timeZone: z.string().openapi({ example: 'Europe/Madrid' }),
    languages: z.array(spoken),
    contact: z.object({ email: z.string().optional(), ...links }).optional(),
    sites: z.array(
      z.object({
        code: z.string().openapi({ example: 'centre' }),
        name: texts,
        address: z.string(),
        directions: maybe,
        location: z.string().optional().openapi({
          description: 'Latitude and longitude in degrees.',
          example: '41.3851, 2.1734',
        }),
      }),
    ),
    walkIn: z.array(z.object({ name: maybe, address: z.string(), hours: texts, ...links })),
    otherWays,
    themes: z.array(z.object({ code: z.string(), name: texts })),
    leadMinutes: z.int().openapi({ description: 'From now to the first time offered.' }),
    horizonDays: z.int().openapi({ description: 'Days ahead that can be booked.' }),
    combining: officeCombining,
  })
  .openapi('Office', { example: OFFICE_SAMPLE });

const procedure = z
  .object({
    code: z.string().openapi({ example: 'volant-padro' }),
    kind: z.enum(['information', 'procedure']),
    name: texts,
    summary: maybe,
    who: maybe,
    text: maybe,
    theme: z.string().optional(),
    channels: z
      .object(byChannel(() => z.int().optional()))
      .openapi({ description: 'Minutes by channel.', example: { phone: 15, video: 20 } }),
    combining: procedureCombining,
    documents: z.array(
      z.object({
        code: z.string(),
        name: texts,
        note: maybe,
        required: z.boolean(),
        onlyOnBehalf: z.boolean().openapi({
          description: 'Only an appointment for another person (`onBehalfOf`) asks for it.',
        }),
      }),
    ),
    identity: z.enum(['none', 'shown', 'electronic']),
    level: z.enum(GIVEN_LEVELS).openapi({
      description: 'The assurance level that it needs, where `identity` is `electronic`.',
    }),
    onBehalf: z.boolean(),
    obligedElectronic: z.boolean(),
    otherWays,
    keywords: z.partialRecord(z.enum(LANGUAGES), z.array(z.string())),
  })
  .openapi('Procedure', { example: PROCEDURE_SAMPLE });

export const proceduresAnswer = z.object({ procedures: z.array(procedure) }).openapi('Procedures');

export const slotsAnswer = z
  .object({
    timeZone: z.string().openapi({ example: 'Europe/Madrid' }),
    slots: z.array(
      z.object({
        start: starts(),
        end: ends(),
        capacity: z.int().openapi({ description: 'How many could take it.', example: 2 }),
      }),
    ),
  })
  .openapi('Slots');

export const holdAnswer = z
  .object({
    hold: z.string().openapi({ example: 'Zk0c5vQ2mB8w1yR7uT4xN6pL9sD3fG2h' }),
    expiresAt: when('Until then the time is yours.', '2026-12-01T10:10:00+01:00'),
  })
  .openapi('Hold');

/** The details of an appointment, without the person. */
export const appointmentShape = {
  id: z.string().openapi({ example: '0b9f8c1e-6f0a-4a3e-9d57-3f5b6c1f2a10' }),
  reference: z.string().openapi({ description: 'What the citizen reads out.', example: 'K7M-2QX' }),
  status,
  procedure: z
    .string()
    .openapi({ description: 'The first of `procedures`.', example: 'volant-padro' }),
  procedures: z.array(z.string()).openapi({
    description: 'All procedures of the appointment, in the order in which they were chosen.',
    example: ['volant-padro'],
  }),
  people: z.int().openapi({ description: 'How many people it is for.', example: 1 }),
  channel,
  language,
  site: z.string().optional().openapi({
    description: 'Code of the site, where the citizen comes to one.',
    example: 'centre',
  }),
  start: starts(),
  end: ends(),
  externalId: z.string().nullable().openapi({ example: 'crm-2026-8841' }),
};

const linkShape = {
  manageUrl: z.string().optional().openapi({
    description:
      'The citizen’s own page, with `include=manageUrl` only. Whoever has the address can move and cancel: a secret.',
    example: 'https://cita.example.cat/ca/appointment/Zk0c5vQ2mB8w1yR7uT4xN6',
  }),
};

export const appointmentAnswer = z.object(appointmentShape).openapi('Appointment');

export const bookedAnswer = z
  .object({ ...appointmentShape, ...linkShape })
  .openapi('BookedAppointment');

const wholeShape = {
  ...personAnswer,
  noticesBy: z
    .enum(NOTICE_WAYS)
    .nullable()
    .openapi({ description: 'The way that the citizen chose for notices.', example: null }),
  displaced: z.boolean().openapi({
    description:
      'Nobody can attend it at its hour: its citizen was asked to choose another. False again once it has one.',
    example: false,
  }),
  createdAt: when('With the offset of the office’s zone.', '2026-12-01T10:00:00+01:00'),
  updatedAt: when('With the offset of the office’s zone.', '2026-12-01T10:00:00+01:00'),
};

export const wholeAppointmentAnswer = z
  .object({ ...appointmentShape, ...linkShape, ...wholeShape })
  .openapi('WholeAppointment');

/** A read of an appointment needs a scope that a change doesn't need. */
export const changedAnswer = z
  .object({ ...appointmentShape, ...z.object(wholeShape).partial().shape })
  .openapi('ChangedAppointment', {
    description:
      'The new state: the whole appointment for a token with `appointments:read`, and without who it is for to one without.',
  });

export const appointmentsAnswer = z
  .object({
    appointments: z.array(appointmentAnswer),
    nextCursor: z
      .string()
      .nullable()
      .openapi({ description: 'For the next page; null on the last.', example: null }),
  })
  .openapi('Appointments');

export const problemAnswer = z
  .object({
    type: z.string().openapi({ description: 'What programs decide by; it stays.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    fields: z
      .array(z.object({ name: z.string(), reason: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'What is wrong with each field; with `invalid` only.' }),
  })
  .openapi('Problem', { description: 'RFC 9457.' });
