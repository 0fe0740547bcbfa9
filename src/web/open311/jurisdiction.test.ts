import { expect, test } from 'vitest';
import type { Office } from '../../domain/office/types.ts';
import { jurisdictionIn } from './jurisdiction.ts';

const officeOf = (code: string, types = 1) =>
  ({ code, settings: { requests: { types: Array.from({ length: types }) } } }) as unknown as Office;
const [oac, hisenda, none] = [officeOf('oac'), officeOf('hisenda'), officeOf('ajuts', 0)];
const found = (named: string, offices: Office[], own: string | null = null) => {
  const result = jurisdictionIn(named, { offices, own, host: 'www.vilaclara.cat' });
  return result.ok ? result.office.code : result.why;
};

test('one office is found without a name, by its code and by the domain of the town', () => {
  for (const named of ['', 'oac', 'OAC', 'vilaclara.cat', 'www.vilaclara.cat'])
    expect([named, found(named, [oac, none])]).toEqual([named, 'oac']);
  expect(found('sfgov.org', [oac])).toBe('unknown');
});

test('of several, one is named, or a key says which', () => {
  expect(found('', [oac, hisenda])).toBe('missing');
  expect(found('hisenda', [oac, hisenda])).toBe('hisenda');
  expect(found('vilaclara.cat', [oac, hisenda])).toBe('unknown');
  expect(found('', [oac, hisenda], 'hisenda')).toBe('hisenda');
  expect(found('oac', [oac, hisenda], 'hisenda')).toBe('oac');
});

test('an office without types takes nothing', () => {
  expect(found('', [none])).toBe('none');
  expect(found('ajuts', [oac, none])).toBe('unknown');
});
