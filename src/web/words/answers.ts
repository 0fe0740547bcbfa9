import { shownAnswer } from '../../domain/form/answers/shown.ts';
import { labelOf } from '../../domain/form/answers/summary.ts';
import {
  type Answers,
  type AppliedQuestion,
  applyForm,
  type FormContext,
} from '../../domain/form/applied.ts';
import type { Form } from '../../domain/form/schema.ts';
import type { Translate } from '../../lib/i18n/translate.ts';

/** A question or a declaration of a form with its answer, in words. */
export interface NamedAnswer {
  name: string;
  label: string;
  /** The answer in lines; of a group, a line for each of its things. */
  lines: string[];
  /** The question that applies; null: it is a declaration, or does not apply. */
  on: AppliedQuestion | null;
}

/** Returns questions and declarations with their answers, by their names, in the order of the form. Those that don't apply have no answer. */
export function answersOf(
  names: ReadonlySet<string>,
  { form, answers, context }: { form: Form; answers: Answers; context: FormContext },
  t: Translate,
): NamedAnswer[] {
  const applied = applyForm(form, answers, context);
  const questions = new Map(
    applied.steps.flatMap((each) => each.questions.map((one) => [one.name, one] as const)),
  );
  const declared = new Map(
    applied.declarations.map(({ declaration, answer }) => [declaration.id, answer]),
  );
  const none = [t('form.answer.none')];
  const asked = form.steps.flatMap((step) =>
    step.questions.map((question): NamedAnswer => {
      const name = `${step.id}.${question.id}`;
      const on = questions.get(name) ?? null;
      const label = labelOf(question, t);
      return { name, label, on, lines: on ? linesOf(on, t) : none };
    }),
  );
  const declarations = form.declarations.map(({ id, text }): NamedAnswer => {
    const lines = [t(declared.get(id) === true ? 'case.declared' : 'case.notDeclared')];
    return {
      name: `declarations.${id}`,
      label: labelOf({ id, label: text }, t),
      on: null,
      lines,
    };
  });
  return [...asked, ...declarations].filter(({ name }) => names.has(name));
}

function linesOf(on: AppliedQuestion, t: Translate): string[] {
  if (on.question.type !== 'group' || on.items.length === 0) return shownAnswer(on, t);
  return on.items.map((item) =>
    item.map((each) => shownAnswer(each as unknown as AppliedQuestion, t).join(', ')).join(' · '),
  );
}
