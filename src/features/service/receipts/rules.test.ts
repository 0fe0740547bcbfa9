import { beforeAll, describe, expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { RegistryEntry } from '../../foundation/registry/types.ts';
import type { Applicant, CaseRecord } from '../cases/types.ts';
import { receiptDocument } from './rules.ts';
import type { ReceiptOf } from './types.ts';

const FORM = formSchema.parse({
  procedure: 'gos',
  title: { en: 'Register of a pet' },
  steps: [
    {
      id: 'casa',
      title: { en: 'Your home' },
      questions: [
        {
          id: 'animals',
          type: 'group',
          label: { en: 'Animals' },
          item: { en: 'animal' },
          questions: [
            { id: 'nom', type: 'text', label: { en: 'Name' } },
            { id: 'xip', type: 'file', label: { en: 'Chip' }, required: false },
          ],
        },
        {
          id: 'altres',
          type: 'group',
          label: { en: 'Others' },
          questions: [{ id: 'a', type: 'text' }],
        },
      ],
    },
  ],
  declarations: [
    { id: 'si', text: { en: 'It is true.' } },
    { id: 'no', text: { en: 'I want news.' }, required: false },
  ],
});

const OFFICE = {
  name: { en: 'Help desk' },
  timeZone: 'Europe/Madrid',
  procedures: [],
  settings: {},
} as unknown as Office;

const ENTRY = {
  direction: 'entry',
  year: 2027,
  number: 12,
  at: Temporal.Instant.from('2027-02-01T09:00:00Z'),
  countsFrom: Temporal.PlainDate.from('2027-02-01'),
  content: 'ab'.repeat(32),
} as RegistryEntry;

const CHIP = {
  document: 'd1',
  name: 'chip.pdf',
  kind: 'pdf',
  bytes: 2_000_000,
  sha256: 'cd'.repeat(32),
};

const RECORD = {
  reference: 'K7M-2QX',
  language: 'en',
  name: 'Pets',
  answers: {
    casa: { animals: [{ nom: 'Rex' }, { nom: 'Mixa', xip: [CHIP] }] },
    declarations: { si: true, no: false },
  },
} as unknown as CaseRecord;

const ROSA: Applicant = {
  name: 'Rosa Soler',
  masked: '***4567**',
  represents: null,
  claims: null,
  email: null,
  phone: null,
};

const OF = {
  about: 'case c application',
  record: RECORD,
  answers: RECORD.answers,
  form: 1,
  asOf: ENTRY.at,
  entry: ENTRY,
  application: null,
};

/** Returns the lines of a receipt of somebody. */
const linesOf = (by: ReceiptOf['by']): string[] =>
  receiptDocument({ ...OF, by }, { form: FORM, office: OFFICE, code: 'CODE' }).parts.map(
    ({ label, text }) => (label ? `${label}: ${text}` : text),
  );

describe('who handed in what a receipt is of', () => {
  test('has the name and the identifier of whoever was identified', () => {
    expect(linesOf(ROSA)).toContain('Who hands it in: Rosa Soler, ***4567**');
  });

  test('a representative and whom they act for each have their own identifier', () => {
    const lines = linesOf({ ...ROSA, represents: { name: 'ACME, SL', identifier: 'B12345674' } });
    expect(lines).toContain('Who hands it in: Rosa Soler, ***4567**');
    expect(lines).toContain('On behalf of: ACME, SL, B12345674');
  });

  test('what somebody only wrote is told as written', () => {
    const lines = linesOf({ ...ROSA, masked: null, claims: 'ACME, SL' });
    expect(lines).toContain('Who hands it in: Rosa Soler (as written in the form)');
    expect(lines).toContain('On behalf of: ACME, SL (as written in the form)');
  });

  test.each([null, { ...ROSA, name: '', masked: null }])('nobody is named without a name', (by) => {
    expect(linesOf(by)).toContain('Who hands it in: Whoever had its link, without identifying');
  });
});

describe('what a receipt says was handed in', () => {
  let lines: string[];
  beforeAll(() => {
    lines = linesOf(ROSA);
  });

  test('each thing of a group is called as on the page where it was checked', () => {
    expect(lines).toContain('Animals · Animal 1 · Name: Rex');
    expect(lines).toContain('Animals · Animal 2 · Name: Mixa');
    expect(lines).toContain('Others: Not answered');
  });

  test('has each file, with the hash that was registered', () => {
    expect(lines).toContain('Animals · Animal 2 · Chip: chip.pdf (2 MB)');
    expect(lines).toContain(`chip.pdf: SHA-256 ${'cd'.repeat(32)}`);
  });

  test('has what was declared, and nothing that was not', () => {
    expect(lines).toContain('It is true.');
    expect(lines).not.toContain('I want news.');
  });
});
