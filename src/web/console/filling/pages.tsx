import { progressOf, resumePage } from '../../../domain/form/pages.ts';
import { finishableForm } from '../../../features/service/cases/service.ts';
import { DRAFT } from '../../../features/service/cases/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, ErrorSummary, Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { type Filling, readFilling } from '../../citizen/cases/filling.ts';
import { answerPage, openPage } from '../../citizen/cases/page.tsx';
import { Summary } from '../../citizen/cases/summary.tsx';
import { titleOf } from '../../citizen/cases/words.tsx';
import { readForm } from '../../form.ts';
import { showAppointment } from '../encounter/appointment.tsx';
import { Key } from '../key.tsx';
import { actsOfForm, OnBehalfPart } from '../on-behalf/part.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { type AssistedVisit, assistedVisit, formAt, formDepsOf } from './visit.tsx';

/** `…/appointment/{id}/form`: begins a case for the citizen of an encounter. */
export function beginForm(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t } = visit;
    const procedure = (await readForm(c)).text('procedure');
    const of = { appointment: c.req.param('id') ?? '' };
    const done = await begin(deps, visit, of, procedure);
    if (done.ok) return visit.redirect(formAt(visit, done.id));
    if (done.reason === 'not_found') return c.notFound();
    const text = t(`fourHands.refused.${done.reason}`);
    return showAppointment(deps, visit, { status: 409, problems: [{ href: '#forms', text }] });
  };
}

/** `…/appointment/{id}/form/home`: tells the citizen that the draft which was begun with them waits for them. */
export function sendHome(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const appointment = c.req.param('id') ?? '';
    const id = (await readForm(c)).text('case');
    const done = await deps.cases.sendHome(viewer, office, id, appointment);
    if (done.ok && done.isTold)
      return visit.redirect(`${visit.base}/appointment/${appointment}#forms`);
    const text = t(done.ok ? 'talking.home.no_address' : 'talking.home.gone');
    const problems = [{ href: '#forms', text }];
    return showAppointment(deps, visit, { status: 409, problems });
  };
}

/** Begins a case for the citizen of an encounter, if its form can be finished today. */
async function begin(
  deps: StaffDeps,
  { viewer, office }: DeskVisit,
  of: { appointment: string },
  procedure: string,
) {
  const hasForm = (await deps.forms.current(office, procedure)) !== null;
  if (hasForm && !(await finishableForm(deps, office, procedure)))
    return { ok: false, reason: 'not_offered' } as const;
  return deps.cases.beginIn(viewer, office, of, procedure);
}

type Assisted = Filling<AssistedVisit>;

/** What each page of a form begins with: its answers, or the case where it was handed in meanwhile. */
const whileFilling =
  (deps: StaffDeps, handle: (filling: Assisted) => Response | Promise<Response>) =>
  async (desk: DeskVisit): Promise<Response> => {
    const visit = await assistedVisit(deps, desk);
    if (!visit) return showOver(deps, desk);
    if (visit.found.state !== DRAFT) return desk.redirect(`${desk.base}/cases/${visit.found.id}`);
    const filling = await readFilling(deps, visit);
    return filling ? handle(filling) : desk.c.notFound();
  };

/** Says that a form can't be seen any more, since its encounter has ended: what its applicant goes on writing is theirs. */
async function showOver(deps: StaffDeps, desk: DeskVisit): Promise<Response> {
  const { c, t, base, viewer, office } = desk;
  const encounter = await deps.cases.encounterOf(viewer, office, c.req.param('id') ?? '');
  if (!encounter || encounter.isUnderway) return c.notFound();
  const { appointment } = encounter;
  return desk.show(
    { title: t('fourHands.title') },
    <div class="filling stack">
      {appointment ? (
        <BackLink href={`${base}/appointment/${appointment}`}>{t('fourHands.back')}</BackLink>
      ) : null}
      <h1>{t('fourHands.title')}</h1>
      <Notice>
        <p>{t('fourHands.over')}</p>
      </Notice>
    </div>,
  );
}

/** `…/form/{id}/{page}`: a page of the form, with the questions that its applicant has on theirs. */
export function assistedPage(deps: StaffDeps) {
  return {
    get: whileFilling(deps, (filling) => openPage(formDepsOf(deps), filling)),
    post: whileFilling(deps, (filling) => answerPage(formDepsOf(deps), filling)),
  };
}

/** `…/form/{id}`: all answers with whose hand gave each, and what is next. */
export const assistedOverview = (deps: StaffDeps) =>
  whileFilling(deps, (filling) => showOverview(deps, filling));

/** `…/form/{id}`, sent: asks the applicant to confirm the answers that the page had. */
export const askToConfirm = (deps: StaffDeps) =>
  whileFilling(deps, async (filling) => {
    const { visit } = filling;
    const { desk, viewer, office, found, t, to, secret } = visit;
    const seen = Number((await readForm(visit.c)).text('seen') || NaN);
    const done = await deps.cases.askConfirmation(viewer, office, found.id, seen);
    if (done.ok) return desk.redirect(to.case(secret));
    if (done.reason === 'not_found') return desk.c.notFound();
    if (done.reason === 'handed_in') return desk.redirect(`${desk.base}/cases/${found.id}`);
    const text = t(`fourHands.refused.${done.reason}`);
    return showOverview(deps, filling, { status: 409, problems: [{ href: '#confirm', text }] });
  });

/** How it stands with the confirmation of the applicant, and the button that asks for it. */
function Confirmation({ filling }: { filling: Assisted }) {
  const { visit, checked, opened } = filling;
  const { t, dates, to, secret, encounter } = visit;
  const { confirmation, version } = opened.case;
  if (!encounter.isUnderway) return null;
  const isAsked = confirmation?.version === version;
  const at = confirmation ? dates.time(confirmation.at) : '';
  return (
    <section class="stack" id="confirm" aria-labelledby="confirm-title">
      <h2 id="confirm-title">{t('fourHands.confirm.title')}</h2>
      {checked.ok ? null : <p>{t('fourHands.confirm.incomplete')}</p>}
      {confirmation ? (
        <p role="status">
          {t(isAsked ? 'fourHands.confirm.asked' : 'fourHands.confirm.void', { time: at })}
        </p>
      ) : null}
      {checked.ok && !isAsked ? (
        <form method="post" action={to.case(secret)}>
          <input type="hidden" name="seen" value={version} />
          <button type="submit" class="button" data-action="askConfirmation">
            {t('fourHands.confirm.ask')} <Key action="askConfirmation" />
          </button>
        </form>
      ) : null}
    </section>
  );
}

interface Refusal {
  status?: 409;
  problems?: readonly ProblemLink[];
}

async function showOverview(
  deps: StaffDeps,
  filling: Assisted,
  { status, problems = [] }: Refusal = {},
): Promise<Response> {
  const acts = await actsOfForm(deps, filling);
  const { visit, form, answers, context, checked, opened, hands } = filling;
  const { t, desk, to, secret, encounter } = visit;
  const { appointment, isUnderway } = encounter;
  const title = titleOf(filling);
  const { answered, asked } = progressOf(form, answers, context);
  const resume = resumePage(form, answers, context, checked);
  const first = filling.pages.find(({ kind }) => kind !== 'start');
  const next = opened.case.version === 0 ? (first ?? resume) : resume;
  return desk.show(
    {
      title,
      ...(status && { status }),
      hasErrors: problems.length > 0,
      islands: ['four-hands'],
    },
    <div class="filling stack">
      {appointment ? (
        <BackLink href={`${desk.base}/appointment/${appointment}`}>{t('fourHands.back')}</BackLink>
      ) : null}
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <div class="stack" data-hands={to.case(secret, 'stream')}>
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
        <Confirmation filling={filling} />
        <OnBehalfPart filling={filling} acts={acts} />
        <Summary
          form={form}
          answers={answers}
          context={context}
          t={t}
          {...(isUnderway && { changeAt: (page) => `${to.case(secret, page)}?from=check` })}
          hands={hands}
        />
      </div>
    </div>,
  );
}
