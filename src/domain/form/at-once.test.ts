import { describe, expect, test } from 'vitest';
import { atOnceOf } from './at-once.ts';
import { formSchema } from './schema.ts';

const label = { ca: 'X' };
const form = (atOnce?: object) =>
  formSchema.parse({
    procedure: 'volant-padro',
    identity: 'substantial',
    steps: [
      {
        id: 'document',
        questions: [
          { id: 'tots', type: 'yesno', label },
          { id: 'signat', type: 'yesno', label },
          {
            id: 'llengua',
            type: 'choice',
            label,
            options: [
              { id: 'es', label },
              { id: 'xx', label },
            ],
          },
        ],
      },
    ],
    ...(atOnce && { atOnce: { issues: 'residence', ...atOnce } }),
  });
const context = { today: Temporal.PlainDate.from('2026-11-30'), language: 'ca' } as const;
const rules = {
  when: { '!': { var: 'document.signat' } },
  household: { var: 'document.tots' },
  language: { var: 'document.llengua' },
};
const of = (answers: object, atOnce?: object) =>
  atOnceOf(form(atOnce), { document: answers }, context);

describe('what a form issues at once', () => {
  test('is nothing where it declares nothing, or its rule does not hold', () => {
    expect(of({})).toBeNull();
    expect(of({ signat: true }, rules)).toBeNull();
  });

  test('is of the person alone, in the language of the case, where no rule says otherwise', () => {
    const plain = { issues: 'residence', extent: 'person', language: 'ca' };
    expect(of({}, {})).toEqual(plain);
    expect(of({ tots: false }, rules)).toEqual(plain);
    expect(of({ tots: true, llengua: 'es' }, rules)).toEqual({
      issues: 'residence',
      extent: 'household',
      language: 'es',
    });
  });

  test('is in the language of the case where the answer is no language', () => {
    expect(of({ llengua: 'xx' }, rules)?.language).toBe('ca');
  });
});
