import type { CannedAnswer, OfficeChat } from '../../../../domain/office/chat/topics.ts';
import { LANGUAGES, type Language, type Texts, textIn } from '../../../../lib/i18n/languages.ts';
import { makeSearch } from '../../../foundation/catalogue/rules.ts';

/** A prepared answer in the language in which it would be sent. */
export interface ReadyAnswer {
  code: string;
  /** In the reader's language. */
  name: string;
  text: string;
  /** Of the text: another than the person's where it isn't translated. */
  language: Language;
  /** Where it comes from: a procedure's code, or an address; null: nowhere. */
  source: { procedure: string } | { url: string } | null;
}

/** For whom an answer is chosen. */
export interface AnswerAsk {
  /** The topic of the conversation: a code. */
  topic: string;
  /** The person's language. */
  language: Language;
  /** The language of whoever chooses. */
  reader: Language;
}

/**
 * Returns the prepared answers for a conversation. Without words: those of its topic, then those of every topic, in the office's order. With words:
 * all that have them, in any language, the best first.
 */
export function answersFor(
  { answers }: Pick<OfficeChat, 'answers'>,
  ask: AnswerAsk,
  sought = '',
): ReadyAnswer[] {
  const ready = (some: readonly CannedAnswer[]) => some.flatMap((each) => readyIn(each, ask));
  if (sought.trim() === '') {
    const own = answers.filter(({ topics }) => topics.includes(ask.topic));
    return ready([...own, ...answers.filter(({ topics }) => topics.length === 0)]);
  }
  const items = answers.map((item) => ({ item, entry: { name: item.name, texts: [item.text] } }));
  return ready(makeSearch(items).find(sought, ask.reader).results);
}

/** Returns the answer with a code, as it would be sent in a language; null: the office has no such answer. */
export const answerIn = (
  { answers }: Pick<OfficeChat, 'answers'>,
  code: string,
  ask: AnswerAsk,
): ReadyAnswer | null => {
  const found = answers.find((each) => each.code === code);
  return (found && readyIn(found, ask)[0]) ?? null;
};

function readyIn(
  { code, name, text, source, procedure }: CannedAnswer,
  { language, reader }: AnswerAsk,
): ReadyAnswer[] {
  const written = languageOf(text, language);
  if (!written) return [];
  return [
    {
      ...{ code, name: textIn(name, reader), text: text[written] ?? '', language: written },
      source: sourceOf(procedure, source),
    },
  ];
}

const sourceOf = (
  procedure: string | undefined,
  url: string | undefined,
): ReadyAnswer['source'] => {
  if (procedure !== undefined) return { procedure };
  return url === undefined ? null : { url };
};

/** Returns the language in which a text is read: the asked one, or the first that it has. */
const languageOf = (texts: Texts, language: Language): Language | undefined =>
  [language, ...LANGUAGES].find((each) => texts[each]);
