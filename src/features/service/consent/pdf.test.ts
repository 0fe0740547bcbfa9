import { expect, test } from 'vitest';
import type { Town } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { pdfText } from '../../../lib/testing/pdf.ts';
import { createIssuing } from '../verification/service.ts';
import { copyOf } from './pdf.ts';
import type { ActRecord } from './types.ts';

const RECORD: ActRecord = {
  ...({ version: 3, act: '0b6c', office: { code: 'oac', name: 'Oficina' } } as const),
  appointment: {
    ...({ reference: 'K7M-2QX', procedure: 'alta', name: 'Alta', channel: 'video' } as const),
    start: '2026-11-30T08:00:00Z',
  },
  citizen: { name: 'Ζωή Жанна محمد', onBehalfOf: 'Núria', mayBeAttended: true },
  official: {
    ...{ staff: 1, name: 'Marta', post: 'Informadora', order: 'Decret 1' },
    ...{ since: '2026-02-01', until: null },
  },
  ...({ template: 'alta', language: 'ca', title: 'Alta al padró' } as const),
  text: Array.from({ length: 60 }, (_, nth) => `Punt ${nth}: «l·l», ç, ñ, €.`).join('\n\n'),
  level: 'substantial',
  documents: [
    { id: 'd', name: 'DNI.pdf', type: 'application/pdf', size: 1234, sha256: 'ab'.repeat(32) },
  ],
  identity: { check: 'shown', note: 'vigent' },
  preparedAt: '2026-11-30T08:00:00Z',
  consent: {
    ...({ method: 'code', heard: null, at: '2026-11-30T08:05:00Z' } as const),
    code: { id: 'c', channel: 'sms', to: '678', setBy: 'citizen' },
    browser: null,
    witness: null,
    identity: null,
    insiders: [],
  },
};
const hash = 'cd'.repeat(32);
const code = 'K7QF0M3XK7QF0M3XK7QF0M3XK7QF';
const address = 'https://cita.vila.cat/ca/verify';
const town = { name: 'Vila', mailFrom: 'Ajuntament de Vila' } as Town;
const issuing = createIssuing({
  offices: { town: async () => town },
  clock: handClock('2026-11-30T09:00:00Z'),
  seal: null,
  baseUrl: 'https://cita.vila.cat',
});

const draw = (record: ActRecord) => issuing.issue(copyOf({ record, hash }, 'Europe/Madrid', code));

test('the text of a copy is extracted letter by letter, over several pages', async () => {
  const read = await pdfText(await draw(RECORD));
  expect(read).toMatchObject({ title: 'Alta al padró', language: 'ca', isTagged: true });
  expect(read.outline).toEqual([
    ...['Alta al padró', 'El text consentit', 'Documents', 'Qui', 'Com', 'Com es guarda'],
    'Com es comprova i es torna a baixar',
  ]);
  for (let nth = 0; nth < 60; nth++) expect(read.text).toContain(`Punt ${nth}: «l·l», ç, ñ, €.`);
  for (const each of ['K7M-2QX', 'Ζωή Жанна', 'Marta', 'Decret 1', '1/2/2026', 'vigent', '678'])
    expect(read.text).toContain(each);
  for (const each of ['DNI.pdf', 'ab'.repeat(32), hash, '9:05', 'Pàgina 3 de 3'])
    expect(read.text).toContain(each);
});

test('each page shows its verification code, and where to check it', async () => {
  const { text } = await pdfText(await draw(RECORD));
  const timesOf = (words: string) => text.split(words).length - 1;
  // The code is on each of three pages, and once in the text for screen readers.
  expect(timesOf('K7QF-0M3X-K7QF-0M3X-K7QF-0M3X-K7QF')).toBe(4);
  expect(timesOf(address)).toBe(4);
  expect(timesOf('Ajuntament de Vila')).toBe(3);
});

test('letters that the typeface lacks are not lost', async () => {
  const read = await pdfText(await draw(RECORD));
  expect(read.text.replaceAll('\n', '')).toContain('[U+0645][U+062D][U+0645][U+062F]');
});

test('the same record makes the same bytes, in each language', async () => {
  for (const language of LANGUAGES) {
    const record = { ...RECORD, language };
    const [one, two] = [await draw(record), await draw(record)];
    expect(one.equals(two)).toBe(true);
    expect(one.includes('pdfuaid:part')).toBe(true);
  }
});
