import { isValidIBAN } from 'ibantools';
import { isEmail, tidyEmail } from '../../contact/email.ts';
import { readPhone } from '../../contact/phone.ts';
import { companyIn, nifIn, plainIdentifier } from '../../identity.ts';
import type { FormContext } from '../applied.ts';
import { LARGEST, MOST_DECIMALS, type QuestionOf } from '../questions.ts';
import { centsOf, exactIn, moneyText } from '../rules/exact.ts';
import { eurosInWords, numberInWords } from './amounts.ts';
import { dayIn, dayInWords, dayOfLimit } from './days.ts';
import { type CheckedAnswer, kept, refused } from './slip.ts';

/** The most characters of a text whose question sets no limit. */
export const LINE_MAX = 200;
export const LINES_MAX = 4000;
export const mostCharacters = ({ max, multiline }: QuestionOf<'text'>): number =>
  max ?? (multiline ? LINES_MAX : LINE_MAX);

/** Characters that no text has: controls but tab and line breaks, and halves of a pair. */
const UNPRINTABLE = /(?![\t\n\r])[\p{Cc}\p{Surrogate}]/u;

const lengthOf = (text: string): number => [...text].length;

export function checkText(question: QuestionOf<'text'>, answer: unknown): CheckedAnswer {
  if (typeof answer !== 'string' || UNPRINTABLE.test(answer)) return refused('form.error.text');
  const text = answer.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();
  const length = lengthOf(text);
  const max = mostCharacters(question);
  if (!question.multiline && text.includes('\n')) return refused('form.error.oneLine');
  if (length > max) return refused('form.error.long', { max, over: length - max });
  const { min } = question;
  if (min !== undefined && length < min) return refused('form.error.short', { min });
  return kept(text);
}

type Numeric = QuestionOf<'integer'> | QuestionOf<'decimal'>;

export function checkNumber(
  question: Numeric,
  answer: unknown,
  { language }: FormContext,
): CheckedAnswer {
  const decimals = question.type === 'integer' ? 0 : question.decimals;
  if (typeof answer !== 'number' || !Number.isFinite(answer)) return refused('form.error.number');
  if (Number(answer.toFixed(Math.min(decimals, MOST_DECIMALS))) !== answer)
    return decimals === 0
      ? refused('form.error.whole')
      : refused('form.error.decimals', { decimals });
  const { min = -LARGEST, max = LARGEST } = question;
  if (answer < min) return refused('form.error.least', { min: numberInWords(min, language) });
  if (answer > max) return refused('form.error.most', { max: numberInWords(max, language) });
  return kept(answer === 0 ? 0 : answer);
}

export function checkMoney(
  { min, max }: QuestionOf<'money'>,
  answer: unknown,
  { language }: FormContext,
): CheckedAnswer {
  const euros = typeof answer === 'string' && /^-?\d{1,9}(\.\d{1,2})?$/.test(answer);
  const exact = euros ? exactIn(answer) : null;
  if (!exact) return refused('form.error.money');
  const cents = centsOf(exact);
  const words = (limit: number) => eurosInWords(Math.round(limit * 100), language);
  const least = min ?? 0;
  if (cents < Math.round(least * 100)) return refused('form.error.least', { min: words(least) });
  if (max !== undefined && cents > Math.round(max * 100))
    return refused('form.error.most', { max: words(max) });
  return kept(moneyText(exact));
}

export function checkDate(
  { min, max }: QuestionOf<'date'>,
  answer: unknown,
  { today, language }: FormContext,
): CheckedAnswer {
  const day = dayIn(answer);
  if (!day) return refused('form.error.day');
  const first = min === undefined ? null : dayOfLimit(min, today);
  const last = max === undefined ? null : dayOfLimit(max, today);
  const is = (other: Temporal.PlainDate | null, order: number) =>
    other !== null && Temporal.PlainDate.compare(day, other) === order;
  if (is(first, -1) && first)
    return refused('form.error.early', { day: dayInWords(first, language) });
  if (is(last, 1) && last) return refused('form.error.late', { day: dayInWords(last, language) });
  return kept(day.toString());
}

export function checkChoice({ options }: QuestionOf<'choice'>, answer: unknown): CheckedAnswer {
  return options.some(({ id }) => id === answer) ? kept(answer) : refused('form.error.choice');
}

export function checkChoices(
  { options, min, most }: QuestionOf<'choices'>,
  answer: unknown,
): CheckedAnswer {
  if (!Array.isArray(answer)) return refused('form.error.choice');
  const ids = options.map(({ id }) => id);
  if (!answer.every((each) => ids.includes(each))) return refused('form.error.choice');
  const chosen = ids.filter((id) => answer.includes(id));
  if (min !== undefined && chosen.length < min) return refused('form.error.fewChosen', { min });
  if (most !== undefined && chosen.length > most) return refused('form.error.manyChosen', { most });
  return kept(chosen);
}

export const checkYesNo = (answer: unknown): CheckedAnswer =>
  typeof answer === 'boolean' ? kept(answer) : refused('form.error.yesno');

export function checkNif({ accept }: QuestionOf<'nif'>, answer: unknown): CheckedAnswer {
  if (typeof answer !== 'string') return refused('form.error.nif');
  const person = nifIn(answer);
  const company = companyIn(answer);
  if (person && (accept as string[]).includes(person.scheme)) return kept(person.identifier);
  if (company && accept.includes('company')) return kept(company);
  if (company) return refused('form.error.nifPerson');
  if (person)
    return accept.includes('company') && accept.length === 1
      ? refused('form.error.nifCompany')
      : refused('form.error.nifOther');
  return refused('form.error.nif');
}

/** An IBAN is kept in capitals, without spaces; ISO 13616, checked modulo 97 and by the form of its country. */
export function checkIban(answer: unknown): CheckedAnswer {
  const iban = typeof answer === 'string' ? plainIdentifier(answer) : '';
  return isValidIBAN(iban) ? kept(iban) : refused('form.error.iban');
}

export function checkPhone(answer: unknown, { country = 'ES' }: FormContext): CheckedAnswer {
  if (typeof answer !== 'string' || answer.length > 60) return refused('form.error.phone');
  const read = readPhone(answer, country);
  return read.ok ? kept(read.phone) : refused('form.error.phone');
}

export function checkEmail(answer: unknown): CheckedAnswer {
  const email = typeof answer === 'string' ? tidyEmail(answer) : '';
  return email.length <= 254 && isEmail(email) ? kept(email) : refused('form.error.email');
}
