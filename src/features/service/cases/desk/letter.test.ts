import { describe, expect, test } from 'vitest';
import { formSchema } from '../../../../domain/form/schema.ts';
import { nifIn } from '../../../../domain/identity.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { applicantIn, concernedIn, withIdentity } from '../applicant.ts';
import type { Applicant } from '../types.ts';
import { letterOf } from './letter.ts';

const FORM = formSchema.parse({
  procedure: 'terrassa',
  steps: [
    {
      id: 'qui',
      questions: [
        { id: 'nom', type: 'text', label: { ca: 'Nom' }, from: 'identity.name' },
        { id: 'per', type: 'text', label: { ca: 'Per qui' }, from: 'represented.name' },
      ],
    },
  ],
});

const ROSA = {
  of: nifIn('12345678Z')!,
  name: { full: 'Rosa Soler', given: 'Rosa', family: 'Soler' },
  represents: null,
};
const ACME = { name: 'ACME, SL', identifier: 'B12345674' };

const told = (answers: object, known: Parameters<typeof applicantIn>[2]) =>
  applicantIn(FORM, { qui: answers }, known);

const BY: Pick<StaffViewer, 'name' | 'role'> = { name: 'Núria Roca', role: 'coordinator' };

/** Returns the lines of a decision about somebody. */
const linesOf = (applicant: Applicant | null, by: typeof BY | null = BY): string[] =>
  letterOf({
    row: { reference: 'K7M-2QX', language: 'en' },
    record: { name: 'Terrace' },
    decision: { outcome: 'granted', content: { text: 'Granted.', reasons: '', appeal: 'Appeal.' } },
    applicant,
    entry: null,
    office: { name: { ca: 'OAC', en: 'Help desk' }, timeZone: 'Europe/Madrid' },
    code: 'CODE',
    at: Temporal.Instant.from('2027-02-01T09:00:00Z'),
    by,
  }).parts.map(({ text }) => text);

describe('who a decision is about', () => {
  test('whoever is identified has their name and identifier from that, whatever they typed', () => {
    const who = told({ nom: 'Amina Haddad' }, ROSA);
    expect(linesOf(who)).toContain('Person concerned: Rosa Soler, ***4567**.');
    expect(linesOf(who).join()).not.toContain('Amina');
  });

  test('a representative and whom they act for each have their own identifier', () => {
    const who = told({ per: 'ACME, SL' }, { ...ROSA, represents: ACME });
    expect(concernedIn(who)).toEqual(ACME);
    const lines = linesOf(who);
    expect(lines).toContain('Person concerned: ACME, SL, B12345674.');
    expect(lines).toContain('Represented by: Rosa Soler, ***4567**.');
    expect(lines.join()).not.toContain('as written');
  });

  test('whom somebody only wrote to act for is told as written, and is not whom it is about', () => {
    const who = told({ per: 'ACME, SL' }, ROSA);
    expect(who).toMatchObject({ represents: null, claims: 'ACME, SL' });
    expect(concernedIn(who).name).toBe('Rosa Soler');
    const lines = linesOf(who);
    expect(lines).toContain('Person concerned: Rosa Soler, ***4567**.');
    expect(lines).toContain('On behalf of ACME, SL, as written in the form.');
  });

  test('a name that nobody identified is told as written', () => {
    const who = told({ nom: 'Rosa Soler' }, null);
    expect(linesOf(who)).toContain('Person concerned: Rosa Soler (as written in the form).');
    expect(linesOf(told({}, null)).join()).not.toContain('Person concerned');
    expect(linesOf(null).join()).not.toContain('Person concerned');
  });

  test('the identification of a paid case is read, and what was typed gives way to it', async () => {
    const typed = told({ nom: 'Amina Haddad', per: 'ACME, SL' }, null);
    const identification = { of: async () => ({ ...ROSA, represents: ACME }) as never };
    const record = { applicant: { identification: 'x', level: 'substantial' } };
    const who = await withIdentity(identification, typed, record);
    expect(who).toEqual(told({}, { ...ROSA, represents: ACME }));
    expect(await withIdentity(identification, typed, { applicant: null })).toEqual(typed);
  });
});

test('a decision names who signs it, with their post, and nobody before it is issued', () => {
  expect(linesOf(null).at(-1)).toMatch(/^Signed by Núria Roca, Coordinator\. Help desk, /);
  expect(linesOf(null, null).join()).not.toContain('Signed by');
});
