import type { ComponentChildren } from 'preact';
import type { RotaRows } from '../../../features/foundation/offices/types.ts';
import type { EditMistake, RotaEdit } from '../../../features/service/rota/types.ts';
import type { MessageKey } from '../../../lib/i18n/translate.ts';
import { SelectField } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, type ProblemLink } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { readResolutions, showPlan } from './plan.tsx';

/** The fields of a form, as sent or with their first values. */
export type Typed = Pick<Form, 'text' | 'all'>;

/** The parts of the page for one kind of edit. */
export interface EditPage {
  title(visit: DeskVisit, typed: Typed): string;
  /** Returns the form's first values, from the address; null: there is no such page. */
  fresh(visit: DeskVisit, rows: RotaRows): Record<string, string | string[]> | null;
  /** Returns the typed edit, unchecked: the rules decide whether it is possible. */
  edit(visit: DeskVisit, typed: Typed): RotaEdit;
  fields(visit: DeskVisit, typed: Typed, wrong: Wrong): ComponentChildren;
  /** Returns the warnings for the preview. */
  warnings?(visit: DeskVisit, edit: RotaEdit): string[];
}

/** Returns the mistake in a field, in the reader's words. */
export type Wrong = (field: string) => string | undefined;

/** The field of each mistake. */
const FIELD: Record<EditMistake, string> = {
  gone: 'look',
  desk: 'desk',
  day: 'day',
  past: 'day',
  from: 'from',
  to: 'to',
  order: 'to',
  long: 'to',
  weekdays: 'weekdays',
  until: 'until',
  why: 'why',
  overlap: 'from',
  same_desk: 'other',
  same_week: 'target',
  count: 'count',
  entries: 'file',
};

/** The exceptions for single pages. */
const FIELDS_OF: Partial<Record<RotaEdit['kind'], Partial<typeof FIELD>>> = {
  absence: { past: 'to' },
  back: { past: 'at', from: 'at' },
  copy: { past: 'target', day: 'target' },
  import: { overlap: 'file' },
};

/** The words of mistakes that a kind of edit has of its own. */
const WORDS_OF: Partial<Record<RotaEdit['kind'], Partial<Record<EditMistake, MessageKey>>>> = {
  absence: { from: 'away.wrong.from', to: 'away.wrong.to', past: 'away.wrong.past' },
  import: { overlap: 'rota.import.overlap' },
};

export const typedOf = (fields: Record<string, string | string[]>): Typed => ({
  text: (name) => [fields[name] ?? ''].flat()[0] ?? '',
  all: (name) => [fields[name] ?? []].flat(),
});

/** Returns the mistakes, each at the page's field for it. */
export function problemsOf(
  { t }: DeskVisit,
  kind: RotaEdit['kind'],
  mistakes: readonly EditMistake[],
): ProblemLink[] {
  return mistakes.map((each) => ({
    href: `#${FIELDS_OF[kind]?.[each] ?? FIELD[each]}`,
    text: t(WORDS_OF[kind]?.[each] ?? `rota.wrong.${each}`),
  }));
}

/** `…/rota/…`: the edit; then its consequences; then the action. */
export function rotaEditPage(deps: StaffDeps, page: EditPage) {
  const showForm = (visit: DeskVisit, typed: Typed, problems: readonly ProblemLink[] = []) => {
    const { t, base } = visit;
    const title = page.title(visit, typed);
    const wrong: Wrong = (field) => problems.find((each) => each.href === `#${field}`)?.text;
    return visit.show(
      {
        title,
        ...(problems.length > 0 && { status: 422, hasErrors: true }),
      },
      <>
        <BackLink href={`${base}/rota`}>{t('rota.title')}</BackLink>
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <h1>{title}</h1>
        <form method="post" class="form" novalidate>
          {page.fields(visit, typed, wrong)}
          <p class="row">
            <button type="submit" class="button" id="look">
              {t('away.look')}
            </button>
          </p>
        </form>
      </>,
    );
  };

  return {
    get: async (visit: DeskVisit) => {
      const rows = await deps.rota.rows(visit.viewer, visit.office);
      const fresh = rows && page.fresh(visit, rows);
      return fresh ? showForm(visit, typedOf(fresh)) : visit.c.notFound();
    },
    post: async (visit: DeskVisit) => {
      const form = await readForm(visit.c);
      if (form.text('step') === 'back') return showForm(visit, form);
      return planOrSave(deps, visit, form, {
        title: page.title(visit, form),
        edit: page.edit(visit, form),
        warnings: (edit) => page.warnings?.(visit, edit) ?? [],
        again: (problems) => showForm(visit, form, problems),
      });
    },
  };
}

/** The handling of an edit's form, the same for all pages. */
export interface Asked {
  title: string;
  edit: RotaEdit;
  warnings(edit: RotaEdit): string[];
  /** Shows the form again, with its mistakes. */
  again(problems: readonly ProblemLink[]): Response | Promise<Response>;
}

/** Shows the consequences of an edit, or, after they were seen, applies it. */
export async function planOrSave(
  deps: StaffDeps,
  visit: DeskVisit,
  form: Form,
  { title, edit, warnings, again }: Asked,
): Promise<Response> {
  const { t, c, viewer, office, base } = visit;
  const digest = form.text('digest');
  const shown = { title, form, warnings: warnings(edit) };
  if (digest === '') {
    const planned = await deps.rota.plan(viewer, office, edit);
    if (planned.ok) return showPlan(visit, shown, planned.plan);
    if (planned.reason === 'not_allowed') return c.notFound();
    return again(problemsOf(visit, edit.kind, planned.mistakes));
  }
  const saved = await deps.rota.save(viewer, office, edit, {
    digest,
    resolutions: readResolutions(form),
  });
  if (saved.ok) return visit.redirect(`${base}/rota/change/${saved.change}`);
  switch (saved.reason) {
    case 'not_allowed':
      return c.notFound();
    case 'mistakes':
      return again(problemsOf(visit, edit.kind, saved.mistakes));
    case 'changed':
      return showPlan(visit, shown, saved.plan, t('away.changed'));
  }
}

/** The choice of a desk of the office. */
export function DeskField(props: {
  visit: DeskVisit;
  typed: Typed;
  wrong: Wrong;
  name?: string;
  label?: MessageKey;
}) {
  const { visit, typed, wrong, name = 'desk', label = 'staff.day.desk' } = props;
  return (
    <SelectField name={name} label={visit.t(label)} error={wrong(name)}>
      <option value="">{visit.t('away.choose')}</option>
      {visit.office.desks.map((each) => (
        <option key={each.id} value={each.id} selected={`${each.id}` === typed.text(name)}>
          {each.name}
        </option>
      ))}
    </SelectField>
  );
}
