import { isLanguage, LANGUAGES } from '../../../lib/i18n/languages.ts';
import type { Tellers } from '../../town-file/reading/references.ts';
import { tooLarge } from './depth.ts';
import type { Catalogue, Name, PlacedRule } from './names.ts';
import type { Given, Reading } from './reading.ts';
import { typeOfRule } from './typing.ts';

/** Checks every rule of a form: operators, names, order, types and size. */
export function checkRules({ names, rules }: Catalogue, tell: Tellers): void {
  for (const rule of rules) {
    const { spot } = rule;
    const size = tooLarge(spot.value);
    if (size) {
      tell.mistake(spot.path, size);
      continue;
    }
    const items = rule.items.length > 0 ? rule.items : null;
    const reading: Reading = {
      rule,
      names,
      items,
      isInItems: items !== null,
      mistake: tell.mistake,
    };
    checkResult(rule, typeOfRule(spot.value, spot.path, reading), names, tell);
  }
}

/** The types that a computed value may follow from. */
const FITTING: Record<string, readonly Given['type']['kind'][]> = {
  integer: ['number'],
  decimal: ['number'],
  money: ['number'],
  text: ['text', 'word', 'choice'],
  date: ['date'],
  yesno: ['yesno'],
};

function checkResult(
  rule: PlacedRule,
  { type, missing }: Given,
  names: readonly Name[],
  { mistake, warning }: Tellers,
): void {
  const { spot, gives } = rule;
  if (type.kind === 'unknown') return;
  if (gives === 'condition') {
    if (type.kind !== 'yesno')
      mistake(
        spot.path,
        'A condition must be yes or no: compare it with something, or ask whether it is answered.',
      );
    return;
  }
  if (gives === 'fee') {
    if (type.kind !== 'number') mistake(spot.path, 'The fee must be a number of euros.');
    else if (missing)
      warning(
        spot.path,
        `There is no fee ${why(missing)}: nothing is charged then. Say what it is with "??".`,
        'key',
      );
    return;
  }
  if (gives === 'language') {
    const isOne = type.kind === 'choice' && type.options.every(isLanguage);
    if (!isOne)
      mistake(spot.path, `The language must be a choice among codes: ${LANGUAGES.join(', ')}.`);
    return;
  }
  const wanted = gives.text() ?? '';
  const fitting = FITTING[wanted];
  if (fitting && !fitting.includes(type.kind))
    mistake(spot.path, `The rule does not give what "gives" says: ${wanted}.`);
  const name = computedName(rule.of, names);
  if (missing && name) name.mayBeMissing = true;
}

const why = (missing: string): string =>
  missing === '/'
    ? 'where a number is divided by zero'
    : missing === 'if'
      ? 'where no condition of "if" holds'
      : `where "${missing}" has no answer`;

/** Returns the name of a computed value, which may be within a group. */
function computedName(of: string, names: readonly Name[]): Name | undefined {
  const [step, group, inner] = of.split('.');
  const found = names.find(({ name }) => name === `${step}.${group}`);
  if (inner === undefined || found?.type.kind !== 'group') return found;
  return found.type.items.find(({ name }) => name === `item.${inner}`);
}
