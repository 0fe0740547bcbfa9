import type { ComponentChildren, ComponentType } from 'preact';
import { mayChangeRota } from '../../../features/service/rota/rules.ts';
import type { RotaPlan, RotaService } from '../../../features/service/rota/service.ts';
import type { Affected, RotaEdit } from '../../../features/service/rota/types.ts';
import type { MessageKey } from '../../../lib/i18n/translate.ts';
import { BackLink, ErrorSummary, type ProblemLink } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { problemsOf, type Typed, typedOf } from '../rota/edit.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { bookedName } from '../words.ts';
import { untilOf } from './away-form.ts';

type Saved = Extract<Awaited<ReturnType<RotaService['save']>>, { ok: true }>;

/** A change of the rota from the board, whose consequences are shown before it is made. */
export interface BoardEdit<E extends RotaEdit> {
  title: MessageKey;
  lead: MessageKey;
  /** The fields of the first page. */
  Fields: ComponentType<{
    visit: DeskVisit;
    typed: Typed;
    wrong: (field: string) => string | undefined;
  }>;
  read(form: Form): E;
  /** `changed`: why the consequences are shown again. */
  showPlan(visit: DeskVisit, edit: E, plan: RotaPlan, changed?: string): Response;
  /** The last part of the result's address. */
  resultOf(saved: Saved): string;
}

/** The pages of a change from the board: its fields; then the consequences; then the action. */
export function consequencesFirst<E extends RotaEdit>(deps: StaffDeps, page: BoardEdit<E>) {
  const showForm = (visit: DeskVisit, typed: Typed, problems: ProblemLink[] = []) =>
    visit.show(
      {
        title: visit.t(page.title),
        hasErrors: problems.length > 0,
        ...(problems.length > 0 && { status: 422 }),
      },
      <FirstForm visit={visit} typed={typed} problems={problems} page={page} />,
    );

  return {
    get: (visit: DeskVisit) =>
      mayChangeRota(visit.viewer) ? showForm(visit, typedOf(untilOf(visit))) : visit.c.notFound(),

    post: async (visit: DeskVisit) => {
      const { c, t, viewer, office, base } = visit;
      if (!mayChangeRota(viewer)) return c.notFound();
      const form = await readForm(c);
      if (form.text('step') === 'back') return showForm(visit, form);
      const edit = page.read(form);
      const digest = form.text('digest');
      const result =
        digest === ''
          ? await deps.rota.plan(viewer, office, edit)
          : await deps.rota.save(viewer, office, edit, { digest, resolutions: new Map() });
      if (result.ok)
        return 'plan' in result
          ? page.showPlan(visit, edit, result.plan)
          : visit.redirect(`${base}/${page.resultOf(result)}`);
      switch (result.reason) {
        case 'not_allowed':
          return c.notFound();
        case 'mistakes':
          return showForm(visit, form, problemsOf(visit, 'absence', result.mistakes));
        case 'changed':
          return page.showPlan(visit, edit, result.plan, t('away.changed'));
      }
    },
  };
}

function FirstForm<E extends RotaEdit>(props: {
  visit: DeskVisit;
  typed: Typed;
  problems: readonly ProblemLink[];
  page: BoardEdit<E>;
}) {
  const { visit, typed, problems, page } = props;
  const { t, base } = visit;
  const { Fields } = page;
  const wrong = (field: string) => problems.find((each) => each.href === `#${field}`)?.text;
  return (
    <>
      <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{t(page.title)}</h1>
      <p class="lead">{t(page.lead)}</p>
      <form method="post" class="form" novalidate>
        <Fields visit={visit} typed={typed} wrong={wrong} />
        <p>
          <button type="submit" class="button">
            {t('away.look')}
          </button>
        </p>
      </form>
    </>
  );
}

/** The page of the consequences. `changed`: why they are shown again. */
export function showConsequences(
  visit: DeskVisit,
  { title, lead, changed }: { title: string; lead: string; changed: string | undefined },
  children: ComponentChildren,
): Response {
  const { t, base } = visit;
  return visit.show(
    { title, ...(changed && { status: 409 }) },
    <>
      <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
      {changed ? (
        <ErrorSummary
          title={t('staff.error.title')}
          problems={[{ href: '#plan', text: changed }]}
        />
      ) : null}
      <h1 id="plan">{title}</h1>
      <p class="lead">{lead}</p>
      {children}
    </>,
  );
}

/** The action, with the fields of the edit and the digest of what was shown; and the way back to the fields. */
export function ActionForm(props: {
  visit: DeskVisit;
  fields: Readonly<Record<string, string>>;
  kind?: 'grave';
  children: ComponentChildren;
}) {
  const { visit, fields, kind, children } = props;
  return (
    <form method="post" class="row">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={kind ? `button ${kind}` : 'button'}>
        {children}
      </button>
      <button type="submit" name="step" value="back" class="button quiet">
        {visit.t('away.change')}
      </button>
    </form>
  );
}

/** Somebody whose appointment is affected. `children`: what becomes of it. */
export function AffectedLine(props: {
  visit: DeskVisit;
  affected: Affected;
  children?: ComponentChildren;
}) {
  const { visit, affected, children } = props;
  const { t, dates, office } = visit;
  const { start, citizen } = affected.appointment;
  return (
    <li>
      <span class="figures">
        {dates.briefDay(start)} {dates.time(start)}
      </span>{' '}
      <strong>{citizen.name}</strong> · {bookedName(t, office, affected.appointment)}
      {children}
    </li>
  );
}
