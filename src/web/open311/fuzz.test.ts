import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestOpen311, testOpen311 } from './testing/open311.ts';

const NO_XMLLINT = existsSync('/usr/bin/xmllint') ? null : 'xmllint is not installed';

let house: TestOpen311;
beforeAll(async () => {
  house = await testOpen311(['oac', 'hisenda']);
});
afterAll(() => house.close());

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', '\u0000', '<b>&', '%00', '"\'', 'x'.repeat(5000), '-1', '1e309'),
);
const jurisdiction = fc.constantFrom('', 'oac', 'OAC', 'nowhere', 'seu.example');
const format = fc.constantFrom('json', 'xml');
const query = fc.record(
  {
    jurisdiction_id: jurisdiction,
    service_request_id: text,
    service_code: fc.oneof(text, fc.constantFrom('fanal', 'fanal,clot')),
    start_date: fc.oneof(text, fc.constantFrom('2027-01-01', '0001-01-01T00:00:00Z', '9999')),
    end_date: fc.oneof(text, fc.constantFrom('2027-02-01', '9999-12-31T23:59:59Z')),
    status: fc.oneof(text, fc.constantFrom('open', 'closed', 'open,closed')),
    page: fc.oneof(text, fc.constantFrom('1', '2', '99999')),
    page_size: fc.oneof(text, fc.constantFrom('1', '1000')),
    locale: text,
  },
  { requiredKeys: [] },
);
/** Searches whose span ends or begins where the database's calendar does. */
const FAR = [{ end_date: '9999-12-31T23:59:59Z' }, { end_date: '0001-01-01' }].map(
  (span): [object, 'json', string] => [{ jurisdiction_id: 'oac', ...span }, 'json', 'x'],
);
const form = fc.record(
  {
    jurisdiction_id: jurisdiction,
    service_code: fc.oneof(text, fc.constantFrom('fanal', 'clot', 'queixa', 'arbre')),
    lat: fc.oneof(text, fc.constantFrom('41.55', '41.5500000001')),
    long: fc.oneof(text, fc.constantFrom('2.15', '-0')),
    address_string: text,
    address_id: text,
    email: fc.oneof(text, fc.emailAddress()),
    phone: fc.oneof(text, fc.constantFrom('+34600111222', '600 11 12 13')),
    first_name: text,
    last_name: text,
    description: text,
    media_url: fc.oneof(text, fc.webUrl()),
    'attribute[mida]': fc.oneof(text, fc.constantFrom('12', '1,5')),
    'attribute[mal][]': fc.oneof(text, fc.constantFrom('branca')),
    'attribute[vist]': fc.oneof(text, fc.constantFrom('2027-01-31')),
    'attribute[': text,
    'attribute[__proto__]': text,
  },
  {},
);
const GOOD = { service_code: 'fanal', lat: '41.55', long: '2.15', description: 'Dark' };
/** A good request with some fields that are anything. */
const spoilt = fc.tuple(form, fc.nat({ max: 4 }), fc.nat()).map(([given, count, from]) => {
  const names = Object.keys(given);
  const chosen = Array.from({ length: count }, (_, at) => names[(from + at * 5) % names.length]);
  const wrong = Object.entries(given).filter(([name]) => chosen.includes(name));
  return { ...GOOD, ...Object.fromEntries(wrong) };
});

/** What an answer must be, whatever was asked. */
function check(answer: { status: number; text: string }, kind: string, documents: string[]): void {
  expect(answer.status).toBeLessThan(500);
  if (kind === 'json') expect(() => JSON.parse(answer.text)).not.toThrow();
  else documents.push(answer.text);
}

/** Reads documents with libxml2; throws where one is not well-formed. */
function lint(documents: readonly string[]): void {
  for (const each of documents)
    execFileSync('xmllint', ['--nonet', '--noout', '-'], { input: each });
}

test.skipIf(NO_XMLLINT)('no search fails on our side, and each answer is well-formed', async () => {
  const documents: string[] = [];
  await fc.assert(
    fc.asyncProperty(query, format, text, async (given, kind, name) => {
      // The clock goes on, so that no limit is met.
      house.clock.set(house.clock.now().add({ minutes: 1 }).toString());
      const asked = new URLSearchParams(given as Record<string, string>);
      check(await house.get(`requests.${kind}?${asked}`), kind, documents);
      const path = encodeURIComponent(name).slice(0, 200);
      for (const what of ['requests', 'services', 'tokens'])
        check(await house.get(`${what}/${path}.${kind}?${asked}`), kind, documents);
    }),
    { numRuns: 60, examples: FAR },
  );
  lint(documents);
  expect(house.errors).toEqual([]);
});

test.skipIf(NO_XMLLINT)(
  'nothing that is sent fails on our side, and what was taken can be read',
  async () => {
    const api_key = await house.key(['requests:read', 'requests:write']);
    const documents: string[] = [];
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(spoilt, format, async (given, kind) => {
        house.clock.set(house.clock.now().add({ hours: 1 }).toString());
        const fields = { jurisdiction_id: 'oac', ...given, api_key } as Record<string, string>;
        const answer = await house.post(fields, { format: kind });
        check(answer, kind, documents);
        if (answer.status === 200) taken++;
      }),
      { numRuns: 120 },
    );
    const all = await house.get(`requests.xml?jurisdiction_id=oac&api_key=${api_key}`);
    documents.push(all.text);
    lint(documents);
    expect(taken).toBeGreaterThan(0);
    expect(all.text.split('<request>').length - 1).toBeGreaterThan(0);
    expect(house.errors).toEqual([]);
  },
);
