import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { INTERPRETED, WRITTEN } from './interpreted.ts';

const FOLDER = 'src/locales/short';
const textsOf = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(`${FOLDER}/${language}.json`, 'utf8'));
const blanksOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();

/** The letters in which a language is written (Unicode scripts). */
const SCRIPT: Record<(typeof INTERPRETED)[number], RegExp> = {
  ar: /\p{Script=Arabic}/u,
  ro: /\p{Script=Latin}/u,
  ur: /\p{Script=Arabic}/u,
  zh: /\p{Script=Han}/u,
  fr: /\p{Script=Latin}/u,
  uk: /\p{Script=Cyrillic}/u,
  zgh: /\p{Script=Latin}/u,
};

test('each language has one file, and no file is without its language', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(INTERPRETED.map((each) => `${each}.json`).sort());
});

test.each(INTERPRETED)('%s has the same texts as the others, in its own letters', (language) => {
  const model = textsOf('fr');
  const texts = textsOf(language);
  expect(Object.keys(texts)).toEqual(Object.keys(model));
  for (const [key, text] of Object.entries(texts)) {
    expect(text.trim(), key).toMatch(SCRIPT[language]);
    expect(blanksOf(text), key).toEqual(blanksOf(model[key] ?? ''));
  }
});

test('a language is written in the direction of its letters', () => {
  for (const language of INTERPRETED)
    expect(WRITTEN[language].dir === 'rtl').toBe(/\p{Script=Arabic}/u.test(WRITTEN[language].name));
});
