import type { QuestionType } from '../../../domain/form/questions.ts';
import type { Spot } from '../../town-file/reading/spot.ts';

/** What a rule knows of the value of a name. */
export type NameType =
  | { kind: 'number' | 'text' | 'date' | 'yesno' | 'present' | 'files' | 'unknown' }
  | { kind: 'choice' | 'choices'; options: readonly string[] }
  | { kind: 'group'; items: readonly Name[] };

/** A name that rules may use. */
export interface Name {
  /** As rules write it: `local.taules`, or `item.edat` within a group. */
  name: string;
  type: NameType;
  /** Its place in the order of the form: a rule may use what stands before it. */
  position: number;
  /** Whether it may have no value, since it need not be answered or may not be asked. */
  mayBeMissing: boolean;
  /** The rules that decide about it: its own condition, that of its step, and how it is computed. */
  rules: readonly Spot[];
}

/** A rule of a form, and what it may use. */
export interface PlacedRule {
  spot: Spot;
  /** What the rule decides, for sentences. */
  of: string;
  /** It may use names that stand before this place. */
  position: number;
  /** The names of the group in which it stands. */
  items: readonly Name[];
  /** What it must give. */
  gives: 'condition' | 'fee' | 'language' | Spot;
}

/** All names and rules of a form, in order. */
export interface Catalogue {
  names: readonly Name[];
  rules: readonly PlacedRule[];
}

const FACTS: readonly Name[] = ['onBehalf', 'organisation'].map((fact) => ({
  name: `applicant.${fact}`,
  type: { kind: 'yesno' },
  position: -1,
  mayBeMissing: false,
  rules: [],
}));

/** Returns the names and rules of a form of any kind: what can't be read is left out, since the schema has reported it. */
export function catalogueOf(form: Spot): Catalogue {
  const names: Name[] = [...FACTS];
  const rules: PlacedRule[] = [];
  const position = () => names.length;
  for (const step of form.get('steps').items()) {
    const id = step.get('id').text() ?? '';
    const when = step.get('when');
    addRule(rules, { spot: when, of: id, position: position(), items: [], gives: 'condition' });
    for (const question of step.get('questions').items()) {
      const name = `${id}.${question.get('id').text() ?? ''}`;
      const place = { position: position(), items: [] };
      const type = typeOf(question, name, place.position, rules);
      addQuestionRules(rules, question, name, place);
      names.push(nameOf(question, name, type, place.position, [when]));
    }
  }
  for (const declaration of form.get('declarations').items()) {
    const of = `declarations.${declaration.get('id').text() ?? ''}`;
    const spot = declaration.get('when');
    addRule(rules, { spot, of, position: position(), items: [], gives: 'condition' });
  }
  const fee = form.get('fee');
  addRule(rules, { spot: fee, of: 'fee', position: position(), items: [], gives: 'fee' });
  for (const [key, gives] of AT_ONCE) {
    const spot = form.get('atOnce').get(key);
    addRule(rules, { spot, of: `atOnce.${key}`, position: position(), items: [], gives });
  }
  return { names, rules };
}

/** The rules of what a form issues at once. */
const AT_ONCE = [
  ['when', 'condition'],
  ['household', 'condition'],
  ['language', 'language'],
] as const;

function addRule(rules: PlacedRule[], rule: PlacedRule): void {
  if (rule.spot.value !== undefined) rules.push(rule);
}

function addQuestionRules(
  rules: PlacedRule[],
  question: Spot,
  of: string,
  place: Pick<PlacedRule, 'position' | 'items'>,
): void {
  const { position, items } = place;
  addRule(rules, { spot: question.get('when'), of, position, items, gives: 'condition' });
  if (question.get('type').text() !== 'computed') return;
  const gives = question.get('gives');
  addRule(rules, { spot: question.get('value'), of, position, items, gives });
}

function nameOf(
  question: Spot,
  name: string,
  type: NameType,
  position: number,
  outer: readonly Spot[],
): Name {
  const rules = [...outer, question.get('when')].filter((each) => each.value !== undefined);
  const isComputed = question.get('type').text() === 'computed';
  const isFilled = type.kind === 'group' && (question.get('min').number() ?? 0) > 0;
  const isNeeded = question.get('required').value === true || isFilled;
  const isAlways = rules.length === 0 && (isComputed || isNeeded);
  const value = question.get('value');
  return {
    name,
    type,
    position,
    mayBeMissing: !isAlways,
    rules: isComputed && value.value !== undefined ? [...rules, value] : rules,
  };
}

const SIMPLE: Partial<Record<QuestionType, NameType>> = {
  text: { kind: 'text' },
  integer: { kind: 'number' },
  decimal: { kind: 'number' },
  money: { kind: 'number' },
  date: { kind: 'date' },
  yesno: { kind: 'yesno' },
  nif: { kind: 'text' },
  iban: { kind: 'text' },
  phone: { kind: 'text' },
  email: { kind: 'text' },
  address: { kind: 'present' },
  place: { kind: 'present' },
  file: { kind: 'files' },
};

const COMPUTED: Record<string, NameType> = {
  integer: { kind: 'number' },
  decimal: { kind: 'number' },
  money: { kind: 'number' },
  text: { kind: 'text' },
  date: { kind: 'date' },
  yesno: { kind: 'yesno' },
};

/** Returns the type of a question's value; of a group also that of its questions, whose rules it adds. */
function typeOf(question: Spot, name: string, position: number, rules: PlacedRule[]): NameType {
  const type = question.get('type').text() as QuestionType | undefined;
  if (type === 'choice' || type === 'choices')
    return { kind: type, options: idsOf(question.get('options')) };
  if (type === 'computed')
    return COMPUTED[question.get('gives').text() ?? ''] ?? { kind: 'unknown' };
  if (type !== 'group') return (type && SIMPLE[type]) ?? { kind: 'unknown' };
  const items: Name[] = [];
  for (const inner of question.get('questions').items()) {
    const id = inner.get('id').text() ?? '';
    const place = { position, items: [...items] };
    const itemType = typeOf(inner, `${name}.${id}`, position, rules);
    addQuestionRules(rules, inner, `${name}.${id}`, place);
    items.push(nameOf(inner, `item.${id}`, itemType, position, []));
  }
  return { kind: 'group', items };
}

const idsOf = (list: Spot): string[] => list.items().flatMap((each) => each.get('id').text() ?? []);
