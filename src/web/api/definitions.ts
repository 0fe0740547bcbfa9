import { createRoute, type RouteConfig, z } from '@hono/zod-openapi';
import type { Scope } from '../../domain/scopes.ts';
import {
  PROBLEMS,
  type Problem,
  type ProblemField,
  type ProblemName,
  problemOf,
} from '../../lib/problem.ts';
import { courseAnswer, eventsAnswer, eventsQuery } from './event-schemas.ts';
import { PROBLEM_HELP } from './reference/problem-help.ts';
import {
  appointmentChange,
  appointmentParams,
  appointmentRequest,
  appointmentsAnswer,
  appointmentsQuery,
  bookedAnswer,
  cancellation,
  changedAnswer,
  holdAnswer,
  holdRequest,
  idempotencyHeaders,
  includeQuery,
  officeAnswer,
  officeParams,
  problemAnswer,
  proceduresAnswer,
  slotsAnswer,
  slotsQuery,
  wholeAppointmentAnswer,
} from './schemas.ts';
import {
  caseAnswer,
  caseEventsAnswer,
  caseParams,
  caseQuery,
  caseRequest,
  caseStep,
  casesAnswer,
  casesQuery,
  linkQuery,
  wholeCaseAnswer,
} from './shapes/cases.ts';
import { formAnswer, procedureParams } from './shapes/form.ts';

/** The table of contents of the API: every route, what it takes and what it may answer. */

export const V1 = '/api/v1';
const OFFICE = `${V1}/offices/{office}` as const;
const APPOINTMENT = `${OFFICE}/appointments/{id}` as const;
const CASE = `${OFFICE}/cases/{id}` as const;

/** The problems that any route with a token may return. */
const ALWAYS = [
  'unauthenticated',
  'insufficient-scope',
  'not-found',
  'too-many-requests',
  'bug',
  'not-now',
] as const;
/** The further problems of any route with an office. */
const WITH_OFFICE = [
  'malformed-json',
  'body-too-large',
  'unsupported-media-type',
  'invalid',
] as const;

const retryAfter = z.object({ 'Retry-After': z.int().openapi({ description: 'Seconds.' }) });
const HEADERS: Partial<Record<number, z.ZodObject>> = {
  401: z.object({ 'WWW-Authenticate': z.string() }),
  403: z.object({ 'WWW-Authenticate': z.string() }),
  429: retryAfter,
  503: retryAfter,
};

type ProblemContent = {
  'application/problem+json': {
    schema: typeof problemAnswer;
    examples: Record<string, { value: Problem }>;
  };
};
interface ProblemEntry {
  description: string;
  headers?: z.ZodObject;
  content: ProblemContent;
}
type ProblemAnswers<N extends ProblemName> = {
  [S in (typeof PROBLEMS)[N]['status']]: ProblemEntry;
};

/** The fields in a problem's example. */
const FIELDS_OF: Partial<Record<ProblemName, ProblemField[]>> = {
  invalid: [
    { name: 'citizen.email', reason: 'not_email', message: 'This is not an e-mail address.' },
  ],
};

/** The answers for these problems, as a route declares them: several of one status share an entry. */
function problems<const N extends ProblemName>(...names: readonly N[]): ProblemAnswers<N> {
  const answers: Partial<Record<number, ProblemEntry>> = {};
  for (const name of names) {
    const { status, title } = PROBLEMS[name];
    const earlier = answers[status];
    const headers = HEADERS[status];
    const examples = {
      ...earlier?.content['application/problem+json'].examples,
      [name]: { value: problemOf(name, PROBLEM_HELP[name], FIELDS_OF[name]) },
    };
    answers[status] = {
      description: `${earlier ? `${earlier.description}; ` : ''}\`${name}\`: ${title}`,
      ...(headers && { headers }),
      content: { 'application/problem+json': { schema: problemAnswer, examples } },
    };
  }
  return answers as ProblemAnswers<N>;
}

const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const body = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

/**
 * Returns a route of the API with the one scope that a token needs. The document and the gate both use
 * this scope.
 */
function operation<
  P extends string,
  R extends Omit<RouteConfig, 'path' | 'security'> & { path: P; description: string },
>(scope: Scope, route: R) {
  return createRoute({
    ...route,
    security: [{ token: [scope] as string[] }],
    description: `${route.description} Scope: \`${scope}\`.`,
  });
}

export const getOffice = operation('catalogue:read', {
  method: 'get',
  path: OFFICE,
  operationId: 'getOffice',
  tags: ['Catalogue'],
  summary: 'The office',
  description: 'Its name and texts in every language, its zone, and where people are attended.',
  request: { params: officeParams },
  responses: { 200: json(officeAnswer, 'The office'), ...problems(...ALWAYS) },
});

export const getProcedures = operation('catalogue:read', {
  method: 'get',
  path: `${OFFICE}/procedures`,
  operationId: 'getProcedures',
  tags: ['Catalogue'],
  summary: 'What the office attends',
  description:
    'Every procedure, in the catalogue’s order, with the minutes that each channel takes.',
  request: { params: officeParams },
  responses: { 200: json(proceduresAnswer, 'The catalogue'), ...problems(...ALWAYS) },
});

export const getForm = operation('catalogue:read', {
  method: 'get',
  path: `${OFFICE}/procedures/{code}/form`,
  operationId: 'getForm',
  tags: ['Catalogue'],
  summary: 'The form of a procedure',
  description:
    'The version with which new cases begin: its steps, questions, rules and texts in every language, and the JSON Schema 2020-12 of its ' +
    'answers. Not found where the procedure has no form.',
  request: { params: procedureParams },
  responses: { 200: json(formAnswer, 'The form'), ...problems(...ALWAYS) },
});

export const getSlots = operation('slots:read', {
  method: 'get',
  path: `${OFFICE}/slots`,
  operationId: 'getSlots',
  tags: ['Booking'],
  summary: 'Times that are free',
  description: 'In order. A time stays free until somebody books it: hold it while people decide.',
  request: { params: officeParams, query: slotsQuery },
  responses: { 200: json(slotsAnswer, 'The times'), ...problems(...ALWAYS, 'invalid') },
});

export const postHold = operation('appointments:write', {
  method: 'post',
  path: `${OFFICE}/holds`,
  operationId: 'holdTime',
  tags: ['Booking'],
  summary: 'Hold a time',
  description: 'Nobody else gets it for ten minutes. Optional: one may book without.',
  request: { params: officeParams, body: body(holdRequest) },
  responses: {
    201: json(holdAnswer, 'Held'),
    ...problems(...ALWAYS, ...WITH_OFFICE, 'slot-taken'),
  },
});

export const postAppointment = operation('appointments:write', {
  method: 'post',
  path: `${OFFICE}/appointments`,
  operationId: 'book',
  tags: ['Booking'],
  summary: 'Book',
  description:
    'The citizen gets the confirmation by e-mail or, without an address, by SMS. The same request with the same ' +
    '`externalId` or `Idempotency-Key` answers the same appointment with 200 and books nothing.',
  request: {
    params: officeParams,
    query: includeQuery,
    headers: idempotencyHeaders,
    body: body(appointmentRequest),
  },
  responses: {
    200: json(bookedAnswer, 'The same request was answered before: its appointment'),
    201: {
      ...json(bookedAnswer, 'Booked'),
      headers: z.object({ Location: z.string() }),
    },
    ...problems(...ALWAYS, ...WITH_OFFICE, 'slot-taken', 'idempotency-conflict'),
  },
});

export const getAppointments = operation('appointments:read', {
  method: 'get',
  path: `${OFFICE}/appointments`,
  operationId: 'listAppointments',
  tags: ['Appointments'],
  summary: 'The office’s appointments',
  description: 'By start. Follow `nextCursor` until it is null.',
  request: { params: officeParams, query: appointmentsQuery },
  responses: { 200: json(appointmentsAnswer, 'A page'), ...problems(...ALWAYS, 'invalid') },
});

export const getAppointment = operation('appointments:read', {
  method: 'get',
  path: APPOINTMENT,
  operationId: 'getAppointment',
  tags: ['Appointments'],
  summary: 'One appointment, whole',
  description: 'With its citizen, what they need and their comment.',
  request: { params: appointmentParams, query: includeQuery },
  responses: {
    200: json(wholeAppointmentAnswer, 'The appointment'),
    ...problems(...ALWAYS, 'invalid'),
  },
});

export const getCourse = operation('appointments:read', {
  method: 'get',
  path: `${APPOINTMENT}/events`,
  operationId: 'getCourse',
  tags: ['Appointments'],
  summary: 'What happened to an appointment',
  description: 'In order: each change, each call and how it ended, and whose doing it was.',
  request: { params: appointmentParams },
  responses: { 200: json(courseAnswer, 'Its course'), ...problems(...ALWAYS) },
});

export const patchAppointment = operation('appointments:write', {
  method: 'patch',
  path: APPOINTMENT,
  operationId: 'changeAppointment',
  tags: ['Appointments'],
  summary: 'Another time, channel or contact',
  description:
    'The citizen is told of another time or channel. Only while it is booked. `citizen` also takes the scope ' +
    '`contacts:write`, and is refused once there are documents or acts: the codes that open them go to those addresses.',
  request: { params: appointmentParams, body: body(appointmentChange) },
  responses: {
    200: json(changedAnswer, 'The new state'),
    ...problems(
      ...[...ALWAYS, ...WITH_OFFICE],
      ...(['slot-taken', 'contact-frozen', 'not-open', 'not-offered'] as const),
    ),
  },
});

export const postCancel = operation('appointments:write', {
  method: 'post',
  path: `${APPOINTMENT}/cancel`,
  operationId: 'cancelAppointment',
  tags: ['Appointments'],
  summary: 'Cancel',
  description: 'The time is free again at once, and the citizen is told.',
  request: { params: appointmentParams, body: body(cancellation) },
  responses: {
    200: json(changedAnswer, 'The new state'),
    ...problems(...ALWAYS, ...WITH_OFFICE, 'not-open'),
  },
});

export const getEvents = operation('appointments:read', {
  method: 'get',
  path: `${OFFICE}/events`,
  operationId: 'getEvents',
  tags: ['Events'],
  summary: 'What happened',
  description:
    'What webhooks are told, in order of `event`: to catch up after an outage, or where no webhook can reach you. Ask again ' +
    'with `after` until there are no more. What is younger than half a minute isn’t in it yet.',
  request: { params: officeParams, query: eventsQuery },
  responses: { 200: json(eventsAnswer, 'The events'), ...problems(...ALWAYS, 'invalid') },
});

export const postCase = operation('cases:write', {
  method: 'post',
  path: `${OFFICE}/cases`,
  operationId: 'beginCase',
  tags: ['Cases'],
  summary: 'Begin a case for somebody',
  description:
    'A draft of the procedure’s form, with what you know already. Only the person hands it in, at their link: they check each answer, add what is ' +
    'missing, and identify where the form asks for it. The same request with the same `externalId` or `Idempotency-Key` answers the same case with 200.',
  request: {
    params: officeParams,
    query: linkQuery,
    headers: idempotencyHeaders,
    body: body(caseRequest),
  },
  responses: {
    200: json(caseAnswer, 'The same request was answered before: its case'),
    201: { ...json(caseAnswer, 'Begun'), headers: z.object({ Location: z.string() }) },
    ...problems(...ALWAYS, ...WITH_OFFICE, 'idempotency-conflict'),
  },
});

export const getCases = operation('cases:read', {
  method: 'get',
  path: `${OFFICE}/cases`,
  operationId: 'listCases',
  tags: ['Cases'],
  summary: 'The office’s cases',
  description:
    'What was handed in, in the order of that; no drafts. Where each stands, and nothing of whose it is. Follow `nextCursor` until it is null.',
  request: { params: officeParams, query: casesQuery },
  responses: { 200: json(casesAnswer, 'A page'), ...problems(...ALWAYS, 'invalid') },
});

export const getCase = operation('cases:read', {
  method: 'get',
  path: CASE,
  operationId: 'getCase',
  tags: ['Cases'],
  summary: 'Where a case stands',
  description:
    'One that was handed in, or a draft that a token of the office began. With `include=answers` also what was handed in and by whom.',
  request: { params: caseParams, query: caseQuery },
  responses: { 200: json(wholeCaseAnswer, 'The case'), ...problems(...ALWAYS, 'invalid') },
});

export const postTransition = operation('cases:write', {
  method: 'post',
  path: `${CASE}/transitions`,
  operationId: 'moveCase',
  tags: ['Cases'],
  summary: 'Take a step of the office',
  description:
    'To one of its `steps`, by the form’s table. What asks the person to amend, decides or closes a case is for officials, and what the person does is theirs.',
  request: { params: caseParams, body: body(caseStep) },
  responses: {
    200: json(caseAnswer, 'The new state'),
    ...problems(...ALWAYS, ...WITH_OFFICE, 'case-changed', 'step-not-allowed'),
  },
});

export const getCaseEvents = operation('cases:read', {
  method: 'get',
  path: `${OFFICE}/case-events`,
  operationId: 'getCaseEvents',
  tags: ['Events'],
  summary: 'What happened to cases',
  description:
    'What webhooks are told of cases, in order of `event`. Ask again with `after` until there are no more. What is younger than half a minute isn’t in it yet.',
  request: { params: officeParams, query: eventsQuery },
  responses: { 200: json(caseEventsAnswer, 'The events'), ...problems(...ALWAYS, 'invalid') },
});
