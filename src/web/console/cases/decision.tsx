import { type Decision, letterOf } from '../../../features/service/cases/service.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { stateName } from '../../words/states.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { type CaseProps, caseAt, readWork, showCase } from './case.tsx';
import { whyNotIssueHere, whyNotWriteHere } from './obstacles.ts';

/** `…/decision`: the decision as it will be issued, to be reviewed; it can't be undone. */
export function decisionPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, refused: 'changed' | 'obstacle' | null = null) => {
    const props = await readWork(deps, visit);
    if (!props) return visit.c.notFound();
    const { work, at } = props;
    const { decision, steps } = work;
    const isOpen = steps.some(({ to, how }) => how === 'decide' && to === decision?.outcome);
    if (!decision || decision.issued || !isOpen) return visit.redirect(at);
    const { t } = visit;
    const title = t('caseDesk.review.title');
    return visit.show(
      { title, ...(refused && { status: 409 }) },
      <div class="case">
        <BackLink href={at}>{work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('caseDesk.review.lead')}</p>
        {refused === 'changed' ? (
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
          return showCase(deps, visit, {
            status: 409,
            notice: { kind: 'warn', text: visit.t('caseDesk.notAllowed') },
          });
        case 'changed':
        case 'written':
          return show(visit, 'changed');
        default:
          // The page tells what stands in the way.
          return show(visit, 'obstacle');
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
    by: whyNotIssueHere({ visit, work }, decision) ? null : viewer,
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

/** What comes of it when the decision is issued; for whoever can't issue it, why, and who can. */
function Issue(props: CaseProps & { decision: Decision }) {
  const { visit, work, at, decision } = props;
  const { t } = visit;
  const obstacle = whyNotIssueHere({ visit, work }, decision);
  const links = <Elsewhere {...props} />;
  if (obstacle)
    return (
      <div class="case-bar" id="action" tabIndex={-1}>
        <p>{t(`caseDesk.cannot.${obstacle}`)}</p>
        {obstacle === 'silence' ? null : <Deciders {...props} />}
        <p class="row">{links}</p>
      </div>
    );
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
        {links}
      </p>
    </form>
  );
}

/** Who can issue what is written. */
function Deciders({ visit: { t }, work, names }: CaseProps) {
  const who = work.deciders.flatMap((each) => names.get(each) ?? []);
  if (who.length === 0) return <p>{t('caseDesk.deciders.none')}</p>;
  const list = new Intl.ListFormat(t.language, { type: 'disjunction' });
  return <p>{t('caseDesk.deciders', { names: list.format(who) })}</p>;
}

/** Where else somebody can go from the review: to the text, where they may change it, and back. */
function Elsewhere({ visit, work, at, decision }: CaseProps & { decision: Decision }) {
  const { t } = visit;
  const { outcome } = decision;
  return (
    <>
      {whyNotWriteHere({ visit, work }, { to: outcome, how: 'decide' }) ? null : (
        <ButtonLink kind="quiet" href={`${at}/decide?${new URLSearchParams({ to: outcome })}`}>
          {t('caseDesk.review.change')}
        </ButtonLink>
      )}
      <a href={at}>{t('desk.back')}</a>
    </>
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
