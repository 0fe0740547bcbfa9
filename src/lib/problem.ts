/**
 * The API's problems (RFC 9457). The name is the end of `type`, and never changes: programs depend on it. `title` is the same for every
 * occurrence; `detail` describes this occurrence.
 */
export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  unauthenticated: { status: 401, title: 'A token is needed' },
  'insufficient-scope': { status: 403, title: 'The token may not do this' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'method-not-allowed': { status: 405, title: 'This can’t be done here' },
  'slot-taken': { status: 409, title: 'That time is no longer free' },
  'idempotency-conflict': { status: 409, title: 'The key was used for another request' },
  'contact-frozen': {
    status: 409,
    title: 'The contact details can no longer be changed by a token',
  },
  'not-open': { status: 409, title: 'The appointment can no longer be changed' },
  'case-changed': { status: 409, title: 'The case is in another state by now' },
  'step-not-allowed': { status: 409, title: 'A token can’t take this step' },
  'not-offered': { status: 409, title: 'The office no longer offers this' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  invalid: { status: 422, title: 'Some fields need mending' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  bug: { status: 500, title: 'Something failed on our side' },
  'not-now': { status: 503, title: 'Not now' },
} as const;

export type ProblemName = keyof typeof PROBLEMS;
export type ProblemStatus<N extends ProblemName = ProblemName> = (typeof PROBLEMS)[N]['status'];

/** The mistake in one field. */
export interface ProblemField {
  /** Path of the field in the body or the query, such as `citizen.email`; a header by its name. */
  name: string;
  /** A code for programs, such as `missing`. */
  reason: string;
  /** For people who integrate, in English. */
  message: string;
}

/** A problem detail, RFC 9457 section 3. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** With `invalid` only. */
  fields?: ProblemField[];
}

/** The path where problems are explained; `type` is relative to the installation's own address. */
export const PROBLEMS_PATH = '/problems';

export function problemOf(name: ProblemName, detail: string, fields?: ProblemField[]): Problem {
  const { status, title } = PROBLEMS[name];
  const problem = { type: `${PROBLEMS_PATH}/${name}`, title, status, detail };
  return fields ? { ...problem, fields } : problem;
}
