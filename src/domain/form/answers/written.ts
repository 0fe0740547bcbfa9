import type { Language } from '../../../lib/i18n/languages.ts';
import { answerAt, groupOf } from '../applied.ts';
import type { QuestionOf } from '../questions.ts';
import { isMissing } from '../values.ts';
import { possibleParts } from './address.ts';
import type { Single } from './check.ts';
import type { PlaceAnswer } from './things.ts';
import { decimalSign } from './typed.ts';

/** The texts of the fields in which a question is answered, by the name of the field; a list for the chosen options. */
export type Written = Readonly<Record<string, string | readonly string[]>>;

/**
 * Returns an answer as it stands in its fields, so that somebody can go on with it: the inverse of `typedAnswer`. What was kept as it was
 * typed, since it had a mistake, stands there as it was typed.
 */
export function writtenAnswer(
  question: Exclude<Single, { type: 'file' }>,
  answer: unknown,
  name: string,
  language: Language,
): Written {
  if (question.type === 'address') return writtenAddress(question, groupOf(answer), name);
  if (question.type === 'date') return writtenDay(answer, name);
  if (question.type === 'choices')
    return { [name]: Array.isArray(answer) ? answer.map(String) : [] };
  return { [name]: isMissing(answer) ? '' : written(question, answer, language) };
}

function written(question: Single, answer: unknown, language: Language): string {
  if (typeof answer === 'number') return withSign(String(answer), language);
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  if (question.type === 'place' && typeof answer === 'object')
    return writtenPlace(question, answer as PlaceAnswer);
  const text = String(answer);
  return question.type === 'money' && /^-?\d+\.\d\d$/.test(text) ? withSign(text, language) : text;
}

const withSign = (number: string, language: Language): string =>
  number.replace('.', decimalSign(language));

function writtenDay(answer: unknown, name: string): Written {
  const text = typeof answer === 'string' ? answer : '';
  const [, year = '', month = '', day = ''] = /^(.*?)-(.*)-(.*?)$/.exec(text) ?? [];
  return { [`${name}-day`]: day, [`${name}-month`]: month, [`${name}-year`]: year };
}

function writtenAddress(
  question: QuestionOf<'address'>,
  given: Readonly<Record<string, unknown>>,
  name: string,
): Written {
  return Object.fromEntries(
    possibleParts(question).map((part) => {
      const text = answerAt(given, part);
      return [`${name}-${part}`, typeof text === 'string' ? text : ''];
    }),
  );
}

/** A point to a line, each as people write it: see `typedAnswer`. */
function writtenPlace({ picture }: QuestionOf<'place'>, answer: PlaceAnswer): string {
  const positions =
    answer.type === 'Point'
      ? [answer.coordinates]
      : answer.type === 'LineString'
        ? answer.coordinates
        : (answer.coordinates[0] ?? []);
  return positions.map((each) => (picture ? each : each.toReversed()).join(', ')).join('\n');
}
