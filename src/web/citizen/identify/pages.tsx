import type { Context as Request } from 'hono';
import { DEMO_PEOPLE } from '../../../domain/demo-people.ts';
import { GIVEN_LEVELS } from '../../../domain/identity.ts';
import { calledOf, ownPath } from '../../../features/foundation/identification/rules.ts';
import { MOST_POSTED } from '../../../features/foundation/identification/service.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Radios } from '../../../ui/forms.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import type { Handler } from '../../routes.ts';
import { problem } from '../problem.tsx';
import { type CitizenDeps, type Visit, visitOf, withoutSession } from '../visit.tsx';
import { type Reason, showProviders, startChosen } from './choose.tsx';
import { depart } from './depart.tsx';
import { failed } from './failed.tsx';
import { browserOf } from './session.ts';
import { failFor, settleFor } from './settling.ts';

/** Returns what somebody wants to do with all of their folder; undefined: nothing. */
const withAll = (c: Request) =>
  (['export', 'erasure'] as const).find((each) => each === c.req.query('for'));

/** Returns why somebody is asked to identify: the last part of the text's name. */
function whyOf(c: Request, isForFolder: boolean) {
  const all = withAll(c);
  if (all) return all === 'erasure' ? 'erase' : 'export';
  if (c.req.query('ended')) return 'ended';
  return isForFolder ? 'folder' : 'other';
}

/** `/{language}/identify`: identifies somebody for their folder, or for another page of the town (`next`). */
export function identifyPage(deps: CitizenDeps) {
  const reasonOf = (visit: Visit): Reason => {
    const { c, t, to } = visit;
    const level = GIVEN_LEVELS.find((each) => each === c.req.query('level')) ?? 'low';
    const next = ownPath(c.req.query('next') ?? '', deps.baseUrl) ?? to.folder();
    const all = withAll(c);
    return {
      level,
      next,
      transaction: null,
      purpose: { for: all ?? 'session' },
      here: to.identify({ next, level, ...(all && { for: all }) }),
      back: all ? next : to.town,
      why: t(`identify.why.${whyOf(c, next.startsWith(to.folder()))}`),
    };
  };
  return {
    get: (visit: Visit) => showProviders(deps, visit, reasonOf(visit)),
    post: (visit: Visit) => startChosen(deps, visit, reasonOf(visit)),
  };
}

/** `/{language}/identify/leave`: ends the session, here and at the provider. */
export function leavePage(deps: CitizenDeps) {
  return {
    get: (visit: Visit): Response => {
      const { t, to, session } = visit;
      const erased = session ? undefined : visit.c.req.query('erased');
      const isErased = erased !== undefined;
      const gone = erased === 'kept' ? 'folder.erased.kept' : 'folder.erased.text';
      const left = isErased ? 'folder.erased.title' : 'identify.left.title';
      const title = t(session ? 'identify.leave.title' : left);
      return visit.show(
        { title, isPersonal: true },
        <>
          <h1>{title}</h1>
          {session ? (
            <form class="form" action={to.leave} method="post">
              <p class="lead">{t('identify.leave.text', { name: calledOf(session) })}</p>
              <Button>{t('identify.leave.button')}</Button>
            </form>
          ) : (
            <p class="lead">{t(isErased ? gone : 'identify.left.text')}</p>
          )}
          <p>
            <a href={to.town}>{t('citizen.problem.start')}</a>
          </p>
        </>,
      );
    },
    post: async (visit: Visit): Promise<Response> => {
      const { departure, provider, cookies } = await deps.identification.leave(browserOf(visit.c));
      if (departure) {
        const offered = await deps.identification.offered();
        const name = offered.find(({ code }) => code === provider)?.name ?? {};
        const left = withoutSession(deps, visit);
        return depart(left, departure, {
          cookies,
          name,
          answerUrl: '',
          choice: null,
          isLeaving: true,
        });
      }
      for (const each of cookies) visit.c.header('Set-Cookie', each, { append: true });
      return visit.redirect(visit.to.leave);
    },
  };
}

/** Where the browser comes back from a provider. */
export const returnPage =
  (deps: CitizenDeps): Handler =>
  async (c) => {
    const provider = c.req.param('provider') ?? '';
    const ended = await deps.identification.finish(provider, new URL(c.req.url), browserOf(c));
    const source = deps.addressOf(c);
    if (!ended.ok) {
      const { failed: why, code = why.reason } = ended;
      const visit = await visitOf(deps, c, why.wanted?.language);
      // The page was loaded again: the attempt has done what it was for.
      if (code === 'spent' && visit.session) return visit.redirect(visit.to.folder());
      if (why.reason === 'refused' || (why.reason === 'gone' && code !== 'spent'))
        deps.security.note('identity.refused', { what: `${why.reason}:${code}` }, source);
      if (why.wanted) await failFor(deps, c, why.wanted, why.reason);
      return failed(deps, visit, why);
    }
    const { identification, wanted, cookies } = ended;
    deps.security.note(
      'identity.confirmed',
      { what: `${identification.kind}:${identification.level}` },
      source,
    );
    for (const each of cookies) c.header('Set-Cookie', each, { append: true });
    const settled = await settleFor(deps, c, { wanted, identification });
    if (!settled.ok) return problem(await visitOf(deps, c, wanted.language), 'staff_here');
    if (settled.refused)
      deps.security.note('identity.refused', { what: `act:${settled.refused}` }, source);
    return c.redirect(settled.next, 303);
  };

/**
 * Where a browser or a wallet posts an answer. It comes from another site, so no cookie of ours is there: the answer is kept until the
 * browser that began is back, which alone ends the attempt.
 */
export const answerPage =
  (deps: CitizenDeps): Handler =>
  async (c) => {
    const provider = c.req.param('provider') ?? '';
    const form = await readForm(c, MOST_POSTED);
    const posted = new URLSearchParams(form.fields());
    const own = c.req.param('attempt');
    const id = own ?? (form.text('RelayState').split('.')[0] || '');
    const back = await deps.identification.deposit(provider, id, posted);
    // A wallet reads JSON (OpenID4VP, 8.2); a browser, also one that asked the wallet itself, is sent on.
    const isBrowser = c.req.header('Accept')?.includes('text/html') ?? false;
    if (own !== undefined && !isBrowser) {
      c.header('Cache-Control', 'no-store');
      return back ? c.json({ redirect_uri: back }) : c.json({ error: 'invalid_request' }, 400);
    }
    if (back) return c.redirect(back, 303);
    deps.security.note('identity.refused', { what: 'gone:no_attempt' }, deps.addressOf(c));
    return failed(deps, await visitOf(deps, c), { reason: 'gone', wanted: null });
  };

/** The request that a wallet fetches. */
export const requestDocument =
  (deps: CitizenDeps): Handler =>
  async (c) => {
    const provider = c.req.param('provider') ?? '';
    const posted =
      c.req.method === 'POST' ? (await readForm(c)).fields() : ([] as [string, string][]);
    const attempt = c.req.param('attempt') ?? '';
    const found = await deps.identification.request(provider, attempt, new URLSearchParams(posted));
    c.header('Cache-Control', 'no-store');
    if (!found.ok) return c.text('', 404);
    return c.body(found.value.body, 200, { 'Content-Type': found.value.contentType });
  };

/** The document with which a provider is configured. */
export const metadataDocument =
  (deps: CitizenDeps): Handler =>
  async (c) => {
    const found = await deps.identification.metadata(c.req.param('provider') ?? '');
    if (!found) return c.notFound();
    return c.body(found.body, 200, { 'Content-Type': found.contentType });
  };

/** Where the browser comes back after it left a provider. */
export const leftPage =
  (deps: CitizenDeps): Handler =>
  async (c) =>
    c.redirect((await visitOf(deps, c)).to.leave, 303);

/** `/{language}/identify/demo/{code}`: the page of the demonstration's provider. */
export function demoPage(deps: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { c, t } = visit;
    const code = c.req.param('provider') ?? '';
    const offered = await deps.identification.offered();
    if (!offered.some((each) => each.code === code && each.kind === 'demo')) return c.notFound();
    const back = `/identify/${code}/return`;
    const state = c.req.query('state') ?? '';
    const asked = GIVEN_LEVELS.find((each) => each === c.req.query('level')) ?? 'low';
    const title = t('identify.demo.title');
    return visit.show(
      { title, isPersonal: true },
      <>
        <BackLink href={`${back}?${new URLSearchParams({ state, error: 'cancelled' })}`}>
          {t('identify.demo.cancel')}
        </BackLink>
        <h1>{title}</h1>
        <p class="note">{t('identify.demo.text')}</p>
        <form class="form" action={back} method="get">
          <input type="hidden" name="state" value={state} />
          <Radios
            name="person"
            label={t('identify.demo.who')}
            value={DEMO_PEOPLE[0]?.identifier}
            options={DEMO_PEOPLE.map(({ identifier, given, family, company }) => ({
              value: identifier,
              label: `${given} ${family} (${identifier})`,
              hint: company?.name,
            }))}
          />
          <Radios
            name="level"
            label={t('identify.demo.level')}
            value={asked}
            options={GIVEN_LEVELS.map((each) => ({
              value: each,
              label: t(`identify.level.${each}`),
            }))}
          />
          <Button>{t('identify.demo.button')}</Button>
        </form>
      </>,
    );
  };
}
