import { expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import { withChange } from './rules.ts';

test('an answer that is sent again unchanged keeps the hand of whoever answered it', () => {
  const questions = [
    { id: 'rotul', type: 'text' },
    { id: 'on', type: 'address' },
    { id: 'mai', type: 'text' },
  ];
  const form = formSchema.parse({ procedure: 'x', steps: [{ id: 'local', questions }] });
  const office = { by: 'staff:1', at: '2026-11-25T09:00:00Z' };
  const citizen = { by: 'citizen', at: '2026-11-26T09:00:00Z' };
  const address = { street: 'Major', number: '1' };
  const first = withChange(
    { answers: {}, hands: {} },
    form,
    { 'local.rotul': 'Bar', 'local.on': address },
    office,
  );
  const sent = { 'local.rotul': 'Bar Pi', 'local.on': { number: '1', street: 'Major' } };
  const second = withChange(first, form, { ...sent, 'local.mai': undefined }, citizen);
  expect(second.answers).toEqual({ local: { rotul: 'Bar Pi', on: address } });
  expect(second.hands).toEqual({
    'local.rotul': citizen,
    'local.on': office,
    // Leaving it empty is the first that anybody has answered to it.
    'local.mai': citizen,
  });
  const third = withChange(second, form, { 'local.mai': undefined }, office);
  expect(third.hands).toEqual(second.hands);
});
