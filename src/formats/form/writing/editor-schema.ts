import { z } from 'zod';
import { OPERATORS } from '../../../domain/form/rules/operators.ts';
import { formSchema } from '../../../domain/form/schema.ts';

type Part = { [key: string]: unknown };

/** Returns the JSON Schema with which editors complete and check the file of a form; published as towns/form.schema.json. */
export function formJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(formSchema, {
    io: 'input',
    target: 'draft-7',
    reused: 'ref',
  });
  const { definitions, ...schema } = withRules(rest as Part);
  const all = { ...(definitions as Part), rule: rule() };
  const titled = { $schema, title: 'Form of Finestreta', ...schema, definitions: all };
  return `${JSON.stringify(titled, null, 2)}\n`;
}

/** Replaces each place of a rule by a reference to the definition of rules. */
function withRules(part: Part): Part {
  if (part['rule'] === true)
    return { description: part['description'], allOf: [{ $ref: '#/definitions/rule' }] };
  const replaced = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(replaced)
      : typeof value === 'object' && value !== null
        ? withRules(value as Part)
        : value;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, replaced(value)]));
}

/** A rule for editors: a constant, or one operator. Types and names are checked by `form check`. */
function rule(): Part {
  const any = { $ref: '#/definitions/rule' };
  const operators = Object.entries(OPERATORS).map(([operator, [min, max]]) => {
    const list = { type: 'array', minItems: min, maxItems: max };
    return [operator, { anyOf: [list, ...(min <= 1 && max >= 1 ? [any] : [])] }];
  });
  return {
    anyOf: [
      { type: ['number', 'string', 'boolean'] },
      {
        type: 'object',
        properties: Object.fromEntries(operators),
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
      },
    ],
  };
}
