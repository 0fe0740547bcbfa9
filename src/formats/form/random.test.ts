import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { answersSchema } from '../../domain/form/answers-schema.ts';
import { applyForm, type FormContext, groupOf } from '../../domain/form/applied.ts';
import { feeOf } from '../../domain/form/fee.ts';
import { nextPage, pagesOf, previousPage, resumePage } from '../../domain/form/pages.ts';
import type { Question } from '../../domain/form/questions.ts';
import { type Form, formSchema } from '../../domain/form/schema.ts';
import { type PlainValue, plainValue, ratio, roundedTo } from '../../domain/form/testing/plain.ts';
import { fillIn, junkAnswers } from '../../domain/form/testing/random-citizen.ts';
import { chanceFrom, randomForm } from '../../domain/form/testing/random-form.ts';
import { validate } from '../../domain/form/validate.ts';
import { versionOf } from '../../domain/form/version.ts';
import { checkForm } from './check.ts';

const FORMS = Number(process.env['FORMS'] ?? 1000);
const FIRST = Number(process.env['SEED'] ?? 1);
const seeds = Array.from({ length: FORMS }, (_, index) => FIRST + index);

const ajv = addFormats.default(new Ajv2020({ strict: false, code: { optimize: false } }));

const contextOf = (seed: number): FormContext => ({
  today: Temporal.PlainDate.from('2026-11-29'),
  language: (['ca', 'es', 'en', 'eu'] as const)[seed % 4] ?? 'ca',
  applicant: { onBehalf: seed % 2 === 0, organisation: seed % 3 === 0 },
});

/** Returns a random form that passes the check: conditions that never hold are taken away, as its author would. */
function publishable(seed: number): Form {
  const written = randomForm(chanceFrom(seed));
  for (;;) {
    const { form, findings } = checkForm(written);
    if (form) return form;
    const mistakes = findings.filter(({ grade }) => grade === 'mistake');
    for (const { path, message } of mistakes) {
      if (!message.includes('is never asked')) throw new Error(`Seed ${seed}: ${message}`);
      const owner = path.slice(0, -1).reduce<unknown>((at, key) => (at as never)[key], written);
      delete (owner as { when?: unknown }).when;
    }
  }
}

/** Answers as the plain evaluator sees them. */
function plainOf(question: Question, answer: unknown): PlainValue {
  if (answer === undefined || answer === null || answer === '') return null;
  if (question.type === 'integer' || question.type === 'decimal') return ratio(String(answer));
  if (question.type === 'money') return ratio(String(answer));
  if (['choices'].includes(question.type)) return answer as string[];
  if (['file', 'address', 'place'].includes(question.type)) return 'something';
  return answer as string | boolean;
}

function plainComputed(question: Question & { type: 'computed' }, value: PlainValue): PlainValue {
  if (value === null || typeof value !== 'object' || !('top' in value)) return value;
  const decimals = { integer: 0, money: 2, decimal: question.decimals }[question.gives as 'money'];
  return roundedTo(value, decimals);
}

/** Applies a form as plainly as can be: which questions are asked, and the value of each name. */
function plainForm(form: Form, answers: Record<string, unknown>, context: FormContext) {
  const today = context.today.toString();
  const names = new Map<string, PlainValue>([
    ['applicant.onBehalf', context.applicant?.onBehalf ?? false],
    ['applicant.organisation', context.applicant?.organisation ?? false],
  ]);
  const asked: string[] = [];
  for (const step of form.steps) {
    if (step.when !== undefined && plainValue(step.when, names, today) !== true) continue;
    for (const question of step.questions) {
      if (question.when !== undefined && plainValue(question.when, names, today) !== true) continue;
      const name = `${step.id}.${question.id}`;
      asked.push(name);
      const answer = groupOf(answers[step.id])[question.id];
      if (question.type === 'computed')
        names.set(name, plainComputed(question, plainValue(question.value, names, today)));
      else if (question.type !== 'group') names.set(name, plainOf(question, answer));
      else if (Array.isArray(answer) && answer.length > 0) {
        const many = answer.map((each: Record<string, unknown>, index) => {
          const item: Record<string, PlainValue> = {};
          for (const inner of question.questions) {
            const when = inner.when;
            if (when !== undefined && plainValue(when, names, today, item) !== true) continue;
            asked.push(`${name}.${inner.id} ${index}`);
            item[inner.id] =
              inner.type === 'computed'
                ? plainComputed(inner, plainValue(inner.value, names, today, item))
                : plainOf(inner, each[inner.id]);
          }
          return item;
        });
        names.set(name, { many });
      }
    }
  }
  const fee = form.fee === undefined ? null : plainValue(form.fee, names, today);
  return { asked, fee };
}

const askedIn = (form: Form, answers: Record<string, unknown>, context: FormContext): string[] =>
  applyForm(form, answers, context).steps.flatMap(({ questions }) =>
    questions.flatMap(({ name, items }) => [
      name,
      ...items.flatMap((item, index) => item.map((inner) => `${inner.name} ${index}`)),
    ]),
  );

test('random citizens fill in random forms: every one gets to the end, and what is kept fits the published schema', () => {
  for (const seed of seeds) {
    const form = publishable(seed);
    const context = contextOf(seed);
    const isRight = ajv.compile(answersSchema(form));
    for (const citizen of [1, 2]) {
      const chance = chanceFrom(seed * 10 + citizen);
      const answers = fillIn(form, context, chance);
      const { ok, answers: kept, mistakes } = validate(form, answers, context);
      expect(mistakes, `seed ${seed}`).toEqual([]);
      expect(ok).toBe(true);
      // As it is stored: through JSON.
      const stored = JSON.parse(JSON.stringify(kept));
      expect(isRight(stored), `seed ${seed}: ${JSON.stringify(isRight.errors)}`).toBe(true);
      // What is kept can be handed in again, and stays as it is.
      expect(validate(form, stored, context).answers).toEqual(kept);
      expect(resumePage(form, answers, context, { ok, answers: kept, mistakes }).kind).toBe(
        'check',
      );
    }
  }
});

test('rules, fees and conditions agree with a plain evaluator', () => {
  let fees = 0;
  for (const seed of seeds) {
    const form = publishable(seed);
    const context = contextOf(seed);
    const chance = chanceFrom(seed * 7);
    const { answers } = validate(form, fillIn(form, context, chance), context);
    const plain = plainForm(form, answers, context);
    expect(askedIn(form, answers, context), `seed ${seed}`).toEqual(plain.asked);
    const fee = feeOf(form, answers, context);
    if (plain.fee === null || typeof plain.fee !== 'object' || !('top' in plain.fee)) {
      expect(fee?.isKnown ?? false, `seed ${seed}`).toBe(false);
      continue;
    }
    fees += 1;
    const { top } = roundedTo(plain.fee, 2);
    expect(fee, `seed ${seed}`).toEqual({ cents: top < 0n ? 0 : Number(top), isKnown: true });
  }
  expect(fees).toBeGreaterThan(FORMS / 3);
});

test('what is said to be asked never is asked of no random citizen', () => {
  let claims = 0;
  for (const seed of seeds) {
    const written = randomForm(chanceFrom(seed));
    const { findings } = checkForm(written);
    const never = findings.flatMap(
      ({ message }) => /^"(.+)" is never asked/.exec(message)?.[1] ?? [],
    );
    if (never.length === 0) continue;
    claims += never.length;
    const form = formSchema.parse(written);
    for (let citizen = 0; citizen < 10; citizen++) {
      const context = contextOf(seed + citizen);
      const applicant = { onBehalf: form.onBehalf && citizen % 2 === 0, organisation: citizen > 5 };
      const answers = fillIn(form, { ...context, applicant }, chanceFrom(seed * 31 + citizen));
      const { steps } = applyForm(form, answers, { ...context, applicant });
      const asked = steps.flatMap(({ step, questions }) => [
        step.id,
        ...questions.map(({ name }) => name),
      ]);
      expect(
        asked.filter((each) => never.includes(each)),
        `seed ${seed}`,
      ).toEqual([]);
    }
  }
  expect(claims).toBeGreaterThan(FORMS / 200);
});

test('pages lead forwards and back again, whatever was answered', () => {
  for (const seed of seeds.slice(0, FORMS / 4)) {
    const form = publishable(seed);
    const context = contextOf(seed);
    const answers = fillIn(form, context, chanceFrom(seed));
    const pages = pagesOf(form, answers, context).map(({ id }) => id);
    expect(new Set(pages).size).toBe(pages.length);
    for (const [index, id] of pages.entries()) {
      expect(nextPage(form, answers, context, id)?.id).toBe(pages[index + 1]);
      expect(previousPage(form, answers, context, id)?.id).toBe(pages[index - 1]);
    }
    // A page that no longer applies leads to what comes after its place.
    for (const step of form.steps)
      expect(nextPage(form, {}, context, `${step.id}/gone`)?.id ?? 'none').not.toBe('none');
  }
});

test('answers of any kind are refused or kept right, and never an error', () => {
  for (const seed of seeds.slice(0, FORMS / 4)) {
    const form = publishable(seed);
    const context = contextOf(seed);
    const junk = junkAnswers(form, context, chanceFrom(seed * 3));
    const result = validate(form, junk, context);
    expect(result.ok).toBe(result.mistakes.length === 0);
    expect(() => pagesOf(form, junk, context)).not.toThrow();
    expect(() => feeOf(form, junk, context)).not.toThrow();
    expect(Object.keys(result.answers)).not.toContain('other');
  }
});

test('a form keeps its version when it is written down and read again', () => {
  for (const seed of seeds.slice(0, FORMS / 4)) {
    const form = publishable(seed);
    const { content, sha256 } = versionOf(form);
    const again = checkForm(JSON.parse(content)).form;
    expect(again && versionOf(again)).toEqual({ procedure: 'atzar', content, sha256 });
  }
});
