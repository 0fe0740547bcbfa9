import { expect, test } from 'vitest';
import { nifIn } from '../../../domain/identity.ts';
import type { ProgramAttempt } from '../../../features/service/signatures/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { drawDocument } from '../../../lib/pdf/document.ts';
import { NO_TOOLS, run, testFolder } from '../../../lib/seal/testing.ts';
import { autofirmaAdapter, demoAutofirma } from '../providers.ts';
import { createDemoAutofirma } from './demo.ts';

const NOW = '2027-02-01T08:00:00Z';
const deps = { clock: handClock(NOW), log: { warn: () => {} } };

test.skipIf(NO_TOOLS)(
  'the stand-in signs as AutoFirma would, and tells that it is one',
  async () => {
    using folder = testFolder();
    const program = createDemoAutofirma(deps);
    const document = await drawDocument(
      {
        ...{ language: 'ca', title: 'Prova', subject: 'Prova', author: 'Vila', margin: ['Vila'] },
        ...{ at: Temporal.Instant.from(NOW), foot: () => '', parts: [{ as: 'H1', text: 'Prova' }] },
      },
      null,
    );
    const attempt: ProgramAttempt = {
      ...{
        state: '',
        returnUrl: '',
        language: 'ca',
        level: 'low',
        personName: 'Anna',
        organisation: null,
        document,
      },
      ...{ name: 'K7QF.json', hash: Buffer.alloc(32), person: nifIn('12345678Z')! },
      kept: program.request().kept,
      servlets: { retrieve: '', storage: '' },
    } as const;
    const put = (await program.standIn?.(attempt)) ?? '';
    const signed = await program.read(put, attempt);
    if (!signed.ok) throw new Error(signed.code);
    expect(signed.value.signer).toMatchObject({ name: 'Anna', isDemo: true });
    const report = run('pdfsig', '-nocert', folder.at('signed.pdf', signed.value.evidence));
    expect(report).toContain('Signature is Valid.');
    expect(report).toContain('Total document signed');
    expect(report).toContain('Finestreta DEMO');
  },
);

test('the stand-in is for this machine alone, and the program needs authorities', () => {
  expect(demoAutofirma({ ...deps, baseUrl: 'http://localhost:3000' })).not.toBeNull();
  expect(demoAutofirma({ ...deps, baseUrl: 'https://cita.vila.cat' })).toBeNull();
  expect(autofirmaAdapter({ ...deps, authorities: null })({ revocation: 'asked' })).toBeNull();
});
