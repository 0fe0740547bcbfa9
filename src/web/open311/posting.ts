import type { RequestType } from '../../domain/requests/schema.ts';
import { type RawAnswers, REQUEST_LENGTH } from '../../features/service/requests/rules.ts';
import type { SentByToken } from '../../features/service/requests/service.ts';
import { type Language, textIn } from '../../lib/i18n/languages.ts';
import type { MessageKey, MessageValues } from '../../lib/i18n/translate.ts';
import { w3Moment } from './query.ts';

/** The fields of a request that is sent, in their order, some of them several times. */
export type Field = readonly [name: string, value: string];

/** What is wrong, as a text with what fills it in. */
export type Wrong = readonly [key: MessageKey, values?: MessageValues];

export type Posted = { ok: true; sent: SentByToken } | { ok: false; wrong: readonly Wrong[] };

/** The longest address of a photo. */
const URL_LENGTH = 2000;
const ATTRIBUTE = /^attribute\[([^\][]{1,100})\](?:\[\d{0,4}\])?$/;

/** Reads what a client sends for a type. Nothing of it is fetched. */
export function postedIn(
  fields: readonly Field[],
  type: RequestType,
  { language, timeZone }: { language: Language; timeZone: string },
): Posted {
  const given = (name: string) => fields.find(([each]) => each === name)?.[1].trim() ?? '';
  const wrong: Wrong[] = [];
  const point = pointIn(given('lat'), given('long'));
  if (point === undefined) wrong.push(['open311.wrong.point']);
  if (given('address_id') !== '' && !point && given('address_string') === '')
    wrong.push(['open311.wrong.addressId']);
  else if (type.place === 'required' && point === null && given('address_string') === '')
    wrong.push(['open311.wrong.place']);
  const media = given('media_url');
  if (media !== '' && !isWebAddress(media)) wrong.push(['open311.wrong.media']);
  const description = given('description') || textIn(type.name, language);
  const text = media === '' ? description : `${description}\n\n${media}`;
  if (text.length > REQUEST_LENGTH) wrong.push(['open311.wrong.long', { most: REQUEST_LENGTH }]);
  const { answers, unknown } = answersIn(fields, type, timeZone);
  if (unknown.length > 0)
    wrong.push(['open311.wrong.attribute', { names: unknown.slice(0, 5).join(', ') }]);
  if (wrong.length > 0 || point === undefined) return { ok: false, wrong };
  return {
    ok: true,
    sent: {
      type: type.code,
      language,
      text,
      answers,
      point,
      address: type.place === 'none' ? '' : given('address_string'),
      name: [given('first_name'), given('last_name')].filter((each) => each !== '').join(' '),
      email: given('email'),
      phone: given('phone'),
    },
  };
}

const DEGREES = /^[+-]?\d{1,3}(?:\.\d{1,15})?$/;

/** Returns the point; null: none is given; undefined: it is none. */
function pointIn(lat: string, long: string) {
  if (lat === '' && long === '') return null;
  if (!DEGREES.test(lat) || !DEGREES.test(long)) return undefined;
  const point = { lat: Number(lat), lon: Number(long) };
  return Math.abs(point.lat) <= 90 && Math.abs(point.lon) <= 180 ? point : undefined;
}

function isWebAddress(text: string): boolean {
  if (text.length > URL_LENGTH || /\s/.test(text)) return false;
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Returns the answers by question, and the attributes that the type doesn't ask for. */
function answersIn(
  fields: readonly Field[],
  { questions }: RequestType,
  timeZone: string,
): { answers: RawAnswers; unknown: string[] } {
  const answers = new Map<string, string[]>();
  const unknown = new Set<string>();
  for (const [name, value] of fields) {
    const code = ATTRIBUTE.exec(name)?.[1];
    if (code === undefined || value.trim() === '') continue;
    const question = questions.find(({ id }) => id === code);
    if (!question) unknown.add(code);
    else {
      const plain = question.type === 'date' ? dayIn(value, timeZone) : value;
      answers.set(code, [...(answers.get(code) ?? []), plain]);
    }
  }
  return { answers: Object.fromEntries(answers), unknown: [...unknown] };
}

/** Returns the local day of a time (`datetime`); what is none is refused later. */
const dayIn = (text: string, timeZone: string): string =>
  w3Moment(text, timeZone)?.toZonedDateTimeISO(timeZone).toPlainDate().toString() ?? text;
