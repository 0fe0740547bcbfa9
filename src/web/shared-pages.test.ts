import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { DEMO_PEOPLE } from '../domain/demo-people.ts';
import { applyTown } from '../features/booking/administration/service.ts';
import { checkTownFile } from '../formats/town-file/reading/check.ts';
import { DEMO_TOWN } from '../paths.ts';
import {
  bookThrough,
  MARIA,
  startsIn,
  type TestTown,
  TIMES,
  testTown,
  WEDNESDAY,
} from './citizen/testing.ts';
import { identified } from './testing/identified.ts';
import { sheetBytes, sheetsOf } from './testing/sheets.ts';

/** Pages that are kept as they were sent, for everybody who asks for the same. */
let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

const TOWN = '/ca';
const PROCEDURE = '/ca/oac/volant-padro';

/** Asks as a browser does, which takes packed pages. */
async function browse(path: string, more: Record<string, string> = {}) {
  const headers = { 'Accept-Encoding': 'gzip', ...more };
  const answer = await town.fetch(new Request(`http://localhost${path}`, { headers }));
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isPacked = answer.headers.get('Content-Encoding') === 'gzip';
  return { html: (isPacked ? gunzipSync(bytes) : bytes).toString(), bytes, isPacked, answer };
}

type File = {
  town: Record<string, unknown>;
  offices: Record<string, { procedures: Record<string, { name: Record<string, string> }> }>;
};

async function applyWith(change: (file: File) => void) {
  const file = parse(readFileSync(DEMO_TOWN, 'utf8'));
  change(file);
  const checked = checkTownFile(stringify(file));
  if (!checked.ok) throw new Error(checked.mistakes.map((each) => each.message).join('\n'));
  await applyTown(town.database.kysely, checked.town, town.clock.now());
}

test.each([TOWN, PROCEDURE, TIMES])(
  '%s says the same packed and not, now and again',
  async (path) => {
    const first = await browse(path);
    const again = await browse(path);
    const plain = await browse(path, { 'Accept-Encoding': 'identity' });
    expect(first.isPacked).toBe(true);
    expect(plain.isPacked).toBe(false);
    expect(again.bytes).toEqual(first.bytes);
    expect(plain.html).toBe(first.html);
    expect(first.answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(Object.fromEntries(again.answer.headers)).toEqual(
      Object.fromEntries(first.answer.headers),
    );
  },
);

test('each language, and each other parameter, has its own page', async () => {
  const pages = await Promise.all(
    ['/ca', '/es', '/en', '/eu', '/ca?q=padro', '/ca?q=tribut', '/ca?r=1'].map((path) =>
      browse(path),
    ),
  );
  expect(new Set(pages.map(({ html }) => html)).size).toBe(pages.length);
});

test('a changed town and a changed office are on the next page', async () => {
  await browse(TOWN);
  await browse(PROCEDURE);
  await applyWith((file) => {
    file.town.name = 'Vila Nova del Canvi';
  });
  expect((await browse(PROCEDURE)).html).toContain('Vila Nova del Canvi');
  await applyWith((file) => {
    file.town.name = 'Vila Nova del Canvi';
    const volant = file.offices.oac?.procedures['volant-padro'];
    if (volant) volant.name.ca = 'Volant que ha canviat';
  });
  expect((await browse(TOWN)).html).toContain('Vila Nova del Canvi');
  expect((await browse(PROCEDURE)).html).toContain('Volant que ha canviat');
  expect((await browse(TIMES)).html).toContain('Volant que ha canviat');
  await applyWith(() => {});
  expect((await browse(TOWN)).html).not.toContain('Vila Nova del Canvi');
});

test('a time that somebody takes is not on the next page, and neither is today tomorrow', async () => {
  const before = startsIn((await browse(TIMES)).html);
  const [start = ''] = before;
  // One desk after the other, until nobody is left at that time.
  for (let desk = 0; desk < 20 && startsIn((await browse(TIMES)).html).includes(start); desk++) {
    const held = await town.post(TIMES, { start });
    expect(held.status).toBe(303);
  }
  expect(startsIn((await browse(TIMES)).html)).not.toContain(start);
  expect((await browse(TIMES)).html).toContain('(demà)');
  town.clock.set('2026-11-26T07:30:00+01:00');
  const later = (await browse(TIMES)).html;
  expect(startsIn(later).every((each) => each > '2026-11-26')).toBe(true);
});

test('who is identified has a page of their own, and leaves none to others', async () => {
  const before = await browse(PROCEDURE);
  const Cookie = (await identified(town, DEMO_PEOPLE[0]?.identifier ?? '')).cookie();
  const own = await browse(PROCEDURE, { Cookie });
  expect(own.html).toContain('class="session"');
  expect(own.answer.headers.get('Cache-Control')).toBe('no-store');
  expect(own.isPacked).toBe(false);
  expect((await browse(PROCEDURE)).html).toBe(before.html);
  expect((await browse(PROCEDURE, { Cookie })).html).toBe(own.html);
});

/** A page and its sheets, packed (docs/performance.md). */
const MOST_BYTES = 14_000;

test('a page with its sheets, of which there are two at most, fits 14 kB', async () => {
  const video = TIMES.replace('phone', 'video');
  const { manage, start } = await bookThrough(town, MARIA, { times: video });
  const held = await town.post(TIMES, { start: startsIn((await browse(TIMES)).html)[0] ?? '' });
  const weighed = [];
  for (const path of [
    ...[TOWN, '/ca?q=empadronamet', '/ca/oac', PROCEDURE, TIMES, '/ca/lost-link', '/ca/privacy'],
    ...[held.path, manage, `${manage}/confirmed`, `${manage}/change`, `${manage}/documents`],
    ...[`${manage}/device`, `${manage}/room`],
  ]) {
    if (path.endsWith('/room')) town.clock.set(start);
    const { html, bytes, isPacked, answer } = await browse(path);
    expect([answer.status, isPacked], path).toEqual([200, true]);
    const sheets = sheetsOf(html);
    weighed.push({ path, sheets, bytes: bytes.length + sheetBytes(sheets) });
  }
  expect(weighed.filter(({ bytes }) => bytes > MOST_BYTES)).toEqual([]);
  expect(weighed.filter(({ sheets }) => sheets.length > 2)).toEqual([]);
  const second = weighed.flatMap(({ sheets }) => sheets.slice(1)).sort();
  expect(second).toEqual(['device', 'documents', 'room', 'times', 'times']);
});
