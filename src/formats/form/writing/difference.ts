import type { FormDifference } from '../../../domain/form/difference.ts';
import { questionsOf, ruleInWords, type Wording } from '../../../domain/form/rules/words.ts';
import type { Form } from '../../../domain/form/schema.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';

/** Returns the differences between two versions as lines for the operator; rules are in words, in the given language. */
export function differenceLines(
  differences: readonly FormDifference[],
  before: Form,
  after: Form,
  language: Language,
): string[] {
  const t = translateTo(language);
  const old: Wording = { t, questions: questionsOf(before) };
  const now: Wording = { t, questions: questionsOf(after) };
  return differences.map((each) => {
    const { kind, thing, name, part } = each;
    if (kind === 'added') return `+ ${thing} ${name}`;
    if (kind === 'removed') return `- ${thing} ${name}`;
    if (kind === 'moved') return `~ ${thing} ${name} stands elsewhere`;
    const say = (value: unknown, wording: Wording) =>
      value === undefined
        ? 'nothing'
        : kind === 'rule'
          ? ruleInWords(value, wording)
          : JSON.stringify(value);
    const what = [name, part, each.language && `(${each.language})`].filter(Boolean).join(' ');
    return `~ ${what}: ${say(each.before, old)} → ${say(each.after, now)}`;
  });
}
