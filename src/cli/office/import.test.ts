import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readConfig } from '../../config.ts';
import { testOffice } from '../../features/foundation/offices/testing.ts';
import { within } from '../../lib/db/database.ts';
import { addressesOf, type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import type { Call } from '../commands.ts';
import { importAppointments } from './import.ts';

const folder = mkdtempSync(join(tmpdir(), 'finestreta-import-'));
/** A Wednesday in a month or so. */
const DAY = Temporal.Now.plainDateISO('Europe/Madrid').add({ days: 30 });
const WEDNESDAY = DAY.add({ days: (10 - DAY.dayOfWeek) % 7 });
const at = (time: string) => `${WEDNESDAY.day}/${WEDNESDAY.month}/${WEDNESDAY.year} ${time}`;
let database: TestDatabase;
let office: number;
let said: string;

beforeAll(async () => {
  database = await testDatabase();
  office = await testOffice(database.kysely);
});
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  return () => vi.restoreAllMocks();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const path = (name: string) => join(folder, name);
function file(name: string, content: string): string {
  writeFileSync(path(name), content);
  return path(name);
}
const run = async (words: string[], options: Call['options'] = {}) => {
  said = '';
  const config = readConfig({
    ...addressesOf(database),
    DATA_DIR: folder,
    INSTALLATION_KEY: Buffer.alloc(32, 7).toString('base64'),
    LOG_LEVEL: 'silent',
  });
  const refused = await Promise.resolve()
    .then(() =>
      importAppointments({
        words,
        options: { office: 'oac', source: 'cites', ...options },
        config,
      }),
    )
    .then(
      () => '',
      (error: Error) => error.message,
    );
  return `${said}${refused}`;
};
const codeIn = (text: string) => /--confirm (\S+)/.exec(text)?.[1] ?? '';
const booked = () =>
  within(database.kysely, office, async (tx) => {
    const rows = await tx
      .selectFrom('appointment')
      .select(['name', 'status'])
      .orderBy('name')
      .execute();
    return rows.map(({ name, status }) => `${name} ${status}`);
  });

test('a file is looked at, brought with the code of that look, and brought again', async () => {
  const export1 = file(
    'one.csv',
    `nom;telèfon;data;tràmit\nRosa;612345678;${at('9:05')};volant-padro\n=cmd();622345678;${at('9:30')};Padró - alta\nPau;632345678;${at('9:35')};Padró - alta\n`,
  );
  const report = path('report.csv');
  const look = await run([export1], { report });
  expect(look).toContain('Encara no s’ha reservat res');
  expect(look).toContain('2 línies tenen el tràmit «Padró - alta», que no és cap dels nostres');
  expect(look).toContain('Línia 3');
  expect(look).toContain('The codes of our procedures: volant-padro');
  expect(await booked()).toEqual([]);
  // A spreadsheet runs nothing that a citizen called themselves; others don't read their names.
  const csv = readFileSync(report, 'utf8');
  expect(csv).toContain("'=cmd()");
  expect(csv.split('\r\n')).toHaveLength(5);
  expect(statSync(report).mode & 0o077).toBe(0);

  expect(await run([export1], { confirm: 'else' })).toContain(
    'Nothing was changed: since you read',
  );
  const dry = { confirm: codeIn(look), 'dry-run': true };
  expect(await run([export1], dry)).toContain('Nothing was changed. To do exactly this');
  expect(await booked()).toEqual([]);

  const mapping = file('map.yaml', 'source: cites\nprocedures: { "Padró - alta": volant-padro }\n');
  const second = await run([export1], { mapping, language: 'en' });
  expect(await run([export1], { mapping, confirm: codeIn(second) })).toContain(
    'Això és el que ha passat',
  );
  expect(await booked()).toEqual(['=cmd() booked', 'Pau booked', 'Rosa booked']);
  expect(await run([export1], { mapping })).toContain('3  Ja s’havia importat');

  // A later export lacks two of three: many for a slip.
  const export2 = file('two.csv', readFileSync(export1, 'utf8').replace(/^=cmd.*\n/m, ''));
  const whole = { mapping, cancel: true, whole: true, language: 'en' };
  const third = await run([export2], whole);
  expect(third).toContain('1  Missing in the whole file');
  expect(third).toMatch(/--confirm \S+ --cancelling 1\n/);
  const confirm = codeIn(third);
  expect(await run([export2], { ...whole, confirm })).toContain('this cancels 1 appointments');
  expect(await booked()).toContain('=cmd() booked');
  await run([export2], { ...whole, confirm, cancelling: '1' });
  expect(await booked()).toEqual(['=cmd() cancelled', 'Pau booked', 'Rosa booked']);
});

test('names in other scripts and signs that steer a terminal don’t turn the report', async () => {
  const names = `nom;telèfon;data;tràmit\nאורלי;;${at('9:05')};volant-padro\nA\u001b[2J\u202eB;;${at('9:05')};volant-padro\n`;
  const report = path('names.txt');
  await run([file('names.csv', names)], { report });
  const text = readFileSync(report, 'utf8');
  expect(text).toContain('\u2068אורלי\u2069 · Sense telèfon');
  expect(text).toContain('A[2JB');
});

test('what can’t be used is said', async () => {
  const good = file('good.csv', 'nom;data\n');
  expect(await run([])).toContain('Which file?');
  expect(await run([path('none.csv')])).toContain('There is no file');
  expect(await run([good], { source: '' })).toMatch(
    /What is the other tool called\?.* --source NAME/,
  );
  expect(await run([good], { office: 'x' })).toContain('There is no office x. There are: oac');
  expect(await run([good], { mapping: path('none.yaml') })).toContain('There is no file');
  expect(await run([good], { mapping: file('bad.yaml', 'colums: {}') })).toContain(
    "bad.yaml can't be used:\nLine 1:",
  );
  expect(await run([good], { language: 'fr' })).toContain('--language: one of ca, es, en, eu');
  expect(await run([good])).toContain('El fitxer no té cap cita');
  expect(await run([file('empty.csv', '')])).toContain('El fitxer és buit');
  expect(existsSync(path('report.csv'))).toBe(true);
  expect(await run([good], { report: join(folder, 'no', 'where.csv') })).toContain(
    "can't be written (ENOENT)",
  );
});
