import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Office } from '../../domain/office/types.ts';
import { hasScope } from '../../domain/scopes.ts';
import type { CaseRefusal } from '../../features/service/cases/service.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import type { ProblemField } from '../../lib/problem.ts';
import type { TokenViewer } from '../../lib/viewer.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { getCase, getCases, postCase, postTransition, V1 } from './definitions.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './gate.ts';
import { invalid, lacksScope, notFound, refuse } from './respond.ts';
import { formatCase, formatCaseWithSteps, formatHandedIn } from './shapes/cases.ts';

type Deps = Pick<ApiDeps, 'casesByToken' | 'config'>;

/** Registers the operations on cases: beginning one for somebody, reading where they stand, taking the office's steps. */
export function cases(api: OpenAPIHono<ApiEnv>, deps: Deps): void {
  begin(api, deps);
  read(api, deps);
  take(api, deps);
}

function begin(api: OpenAPIHono<ApiEnv>, deps: Deps): void {
  api.openapi(postCase, async (c) => {
    const office = c.get('office');
    const viewer = c.get('viewer');
    const { procedure, language, answers = {}, externalId } = c.req.valid('json');
    const { include } = c.req.valid('query');
    if (include && !hasScope(viewer, 'contacts:write')) return lacksScope(c, 'contacts:write');
    const key = c.req.valid('header')['Idempotency-Key'];
    const request = { procedure, language, answers };
    const done = await deps.casesByToken.begin(viewer, office, request, {
      externalId: externalId ?? undefined,
      idempotencyKey: key === undefined ? undefined : `token ${viewer.token} ${key}`,
    });
    if (!done.ok) return refuseBegin(c, done);
    const { made, created } = done;
    const link = include ? await linkOf(deps, viewer, office, made) : {};
    const said = { ...formatCaseWithSteps(made, office.timeZone), ...link };
    if (!created) return c.json(said, 200);
    return c.json(said, 201, { Location: `${V1}/offices/${office.code}/cases/${made.id}` });
  });
}

function read(api: OpenAPIHono<ApiEnv>, deps: Deps): void {
  const { casesByToken } = deps;
  api.openapi(getCases, async (c) => {
    const office = c.get('office');
    const { from, to, cursor, limit, ...filter } = c.req.valid('query');
    const after = cursor === undefined ? undefined : readCursor(cursor);
    if (after === null) {
      const message = 'This is no cursor of ours: begin again without one.';
      return invalid(c, [{ name: 'cursor', reason: 'not_known', message }]);
    }
    const dayIn = (text: string | undefined) =>
      text === undefined ? undefined : Temporal.PlainDate.from(text);
    const asked = { ...filter, from: dayIn(from), to: dayIn(to) };
    const page = { after, most: limit + 1 };
    const found = await casesByToken.list(c.get('viewer'), office, asked, page);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next =
      found.length > limit && last?.handedInAt
        ? writeCursor({ start: last.handedInAt, id: last.id })
        : null;
    return c.json(
      { cases: shown.map((each) => formatCase(each, office.timeZone)), nextCursor: next },
      200,
    );
  });

  api.openapi(getCase, async (c) => {
    const office = c.get('office');
    const viewer = c.get('viewer');
    const { id } = c.req.valid('param');
    const { include } = c.req.valid('query');
    if (include === 'link' && !hasScope(viewer, 'contacts:write'))
      return lacksScope(c, 'contacts:write');
    if (include === 'answers' && !hasScope(viewer, 'answers:read'))
      return lacksScope(c, 'answers:read');
    const found = await casesByToken.find(viewer, office, id);
    if (!found) return notFound(c);
    const link = include === 'link' ? await linkOf(deps, viewer, office, found) : {};
    const handedIn = include === 'answers' ? await casesByToken.answers(viewer, office, id) : null;
    const said = {
      ...formatCaseWithSteps(found, office.timeZone),
      ...link,
      ...(handedIn && formatHandedIn(handedIn)),
    };
    return c.json(said, 200);
  });
}

function take(api: OpenAPIHono<ApiEnv>, { casesByToken }: Deps): void {
  api.openapi(postTransition, async (c) => {
    const office = c.get('office');
    const { id } = c.req.valid('param');
    const step = c.req.valid('json');
    const done = await casesByToken.move(c.get('viewer'), office, id, step);
    if (done.ok) return c.json(formatCaseWithSteps(done.moved, office.timeZone), 200);
    switch (done.reason) {
      case 'not_found':
        return notFound(c);
      case 'changed':
        return refuse(c, 'case-changed', `It is not in the state ${step.from} any more.`);
      case 'not_allowed':
        return refuse(c, 'step-not-allowed', `A token can’t take it from ${step.from} there.`);
    }
  });
}

/** Returns the address of the person's own page, where a token gets it. */
async function linkOf(
  { casesByToken, config }: Deps,
  viewer: TokenViewer,
  office: Office,
  { id, language }: { id: string; language: string },
): Promise<{ link?: string }> {
  const secret = await casesByToken.giveLink(viewer, office, id);
  return secret === null ? {} : { link: `${config.baseUrl}/${language}/case/${secret}` };
}

const PROCEDURE = 'procedure';

function refuseBegin(c: Context, refused: CaseRefusal) {
  switch (refused.reason) {
    case 'conflict':
      return refuse(
        c,
        'idempotency-conflict',
        'This externalId or Idempotency-Key made a case of other content.',
      );
    case 'unknown_procedure':
      return invalid(c, [
        { name: PROCEDURE, reason: 'not_known', message: 'The office has no such procedure.' },
      ]);
    case 'no_form':
      return invalid(c, [
        { name: PROCEDURE, reason: 'not_offered', message: 'The procedure has no form.' },
      ]);
    case 'not_offered':
      return invalid(c, [
        {
          name: PROCEDURE,
          reason: 'not_offered',
          message: 'Its form can’t be finished on-line at the moment.',
        },
      ]);
    case 'not_this_way':
      return invalid(c, [
        {
          name: PROCEDURE,
          reason: 'not_offered',
          message: 'It has a fee and asks for no identity: only people begin it.',
        },
      ]);
    case 'invalid':
      return invalid(c, fieldsOf(refused).slice(0, MOST_FIELDS));
  }
}

/** A thousand mistakes are no use to a reader. */
const MOST_FIELDS = 20;

function fieldsOf(refused: Extract<CaseRefusal, { reason: 'invalid' }>): ProblemField[] {
  const t = translateTo('en');
  const named = (name: string) => `answers.${name}`.slice(0, 100).toWellFormed();
  return [
    ...refused.unknown.map((name) => ({
      name: named(name),
      reason: 'unknown_field',
      message: 'The form has no such question.',
    })),
    ...refused.theirs.map((name) => ({
      name: named(name),
      reason: 'not_offered',
      message: 'Only the person gives it.',
    })),
    ...refused.mistakes.map(({ path, key, values }) => ({
      name: named(path.join('.')),
      reason: 'not_accepted',
      message: t(key, values),
    })),
  ];
}
