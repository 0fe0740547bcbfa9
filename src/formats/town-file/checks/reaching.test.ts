import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { checkTownFile } from '../reading/check.ts';

const VILACLARA = readFileSync('towns/vilaclara.yaml', 'utf8');

/** Returns the warnings of an office that can only be telephoned, where these parts of Vilaclara differ. */
function warningsOf(town: object | undefined, office: object, walkIn: unknown[] = []): string[] {
  const file = parse(VILACLARA);
  file.town.contact = town;
  Object.assign(file.offices.oac, { contact: office, walkIn });
  const { warnings } = checkTownFile(stringify(file));
  return warnings
    .filter(({ message }) => message.includes('only be reached by telephone'))
    .map(({ path }) => path);
}

const PHONE = { phone: '+34 930 100 010' };

test('an office that can only be telephoned is warned of', () => {
  expect(warningsOf(undefined, PHONE)).toEqual(['offices.oac']);
});

test.each([
  [undefined, { ...PHONE, email: 'oac@vilaclara.example' }, []],
  [undefined, { ...PHONE, form: 'https://vilaclara.example/form' }, []],
  [undefined, { ...PHONE, relay: 'https://www.svisual.org' }, []],
  [{ email: 'town@vilaclara.example' }, PHONE, []],
  [undefined, PHONE, [{ address: 'Plaça Major, 1', hours: { ca: 'de 9 a 14' } }]],
])('with another way there is no warning: %j, %j, %j', (town, office, walkIn) => {
  expect(warningsOf(town, office, walkIn)).toEqual([]);
});
