import { afterAll, describe, expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { NO_TOOLS, run, testFolder } from '../../../lib/seal/testing.ts';
import type { PreparedRecord } from '../cases/types.ts';
import { drawToSign, type ToDraw } from './document.ts';

const folder = testFolder();
afterAll(() => folder[Symbol.dispose]());

const form = formSchema.parse({
  procedure: 'gos',
  title: { en: 'Register of a pet' },
  steps: [{ id: 'casa', questions: [{ id: 'nom', type: 'text', label: { en: 'Name' } }] }],
});

const office = {
  name: { en: 'Help desk' },
  timeZone: 'Europe/Madrid',
  procedures: [],
  settings: {},
} as unknown as Office;

const wordsOf = async (
  more: Partial<PreparedRecord>,
  cosigns: ToDraw['cosigns'] = null,
): Promise<string> => {
  const record = {
    ...{ language: 'en', reference: 'K7QF', procedure: 'gos', name: '', answers: { nom: 'Duna' } },
    ...more,
  } as unknown as PreparedRecord;
  const now = Temporal.Instant.from('2027-02-01T08:00:00Z');
  const hash = 'ab'.repeat(32);
  const signed = { signer: 'Anna Garcia', hash, cosigns };
  const drawn = await drawToSign({ record, form, office, ...signed, now });
  return run('pdftotext', '-raw', folder.at('drawn.pdf', drawn), '-');
};

describe.skipIf(NO_TOOLS)('what somebody signs by a program', () => {
  test('says who signs it, and nothing of others where there are none', async () => {
    const words = await wordsOf({});
    expect(words).toContain('Signed by: Anna Garcia');
    expect(words).not.toContain('On behalf of');
    expect(words).not.toContain('help of');
  });

  test('says for whom they act', async () => {
    const represents = { name: 'Forn Roca SL', identifier: 'B08000002', authorisation: null };
    expect(await wordsOf({ represents })).toContain('On behalf of: Forn Roca SL, B08000002');
  });

  test('says which officials helped to fill it in', async () => {
    const officials = [
      { staff: 1, name: 'Marta Vila' },
      { staff: 2, name: 'Pau Serra' },
    ];
    const assisted = { officials } as unknown as NonNullable<PreparedRecord['assisted']>;
    const words = await wordsOf({ assisted });
    expect(words).toContain('Filled in with the help of: Marta Vila, Pau Serra');
  });

  test('says who handed in what somebody else signs, by its hash', async () => {
    const cosigns = { applicant: 'Jordi Mas', hash: 'cd'.repeat(32) };
    const words = await wordsOf({}, cosigns);
    expect(words).toContain('Handed in by: Jordi Mas');
    expect(words.replaceAll(/\s/g, '')).toContain(`Whatwashandedin:SHA-256${cosigns.hash}`);
    expect(words).toContain('Signed by: Anna Garcia');
    expect(words).toContain('The office keeps this signature');
  });
});
