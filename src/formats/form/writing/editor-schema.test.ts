import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { formJsonSchema } from './editor-schema.ts';

const terrace = () => parse(readFileSync('towns/vilaclara/forms/terrassa.yaml', 'utf8'));

it('the published JSON Schema equals the schema that reads forms (vitest -u updates it)', async () => {
  await expect(formJsonSchema()).toMatchFileSnapshot('../../../../towns/form.schema.json');
});

it('another validator accepts a form of the demo town by the published schema, and refuses mistakes', () => {
  const published = JSON.parse(readFileSync('towns/form.schema.json', 'utf8'));
  const validate = new Ajv({ allErrors: true, strict: false }).compile(published);
  const refused = (change: (form: ReturnType<typeof terrace>) => void) => {
    const form = terrace();
    change(form);
    return !validate(form);
  };
  expect(validate(terrace()), JSON.stringify(validate.errors)).toBe(true);
  expect(refused((form) => Object.assign(form.steps[0].questions[0], { mx: 3 }))).toBe(true);
  expect(refused((form) => Object.assign(form.steps[0].questions[0], { type: 'txt' }))).toBe(true);
  expect(refused((form) => Object.assign(form.steps[1], { when: { map: [1] } }))).toBe(true);
  expect(refused((form) => Object.assign(form.steps[1], { when: { '+': 1, '-': 2 } }))).toBe(true);
  expect(refused((form) => delete form.steps[0].questions[7].value)).toBe(true);
});
