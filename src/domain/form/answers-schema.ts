import { ADDRESS_PARTS, possibleParts, requiredParts } from './answers/address.ts';
import { mostCharacters } from './answers/plain.ts';
import { boundsOf, GEOMETRY, MEGABYTE, MOST_POSITIONS, SHA256 } from './answers/things.ts';
import { LARGEST, type Question, type QuestionOf } from './questions.ts';
import type { Form } from './schema.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = { [keyword: string]: unknown };

/**
 * Returns the JSON Schema 2020-12 of the answers of a form, as they are kept. What applies only under a condition is optional in it, and has the
 * condition as `x-when`; whether it was needed is decided by `validate`.
 */
export function answersSchema(form: Form): JsonSchema {
  const steps = form.steps.map((step): [string, JsonSchema] => [
    step.id,
    described(step.title, {
      ...groupSchema(step.questions, true),
      ...(step.when !== undefined && { 'x-when': step.when }),
    }),
  ]);
  const declarations = form.declarations.map(({ id, text, when }): [string, JsonSchema] => [
    id,
    described(text, { const: true, ...(when !== undefined && { 'x-when': when }) }),
  ]);
  const needed = form.steps.filter(({ when }) => when === undefined).map(({ id }) => id);
  const agreed = form.declarations.filter((each) => each.required && each.when === undefined);
  const hasDeclarations = form.declarations.length > 0;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...described(form.title, {}),
    type: 'object',
    properties: {
      ...Object.fromEntries(steps),
      ...(hasDeclarations && {
        declarations: {
          type: 'object',
          properties: Object.fromEntries(declarations),
          required: agreed.map(({ id }) => id),
          additionalProperties: false,
        },
      }),
    },
    required: [...needed, ...(hasDeclarations ? ['declarations'] : [])],
    additionalProperties: false,
  };
}

/** Returns a schema with its text as title: the first language that it has. */
const described = (texts: object | undefined, schema: JsonSchema): JsonSchema => {
  const title = Object.values(texts ?? {})[0];
  return title === undefined ? schema : { title, ...schema };
};

function groupSchema(questions: readonly Question[], isStep: boolean): JsonSchema {
  const needed = questions.filter(
    (each) => each.type !== 'computed' && isNeeded(each) && each.when === undefined,
  );
  return {
    type: 'object',
    properties: Object.fromEntries(
      questions.map((each) => [
        each.id,
        described(each.label, {
          ...questionSchema(each),
          ...(each.when !== undefined && { 'x-when': each.when }),
        }),
      ]),
    ),
    ...((isStep || needed.length > 0) && { required: needed.map(({ id }) => id) }),
    additionalProperties: false,
  };
}

const isNeeded = (question: Question): boolean =>
  question.type !== 'computed' &&
  (question.required || (question.type === 'group' && question.min > 0));

function questionSchema(question: Question): JsonSchema {
  switch (question.type) {
    case 'text':
      return { type: 'string', minLength: question.min ?? 1, maxLength: mostCharacters(question) };
    case 'integer':
      return { type: 'integer', ...limits(question) };
    case 'decimal':
      return { type: 'number', ...limits(question) };
    case 'money':
      return { type: 'string', pattern: '^-?\\d{1,9}\\.\\d{2}$' };
    case 'date':
      return { type: 'string', format: 'date' };
    case 'choice':
      return { enum: question.options.map(({ id }) => id) };
    case 'choices':
      return choicesSchema(question);
    case 'yesno':
      return { type: 'boolean' };
    case 'nif':
      return { type: 'string', pattern: '^[A-Z0-9]{9}$' };
    case 'iban':
      return { type: 'string', pattern: '^[A-Z]{2}\\d{2}[A-Z0-9]{11,30}$' };
    case 'address':
      return addressSchema(question);
    case 'phone':
      return { type: 'string', pattern: '^\\+\\d{4,15}$' };
    case 'email':
      return { type: 'string', maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' };
    case 'file':
      return filesSchema(question);
    case 'place':
      return placeSchema(question);
    case 'computed':
      return computedSchema(question);
    case 'group':
      return {
        type: 'array',
        items: groupSchema(question.questions, false),
        minItems: Math.max(1, question.min),
        maxItems: question.most,
      };
  }
}

const limits = ({ min, max }: { min?: number; max?: number }): JsonSchema => ({
  minimum: min ?? -LARGEST,
  maximum: max ?? LARGEST,
});

const choicesSchema = ({ options, min, most }: QuestionOf<'choices'>): JsonSchema => ({
  type: 'array',
  items: { enum: options.map(({ id }) => id) },
  uniqueItems: true,
  minItems: min ?? 1,
  maxItems: most ?? options.length,
});

const addressSchema = (question: QuestionOf<'address'>): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(
    possibleParts(question).map((part) => [
      part,
      { type: 'string', minLength: 1, maxLength: ADDRESS_PARTS[part] },
    ]),
  ),
  required: requiredParts(question),
  additionalProperties: false,
});

const filesSchema = ({ accept, most, megabytes }: QuestionOf<'file'>): JsonSchema => ({
  type: 'array',
  items: {
    type: 'object',
    properties: {
      document: { type: 'string', minLength: 1, maxLength: 255 },
      name: { type: 'string', minLength: 1, maxLength: 255 },
      kind: { enum: accept },
      bytes: { type: 'integer', minimum: 1, maximum: megabytes * MEGABYTE },
      sha256: { type: 'string', pattern: SHA256.source },
    },
    required: ['document', 'name', 'kind', 'bytes', 'sha256'],
    additionalProperties: false,
  },
  minItems: 1,
  maxItems: most,
});

function placeSchema(question: QuestionOf<'place'>): JsonSchema {
  const [left, top, right, bottom] = boundsOf(question);
  const { type, fewest } = GEOMETRY[question.shape];
  const position = {
    type: 'array',
    prefixItems: [
      { type: 'number', minimum: left, maximum: right },
      { type: 'number', minimum: top, maximum: bottom },
    ],
    minItems: 2,
    maxItems: 2,
  };
  const list = { type: 'array', items: position, minItems: fewest, maxItems: MOST_POSITIONS };
  const ring = { type: 'array', prefixItems: [list], minItems: 1, maxItems: 1 };
  const coordinates = { point: position, line: list, area: ring }[question.shape];
  return {
    type: 'object',
    properties: { type: { const: type }, coordinates },
    required: ['type', 'coordinates'],
    additionalProperties: false,
  };
}

function computedSchema({ gives }: QuestionOf<'computed'>): JsonSchema {
  const schemas: Record<typeof gives, JsonSchema> = {
    integer: { type: 'integer' },
    decimal: { type: 'number' },
    money: { type: 'string', pattern: '^-?\\d{1,10}\\.\\d{2}$' },
    text: { type: 'string' },
    date: { type: 'string', format: 'date' },
    yesno: { type: 'boolean' },
  };
  return { ...schemas[gives], readOnly: true };
}
