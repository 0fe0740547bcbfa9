import { describe, expect, test } from 'vitest';
import { formSchema } from '../../../../domain/form/schema.ts';
import { DEFAULT_STATES } from '../../../../domain/form/states.ts';
import { amendedTo, changedIn, openTo } from './rules.ts';

const label = { ca: 'Text' };
const form = formSchema.parse({
  procedure: 'volant-padro',
  steps: [
    {
      id: 'local',
      questions: [
        { id: 'rotul', type: 'text', label },
        { id: 'musica', type: 'yesno', label },
        { id: 'hores', type: 'text', required: true, label, when: { var: 'local.musica' } },
        {
          id: 'gent',
          type: 'group',
          label,
          questions: [
            { id: 'nom', type: 'text', label },
            { id: 'ofici', type: 'text', required: true, label, when: { var: 'local.musica' } },
          ],
        },
      ],
    },
  ],
  declarations: [{ id: 'soroll', text: label, when: { var: 'local.musica' } }],
});
const context = {
  today: Temporal.PlainDate.from('2027-02-01'),
  language: 'ca' as const,
};
const POINTS = [
  { question: 'local.rotul', text: 'Sencer.' },
  { question: null, text: 'El plànol.' },
];
const before = { local: { rotul: 'Bar', musica: false, gent: [{ nom: 'Rosa' }] } };
const open = (now: object) => [...openTo(form, POINTS, { before, now: { local: now } }, context)];

describe('what can be changed to amend', () => {
  test('is what was asked', () => {
    expect(open(before.local)).toEqual(['local.rotul']);
    expect(open({ ...before.local, rotul: 'Bar Pi' })).toEqual(['local.rotul']);
  });

  test('and what follows from it: questions that did not apply before, groups with them, and declarations', () => {
    expect(open({ ...before.local, musica: true }).toSorted()).toEqual([
      'declarations.soroll',
      'local.gent',
      'local.hores',
      'local.rotul',
    ]);
  });
});

test('what was changed is told by the answers, whatever the order of their parts', () => {
  const changed = (now: object) => changedIn(form, { before, now: { local: now } });
  expect(changed({ musica: false, gent: [{ nom: 'Rosa' }], rotul: 'Bar' })).toEqual([]);
  expect(changed({ ...before.local, rotul: undefined })).toEqual(['local.rotul']);
  expect(changed({ ...before.local, rotul: 'Bar Pi', gent: [] })).toEqual([
    'local.rotul',
    'local.gent',
  ]);
});

test('it leads where the form’s table lets its person go on, which is not the withdrawal', () => {
  expect(amendedTo(DEFAULT_STATES)).toBe('in-review');
  const without = DEFAULT_STATES.transitions.filter(
    ({ from, to }) => from !== 'to-amend' || to !== 'in-review',
  );
  expect(amendedTo({ ...DEFAULT_STATES, transitions: without })).toBeNull();
});
