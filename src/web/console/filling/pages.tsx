import { progressOf, resumePage } from '../../../domain/form/pages.ts';
import { DRAFT } from '../../../features/service/cases/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { type Filling, readFilling } from '../../citizen/cases/filling.ts';
import { answerPage, openPage } from '../../citizen/cases/page.tsx';
import { Summary } from '../../citizen/cases/summary.tsx';
import { titleOf } from '../../citizen/cases/words.tsx';
import { readForm } from '../../form.ts';
import { showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { type AssistedVisit, assistedVisit, formAt, formDepsOf } from './visit.tsx';

/** `…/appointment/{id}/form`: begins a case for the citizen of an encounter. */
export function beginForm(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const procedure = (await readForm(c)).text('procedure');
    const of = { appointment: c.req.param('id') ?? '' };
    const done = await deps.cases.beginIn(viewer, office, of, procedure);
    if (done.ok) return visit.redirect(formAt(visit, done.id));
    if (done.reason === 'not_found') return c.notFound();
    const text = t(`fourHands.refused.${done.reason}`);
    return showAppointment(deps, visit, { status: 409, problems: [{ href: '#forms', text }] });
  };
}

type Assisted = Filling<AssistedVisit>;

/** What each page of a form begins with: its answers, or the case where it was handed in meanwhile. */
const whileFilling =
  (deps: StaffDeps, handle: (filling: Assisted) => Response | Promise<Response>) =>
  async (desk: DeskVisit): Promise<Response> => {
    const visit = await assistedVisit(deps, desk);
    if (!visit) return desk.c.notFound();
    if (visit.found.state !== DRAFT) return desk.redirect(`${desk.base}/cases/${visit.found.id}`);
    const filling = await readFilling(deps, visit);
    return filling ? handle(filling) : desk.c.notFound();
  };

/** `…/form/{id}/{page}`: a page of the form, with the questions that its applicant has on theirs. */
export function assistedPage(deps: StaffDeps) {
  return {
    get: whileFilling(deps, (filling) => openPage(formDepsOf(deps), filling)),
    post: whileFilling(deps, (filling) => answerPage(formDepsOf(deps), filling)),
  };
}

/** `…/form/{id}`: all answers with whose hand gave each, and what is next. */
export const assistedOverview = (deps: StaffDeps) => whileFilling(deps, showOverview);

function showOverview(filling: Assisted): Response {
  const { visit, form, answers, context, checked, opened, hands } = filling;
  const { t, desk, to, secret, encounter } = visit;
  const { appointment, isUnderway } = encounter;
  const title = titleOf(filling);
  const { answered, asked } = progressOf(form, answers, context);
  const resume = resumePage(form, answers, context, checked);
  const first = filling.pages.find(({ kind }) => kind !== 'start');
  const next = opened.case.version === 0 ? (first ?? resume) : resume;
  return desk.show(
    { title },
    <div class="filling stack">
      {appointment ? (
        <BackLink href={`${desk.base}/appointment/${appointment}`}>{t('fourHands.back')}</BackLink>
      ) : null}
      <h1>{title}</h1>
      <p class="soft">
        <span class="figures">{opened.case.reference}</span>{' '}
        {t('fourHands.progress', { answered, asked })}
      </p>
      <Notice>
        <p>{t(isUnderway ? 'fourHands.who' : 'fourHands.over')}</p>
      </Notice>
      {next.kind === 'check' || !isUnderway ? null : (
        <p>
          <ButtonLink href={to.case(secret, next.id)}>{t('fourHands.go')}</ButtonLink>
        </p>
      )}
      <Summary
        form={form}
        answers={answers}
        context={context}
        t={t}
        {...(isUnderway && { changeAt: (page) => `${to.case(secret, page)}?from=check` })}
        hands={hands}
      />
    </div>,
  );
}
