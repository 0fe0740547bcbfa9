import { z } from '@hono/zod-openapi';
import type { JSONValue } from 'hono/utils/types';
import { answersSchema } from '../../../domain/form/answers-schema.ts';
import type { PublishedForm } from '../../../features/foundation/forms/types.ts';
import { officeParams } from '../schemas.ts';
import { formatInstant } from '../words.ts';

export const procedureParams = officeParams.extend({
  code: z.string().openapi({ description: 'Code of the procedure.', example: 'animal-companyia' }),
});

/** An object of which the document names no keys. */
const anything = () => z.record(z.string(), z.unknown());

const FORM_SAMPLE = {
  procedure: 'animal-companyia',
  title: { ca: 'Registrar un animal de companyia', es: 'Registrar un animal de compañía' },
  identity: 'low',
  steps: [
    {
      id: 'animal',
      title: { ca: 'L’animal', es: 'El animal' },
      questions: [
        {
          id: 'xip',
          type: 'text',
          required: true,
          min: 15,
          max: 15,
          label: { ca: 'Quin número de xip té?', es: '¿Qué número de chip tiene?' },
        },
      ],
    },
  ],
};

const SCHEMA_SAMPLE = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Registrar un animal de companyia',
  type: 'object',
  properties: {
    animal: {
      title: 'L’animal',
      type: 'object',
      properties: { xip: { type: 'string', minLength: 15, maxLength: 15 } },
      required: ['xip'],
      additionalProperties: false,
    },
  },
  required: ['animal'],
  additionalProperties: false,
};

export const formAnswer = z
  .object({
    procedure: z.string().openapi({ example: 'animal-companyia' }),
    version: z.int().openapi({
      description: '1, 2, 3 … of the procedure. A version never changes; a case stays on its own.',
      example: 2,
    }),
    sha256: z.string().openapi({
      description:
        'SHA-256 of the form’s canonical JSON (RFC 8785), in hexadecimal: another one is another form.',
      example: '4f3c9a0d2be871c65e0fd3a9b7c2148e6d5f0a1b9c8e7d6f5a4b3c2d1e0f9a8b',
    }),
    publishedAt: z.string().openapi({
      format: 'date-time',
      description: 'With the offset of the office’s zone.',
      example: '2026-12-01T10:00:00+01:00',
    }),
    form: anything().openapi({
      description:
        'The form as it was published, with its defaults: steps, questions, rules (JsonLogic) and texts by language. Its keys are those of the ' +
        'file of a form, whose JSON Schema is `towns/form.schema.json` of the source.',
      example: FORM_SAMPLE,
    }),
    answers: anything().openapi({
      description:
        'The JSON Schema 2020-12 of the answers as they are handed in. What depends on a condition is optional in it, with the condition as `x-when`.',
      example: SCHEMA_SAMPLE,
    }),
  })
  .openapi('Form');

/** Returns a published form in the words of the API. */
export const formatForm = (published: PublishedForm, timeZone: string) => ({
  procedure: published.form.procedure,
  version: published.number,
  sha256: published.sha256,
  publishedAt: formatInstant(published.publishedAt, timeZone),
  form: jsonOf(published.form),
  answers: jsonOf(answersSchema(published.form)),
});

const jsonOf = (value: object): Record<string, JSONValue> => JSON.parse(JSON.stringify(value));
