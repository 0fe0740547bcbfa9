import { dayIn } from '../../../domain/form/answers/days.ts';
import { exactOf } from '../../../domain/form/rules/exact.ts';
import {
  BY_ITEM,
  type Call,
  callOf,
  OPERATORS,
  type Operator,
} from '../../../domain/form/rules/operators.ts';
import type { Path } from '../../town-file/reading/source.ts';
import { didYouMean } from '../../town-file/reading/words.ts';
import { nameAt } from './naming.ts';
import {
  type Given,
  type GivenPart,
  given,
  KINDS,
  type Part,
  type Reading,
  UNKNOWN,
  wrong,
} from './reading.ts';

/** Returns what a rule gives, and reports its mistakes. What is wrong is `unknown`, so that one mistake has no others in its wake. */
export function typeOfRule(rule: unknown, path: Path, reading: Reading): Given {
  if (typeof rule === 'boolean') return given('yesno');
  if (typeof rule === 'string') return { type: { kind: 'word', text: rule }, missing: null };
  if (typeof rule === 'number') {
    if (exactOf(rule)) return given('number');
    return wrong(
      reading,
      path,
      `${rule} has too many digits: at most six decimals, up to 1000000000.`,
    );
  }
  if (Array.isArray(rule))
    return wrong(reading, path, 'A list may only stand as the second part of "in".');
  const call = callOf(rule);
  return call ? typeOfCall(call, path, reading) : noRule(rule, path, reading);
}

function noRule(rule: unknown, path: Path, reading: Reading): Given {
  if (typeof rule !== 'object' || rule === null)
    return wrong(reading, path, 'A rule is missing here.');
  const keys = Object.keys(rule);
  if (keys.length !== 1)
    return wrong(
      reading,
      path,
      `A rule has one operator, but here are ${keys.length}: ${keys.join(', ')}.`,
    );
  const known = Object.keys(OPERATORS);
  const [key = ''] = keys;
  const hint = didYouMean(key, known) || ` There are: ${known.join(' ')}.`;
  return wrong(reading, [...path, key], `There is no operator "${key}".${hint}`, 'key');
}

function typeOfCall(call: Call, path: Path, reading: Reading): Given {
  const { operator, args } = call;
  const [least, most] = OPERATORS[operator];
  const own = [...path, operator];
  if (args.length < least || args.length > most) {
    const count = least === most ? String(least) : `${least} to ${most}`;
    const words = `"${operator}" needs ${count} ${most === 1 ? 'part' : 'parts'}, but has ${args.length}.`;
    return wrong(reading, own, words, 'key');
  }
  const parts = args.map(
    (rule, index): Part => ({
      rule,
      path: call.isList ? [...own, index] : own,
    }),
  );
  if (operator === 'var') return typeOfName(parts, reading);
  if (operator === 'answered') {
    const name = nameAt(parts[0], reading);
    return name ? given('yesno') : UNKNOWN;
  }
  if (BY_ITEM.has(operator)) return typeByItem(operator, parts, reading);
  if (operator === 'in') return typeOfIn(parts, reading);
  const inner = parts.map((part) => ({ ...typeOfRule(part.rule, part.path, reading), part }));
  return BY_OPERATOR[operator as Rest](inner, reading, operator as Rest);
}

function typeOfName(parts: readonly Part[], reading: Reading): Given {
  const name = nameAt(parts[0], reading);
  if (!name) return UNKNOWN;
  const own: Given = { type: name.type, missing: name.mayBeMissing ? name.name : null };
  const [, otherwise] = parts;
  if (!otherwise) return own;
  const other = typeOfRule(otherwise.rule, otherwise.path, reading);
  return united(
    [
      { ...own, part: parts[0] ?? otherwise },
      { ...other, part: otherwise },
    ],
    reading,
    true,
  );
}

function typeByItem(operator: Operator, parts: readonly Part[], reading: Reading): Given {
  const [list, each] = parts;
  if (!list || !each) return UNKNOWN;
  if (reading.isInItems)
    return wrong(
      reading,
      list.path,
      `"${operator}" can't stand within another one that goes through a group.`,
    );
  const group = typeOfRule(list.rule, list.path, reading);
  if (group.type.kind === 'unknown') return UNKNOWN;
  if (group.type.kind !== 'group')
    return wrong(
      reading,
      list.path,
      `"${operator}" goes through a group, but this is ${KINDS[group.type.kind]}.`,
    );
  const inner = { ...reading, items: group.type.items, isInItems: true };
  const result = { ...typeOfRule(each.rule, each.path, inner), part: each };
  demand(result, operator === 'sum' ? 'number' : 'yesno', reading);
  return given(operator === 'sum' ? 'number' : 'yesno');
}

function typeOfIn([one, list]: readonly Part[], reading: Reading): Given {
  if (!one || !list) return UNKNOWN;
  const each = { ...typeOfRule(one.rule, one.path, reading), part: one };
  if (Array.isArray(list.rule)) {
    for (const [index, word] of list.rule.entries()) {
      const path = [...list.path, index];
      if (typeof word !== 'string') wrong(reading, path, 'The list of "in" has texts only.');
      else checkWord(word, each.type, path, reading);
    }
    if (!['choice', 'text', 'unknown'].includes(each.type.kind))
      wrong(
        reading,
        one.path,
        `"in" looks for an option or a text, but this is ${KINDS[each.type.kind]}.`,
      );
    return given('yesno');
  }
  const all = typeOfRule(list.rule, list.path, reading);
  if (all.type.kind === 'unknown') return given('yesno');
  if (all.type.kind !== 'choices')
    return wrong(
      reading,
      list.path,
      `"in" looks in a list or in several options, but this is ${KINDS[all.type.kind]}.`,
    );
  if (each.type.kind === 'word') checkWord(each.type.text, all.type, one.path, reading);
  else if (!['choice', 'text', 'unknown'].includes(each.type.kind))
    wrong(reading, one.path, `"in" looks for an option, but this is ${KINDS[each.type.kind]}.`);
  return given('yesno');
}

/** Reports a text in a rule that its other side can't have. */
function checkWord(word: string, type: Given['type'], path: Path, reading: Reading): void {
  if ('options' in type && !type.options.includes(word)) {
    const hint = didYouMean(word, type.options) || ` There are: ${type.options.join(', ')}.`;
    wrong(reading, path, `There is no option "${word}".${hint}`);
  }
  if (type.kind === 'date' && !dayIn(word))
    wrong(reading, path, `"${word}" is no day: write it year-month-day, such as 2026-12-24.`);
}

/** Reports a part that is of another type than its operator needs. */
function demand(part: GivenPart, kind: 'number' | 'yesno' | 'date', reading: Reading): void {
  const { type } = part;
  if (type.kind === kind || type.kind === 'unknown') return;
  if (kind === 'date' && type.kind === 'word')
    checkWord(type.text, { kind }, part.part.path, reading);
  else
    wrong(reading, part.part.path, `This must be ${KINDS[kind]}, but it is ${KINDS[type.kind]}.`);
}

const missingOf = (parts: readonly Given[]): string | null =>
  parts.find(({ missing }) => missing !== null)?.missing ?? null;

/** Returns the common type of several parts, of which one is the result. With `isFirst` a later one stands in for what is missing. */
function united(parts: readonly GivenPart[], reading: Reading, isFirst: boolean): Given {
  const [first = { ...UNKNOWN, part: { rule: null, path: [] } }] = parts;
  const main = parts.find(({ type }) => type.kind !== 'word') ?? first;
  for (const each of parts) checkAlike(main, each, reading);
  const missing = isFirst
    ? parts.every((each) => each.missing !== null)
      ? missingOf(parts)
      : null
    : missingOf(parts);
  return { type: main.type.kind === 'word' ? { kind: 'text' } : main.type, missing };
}

/** Reports two parts that can't be compared, or can't be alternatives. */
function checkAlike(a: GivenPart, b: GivenPart, reading: Reading): void {
  const kinds = [a.type.kind, b.type.kind];
  if (kinds.includes('unknown')) return;
  if (a.type.kind === 'word' && b.type.kind !== 'word') {
    checkAlike(b, a, reading);
    return;
  }
  if (b.type.kind === 'word' && ['choice', 'date', 'text', 'word'].includes(a.type.kind)) {
    checkWord(b.type.text, a.type, b.part.path, reading);
    return;
  }
  const isText = (kind: string) => kind === 'text' || kind === 'choice';
  if (kinds.every(isText)) return;
  const isComparable = ['number', 'yesno', 'date', 'word'].includes(kinds[0] ?? '');
  if (kinds[0] === kinds[1] && isComparable) return;
  wrong(
    reading,
    b.part.path,
    `${KINDS[b.type.kind]} does not go with ${KINDS[a.type.kind]}.`.replace(/^./, (each) =>
      each.toUpperCase(),
    ),
  );
}

type Rest = Exclude<Operator, 'var' | 'answered' | 'in' | 'sum' | 'some' | 'all' | 'none'>;
type Typing = (parts: GivenPart[], reading: Reading, operator: Rest) => Given;

const equality: Typing = ([a, b], reading) => {
  if (a && b) checkAlike(a, b, reading);
  return given('yesno');
};
const order: Typing = (parts, reading) => {
  const isDay = parts.some(({ type }) => type.kind === 'date');
  for (const each of parts) demand(each, isDay ? 'date' : 'number', reading);
  return given('yesno');
};
const conditions: Typing = (parts, reading) => {
  for (const each of parts) demand(each, 'yesno', reading);
  return given('yesno');
};
const calculation: Typing = (parts, reading) => {
  for (const each of parts) demand(each, 'number', reading);
  return given('number', missingOf(parts));
};
const extreme: Typing = (parts, reading) => {
  const { missing } = calculation(parts, reading, 'min');
  return given('number', parts.every((each) => each.missing !== null) ? missing : null);
};
const division: Typing = (parts, reading) => {
  const { missing } = calculation(parts, reading, '/');
  const divisor = parts[1]?.part;
  if (divisor?.rule === 0) return wrong(reading, divisor.path, 'Nothing can be divided by zero.');
  return given('number', missing ?? (typeof divisor?.rule === 'number' ? null : '/'));
};
const rounding: Typing = (parts, reading) => {
  const [value, decimals] = parts;
  if (value) demand(value, 'number', reading);
  const count = decimals?.part.rule;
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= 6;
  if (decimals && !isCount)
    return wrong(
      reading,
      decimals.part.path,
      'The decimals of "round" must be a whole number from 0 to 6.',
    );
  return given('number', value?.missing ?? null);
};
const span: Typing = (parts, reading) => {
  for (const each of parts) demand(each, 'date', reading);
  return given('number', missingOf(parts));
};
const counting: Typing = ([part], reading) => {
  const kinds = ['group', 'files', 'choices', 'unknown'];
  if (part && !kinds.includes(part.type.kind))
    return wrong(
      reading,
      part.part.path,
      `"count" counts a group, files or options, but this is ${KINDS[part.type.kind]}.`,
    );
  return given('number');
};
const choosing: Typing = (parts, reading) => {
  const isCondition = (index: number) => index % 2 === 0 && index + 1 < parts.length;
  const results = parts.filter((_, index) => !isCondition(index));
  for (const [index, each] of parts.entries())
    if (isCondition(index)) demand(each, 'yesno', reading);
  const { type, missing } = united(results, reading, false);
  return { type, missing: missing ?? (parts.length % 2 === 0 ? 'if' : null) };
};

const BY_OPERATOR: Record<Rest, Typing> = {
  '==': equality,
  '!=': equality,
  '<': order,
  '<=': order,
  '>': order,
  '>=': order,
  '!': conditions,
  and: conditions,
  or: conditions,
  if: choosing,
  '??': (parts, reading) => united(parts, reading, true),
  '+': calculation,
  '-': calculation,
  '*': calculation,
  '/': division,
  min: extreme,
  max: extreme,
  round: rounding,
  today: () => given('date'),
  years: span,
  days: span,
  count: counting,
};
