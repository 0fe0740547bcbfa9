import { z } from '@hono/zod-openapi';
import type { JSONValue } from 'hono/utils/types';
import { CHANNELS } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import {
  CASE_KINDS,
  type CaseEvent,
  type ToldCase,
} from '../../../features/booking/webhooks/types.ts';
import type {
  TokenAnswers,
  TokenCase,
  TokenCaseWithSteps,
} from '../../../features/service/cases/service.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { day, nullish, text } from '../fields.ts';
import { officeParams, when } from '../schemas.ts';
import { formatInstant } from '../words.ts';
import { code } from './procedures.ts';

/** Cases in the words of the API. */

export const caseParams = officeParams.extend({
  id: z.string().openapi({
    description: 'Id of the case, a UUID.',
    example: '3d2c8f60-5b1e-4c57-9f0a-6f2b8f1a7c31',
  }),
});

const LINK =
  'Adds the address of the person’s own page: of a draft that this token began and nobody made theirs. It takes `contacts:write`.';

export const linkQuery = z.strictObject({
  include: z
    .enum(['link'])
    .optional()
    .openapi({ description: `\`link\`: ${LINK}` }),
});

export const caseQuery = z.strictObject({
  include: z
    .enum(['link', 'answers'])
    .optional()
    .openapi({
      description: `\`link\`: ${LINK} \`answers\`: adds what was handed in and by whom. It takes \`answers:read\`, and each time is recorded.`,
    }),
});

const state = z.string().min(1).max(60).openapi({
  description:
    '`draft` until it is handed in; then a state of the form’s table, such as `registered`, `in-review`, `to-amend`, `granted`, `refused`, `withdrawn`, `lapsed`.',
  example: 'in-review',
});

export const casesQuery = z.strictObject({
  state: state.optional(),
  procedure: code.optional(),
  from: day.optional().openapi({ description: 'Handed in on this local day or later.' }),
  to: day.optional().openapi({ description: 'Handed in on this local day or earlier.' }),
  externalId: text(200, 'Your own id: one case, or none.', 1).optional(),
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
    description: 'Most cases in one answer.',
  }),
});

/** How deep answers go: step, question, item of a group, question of it, part of an address; and one to spare. */
const DEEPEST = 6;

/** Returns whether all texts in a value can be kept (no NUL, no half of a surrogate pair), and it goes no deeper than answers do. */
const isText = (value: unknown, depth = 0): boolean => {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  if (depth > DEEPEST) return false;
  return Object.entries(value).every(([key, each]) => isText(key) && isText(each, depth + 1));
};

export const caseRequest = z
  .strictObject({
    procedure: code,
    language: z.enum(LANGUAGES).openapi({
      description: 'Of what is written to the person.',
      example: 'ca',
    }),
    answers: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .refine((answers) => isText(answers), {
        params: { reason: 'not_text' },
        message: 'There are characters in it that are no text, or it goes too deep.',
      })
      .optional()
      .openapi({
        description:
          'By step and question, as `answers` of the form’s schema has them. Not all are needed: the person goes on with the rest. They give their files and what they declare themselves.',
        example: { animal: { xip: '941000012345678' } },
      }),
    externalId: nullish(
      text(
        200,
        'Your own id of this case, unique in the office. It names no person, so no NIF either: it is kept in clear, and webhooks carry it.',
        1,
      ).openapi({
        example: 'crm-2026-8842',
      }),
    ),
  })
  .openapi('CaseRequest');

export const caseStep = z
  .strictObject({
    from: state.openapi({
      description: 'The state in which you saw it: when it is another by now, nothing is done.',
      example: 'registered',
    }),
    to: state.openapi({ description: 'One of its `steps`.', example: 'in-review' }),
  })
  .openapi('CaseStep');

const maybeDay = (description: string) =>
  z.string().nullable().openapi({ format: 'date', description, example: '2027-03-01' });
const maybeTime = (description: string) =>
  z.string().nullable().openapi({
    format: 'date-time',
    description,
    example: '2026-12-01T10:00:00+01:00',
  });

const caseShape = {
  id: z.string().openapi({ example: '3d2c8f60-5b1e-4c57-9f0a-6f2b8f1a7c31' }),
  reference: z.string().openapi({ description: 'What people read out.', example: 'R4T-8KD' }),
  procedure: z.string().openapi({ example: 'animal-companyia' }),
  formVersion: z
    .int()
    .openapi({ description: 'It stays on the one with which it began.', example: 2 }),
  door: z.enum(['online', ...CHANNELS]).openapi({
    description: 'How it began: `online`, or with an official by this channel.',
    example: 'online',
  }),
  language: z.enum(LANGUAGES).openapi({ example: 'ca' }),
  state,
  stateAt: when('Since when.', '2026-12-01T10:00:00+01:00'),
  stateDue: maybeDay('The last local day of this state.'),
  decideBy: maybeDay(
    'The last local day for the decision; null: there is none, or it stands still.',
  ),
  number: z.string().nullable().openapi({
    description: 'Of its entry in the registry; null: it was not handed in.',
    example: 'E2026000123',
  }),
  openedAt: when('When it began.', '2026-12-01T09:50:00+01:00'),
  handedInAt: maybeTime('When it was handed in.'),
  closedAt: maybeTime('Since when nothing can follow.'),
  externalId: z.string().nullable().openapi({ example: 'crm-2026-8842' }),
};

const steps = z.array(z.string()).openapi({
  description: 'The states to which a token with `cases:write` can take it now.',
  example: ['in-review'],
});

const link = z.string().optional().openapi({
  description:
    'The person’s own page, with `include=link` only. Where the form asks for an identity it opens to whoever identifies; elsewhere to whoever has it: a secret.',
  example: 'https://cita.example.cat/ca/case/Zk0c5vQ2mB8w1yR7uT4xN6',
});

export const caseAnswer = z.object({ ...caseShape, steps, link }).openapi('Case');

const applicant = z
  .object({
    name: z.string().openapi({ description: 'Empty: nobody asked.', example: 'Rosa Soler' }),
    identifier: z.string().nullable().openapi({
      description: 'Masked; null: they were not identified, and the name is what they wrote.',
      example: '***4567**',
    }),
    represents: z.object({ name: z.string(), identifier: z.string() }).nullable().openapi({
      description: 'For whom they acted, as their identification has it.',
      example: null,
    }),
    email: z.string().nullable().openapi({ example: 'rosa@example.cat' }),
    phone: z.string().nullable().openapi({ example: '+34600000001' }),
  })
  .openapi('Applicant');

export const wholeCaseAnswer = z
  .object({
    ...caseAnswer.shape,
    answers: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({
        description:
          'As they were handed in last, with `include=answers` only. They validate against the form’s schema.',
        example: { animal: { xip: '941000012345678' } },
      }),
    applicant: applicant
      .nullable()
      .optional()
      .openapi({ description: 'Who handed it in, with `include=answers` only.' }),
  })
  .openapi('WholeCase');

export const casesAnswer = z
  .object({
    cases: z.array(z.object(caseShape).openapi('ListedCase')),
    nextCursor: z
      .string()
      .nullable()
      .openapi({ description: 'For the next page; null on the last.', example: null }),
  })
  .openapi('Cases');

const caseEventShape = {
  event: z.int().openapi({
    description: 'Rises with what happens to the office’s cases; a count of its own.',
    example: 815,
  }),
  type: z.enum(CASE_KINDS).openapi({
    description:
      '`case.registered`: it was handed in; `case.moved`: it came to another state; `case.amended`: its person has corrected it; `case.decided`: its decision was issued.',
    example: 'case.registered',
  }),
  timestamp: when('When it happened.', '2026-12-01T10:00:00+01:00'),
  data: z
    .object({
      id: caseShape.id,
      reference: caseShape.reference,
      procedure: caseShape.procedure,
      state: caseShape.state,
      number: caseShape.number,
      handedInAt: caseShape.handedInAt,
      closedAt: caseShape.closedAt,
      externalId: caseShape.externalId,
    })
    .openapi({
      description: 'The case as it is now: where it stands, and nothing of whose it is.',
    }),
};

/** The message of a webhook about a case. */
export const caseMessage = z.object(caseEventShape).openapi('CaseMessage');

export const caseEventsAnswer = z
  .object({
    events: z.array(z.object(caseEventShape).openapi('CaseEvent')),
    next: z.int().openapi({ description: 'For `after` next time.', example: 815 }),
  })
  .openapi('CaseEvents');

/** Formats a case without whose it is. */
export function formatCase(of: TokenCase, timeZone: string) {
  const at = (instant: Temporal.Instant | null) => instant && formatInstant(instant, timeZone);
  const { version, stateAt, stateDue, decideBy, openedAt, handedInAt, closedAt, ...rest } = of;
  return {
    ...rest,
    formVersion: version,
    stateAt: formatInstant(stateAt, timeZone),
    stateDue: stateDue?.toString() ?? null,
    decideBy: decideBy?.toString() ?? null,
    openedAt: formatInstant(openedAt, timeZone),
    handedInAt: at(handedInAt),
    closedAt: at(closedAt),
  };
}

/** Formats a case with the steps that a token can take. */
export const formatCaseWithSteps = (
  { steps: taken, ...of }: TokenCaseWithSteps,
  timeZone: string,
) => ({
  ...formatCase(of, timeZone),
  steps: [...taken],
});

/** Formats what was handed in and by whom. */
export function formatHandedIn({ answers, applicant: who }: TokenAnswers) {
  return {
    answers: JSON.parse(JSON.stringify(answers)) as Record<string, JSONValue>,
    applicant: who && {
      name: who.name,
      identifier: who.masked,
      represents: who.represents && { ...who.represents },
      email: who.email,
      phone: who.phone,
    },
  };
}

/** Formats an event with its case as it is now. */
export function formatCaseEvent(event: CaseEvent, told: ToldCase, { timeZone }: Office) {
  const { handedInAt, closedAt, ...rest } = told;
  const at = (instant: Temporal.Instant | null) => instant && formatInstant(instant, timeZone);
  return {
    event: event.id,
    type: event.kind,
    timestamp: formatInstant(event.at, timeZone),
    data: { ...rest, handedInAt: at(handedInAt), closedAt: at(closedAt) },
  };
}
