import { expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { formSchema } from '../schema.ts';
import { conditionInWords, questionsOf, ruleInWords } from './words.ts';

const form = formSchema.parse({
  procedure: 'p',
  steps: [
    {
      id: 'l',
      questions: [
        { id: 'taules', type: 'integer', label: { ca: 'Quantes taules?', en: 'How many tables?' } },
        { id: 'dia', type: 'date', label: { ca: 'Quin dia?', en: 'Which day?' } },
        { id: 'gos', type: 'yesno', label: { ca: 'Tens gos?', en: 'Do you have a dog?' } },
        {
          id: 'us',
          type: 'choice',
          label: { ca: 'Quin ús?', en: 'Which use?' },
          options: [{ id: 'bar', label: { ca: 'Un bar', en: 'A bar' } }, { id: 'hotel' }],
        },
        {
          id: 'gent',
          type: 'group',
          label: { ca: 'Qui hi viu?', en: 'Who lives there?' },
          questions: [
            { id: 'edat', type: 'integer', label: { ca: 'Quina edat?', en: 'What age?' } },
          ],
        },
      ],
    },
  ],
});
const say = (rule: unknown, language: Language = 'ca') =>
  conditionInWords(rule, { t: translateTo(language), questions: questionsOf(form) });
const taules = { var: 'l.taules' };

test.each([
  [{ '>': [taules, 4] }, '«Quantes taules?» és més que 4'],
  [{ var: 'l.gos' }, '«Tens gos?»: sí'],
  [{ '!': { var: 'l.gos' } }, '«Tens gos?»: no'],
  [{ '==': [{ var: 'l.gos' }, false] }, '«Tens gos?»: no'],
  [{ '!=': [{ var: 'l.gos' }, false] }, '«Tens gos?»: sí'],
  [{ '==': [{ var: 'l.us' }, 'bar'] }, '«Quin ús?» és «Un bar»'],
  [{ in: [{ var: 'l.us' }, ['bar', 'hotel']] }, '«Quin ús?» és un d’aquests: «Un bar», «hotel»'],
  [{ '<': [{ var: 'l.dia' }, { today: [] }] }, '«Quin dia?» és abans que avui'],
  [{ '>=': [{ var: 'l.dia' }, '2026-12-24'] }, '«Quin dia?» no és abans de 24/12/2026'],
  [
    { and: [{ var: 'l.gos' }, { or: [{ answered: 'l.us' }, { '!': { answered: 'l.dia' } }] }] },
    '«Tens gos?»: sí i (s’ha respost «Quin ús?» o no s’ha respost «Quin dia?»)',
  ],
  [{ '<': [1, taules, 9] }, '1 és menys que «Quantes taules?» i «Quantes taules?» és menys que 9'],
  [{ var: 'applicant.onBehalf' }, 'algú actua en nom d’una altra persona'],
  [
    { some: [{ var: 'l.gent' }, { '<': [{ var: 'item.edat' }, 18] }] },
    'en algun de «Qui hi viu?»: «Quina edat?» és menys que 18',
  ],
  [true, 'sempre'],
])('%j is a sentence: %s', (rule, words) => {
  expect(say(rule)).toBe(words);
});

test('a calculation is a formula, with brackets where they are needed', () => {
  const wording = { t: translateTo('ca'), questions: questionsOf(form) };
  const rule = { '+': [48.5, { '*': [{ '+': [taules, 1] }, 12.5] }] };
  expect(ruleInWords(rule, wording)).toBe('48,5 + ((«Quantes taules?» + 1) × 12,5)');
  expect(ruleInWords({ if: [{ var: 'l.gos' }, 3, 1] }, wording)).toBe(
    'si «Tens gos?»: sí, 3; si no, 1',
  );
  expect(ruleInWords({ var: ['l.taules', 0] }, wording)).toBe(
    '«Quantes taules?» (si no n’hi ha, 0)',
  );
});

test('every operator has words in every language', () => {
  const all = [
    ...['==', '!=', '<', '<=', '>', '>='].flatMap((each) => [
      { [each]: [taules, 4] },
      { [each]: [{ var: 'l.dia' }, { today: [] }] },
    ]),
    { in: ['bar', { var: 'l.us' }] },
    { '!': { '>': [taules, 4] } },
    { '??': [taules, 3] },
    { min: [taules, { max: [2, 3] }] },
    { round: [{ '/': [taules, 3] }, 2] },
    { '-': [taules] },
    { years: [{ var: 'l.dia' }, { today: [] }] },
    { days: ['2026-01-01', { var: 'l.dia' }] },
    { count: { var: 'l.gent' } },
    ...['sum', 'all', 'none'].map((each) => ({
      [each]: [{ var: 'l.gent' }, { var: 'item.edat' }],
    })),
    { or: [false, { var: 'applicant.organisation' }] },
  ];
  for (const language of LANGUAGES)
    for (const rule of all)
      expect(say(rule, language), JSON.stringify(rule)).not.toMatch(/[{}?]$|undefined/);
});
