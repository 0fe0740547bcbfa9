import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import { casesOf, MOST_SEGMENTS, type WordedKind } from '../../../domain/office/wording.ts';
import { sizeOf } from '../../../lib/gsm.ts';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { render } from './render.ts';
import { sampleNotice, sampleOffice } from './testing.ts';
import { type LinkMaker, NOTICE_KINDS, type NoticeFacts, type NoticeKind } from './types.ts';
import { type caseOf, isWorded } from './wording.ts';

/** A long town address: 40 characters. */
const LONG = 'https://cita.ajuntament-de-vilaclara.cat';
const SECRET = 'w'.repeat(22);
const TOKEN = `${'w'.repeat(22)}.${'w'.repeat(32)}`;
const linksAt = (base: string): LinkMaker => ({
  manageUrl: (of) => `${base}/${of.noticeLanguage}/appointment/${SECRET}`,
  shortManageUrl: () => `${base}/s/${SECRET}`,
  waitingUrl: (_, language) => `${base}/${language}/waiting/${SECRET}`,
  shortWaitingUrl: () => `${base}/w/${SECRET}`,
  caseUrl: (_, language) => `${base}/${language}/case/${SECRET}`,
  chatUrl: (_, language) => `${base}/${language}/chat/${SECRET}`,
  requestUrl: (_, language) => `${base}/${language}/request/${SECRET}`,
  followUrl: (_, language) => `${base}/${language}/follow/${SECRET}`,
  cosignUrl: (_, language) => `${base}/${language}/cosign/${SECRET}`,
  stopUrl: (_, language) => `${base}/${language}/notices/${TOKEN}`,
  shortObjectUrl: () => `${base}/n/${TOKEN}`,
  digitsOf: () => '123456',
});

const FIRST = Temporal.Instant.from('2026-01-01T00:00:00Z');
const start = fc.integer({ min: 0, max: 365 * 24 * 60 }).map((minutes) => FIRST.add({ minutes }));

/** An SMS of the office, whose name in SMS is `smsFrom`, with values as long as they may be unless `facts` has others. */
function smsOf(
  kind: NoticeKind,
  language: Language,
  { smsFrom, base, facts = {} }: { smsFrom: string; base: string; facts?: Partial<NoticeFacts> },
  office: Office = sampleOffice(),
): string {
  const at = facts.start ?? '2026-11-30T22:50:00Z';
  const notice = sampleNotice(
    kind,
    language,
    {
      reference: 'WWW-WWW',
      minutes: 120,
      code: 'code',
      end: Temporal.Instant.from(at).add({ minutes: 30 }).toString(),
      offer: { start: at, expiresAt: at },
      contact: { changed: ['phone', 'email'], by: 'citizen', at },
      ...facts,
      start: at,
    },
    {
      channel: 'sms',
      waiting: '0b9dbb2e-54fc-4d2c-8a11-000000000002',
      case: '0b9dbb2e-54fc-4d2c-8a11-000000000003',
      request: '0b9dbb2e-54fc-4d2c-8a11-000000000004',
      chat: '0b9dbb2e-54fc-4d2c-8a11-000000000005',
    },
  );
  const settings = { ...office.settings, smsFrom };
  return render(notice, { ...office, settings }, linksAt(base)).text;
}

describe.each(NOTICE_KINDS)('an SMS of %s', (kind) => {
  it.each(LANGUAGES)(
    `in %s takes at most ${MOST_SEGMENTS} SMS, whatever the day, the sender and the address`,
    (language) => {
      const code = fc.integer({ min: 1, max: 64 }).map((length) => 'w'.repeat(length));
      fc.assert(
        fc.property(
          fc.record({
            start: start.map(String),
            channel: fc.constantFrom(...CHANNELS),
            by: fc.constantFrom('citizen' as const, 'office' as const),
            reason: fc.string({ maxLength: 200, unit: 'binary' }),
            procedure: code,
          }),
          code,
          fc.constantFrom('Rubí'.padEnd(30, '·'), 'Vilaclara'.padEnd(30, 'w')),
          (facts, officeCode, smsFrom) => {
            const plain = sampleOffice();
            const known = plain.procedure('volant-padro');
            const office = {
              ...plain,
              code: officeCode,
              procedure: () => known && { ...known, code: facts.procedure },
            };
            const text = smsOf(kind, language, { smsFrom, base: LONG, facts }, office);
            expect(sizeOf(text).segments).toBeLessThanOrEqual(MOST_SEGMENTS);
            expect(text.startsWith(`${smsFrom}: `)).toBe(true);
            if (kind === 'code') expect(text).not.toContain('http');
            else expect(text).toMatch(new RegExp(` ${LONG}/([swn]/\\w+|${language})\\S*$`));
          },
        ),
        { numRuns: 40 },
      );
    },
  );
});

/** The table of docs/sms.md: how many SMS each notice takes, usually and at most. */
function tableOf(): string[] {
  const rows = NOTICE_KINDS.flatMap((kind) => {
    const sample = sampleNotice(kind);
    const cases = isWorded(sample) ? casesOf(kind as WordedKind) : ([null] as const);
    const counts = cases.map((of) => {
      const facts = factsOf(of);
      return LANGUAGES.map((language) => {
        const usual = { smsFrom: 'OAC Vilaclara', base: 'https://cita.vilaclara.cat', facts };
        const long = { smsFrom: 'Rubí'.padEnd(30, '·'), base: LONG, facts };
        const [least, most] = [usual, long].map((each) => sizeOf(smsOf(kind, language, each)));
        return `${least?.segments} (${most?.segments})`;
      }).join(' | ');
    });
    const alike = Map.groupBy(cases, (_, nth) => counts[nth]!);
    return [...alike].map(([count, of]) => {
      const named = alike.size > 1 ? `, ${of.join(', ')}` : '';
      return `| ${kind}${named} | ${count} |`;
    });
  });
  return [`| | ${LANGUAGES.join(' | ')} |`, `|---|${'---|'.repeat(LANGUAGES.length)}`, ...rows];
}

function factsOf(of: ReturnType<typeof caseOf> | null): Partial<NoticeFacts> {
  if (of === 'byCitizen') return { by: 'citizen' };
  if (of === 'byOffice') return { by: 'office' };
  const channel = CHANNELS.find((each) => each === of);
  return channel ? { channel } : {};
}

it('docs/sms.md has the number of SMS of each notice', () => {
  const page = readFileSync(new URL('../../../../docs/sms.md', import.meta.url), 'utf8');
  const table = page.split('\n').filter((line) => line.startsWith('|'));
  expect(table).toEqual(tableOf());
});

it.each([
  ['soon', 'ca', 'Et trucarem avui a les 9:20. Tingues el telèfon a prop.'],
  ['displaced', 'ca', 'No et podem atendre el dc. 9/12, 9:20. Tria una altra hora:'],
  ['code', 'es', 'Código: 123456. Vale diez minutos. Es solo para ti.'],
  ['soon', 'es', 'Te llamaremos hoy a las 9:20. Ten el teléfono cerca.'],
  ['late', 'eu', 'Atzeratuta gabiltza. Deiaren ordu berria: 11:20. Barkatu.'],
] as const)('an SMS of %s in %s keeps every letter: %s', (kind, language, words) => {
  const facts = { start: '2026-12-09T08:20:00Z', minutes: 120 };
  const text = smsOf(kind, language, { smsFrom: 'Rubí', base: LONG, facts });
  expect(text.startsWith(`Rubí: ${words}`)).toBe(true);
});

it.each(LANGUAGES)(
  'a code to consent with, in %s, says so by either way, and not to what',
  (language) => {
    const facts = { code: 'code', isForAct: true };
    const [sms, mail] = (['sms', 'email'] as const).map((channel) =>
      render(sampleNotice('code', language, facts, { channel }), sampleOffice(), linksAt(LONG)),
    );
    const other = render(
      sampleNotice('code', language, { code: 'code' }),
      sampleOffice(),
      linksAt(LONG),
    );
    expect(sms?.text).toContain('123456');
    expect(mail?.text).toContain('123 456');
    for (const each of [sms, mail]) expect(each?.text).not.toMatch(/http|padr/);
    expect(mail?.subject).not.toBe(other.subject);
  },
);
