import type { Question } from '../questions.ts';
import type { Form } from '../schema.ts';
import { namesIn } from './operators.ts';

/** A rule of a form, and what it needs. */
export interface RuleBinding {
  /** What the rule decides about: `estufes`, `local.total`, `llar.gent.tutor`, `declarations.gas`; `fee`, `atOnce`. */
  of: string;
  part: 'when' | 'value' | 'fee' | 'household' | 'language';
  /** The names of the answers that it uses, each once; those of an item as `llar.gent.edat`. */
  needs: readonly string[];
  /** The last step whose answers it needs: once that is done, the rule is decided. Null: it needs none. */
  step: string | null;
}

/** Returns every rule of a form, in order, each bound to the step that it needs. */
export function bindingsOf(form: Form): RuleBinding[] {
  const bound: RuleBinding[] = [];
  const add = (of: string, part: RuleBinding['part'], rule: unknown, group?: string) => {
    if (rule === undefined) return;
    const groups = groupsIn(rule, group);
    const needs = [...new Set(namesIn(rule).flatMap((name) => inFull(name, groups, form)))];
    const steps = form.steps.map(({ id }) => id);
    const last = Math.max(-1, ...needs.map((each) => steps.indexOf(each.split('.')[0] ?? '')));
    bound.push({ of, part, needs, step: steps[last] ?? null });
  };
  const addQuestion = (question: Question, name: string, group?: string) => {
    add(name, 'when', question.when, group);
    if (question.type === 'computed') add(name, 'value', question.value, group);
    if (question.type !== 'group') return;
    for (const inner of question.questions) addQuestion(inner, `${name}.${inner.id}`, name);
  };
  for (const step of form.steps) {
    add(step.id, 'when', step.when);
    for (const question of step.questions) addQuestion(question, `${step.id}.${question.id}`);
  }
  for (const { id, when } of form.declarations) add(`declarations.${id}`, 'when', when);
  add('fee', 'fee', form.fee);
  const { when, household, language } = form.atOnce ?? {};
  add('atOnce', 'when', when);
  add('atOnce', 'household', household);
  add('atOnce', 'language', language);
  return bound;
}

/** Returns the groups through which a rule goes, and the one in which it stands. */
const groupsIn = (rule: unknown, own?: string): string[] =>
  own === undefined ? namesIn(rule).filter((each) => !each.startsWith('item.')) : [own];

/** Returns a name as answers have it: that of an item belongs to the group that has such a question. */
function inFull(name: string, groups: readonly string[], { steps }: Form): string[] {
  if (!name.startsWith('item.')) return [name];
  const id = name.slice(5);
  return groups.flatMap((group) => {
    const [stepId, groupId] = group.split('.');
    const step = steps.find((each) => each.id === stepId);
    const question = step?.questions.find((each) => each.id === groupId);
    const isThere = question?.type === 'group' && question.questions.some((each) => each.id === id);
    return isThere ? [`${group}.${id}`] : [];
  });
}
