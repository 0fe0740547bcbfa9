import type { Language } from '../../../lib/i18n/languages.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { MessageKey, Translate } from '../../../lib/i18n/translate.ts';
import { numberInWords } from '../answers/amounts.ts';
import { dayIn, dayInWords } from '../answers/days.ts';
import type { Question } from '../questions.ts';
import type { Form } from '../schema.ts';
import { type Call, callOf } from './operators.ts';

/** Returns the question of each name of a form: `local.taules`, and `item.edat` of every group. */
export function questionsOf({ steps }: Form): Map<string, Question> {
  const found = new Map<string, Question>();
  for (const step of steps)
    for (const question of step.questions) {
      found.set(`${step.id}.${question.id}`, question);
      if (question.type !== 'group') continue;
      for (const inner of question.questions) found.set(`item.${inner.id}`, inner);
    }
  return found;
}

/** What is needed to put rules into words. */
export interface Wording {
  t: Translate;
  questions: ReadonlyMap<string, Question>;
}

/** Returns a rule in words, for readers without code: `«Quantes taules?» és més que 4`. */
export function ruleInWords(rule: unknown, wording: Wording): string {
  const { t } = wording;
  if (typeof rule === 'boolean') return t(rule ? 'form.rule.true' : 'form.rule.false');
  if (typeof rule === 'number') return numberInWords(rule, t.language);
  if (typeof rule === 'string') return quoted(rule, t.language);
  if (Array.isArray(rule)) return rule.map((each) => ruleInWords(each, wording)).join(', ');
  const call = callOf(rule);
  return call ? callInWords(call, wording) : '?';
}

/** Returns a condition in words: one that is only a name is `«Tens gos?»: sí`. */
export function conditionInWords(rule: unknown, wording: Wording): string {
  const call = callOf(rule);
  const name = String(call?.args[0]);
  if (call?.operator === 'var' && !FACTS[name])
    return wording.t('form.rule.yes', { a: nameInWords(name, wording) });
  return ruleInWords(rule, wording);
}

const FACTS: Record<string, MessageKey> = {
  'applicant.onBehalf': 'form.rule.onBehalf',
  'applicant.organisation': 'form.rule.organisation',
};

function nameInWords(name: string, { t, questions }: Wording): string {
  const fact = FACTS[name];
  if (fact) return t(fact);
  return quoted(textIn(questions.get(name)?.label, t.language) || name, t.language);
}

const quoted = (text: string, language: Language): string =>
  language === 'en' ? `“${text}”` : `«${text}»`;

function callInWords(call: Call, wording: Wording): string {
  const { operator, args } = call;
  const { t } = wording;
  const [first, second] = args;
  const say = (rule: unknown) => ruleInWords(rule, wording);
  switch (operator) {
    case 'var': {
      const a = nameInWords(String(first), wording);
      return second === undefined ? a : t('form.rule.otherwise', { a, b: say(second) });
    }
    case 'answered':
      return t('form.rule.answered', { a: nameInWords(String(first), wording) });
    case 'today':
      return t('form.rule.today');
    case '!':
      return negated(first, wording);
    case 'and':
    case 'or':
      return joined(operator, args, wording);
    case 'if':
      return choiceInWords(args, wording);
    case '??':
      return t('form.rule.otherwise', { a: say(first), b: args.slice(1).map(say).join(', ') });
    case 'round':
      return t('form.rule.rounded', { a: say(first) });
    case '+':
    case '-':
    case '*':
    case '/':
      return calculation(operator, args, wording);
    case 'min':
    case 'max':
      return t(operator === 'min' ? 'form.rule.least' : 'form.rule.most', {
        a: args.map(say).join(', '),
      });
    case 'sum':
    case 'some':
    case 'all':
    case 'none':
      return t(`form.rule.${operator}`, {
        a: say(first),
        b: operator === 'sum' ? say(second) : conditionInWords(second, wording),
      });
    case 'years':
    case 'days':
      return t(`form.rule.${operator}`, {
        a: operand(first, true, null, wording),
        b: operand(second, true, null, wording),
      });
    case 'count':
      return t('form.rule.count', { a: say(first) });
    default:
      return comparison(call, wording);
  }
}

function negated(rule: unknown, wording: Wording): string {
  const call = callOf(rule);
  const a = nameInWords(String(call?.args[0]), wording);
  if (call?.operator === 'var' && !FACTS[String(call.args[0])])
    return wording.t('form.rule.no', { a });
  if (call?.operator === 'answered') return wording.t('form.rule.notAnswered', { a });
  return wording.t('form.rule.not', { a: ruleInWords(rule, wording) });
}

const LISTS = { and: 'conjunction', or: 'disjunction' } as const;

function joined(operator: 'and' | 'or', args: readonly unknown[], wording: Wording): string {
  const parts = args.map((each) => {
    const words = conditionInWords(each, wording);
    const inner = callOf(each)?.operator;
    return inner === 'and' || inner === 'or' ? `(${words})` : words;
  });
  return new Intl.ListFormat(wording.t.language, { type: LISTS[operator] }).format(parts);
}

function choiceInWords(args: readonly unknown[], wording: Wording): string {
  const { t } = wording;
  const cases: string[] = [];
  for (let at = 0; at + 1 < args.length; at += 2)
    cases.push(
      t('form.rule.if', {
        a: conditionInWords(args[at], wording),
        b: ruleInWords(args[at + 1], wording),
      }),
    );
  if (args.length % 2 === 1)
    cases.push(t('form.rule.else', { a: ruleInWords(args.at(-1), wording) }));
  return cases.join('; ');
}

const SIGNS = { '+': '+', '-': '−', '*': '×', '/': '÷' } as const;

function calculation(
  operator: keyof typeof SIGNS,
  args: readonly unknown[],
  wording: Wording,
): string {
  const parts = args.map((each) => {
    const inner = callOf(each)?.operator;
    const words = ruleInWords(each, wording);
    const isPart = inner !== undefined && (inner in SIGNS || inner === 'if');
    return isPart && inner !== operator ? `(${words})` : words;
  });
  return parts.length === 1 ? `−${parts[0]}` : parts.join(` ${SIGNS[operator]} `);
}

const COMPARED = {
  '==': ['form.rule.is', 'form.rule.is'],
  '!=': ['form.rule.isNot', 'form.rule.isNot'],
  '<': ['form.rule.less', 'form.rule.before'],
  '<=': ['form.rule.atMost', 'form.rule.notAfter'],
  '>': ['form.rule.more', 'form.rule.after'],
  '>=': ['form.rule.atLeast', 'form.rule.notBefore'],
} as const satisfies Record<string, readonly [MessageKey, MessageKey]>;

function comparison({ operator, args }: Call, wording: Wording): string {
  const { t } = wording;
  const [first, second, third] = args;
  const chosen = choiceOf(first, wording) ?? choiceOf(second, wording);
  if (operator === 'in') {
    const a = operand(first, false, chosen, wording);
    if (!Array.isArray(second))
      return t('form.rule.includes', { a, b: ruleInWords(second, wording) });
    const list = second.map((each) => operand(each, false, chosen, wording));
    return t('form.rule.oneOf', { a, b: list.join(', ') });
  }
  if (typeof second === 'boolean') {
    const isYes = second === (operator === '==');
    return t(isYes ? 'form.rule.yes' : 'form.rule.no', { a: ruleInWords(first, wording) });
  }
  const isDay = args.some((each) => isDayRule(each, wording));
  const say = (rule: unknown) => operand(rule, isDay, chosen, wording);
  const keys = COMPARED[operator as keyof typeof COMPARED];
  const words = t(keys[isDay ? 1 : 0], { a: say(first), b: say(second) });
  if (third === undefined) return words;
  const rest = comparison({ operator, args: [second, third], isList: true }, wording);
  return new Intl.ListFormat(t.language, { type: 'conjunction' }).format([words, rest]);
}

/** Returns the question with options that a rule names; null when it names none. */
function choiceOf(rule: unknown, { questions }: Wording): Question | null {
  const call = callOf(rule);
  const question = call?.operator === 'var' ? questions.get(String(call.args[0])) : undefined;
  return question && 'options' in question ? question : null;
}

function isDayRule(rule: unknown, { questions }: Wording): boolean {
  const call = callOf(rule);
  if (call?.operator === 'today') return true;
  const question = call?.operator === 'var' ? questions.get(String(call.args[0])) : undefined;
  return question?.type === 'date' || (question?.type === 'computed' && question.gives === 'date');
}

/** Returns one side of a comparison: an option by its label, a day as a day. */
function operand(rule: unknown, isDay: boolean, chosen: Question | null, wording: Wording): string {
  const { language } = wording.t;
  if (typeof rule !== 'string') return ruleInWords(rule, wording);
  const day = isDay ? dayIn(rule) : null;
  if (day) return dayInWords(day, language);
  const option = chosen && 'options' in chosen && chosen.options.find(({ id }) => id === rule);
  return quoted((option && textIn(option.label, language)) || rule, language);
}
