import { expect, test } from 'vitest';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { languageOf } from './kept.ts';

// The worker can't import the list: it is a separate script and stays small.
test('the worker has the pages of every language, and no others', () => {
  for (const language of LANGUAGES) {
    expect(languageOf(`https://town.example/${language}`)).toBe(language);
    expect(languageOf(`https://town.example/${language}/oac/times?day=1`)).toBe(language);
  }
  for (const path of ['', 'console', 'api/v1', 'xx/', 'cap', 'demo/ca'])
    expect(languageOf(`https://town.example/${path}`), path).toBeUndefined();
});
