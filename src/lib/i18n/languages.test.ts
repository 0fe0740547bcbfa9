import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { inEveryLanguage, LANGUAGES } from './languages.ts';

const read = (path: string) => parse(readFileSync(path, 'utf8'));

test('publiccode.yml lists every language, for catalogues of public software', () => {
  expect(read('publiccode.yml').localisation.availableLanguages).toEqual([...LANGUAGES]);
});

test('the demo town offers every language, so that the tests and newcomers see each', () => {
  expect(read('towns/vilaclara.yaml').town.languages).toEqual([...LANGUAGES]);
});

test('an object for every language has one value for each', () => {
  const lengths = inEveryLanguage((language) => `${language}!`);
  expect(Object.keys(lengths)).toEqual([...LANGUAGES]);
  expect(lengths.en).toBe('en!');
});
