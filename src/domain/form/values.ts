import type { Question, QuestionOf } from './questions.ts';
import type { Value } from './rules/evaluate.ts';
import { type Exact, exactIn, exactOf, isExact, moneyText, rounded } from './rules/exact.ts';

/** Returns whether an answer counts as none: an empty text, an empty list, nothing. */
export function isMissing(answer: unknown): boolean {
  if (answer === undefined || answer === null) return true;
  if (typeof answer === 'string') return answer.trim() === '';
  if (Array.isArray(answer)) return answer.length === 0;
  return typeof answer === 'object' && Object.values(answer).every(isMissing);
}

/**
 * Returns what rules see of an answer, or of the result of a computed value; null when there is none or it has another form. A number that
 * breaks a limit of its question is still a number: the mistake is told by the question, not by the rules.
 */
export function ruleValue(question: Question, answer: unknown): Value {
  if (question.type === 'computed') return computedValue(question, answer as Value);
  if (isMissing(answer)) return null;
  switch (question.type) {
    case 'integer':
    case 'decimal':
      return typeof answer === 'number' ? exactOf(answer) : null;
    case 'money':
      return typeof answer === 'string' ? exactIn(answer) : null;
    case 'yesno':
      return typeof answer === 'boolean' ? answer : null;
    case 'choices':
      return Array.isArray(answer) ? answer.filter((each) => typeof each === 'string') : null;
    case 'file':
      return Array.isArray(answer) ? { count: answer.length } : null;
    case 'address':
    case 'place':
      return typeof answer === 'object' ? { count: 1 } : null;
    case 'group':
      return null;
    default:
      return typeof answer === 'string' ? answer.trim() : null;
  }
}

/** Returns a computed value as it is shown: rules that use it see the number that a person reads. */
function computedValue({ gives, decimals }: QuestionOf<'computed'>, value: Value): Value {
  if (!isExact(value)) return value;
  return rounded(value, gives === 'integer' ? 0 : gives === 'money' ? 2 : decimals);
}

/** The largest number that answers in JSON keep exactly. */
const EXACT_IN_JSON = 1e9;

/** Returns a computed value as answers have it; undefined when there is none, or it is too large to be exact. */
export function writtenValue(
  { gives }: QuestionOf<'computed'>,
  value: Value,
): string | number | boolean | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (!isExact(value) || value.abs().compare(EXACT_IN_JSON) > 0) return undefined;
  return gives === 'money' ? moneyText(value) : numberOf(value);
}

const numberOf = (value: Exact): number => Number(value.toString());
