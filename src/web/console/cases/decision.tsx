import { type Decision, letterOf } from '../../../features/service/cases/service.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { type CaseProps, caseAt, readWork } from './case.tsx';
import { stateName } from './words.ts';

/** `…/decision`: the decision as it will be issued, to be reviewed; it can't be undone. */
export function decisionPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, isChanged = false) => {
    const props = await readWork(deps, visit);
    if (!props) return visit.c.notFound();
    const { work, at } = props;
    const { decision, steps } = work;
    const isOpen = steps.some(({ to, how }) => how === 'decide' && to === decision?.outcome);
    if (!decision || decision.issued || !isOpen) return visit.redirect(at);
    const { t } = visit;
    const title = t('caseDesk.review.title');
    return visit.show(
      { title, ...(isChanged && { status: 409 }) },
      <div class="case">
        <BackLink href={at}>{work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('caseDesk.review.lead')}</p>
        {isChanged ? (
          <Notice kind="warn">
            <p>{t('caseDesk.review.changed')}</p>
          </Notice>
        ) : null}
        <Letter {...props} decision={decision} />
        <Issue {...props} decision={decision} />
      </div>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const form = await readForm(c);
      const asked = { before: Number(form.text('before')), seen: form.text('seen') };
      const done = await deps.caseDesk.issue(viewer, office, c.req.param('id') ?? '', asked);
      if (done.ok)
        return visit.redirect(
          `${caseAt(visit)}?done=${done.isTold ? 'decided' : 'decided-untold'}`,
        );
      switch (done.reason) {
        case 'not_found':
          return c.notFound();
        case 'not_allowed':
          return visit.redirect(caseAt(visit));
        default:
          return show(visit, true);
      }
    },
  };
}

/** The document as it will be, in its own language. */
function Letter({ visit, work, decision }: CaseProps & { decision: Decision }) {
  const { office, viewer, now } = visit;
  const { opened, applicant } = work;
  const { record } = opened;
  if (!record) return null;
  const letter = letterOf({
    row: opened.case,
    record,
    decision,
    applicant,
    entry: opened.entry,
    office,
    code: '',
    at: now,
    by: viewer.name,
  });
  return (
    <article class="case-letter" lang={letter.language}>
      {letter.parts.map(({ as, text }, nth) =>
        as === 'H1' ? (
          <h2 key={nth}>{text}</h2>
        ) : as === 'H2' ? (
          <h3 key={nth}>{text}</h3>
        ) : (
          <p key={nth}>{text}</p>
        ),
      )}
    </article>
  );
}

function Issue({ visit, work, at, decision }: CaseProps & { decision: Decision }) {
  const { t } = visit;
  const state = stateName(decision.outcome, work.form.form, t);
  return (
    <form method="post" action={`${at}/decision`} class="case-bar">
      <input type="hidden" name="seen" value={work.seen} />
      <input type="hidden" name="before" value={decision.writtenAt.epochMilliseconds} />
      <p class="small">{t('caseDesk.review.text', { state })}</p>
      <p class="row">
        <button type="submit" class="button" id="action">
          {t('caseDesk.review.button')}
        </button>
        <ButtonLink
          kind="quiet"
          href={`${at}/decide?${new URLSearchParams({ to: decision.outcome })}`}
        >
          {t('caseDesk.review.change')}
        </ButtonLink>
        <a href={at}>{t('desk.back')}</a>
      </p>
    </form>
  );
}

/** `…/decision.pdf`: the document that was issued. */
export function decisionFile(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const file = await deps.caseDesk.decisionFile(viewer, office, c.req.param('id') ?? '');
    if (!file) return c.notFound();
    c.header('Content-Type', 'application/pdf');
    c.header('Content-Disposition', `attachment; filename="${file.reference}.pdf"`);
    c.header('Cache-Control', 'no-store');
    return c.body(new Uint8Array(file.bytes));
  };
}
