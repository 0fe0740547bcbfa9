import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { townJsonSchema } from './json-schema.ts';

const vilaclara = readFileSync('towns/vilaclara.yaml', 'utf8');
const published = () => JSON.parse(readFileSync('towns/town.schema.json', 'utf8'));

it('the published JSON Schema equals the schema that reads the town file (vitest -u updates it)', async () => {
  await expect(townJsonSchema()).toMatchFileSnapshot('../../../../towns/town.schema.json');
});

it('another validator accepts the demo town by the published schema, and refuses a mistake', () => {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(published());
  const town = parse(vilaclara);
  expect(validate(town), JSON.stringify(validate.errors)).toBe(true);
  town.offices.oac.procedures['volant-padro'].channels.vidio = 20;
  expect(validate(town)).toBe(false);
});

it('an editor finds the schema beside the demo town', () => {
  expect(vilaclara.split('\n')[0]).toBe('# yaml-language-server: $schema=town.schema.json');
});
