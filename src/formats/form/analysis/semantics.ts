import { dayIn } from '../../../domain/form/answers/days.ts';
import { PREFILL_TYPES } from '../../../domain/form/prefills.ts';
import { RESERVED_STEPS } from '../../../domain/form/schema.ts';
import { checkRepeats, type Tellers } from '../../town-file/reading/references.ts';
import type { Spot } from '../../town-file/reading/spot.ts';
import { checkCosigners } from './cosigners.ts';
import { catalogueOf } from './names.ts';
import { checkRules } from './rules.ts';
import { checkStates } from './states.ts';
import { checkTemplates } from './templates.ts';

/** The most questions of a form, those of groups included. */
const MOST_QUESTIONS = 600;

/**
 * Checks what involves more than one field: names, limits, rules, states, the law. It accepts any value, so that one mistake hides no other.
 * Values of a wrong form are skipped, since the schema has reported them.
 */
export function checkFormSemantics(form: Spot, tell: Tellers): void {
  const steps = form.get('steps').items();
  checkIds(form.get('steps'), 'step', tell);
  checkIds(form.get('declarations'), 'declaration', tell);
  checkRepeats(form.get('languages'), tell);
  const all = steps.flatMap((step) => questionsIn(step));
  if (all.length > MOST_QUESTIONS)
    tell.mistake(
      form.get('steps').path,
      `A form may have at most ${MOST_QUESTIONS} questions; this one has ${all.length}.`,
      'key',
    );
  for (const step of steps) {
    const id = step.get('id');
    if ((RESERVED_STEPS as readonly string[]).includes(id.text() ?? ''))
      tell.mistake(
        id.path,
        `A step can't be called ${id.text()}: rules, answers and pages use that word.`,
      );
    checkIds(step.get('questions'), 'question', tell);
  }
  for (const question of all) {
    checkIds(question.get('options'), 'option', tell);
    checkIds(question.get('questions'), 'question', tell);
    checkLimits(question, tell);
    checkPrefill(question, form, tell);
  }
  checkSignature(form, tell);
  checkAtOnce(form, tell);
  checkCosigners(form, tell);
  checkStates(form.get('states'), form.get('cosigners').get('state').text(), tell);
  checkTemplates(form, tell);
  checkRules(catalogueOf(form), tell);
}

/** Returns the questions of a step or group, each followed by those in it. */
function questionsIn(owner: Spot): Spot[] {
  return owner
    .get('questions')
    .items()
    .flatMap((each) => [each, ...questionsIn(each)]);
}

function checkIds(list: Spot, what: string, { mistake }: Tellers): void {
  const seen = new Set<string>();
  for (const each of list.items()) {
    const id = each.get('id').text();
    if (id === undefined) continue;
    if (seen.has(id)) mistake(each.get('id').path, `The ${what} "${id}" stands twice.`);
    seen.add(id);
  }
}

function checkLimits(question: Spot, { mistake }: Tellers): void {
  const [min, max, most] = ['min', 'max', 'most'].map((key) => question.get(key)) as [
    Spot,
    Spot,
    Spot,
  ];
  const upper = most.exists() ? most : max;
  const [low, high] = [min.number(), upper.number()];
  if (low !== undefined && high !== undefined && low > high)
    mistake(upper.path, `"${upper.path.at(-1)}" is below "min": no answer could be right.`);
  const options = question.get('options').items().length;
  if (question.get('type').text() === 'choices' && options > 0)
    for (const each of [min, most])
      if ((each.number() ?? 0) > options)
        mistake(each.path, `"${each.path.at(-1)}" is more than the ${options} options.`);
  if (question.get('type').text() !== 'date') return;
  const days = [min, max].map((each) => {
    const text = each.text() ?? '';
    const isFixed = /^\d/.test(text);
    if (isFixed && !dayIn(text)) mistake(each.path, `The calendar has no day ${text}.`);
    return isFixed ? text : null;
  });
  if (days[0] && days[1] && days[0] > days[1])
    mistake(max.path, '"max" is before "min": no day could be right.');
}

function checkPrefill(question: Spot, form: Spot, { mistake }: Tellers): void {
  const from = question.get('from');
  const name = from.text() ?? '';
  const type = question.get('type').text() ?? '';
  if (!Object.hasOwn(PREFILL_TYPES, name)) return;
  const fitting: readonly string[] = PREFILL_TYPES[name as keyof typeof PREFILL_TYPES];
  if (!fitting.includes(type))
    mistake(
      from.path,
      `"${name}" fills in a question of type ${fitting.join(' or ')}, not ${type}.`,
    );
  if (name.startsWith('represented.') && form.get('onBehalf').value !== true)
    mistake(from.path, `"${name}" needs "onBehalf: true": nobody is represented otherwise.`);
  const isKnown = ['low', 'substantial', 'high'].includes(form.get('identity').text() ?? '');
  if (!name.startsWith('contact.') && !isKnown)
    mistake(from.path, `"${name}" needs "identity": nobody is known otherwise.`);
}

function checkSignature(form: Spot, { mistake }: Tellers): void {
  const sign = form.get('sign');
  const level = form.get('identity').text() ?? 'none';
  if (['session', 'valid'].includes(sign.text() ?? '') && level === 'none')
    mistake(sign.path, `"sign: ${sign.text()}" needs "identity": who signs must be identified.`);
}

function checkAtOnce(form: Spot, { mistake }: Tellers): void {
  const atOnce = form.get('atOnce');
  if (!atOnce.exists()) return;
  if (!['substantial', 'high'].includes(form.get('identity').text() ?? ''))
    mistake(atOnce.path, '"atOnce" needs "identity: substantial": it has where people live.');
  const transitions = form.get('states').get('transitions').items();
  if (transitions.length > 0 && !transitions.some((each) => each.get('to').text() === 'granted'))
    mistake(atOnce.path, '"atOnce" needs a state "granted", to which it takes the case.');
}
