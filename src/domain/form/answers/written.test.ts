import { expect, test } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import type { FormContext } from '../applied.ts';
import { formSchema } from '../schema.ts';
import { randomAnswer } from '../testing/random-citizen.ts';
import { chanceFrom, randomForm } from '../testing/random-form.ts';
import { checkAnswer } from './check.ts';
import { typedAnswer } from './typed.ts';
import { type Written, writtenAnswer } from './written.ts';

const fieldsOf = (written: Written) => ({
  text: (name: string) => String(written[name] ?? ''),
  all: (name: string) => [written[name] ?? []].flat(),
});

test.each(LANGUAGES)('what stands in the fields is read as the same answer, in %s', (language) => {
  const today = Temporal.PlainDate.from('2026-11-29');
  const context: FormContext = { today, language };
  const seen = new Set<string>();
  for (let seed = 1; seed <= 400; seed++) {
    const chance = chanceFrom(seed);
    const { steps } = formSchema.parse(randomForm(chance));
    for (const question of steps.flatMap(({ questions }) => questions)) {
      if (['computed', 'group', 'file'].includes(question.type)) continue;
      const asked = question as Parameters<typeof writtenAnswer>[0];
      const answer = randomAnswer(question, context, chance);
      const checked = answer === undefined ? null : checkAnswer(asked, answer, context);
      const kept = checked?.ok ? checked.answer : undefined;
      const written = writtenAnswer(asked, kept, 'q', language);
      const again = typedAnswer(asked, fieldsOf(written), 'q', language);
      const read = again === undefined ? undefined : checkAnswer(asked, again, context);
      expect(read && (read.ok ? read.answer : read.slips), JSON.stringify(asked)).toEqual(kept);
      seen.add(question.type);
    }
  }
  expect(seen.size).toBe(14);
});

test('what was typed wrong stands in the fields as it was typed', () => {
  const [step] = formSchema.parse({
    procedure: 'x',
    steps: [
      {
        id: 's',
        questions: [
          { id: 'a', type: 'integer' },
          { id: 'b', type: 'date' },
          { id: 'c', type: 'money' },
          { id: 'd', type: 'place' },
        ],
      },
    ],
  }).steps;
  const typed = { q: 'doce', 'q-day': '31', 'q-month': 'brumari', 'q-year': '2026' };
  for (const question of step?.questions ?? []) {
    const asked = question as Parameters<typeof writtenAnswer>[0];
    const kept = typedAnswer(asked, fieldsOf(typed), 'q', 'ca');
    const written = writtenAnswer(asked, kept, 'q', 'ca');
    if (question.type === 'date')
      expect(written).toEqual({ 'q-day': '31', 'q-month': 'brumari', 'q-year': '2026' });
    else expect(written).toEqual({ q: 'doce' });
  }
});
