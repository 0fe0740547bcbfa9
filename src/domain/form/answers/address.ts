import { getCountries } from 'libphonenumber-js';
import { unaccented } from '../../../lib/unaccented.ts';
import { answerAt, type FormContext } from '../applied.ts';
import type { QuestionOf } from '../questions.ts';
import { type AnswerSlip, type CheckedAnswer, kept } from './slip.ts';

/**
 * A postal address. `street` has the kind of way as well (`Carrer Major`), `number` may be `s/n`. Within the town it has no `town` and no
 * `country`; elsewhere the country is Spain unless it says another (ISO 3166-1 alpha-2).
 */
export interface Address {
  street: string;
  number: string;
  stair?: string;
  floor?: string;
  door?: string;
  postalCode: string;
  town?: string;
  country?: string;
}

/** The parts of an address and the most characters that each may have. */
export const ADDRESS_PARTS = {
  street: 120,
  number: 20,
  stair: 20,
  floor: 20,
  door: 20,
  postalCode: 12,
  town: 120,
  country: 2,
} as const;
type Part = keyof typeof ADDRESS_PARTS;

/** Returns the parts that an address must have. */
export const requiredParts = ({ within }: QuestionOf<'address'>): Part[] =>
  within === 'town'
    ? ['street', 'number', 'postalCode']
    : ['street', 'number', 'postalCode', 'town'];

/** Returns the parts that an address may have. */
export const possibleParts = ({ within }: QuestionOf<'address'>): Part[] =>
  (Object.keys(ADDRESS_PARTS) as Part[]).filter(
    (part) => within === 'anywhere' || !['town', 'country'].includes(part),
  );

/** Five digits, of which the first two are a province from 01 to 52. */
const SPANISH_CODE = /^(?:0[1-9]|[1-4]\d|5[0-2])\d{3}$/;
const COUNTRIES: ReadonlySet<string> = new Set(getCountries());

export function checkAddress(
  question: QuestionOf<'address'>,
  answer: unknown,
  context: FormContext,
): CheckedAnswer {
  const given = answer as Record<string, unknown>;
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    return { ok: false, slips: [{ key: 'form.error.address' }] };
  const texts = new Map<Part, string>();
  const slips: AnswerSlip[] = [];
  for (const part of possibleParts(question)) {
    const text = answerAt(given, part) ?? '';
    const plain = typeof text === 'string' ? text.normalize('NFC').trim() : '';
    const max = ADDRESS_PARTS[part];
    if (typeof text !== 'string' || /\p{Cc}/u.test(plain))
      slips.push({ key: 'form.error.text', part });
    else if (plain.length > max)
      slips.push({ key: 'form.error.long', values: { max, over: plain.length - max }, part });
    else if (plain) texts.set(part, plain);
    else if (requiredParts(question).includes(part))
      slips.push({ key: `form.error.part.${part as 'street'}`, part });
  }
  slips.push(...wrongParts(question, texts, context));
  if (slips.length > 0) return { ok: false, slips };
  const street = listedStreet(texts.get('street') ?? '', question, context);
  return kept({ ...Object.fromEntries(texts), street });
}

function wrongParts(
  question: QuestionOf<'address'>,
  texts: ReadonlyMap<Part, string>,
  context: FormContext,
): AnswerSlip[] {
  const slips: AnswerSlip[] = [];
  const code = texts.get('postalCode');
  const country = texts.get('country') ?? 'ES';
  const isInTown = question.within === 'town';
  if (!COUNTRIES.has(country)) slips.push({ key: 'form.error.country', part: 'country' });
  if (code !== undefined && country === 'ES' && !SPANISH_CODE.test(code))
    slips.push({ key: 'form.error.postalCode', part: 'postalCode' });
  else if (code !== undefined && isInTown && context.postalCodes?.includes(code) === false)
    slips.push({ key: 'form.error.otherTown', part: 'postalCode' });
  const street = texts.get('street');
  if (street !== undefined && listedStreet(street, question, context) === null)
    slips.push({ key: 'form.error.street', part: 'street' });
  return slips;
}

/** Returns a street as the town writes it; null when the town has none of that name. */
function listedStreet(
  street: string,
  { within }: QuestionOf<'address'>,
  { streets }: FormContext,
): string | null {
  if (within !== 'town' || !streets) return street;
  const wanted = plainName(street);
  return streets.find((each) => plainName(each) === wanted) ?? null;
}

const plainName = (street: string): string =>
  unaccented(street)
    .replaceAll(/[’'`.,-]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
