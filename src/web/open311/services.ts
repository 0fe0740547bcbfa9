import type { RequestQuestion, RequestType } from '../../domain/requests/schema.ts';
import { type Language, textIn } from '../../lib/i18n/languages.ts';
import type { DataFields } from './answers.ts';

/** Returns a type as an entry of the list of services. */
export const serviceOf = (type: RequestType, language: Language): DataFields => ({
  service_code: type.code,
  service_name: textIn(type.name, language),
  description: type.help ? textIn(type.help, language) : null,
  metadata: type.questions.length > 0,
  // The number is known as soon as it is sent.
  type: 'realtime',
  keywords: keywordsOf(type, language),
  group: type.group ? textIn(type.group, language) : null,
});

const keywordsOf = ({ keywords }: RequestType, language: Language): string | null => {
  const words = keywords[language] ?? Object.values(keywords)[0] ?? [];
  // The comma parts them.
  return words.length > 0 ? words.map((each) => each.replaceAll(',', ' ')).join(', ') : null;
};

/** The kind of field of each kind of question. */
const DATATYPES = {
  text: 'text',
  number: 'number',
  date: 'datetime',
  choice: 'singlevaluelist',
  choices: 'multivaluelist',
} as const satisfies Record<RequestQuestion['type'], string>;

/** Returns what a type asks besides what happened and where. */
export const definitionOf = (type: RequestType, language: Language): DataFields => ({
  service_code: type.code,
  attributes: type.questions.map((question, at) => attributeOf(question, at + 1, language)),
});

function attributeOf(question: RequestQuestion, order: number, language: Language): DataFields {
  const { id, type, label, help, required, options } = question;
  const values = (options ?? []).map((each) => ({
    key: each.id,
    name: textIn(each.label, language),
  }));
  return {
    variable: true,
    code: id,
    datatype: DATATYPES[type],
    required,
    datatype_description: help ? textIn(help, language) : null,
    order,
    description: textIn(label, language),
    // Clients make a list of choices wherever there are values, even none.
    ...(options && { values }),
  };
}
