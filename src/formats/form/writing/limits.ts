import { eurosInWords, numberInWords } from '../../../domain/form/answers/amounts.ts';
import { dayIn, dayInWords } from '../../../domain/form/answers/days.ts';
import type { Question } from '../../../domain/form/questions.ts';
import { ruleInWords, type Wording } from '../../../domain/form/rules/words.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** Returns what a question takes, in words: its type, and its limits. */
export function limitInWords(question: Question, wording: Wording): string[] {
  const { t } = wording;
  if (question.type === 'computed')
    return [t('form.type.computed', { rule: ruleInWords(question.value, wording) })];
  const isLong = question.type === 'text' && question.multiline;
  const type = t(isLong ? 'form.type.multiline' : `form.type.${question.type}`);
  if (question.type === 'file') {
    const { accept, most, megabytes } = question;
    return [type, t('form.limit.files', { kinds: accept.join(', '), most, megabytes })];
  }
  if (question.type === 'nif')
    return [question.accept.map((each) => t(`form.nif.${each}`)).join(', ')];
  if (question.type === 'address')
    return question.within === 'town' ? [type, t('form.limit.inTown')] : [type];
  return [type, ...range(question, wording)];
}

/** Returns a limit of a day in words: `24/12/2026`, `avui`, `10 dies després d’avui`. */
function dayLimitInWords(limit: string, t: Translate): string {
  const day = dayIn(limit);
  if (day) return dayInWords(day, t.language);
  const [, sign, count, unit] = /^today([+-])(\d+)([dmy])$/.exec(limit) ?? [];
  if (!sign) return t('form.rule.today');
  const way = sign === '-' ? 'before' : 'after';
  return t(`form.limit.${unit as 'd' | 'm' | 'y'}`, { count: Number(count), way });
}

function range(question: Question, { t }: Wording): string[] {
  const given = 'min' in question ? question.min : undefined;
  // A list that is needed has one at least.
  const least = question.type === 'group' && question.required && given === 0 ? 1 : given;
  const most = 'max' in question ? question.max : 'most' in question ? question.most : undefined;
  const say = (limit: number | string) => {
    if (typeof limit === 'number')
      return question.type === 'money'
        ? eurosInWords(Math.round(limit * 100), t.language)
        : numberInWords(limit, t.language);
    return dayLimitInWords(limit, t);
  };
  if (least !== undefined && most !== undefined)
    return [t('form.limit.between', { min: say(least), max: say(most) })];
  if (least !== undefined) return [t('form.limit.least', { min: say(least) })];
  if (most !== undefined) return [t('form.limit.most', { max: say(most) })];
  return [];
}
