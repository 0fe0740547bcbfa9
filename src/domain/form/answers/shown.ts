import { type Texts, textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { AppliedQuestion } from '../applied.ts';
import type { Question, QuestionOf } from '../questions.ts';
import { centsOf, exactIn } from '../rules/exact.ts';
import { isMissing, writtenValue } from '../values.ts';
import type { Address } from './address.ts';
import { eurosInWords, numberInWords } from './amounts.ts';
import { dayIn, longDayInWords } from './days.ts';
import { type FileAnswer, MEGABYTE, type PlaceAnswer } from './things.ts';

/**
 * Returns what somebody answered, in lines for readers: on the page where all is checked, in the office, on the receipt. An answer with a mistake is
 * shown as it was given. Of a group it is how many there are.
 */
export function shownAnswer({ question, answer, value }: AppliedQuestion, t: Translate): string[] {
  const given = question.type === 'computed' ? writtenValue(question, value) : answer;
  if (isMissing(given)) return [t('form.answer.none')];
  return linesOf(question, given, t) ?? [typeof given === 'string' ? given : JSON.stringify(given)];
}

function linesOf(question: Question, given: unknown, t: Translate): string[] | null {
  const { language } = t;
  const type = question.type === 'computed' ? question.gives : question.type;
  switch (type) {
    case 'integer':
    case 'decimal':
      return typeof given === 'number'
        ? [withUnit(numberInWords(given, language), question, t)]
        : null;
    case 'money': {
      const euros = typeof given === 'string' ? exactIn(given) : null;
      return euros && [eurosInWords(centsOf(euros), language)];
    }
    case 'date': {
      const day = dayIn(given);
      return day && [longDayInWords(day, language)];
    }
    case 'yesno':
      return typeof given === 'boolean' ? [t(given ? 'form.answer.yes' : 'form.answer.no')] : null;
    case 'choice':
    case 'choices':
      return (Array.isArray(given) ? given : [given]).map((each) => optionOf(question, each, t));
    case 'address':
      return addressLines(given as Partial<Address>);
    case 'file':
      return Array.isArray(given) ? given.map((each: FileAnswer) => fileLine(each, t)) : null;
    case 'place':
      return placeLines(question as QuestionOf<'place'>, given as PlaceAnswer);
    case 'group':
      return Array.isArray(given) ? [t('form.answer.items', { count: given.length })] : null;
    case 'text':
      return typeof given === 'string' ? given.split('\n') : null;
    default:
      return null;
  }
}

function withUnit(number: string, question: Question, { language }: Translate): string {
  const unit: Texts | undefined = 'unit' in question ? question.unit : undefined;
  return unit ? `${number} ${textIn(unit, language)}` : number;
}

function optionOf(question: Question, id: unknown, { language }: Translate): string {
  const found = 'options' in question && question.options.find((each) => each.id === id);
  return (found && textIn(found.label, language)) || String(id);
}

/** An address as it stands on an envelope. */
function addressLines(given: Partial<Address>): string[] | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const { street, number, stair, floor, door, postalCode, town, country } = given;
  const line = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(' ');
  const within = [stair, floor, door].filter(Boolean).join(', ');
  const lines = [
    [[street, number].filter(Boolean).join(', '), within].filter(Boolean).join(', '),
    line(postalCode, town),
    line(country),
  ];
  return lines.filter((each) => each !== '');
}

function fileLine({ name, bytes }: FileAnswer, { language }: Translate): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1000));
  if (kilobytes < 1000) return `${name} (${numberInWords(kilobytes, language)} kB)`;
  return `${name} (${numberInWords(Math.round((bytes / MEGABYTE) * 10) / 10, language)} MB)`;
}

/** The positions of a place; on the map latitude and longitude, as maps show them. */
function placeLines({ picture }: QuestionOf<'place'>, given: PlaceAnswer): string[] | null {
  const { coordinates } = given ?? {};
  if (!Array.isArray(coordinates)) return null;
  const positions =
    given.type === 'Point'
      ? [given.coordinates]
      : given.type === 'LineString'
        ? given.coordinates
        : (given.coordinates[0] ?? []);
  return positions.map((each) => [...(picture ? each : each.toReversed())].join(', '));
}
