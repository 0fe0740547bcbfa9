import { expect, test } from 'vitest';
import { FormError, formOf } from '../form.ts';
import { readFields } from './read.ts';
import type { Field } from './types.ts';

const FIELDS: Field[] = [
  {
    ...{ kind: 'rows', key: 'closures', label: 'admin.section.closures' },
    ...{ add: 'admin.desks.new', fields: [{ kind: 'text', key: 'from', label: 'admin.title' }] },
  },
];

const sent = (count: number, rows = count) =>
  formOf([
    ['closures-count', String(count)],
    ...Array.from({ length: rows }, (_, index): [string, string] => [
      `closures-${index}-from`,
      `day ${index}`,
    ]),
  ]);

test('every row of a form is read, and a form that announces too many rows is refused', () => {
  const { closures } = readFields(FIELDS, sent(150), ['ca']);
  expect(closures).toEqual(Array.from({ length: 150 }, (_, index) => ({ from: `day ${index}` })));
  for (const count of [2_001, 1e12, Infinity])
    expect(() => readFields(FIELDS, sent(count, 1), ['ca'])).toThrow(FormError);
  expect(readFields(FIELDS, sent(2_000), ['ca']).closures).toHaveLength(2_000);
});
