import { expect, test } from 'vitest';
import { guessedMapping } from '../../../formats/appointments/mapping.ts';
import { sampleOffice } from '../../foundation/notices/testing.ts';
import { offeredBy, procedureOf } from './resolving.ts';

test('a mapping is read once, however many lines there are', () => {
  let reads = 0;
  const procedures = new Proxy<Record<string, string>>(
    { 'Padró - alta': 'alta' },
    {
      ownKeys: (target) => {
        reads++;
        return Reflect.ownKeys(target);
      },
    },
  );
  const offered = offeredBy(sampleOffice(), { ...guessedMapping('cites'), procedures }, []);
  const row = (procedure: string) => ({ procedure }) as Parameters<typeof procedureOf>[0];
  for (let at = 0; at < 100; at++) expect(procedureOf(row('PADRO ALTA'), offered)).toBe('alta');
  expect(procedureOf(row('Cadastre'), offered)).toBeUndefined();
  expect(reads).toBe(1);
});
