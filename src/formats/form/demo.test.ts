import { readdirSync, readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { answersSchema } from '../../domain/form/answers-schema.ts';
import { applyForm, type FormContext } from '../../domain/form/applied.ts';
import { feeOf } from '../../domain/form/fee.ts';
import type { Form } from '../../domain/form/schema.ts';
import { fillIn } from '../../domain/form/testing/random-citizen.ts';
import { chanceFrom } from '../../domain/form/testing/random-form.ts';
import { validate } from '../../domain/form/validate.ts';
import { versionOf } from '../../domain/form/version.ts';
import { LANGUAGES, textIn } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { checkTownFile } from '../town-file/reading/check.ts';
import { townYaml } from '../town-file/writing/yaml.ts';
import { checkFormFile } from './check.ts';
import { writtenForm } from './writing/written.ts';

const FOLDER = 'towns/vilaclara/forms';
const names = readdirSync(FOLDER).map((each) => each.replace('.yaml', ''));
const CITIZENS = 60;

const town = (() => {
  const checked = checkTownFile(readFileSync('towns/vilaclara.yaml', 'utf8'));
  if (!checked.ok) throw new Error('the demo town has a mistake');
  return checked.town;
})();

function formOf(name: string): Form {
  const text = readFileSync(`${FOLDER}/${name}.yaml`, 'utf8');
  const checked = checkFormFile(text, town.town.languages, town);
  expect(checked).toMatchObject({ ok: true, warnings: [] });
  if (!checked.ok) throw new Error(name);
  return checked.form;
}

const contextOf = (form: Form, citizen: number): FormContext => ({
  today: Temporal.PlainDate.from(citizen % 2 === 0 ? '2026-11-30' : '2027-03-01'),
  language: (['ca', 'es', 'en', 'eu'] as const)[citizen % 4] ?? 'ca',
  applicant: { onBehalf: form.onBehalf && citizen % 3 === 0, organisation: citizen % 5 === 0 },
});

/** Returns every text of a form in one language. */
function textsOf(value: unknown, language: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === language && typeof each === 'string' ? [each] : textsOf(each, language),
  );
}

test('the demo town has the forms that are agreed', () => {
  expect(names).toEqual([
    ...['ajut-autonoms', 'alta-padro', 'animal-companyia', 'avis-obres', 'gaudir-mes'],
    ...['instancia-generica', 'notificacio-electronica', 'terrassa', 'volant-padro'],
  ]);
});

test('the form of electronic notification names the place where decisions of the folder are chosen', () => {
  const step = formOf('notificacio-electronica').steps.find(({ id }) => id === 'canal');
  for (const language of LANGUAGES) {
    const t = translateTo(language);
    for (const place of [t('folder.title'), t('notification.title')])
      expect(textIn(step?.text, language)).toContain(place);
  }
});

describe.each(names)('%s', (name) => {
  test('is filled in by random citizens to its end, and each question is asked of somebody', () => {
    const form = formOf(name);
    const isRight = addFormats
      .default(new Ajv2020({ strict: false, code: { optimize: false } }))
      .compile(answersSchema(form));
    const asked = new Set<string>();
    for (let citizen = 0; citizen < CITIZENS; citizen++) {
      const context = contextOf(form, citizen);
      const answers = fillIn(form, context, chanceFrom(citizen + 1));
      const { ok, answers: kept, mistakes } = validate(form, answers, context);
      expect({ ok, mistakes }, `citizen ${citizen}`).toEqual({ ok: true, mistakes: [] });
      const stored = JSON.parse(JSON.stringify(kept));
      expect(isRight(stored), JSON.stringify(isRight.errors)).toBe(true);
      if (form.fee !== undefined) expect(feeOf(form, kept, context)?.isKnown).toBe(true);
      for (const { questions } of applyForm(form, answers, context).steps)
        for (const each of questions) {
          asked.add(each.name);
          for (const item of each.items) for (const inner of item) asked.add(inner.name);
        }
    }
    const all = form.steps.flatMap((step) =>
      step.questions.flatMap((question) => [
        `${step.id}.${question.id}`,
        ...('questions' in question
          ? question.questions.map((inner) => `${step.id}.${question.id}.${inner.id}`)
          : []),
      ]),
    );
    expect(all.filter((each) => !asked.has(each))).toEqual([]);
  });

  test('is plain: no sentence has more than 26 words', () => {
    const form = formOf(name);
    for (const language of town.town.languages)
      for (const text of textsOf(form, language))
        for (const sentence of text.split(/(?<=[.?!:])\s+/))
          expect(sentence.split(/\s+/).length, sentence).toBeLessThanOrEqual(26);
  });

  test('is the same version when it is exported and read again', () => {
    const form = formOf(name);
    const text = townYaml(writtenForm(form));
    const again = checkFormFile(text, town.town.languages, town);
    expect(again).toMatchObject({ ok: true, warnings: [] });
    if (again.ok) expect(versionOf(again.form)).toEqual(versionOf(form));
  });
});

test('the grant is half of what was spent, more for whoever begins, and three thousand euros at most', () => {
  const form = formOf('ajut-autonoms');
  const grant = (amounts: string[], since: string) => {
    const context: FormContext = { today: Temporal.PlainDate.from('2026-12-01'), language: 'ca' };
    const llista = amounts.map((amount) => ({ import: amount }));
    const answers = { activitat: { alta: since }, despeses: { llista } };
    const step = applyForm(form, answers, context).steps.find(
      (each) => each.step.id === 'despeses',
    );
    return step?.questions.find((each) => each.question.id === 'ajut')?.value;
  };
  expect(String(grant(['1000.00', '500.50'], '2020-01-01'))).toBe('750.25');
  expect(String(grant(['1000.00', '500.50'], '2026-06-01'))).toBe('900.3');
  expect(String(grant(['10000.00'], '2020-01-01'))).toBe('3000');
});

test('a notice of works costs what its page says, and nothing where a licence is needed', () => {
  const form = formOf('avis-obres');
  const context: FormContext = { today: Temporal.PlainDate.from('2026-12-01'), language: 'ca' };
  const cents = (obra: object, carrer: object = {}) =>
    feeOf(form, { obra, carrer }, context)?.cents;
  // 42 + 3.8 % of 10,000
  expect(cents({ pressupost: '10000.00' })).toBe(42_200);
  // and 6 m² for 4 days at 0.85
  const skip = { ocupes: true, metres: 6, dies: 4 };
  expect(cents({ pressupost: '10000.00' }, skip)).toBe(42_200 + 2040);
  expect(cents({ estructura: true, llicencia: 'trucada' })).toBe(0);
});
