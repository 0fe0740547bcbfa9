import { feeBefore } from '../../../../domain/form/fee.ts';
import { levelOf } from '../../../../domain/form/online.ts';
import { statesOf } from '../../../../domain/form/states.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { hasScope } from '../../../../domain/scopes.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import { actorOf, type TokenViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { handedInLast } from '../amendment/corrections.ts';
import { openAmendments } from '../amendment/opened.ts';
import { applicantOf, withIdentity } from '../applicant.ts';
import { type CasesDeps, formOf } from '../keeping.ts';
import { linkSecret } from '../link.ts';
import { makeCase } from '../making.ts';
import { enter } from '../moving.ts';
import { finishableForm, type Means } from '../offering/service.ts';
import { EMPTY } from '../opening.ts';
import { withoutNewFiles } from '../papers/rules.ts';
import { contextOf, withChange } from '../rules.ts';
import { openSealed } from '../sealing.ts';
import type { CaseRow } from '../types.ts';
import { readCase, readCaseForUpdate } from '../views.ts';
import { changeOf, getsLink, seesCase, stepsOfToken, wrongIn } from './rules.ts';
import { insertExternal, lockKeys } from './store.ts';
import type {
  TokenAnswers,
  TokenBeginResult,
  TokenCase,
  TokenCaseWithSteps,
  TokenCursor,
  TokenFilter,
  TokenKeys,
  TokenMoveResult,
  TokenRequest,
} from './types.ts';
import { readRepeatedCase, readTokenCase, readTokenCases } from './views.ts';

/**
 * What another system does with the cases of its office, by its scopes (docs/adr/0102). It prepares and reads, and takes the office's plain
 * steps. It never hands in, amends, withdraws, decides or closes. A case that it doesn't see is answered as if it didn't exist.
 */
export interface CasesByToken {
  /** Begins a case for somebody, who confirms it. The same keys again: the same case. */
  begin(
    viewer: TokenViewer,
    office: Office,
    request: TokenRequest,
    keys: TokenKeys,
  ): Promise<TokenBeginResult>;
  /** Returns where a case stands. The look is recorded. */
  find(viewer: TokenViewer, office: Office, id: string): Promise<TokenCaseWithSteps | null>;
  /** Returns cases that were handed in, in the order of that, at most `most`. */
  list(
    viewer: TokenViewer,
    office: Office,
    filter: TokenFilter,
    page: { after?: TokenCursor | undefined; most: number },
  ): Promise<TokenCase[]>;
  /** Returns what was handed in last and by whom; null: nothing was, or the token lacks `answers:read`. The look is recorded. */
  answers(viewer: TokenViewer, office: Office, id: string): Promise<TokenAnswers | null>;
  /** Takes a step. `from`: the state in which the other system saw the case. */
  move(
    viewer: TokenViewer,
    office: Office,
    id: string,
    step: { from: string; to: string },
  ): Promise<TokenMoveResult>;
  /** Returns the secret of the link of a draft that this token began; null: it gets none. It is recorded. */
  giveLink(viewer: TokenViewer, office: Office, id: string): Promise<string | null>;
}

type On = <R>(
  viewer: TokenViewer,
  office: Office,
  id: string,
  run: (each: Unit<TokenViewer>, row: CaseRow) => Promise<R | null>,
  read?: typeof readCase,
) => Promise<R | null>;

export function createCasesByToken(deps: CasesDeps, means: Means): CasesByToken {
  const { unit } = deps;
  /** Runs something with a case that a token sees. */
  const on: On = (viewer, office, id, run, read = readCase) =>
    unit(viewer, office.id, async (each) => {
      const row = isUuid(id) ? await read(each.tx, id) : null;
      return row && row.office === office.id && seesCase(viewer, row) ? run(each, row) : null;
    });
  return { ...createReads(deps, on), ...createDeeds({ ...deps, means }, on) };
}

function createReads(deps: CasesDeps, on: On): Pick<CasesByToken, 'find' | 'list' | 'answers'> {
  return {
    find: (viewer, office, id) =>
      on(viewer, office, id, async (each, row) => {
        await each.record('case_read', { data: { case: id } });
        return withSteps(deps, each, office, row);
      }),

    list: (viewer, office, { from, to, ...filter }, page) =>
      deps.unit(viewer, office.id, async ({ tx, record }) => {
        const startOf = (day: Temporal.PlainDate) =>
          day.toZonedDateTime(office.timeZone).toInstant();
        const found = await readTokenCases(tx, {
          office: office.id,
          ...filter,
          from: from && startOf(from),
          before: to && startOf(to.add({ days: 1 })),
          ...page,
        });
        // The other system's id stays out: it may have been made of a person's, and the trail is kept for ever.
        const { externalId: _, ...said } = filter;
        await record('cases_listed', { data: { ...said, cases: found.map(({ id }) => id) } });
        return found;
      }),

    async answers(viewer, office, id) {
      if (!hasScope(viewer, 'answers:read')) return null;
      const found = await on(viewer, office, id, (each, row) => openAnswers(deps, each, row));
      if (!found) return null;
      const { record, ...said } = found;
      return {
        ...said,
        applicant: await withIdentity(deps.identification, said.applicant, record),
      };
    },
  };
}

/** What cases are begun with. */
interface BeginDeps extends CasesDeps {
  means: Means;
}

function createDeeds(deps: BeginDeps, on: On): Pick<CasesByToken, 'begin' | 'move' | 'giveLink'> {
  return {
    begin: (viewer, office, request, keys) => begin(deps, { viewer, office, request, keys }),

    async move(viewer, office, id, { from, to }) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      const step = async (each: Unit, row: CaseRow): Promise<TokenMoveResult> => {
        if (row.state !== from) return { ok: false, reason: 'changed' };
        if (!stepsOfToken(statesOf(form.form), row.state).includes(to))
          return { ok: false, reason: 'not_allowed' };
        await enter(each, row, { office, form, to });
        return { ok: true, moved: await withSteps(deps, each, office, { ...row, state: to }) };
      };
      const done = await on(viewer, office, id, step, readCaseForUpdate);
      return done ?? { ok: false, reason: 'not_found' };
    },

    giveLink: (viewer, office, id) =>
      on(viewer, office, id, async (each, row) => {
        if (!getsLink(viewer, row)) return null;
        await each.record('case_link_given', { data: { case: id } });
        return linkSecret(deps.key, row);
      }),
  };
}

async function withSteps(
  deps: Pick<CasesDeps, 'forms'>,
  { tx }: Unit,
  office: Office,
  row: Pick<CaseRow, 'id' | 'form' | 'state'>,
): Promise<TokenCaseWithSteps> {
  const form = await deps.forms.version(office.id, row.form);
  const found = await readTokenCase(tx, row.id);
  if (!found) throw new Error(`Case ${row.id} has no form or procedure`);
  return { ...found, steps: stepsOfToken(statesOf(form.form), row.state) };
}

async function openAnswers({ keyring }: CasesDeps, { tx, record }: Unit, row: CaseRow) {
  const opened = await openSealed(keyring, tx, row);
  const amendments = await openAmendments(keyring, tx, row);
  const last = handedInLast(amendments, opened.record, row.recordHash);
  if (!last) return null;
  await record('case_answers_read', { data: { case: row.id } });
  const { answers } = last.record;
  return { answers, applicant: await applicantOf(keyring, tx, row), record: opened.record };
}

interface ToBegin {
  viewer: TokenViewer;
  office: Office;
  request: TokenRequest;
  keys: TokenKeys;
}

async function begin(deps: BeginDeps, { viewer, office, request, keys }: ToBegin) {
  const { unit, key, forms } = deps;
  const { procedure, language } = request;
  const form = await forms.current(office, procedure);
  const isOffered = await finishableForm({ ...deps.means, forms }, office, procedure);
  return unit(viewer, office.id, async (each): Promise<TokenBeginResult> => {
    await lockKeys(each.tx, office.id, keys);
    const again = await readRepeatedCase(each.tx, office.id, keys);
    if (again) return repeated(deps, each, { viewer, office, again, request });

    const isKnown = office.procedures.some(({ code }) => code === procedure);
    if (!isKnown) return { ok: false, reason: 'unknown_procedure' };
    if (!form) return { ok: false, reason: 'no_form' };
    if (!isOffered) return { ok: false, reason: 'not_offered' };
    if (levelOf(form.form) === 'none' && feeBefore(form.form).kind !== 'none')
      return { ok: false, reason: 'not_this_way' };
    const wrong = wrongIn(form.form, request, contextOf(office, each.now, language));
    if (wrong) return { ok: false, reason: 'invalid', ...wrong };

    const id = key.newId();
    const hand = { by: actorOf(viewer), at: each.now.toString() };
    const change = withoutNewFiles(form.form, EMPTY, changeOf(request));
    const draft = withChange(EMPTY, form.form, change, hand);
    await makeCase(deps, each, {
      ...{ id, form, language, draft },
      door: 'online',
      owner: null,
      encounter: null,
      isForSomebody: true,
    });
    await insertExternal(each, { id, request: derivedFrom(deps, id, request), ...keys });
    const questions = Object.keys(changeOf(request));
    if (questions.length > 0) await each.record('case_answered', { data: { case: id, questions } });
    const row = await readCase(each.tx, id);
    if (!row) throw new Error(`Case ${id} is not there`);
    return { ok: true, made: await withSteps(deps, each, office, row), created: true };
  });
}

/** Returns the case that the same request began before. Where it stands is for whoever began it, and for those who may read cases. */
async function repeated(
  deps: CasesDeps,
  each: Unit,
  on: Omit<ToBegin, 'keys'> & { again: { id: string; request: string } },
): Promise<TokenBeginResult> {
  const { viewer, office, again, request } = on;
  if (again.request !== derivedFrom(deps, again.id, request))
    return { ok: false, reason: 'conflict' };
  const row = await readCase(each.tx, again.id);
  if (!row) throw new Error(`Case ${again.id} is not there`);
  const isOwn = row.openedBy === actorOf(viewer);
  if (!seesCase(viewer, row) || !(isOwn || hasScope(viewer, 'cases:read')))
    return { ok: false, reason: 'conflict' };
  await each.record('case_read', { data: { case: row.id } });
  return { ok: true, made: await withSteps(deps, each, office, row), created: false };
}

/** Returns what tells one request from another, without saying what is in it. */
const derivedFrom = ({ key }: Pick<CasesDeps, 'key'>, id: string, request: TokenRequest): string =>
  key.of(id).derive(`case request ${id} ${canonicalJson(request)}`);
