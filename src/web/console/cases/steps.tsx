import type { DeskResult } from '../../../features/service/cases/service.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { stateName } from '../../words/states.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { caseAt, readWork, showCase } from './case.tsx';
import { type KeptWords, keptIn, keptPage } from './kept.tsx';

/**
 * Answers a change of a case: back to its page with what was done; or the page as it is now, with what stood in the way. `done`: the message of the
 * page; `words`: what was typed, which is shown again when it can't be kept.
 */
export async function answerChange(
  deps: StaffDeps,
  visit: DeskVisit,
  result: DeskResult,
  done: string,
  words: readonly KeptWords[] = [],
): Promise<Response> {
  const { c, t } = visit;
  const kept = keptIn(words);
  if (result.ok) return visit.redirect(`${caseAt(visit)}?done=${done}`);
  switch (result.reason) {
    case 'not_found':
      return kept.length > 0 ? keptPage(visit, kept) : c.notFound();
    case 'changed':
      return showCase(deps, visit, {
        status: 409,
        notice: { kind: 'warn', text: t('caseDesk.changed') },
        kept,
      });
    default:
      return showCase(deps, visit, {
        status: 409,
        notice: { kind: 'warn', text: t('caseDesk.notAllowed') },
        kept,
      });
  }
}

/** `…/step`: takes a case to another state. What ends it is checked on a page first. */
export function stepPage(deps: StaffDeps) {
  return {
    get: async (visit: DeskVisit): Promise<Response> => {
      const { c, t } = visit;
      const props = await readWork(deps, visit);
      if (!props) return c.notFound();
      const { work, at } = props;
      const step = work.steps.find(({ to, how }) => how === 'end' && to === c.req.query('to'));
      if (!step) return visit.redirect(at);
      const state = stateName(step.to, work.form.form, t);
      const title = t('caseDesk.end.title', { state });
      return visit.show(
        { title },
        <>
          <BackLink href={at}>{work.opened.case.reference}</BackLink>
          <h1>{title}</h1>
          <p class="lead">{t('caseDesk.end.text')}</p>
          <form method="post" action={`${at}/step`} class="row">
            <input type="hidden" name="seen" value={work.seen} />
            <button type="submit" class="button" id="action" name="to" value={step.to}>
              {t('caseDesk.end.button')}
            </button>
            <ButtonLink kind="quiet" href={at}>
              {t('desk.back')}
            </ButtonLink>
          </form>
        </>,
      );
    },

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const form = await readForm(c);
      const asked = { to: form.text('to'), seen: form.text('seen') };
      const id = c.req.param('id') ?? '';
      const result = await deps.caseDesk.step(viewer, office, id, asked);
      return answerChange(deps, visit, result, 'moved');
    },
  };
}

/** `…/undo`: takes the last step back. */
export function undoCase(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const seen = (await readForm(c)).text('seen');
    const result = await deps.caseDesk.undo(viewer, office, c.req.param('id') ?? '', seen);
    return answerChange(deps, visit, result, 'undone');
  };
}

/** `…/assignee`: takes a case, gives it back, or gives it to somebody. */
export function giveCase(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const form = await readForm(c);
    const to = form.text('to');
    const assignee = to === 'me' ? viewer.staff : to === 'none' ? null : Number(to) || 0;
    const asked = { assignee, seen: form.text('seen') };
    const id = c.req.param('id') ?? '';
    const result = await deps.caseDesk.give(viewer, office, id, asked);
    return answerChange(deps, visit, result, 'given');
  };
}

/** `…/team`: gives a case to a team, or to the whole office. Whoever gave it may not see it any more: they come back to the inbox. */
export function routeCase(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office, base } = visit;
    const form = await readForm(c);
    const asked = { team: form.text('team') || null, seen: form.text('seen') };
    const id = c.req.param('id') ?? '';
    const result = await deps.caseDesk.route(viewer, office, id, asked);
    if (result.ok) return visit.redirect(`${base}/cases?done=routed`);
    return answerChange(deps, visit, result, 'given');
  };
}

/** `…/note`: writes a note for colleagues. */
export function noteCase(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const text = (await readForm(c)).lines('note');
    const result = await deps.caseDesk.note(viewer, office, c.req.param('id') ?? '', text);
    if (!result.ok && result.reason === 'invalid')
      return showCase(deps, visit, {
        status: 422,
        note: { text, error: t(text === '' ? 'caseDesk.note.empty' : 'caseDesk.note.long') },
      });
    return answerChange(deps, visit, result, 'noted', [{ label: t('caseDesk.note'), text }]);
  };
}
