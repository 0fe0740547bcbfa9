import type { Context, TypedResponse } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';
import type { Scope } from '../../domain/scopes.ts';
import { isUnavailable } from '../../lib/db/database.ts';
import { formatError } from '../../lib/format-error.ts';
import {
  PROBLEMS,
  type Problem,
  type ProblemField,
  type ProblemName,
  type ProblemStatus,
  problemOf,
} from '../../lib/problem.ts';

type ProblemResponse<N extends ProblemName> = Response &
  TypedResponse<Problem, ProblemStatus<N>, 'json'>;

/** Answers a problem (RFC 9457). */
export function refuse<N extends ProblemName>(
  c: Context,
  name: N,
  detail: string,
  extra: { fields?: ProblemField[]; headers?: Record<string, string> } = {},
): ProblemResponse<N> {
  const headers = { 'Content-Type': 'application/problem+json', ...extra.headers };
  const status = PROBLEMS[name].status as 400;
  return c.json(problemOf(name, detail, extra.fields), status, headers) as never;
}

/**
 * Answers for a missing thing and for another office's thing alike, so that clients can't tell the
 * difference.
 */
export const notFound = (c: Context): ProblemResponse<'not-found'> =>
  refuse(c, 'not-found', 'Nothing is found at this address with this token.');

/** Answers a token without the scope (RFC 6750, 3.1). */
export const lacksScope = (c: Context, scope: Scope): ProblemResponse<'insufficient-scope'> =>
  refuse(c, 'insufficient-scope', `This token doesn’t have the scope ${scope}.`, {
    headers: {
      'WWW-Authenticate': `Bearer realm="finestreta", error="insufficient_scope", scope="${scope}"`,
    },
  });

export const invalid = (c: Context, fields: ProblemField[]): ProblemResponse<'invalid'> =>
  refuse(c, 'invalid', fields.map((each) => `${each.name}: ${each.message}`).join(' '), {
    fields,
  });

/** A thousand mistakes are no use to a reader. */
const MOST_FIELDS = 20;
const RETRY_AFTER_SECONDS = '5';

/** The validators' hook: answers a 422 with the fields that a schema refuses. */
export function refuseInvalid(
  result: { success: true } | { success: false; error: z.ZodError; data?: unknown },
  c: Context,
): Response | undefined {
  if (result.success) return undefined;
  const fields = result.error.issues.flatMap((issue) => fieldsOf(issue, result.data));
  return invalid(c, fields.slice(0, MOST_FIELDS));
}

/** Our words for zod's own checks. */
const REASONS: Partial<Record<z.core.$ZodIssue['code'], string>> = {
  invalid_type: 'wrong_type',
  invalid_value: 'not_known',
  invalid_format: 'wrong_format',
  too_big: 'too_big',
  too_small: 'too_small',
};

function fieldsOf(issue: z.core.$ZodIssue, data: unknown): ProblemField[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      name: nameOf([...issue.path, key]),
      reason: 'unknown_field',
      message: 'There is no such field.',
    }));
  }
  const name = nameOf(issue.path);
  if (issue.path.length > 0 && valueAt(data, issue.path) === undefined)
    return [{ name, reason: 'missing', message: 'This is needed.' }];
  const given = issue.code === 'custom' ? issue.params?.reason : undefined;
  const reason = typeof given === 'string' ? given : (REASONS[issue.code] ?? 'invalid');
  return [{ name, reason, message: issue.message }];
}

/** Names come from the request too: unknown keys may be long or malformed. */
const nameOf = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'body' : path.map(String).join('.').slice(0, 100).toWellFormed();

const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    data,
  );

/** Returns a thrown error as a problem without internal details. */
export function refuseThrown(
  c: Context,
  error: Error,
  log: { error(what: object, message: string): void },
): Response {
  if (error instanceof HTTPException) {
    if (error.status === 400) {
      return refuse(c, 'malformed-json', 'The body can’t be read as JSON (RFC 8259).');
    }
    if (error.status === 415) {
      return refuse(c, 'unsupported-media-type', 'Send Content-Type: application/json.');
    }
  }
  if (isUnavailable(error)) {
    log.error(formatError(error), 'The database is away');
    // The lost connection may have carried the answer to a committed change.
    const detail =
      'It can’t be done at the moment. Send it again later, with its externalId or Idempotency-Key: ' +
      'should it have been done after all, the answer is what was made.';
    return refuse(c, 'not-now', detail, {
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
    });
  }
  log.error(formatError(error), 'A request of the API failed');
  return refuse(c, 'bug', 'It is not your fault. It was written down and will be looked at.');
}
