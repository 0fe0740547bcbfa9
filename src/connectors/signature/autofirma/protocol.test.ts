import { expect, test } from 'vitest';
import { newRequest, readPut } from './protocol.ts';

test('a failure is told by its code, and by no more of it than codes are long', () => {
  const keys = newRequest();
  expect(readPut('err-11:=AF500001', keys)).toMatchObject({ code: 'cancelled' });
  expect(readPut('err-13:=AF501001: cap certificat', keys)).toEqual({
    ...{ kind: 'failed', reason: 'no_certificate', code: 'AF501001' },
  });
  for (const text of [`err-13:=AF${'1'.repeat(1_000_000)}`, `SAF_${'1'.repeat(1_000_000)}`]) {
    const said = readPut(text, keys);
    expect('code' in said ? said.code.length : 0).toBeLessThan(12);
  }
});
