import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { createAuditSeals, record, sealText } from '../features/foundation/audit/service.ts';
import { testOffice } from '../features/foundation/offices/testing.ts';
import { handClock } from '../lib/clock.ts';
import { within } from '../lib/db/database.ts';
import { addressesOf, type TestDatabase, testDatabase } from '../lib/db/testing.ts';
import { installationKey } from '../lib/secrets.ts';
import { checkAudit } from './audit.ts';
import type { Call } from './commands.ts';

const KEY = Buffer.alloc(32, 7);
const clock = handClock('2026-11-30T08:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'finestreta-audit-'));
const opened: TestDatabase[] = [];
let database: TestDatabase;
let office: number;
let seals: ReturnType<typeof createAuditSeals>;
let said: string;

beforeEach(async () => {
  database = await testDatabase();
  opened.push(database);
  office = await testOffice(database.kysely, { code: 'oac' });
  seals = createAuditSeals({ db: database.kysely, clock, key: installationKey(KEY) });
  said = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += text;
      return true;
    });
  }
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  rmSync(folder, { recursive: true });
});

/** Writes entries to the trail and seals them; resolves to the seal's text, in the form of the log. */
async function sealed(count: number): Promise<string> {
  await within(database.kysely, office, async (tx) => {
    for (let nth = 0; nth < count; nth++) {
      const viewer = { kind: 'staff', staff: 7, name: 'Anna', role: 'agent', desk: 1 } as const;
      await record(tx, {
        viewer: { ...viewer, office },
        ...{ office, action: 'read', now: clock.now(), data: { nth } },
      });
    }
  });
  return sealText('oac', (await seals.seal(office))!);
}

const check = (options: Call['options'] = {}) => {
  said = '';
  const config = readConfig({
    ...addressesOf(database),
    DATA_DIR: folder,
    INSTALLATION_KEY: KEY.toString('base64'),
    LOG_LEVEL: 'silent',
  });
  return checkAudit({ config, options, words: [] });
};

/** Deletes the newest entries, as a malicious owner of the database would. */
const cutAfter = (number: number) =>
  database.asOwner(
    'alter table audit disable trigger user',
    'alter table audit_seal disable trigger user',
    `delete from audit where id > (select last_id from audit_seal where number = ${number})`,
    `delete from audit_seal where number > ${number}`,
    'alter table audit enable trigger user',
    'alter table audit_seal enable trigger user',
  );

describe('seals that were kept elsewhere', () => {
  let first: string;
  let second: string;
  beforeEach(async () => {
    first = await sealed(3);
    second = await sealed(2);
  });

  test('are still found; the check prints the next one to keep', async () => {
    expect(await check({ since: [first, second] })).toBe(0);
    expect(said).toContain('5 entries under 2 seals, as they were written, and 2 of the seals');
    expect(said).toContain(`Last seal: ${second}\n`);
  });

  test('detect a trail whose newest seal and entries were deleted, which only they can detect', async () => {
    await cutAfter(1);
    expect(await check()).toBe(0);
    expect(await check({ since: [first] })).toBe(0);
    expect(await check({ since: [second] })).toBe(1);
    expect(said).toMatch(/oac: seal 2 is broken: .*the trail ends before it/);
  });

  test('detect a trail that was written and sealed again with the right key', async () => {
    await cutAfter(1);
    await sealed(1);
    await sealed(1);
    expect(await check()).toBe(0);
    expect(await check({ since: [second] })).toBe(1);
    expect(said).toMatch(/oac: seal 2 is broken: it is not the seal that was kept elsewhere/);
  });

  test('detect an emptied trail, and a missing office', async () => {
    await database.asOwner(
      'alter table audit disable trigger user; alter table audit_seal disable trigger user',
      'delete from audit; delete from audit_seal',
    );
    expect(await check({ since: [first] })).toBe(1);
    expect(said).toContain('seal 1 is broken');
    await database.asOwner("update office set code = 'other'");
    expect(await check({ since: [first] })).toBe(1);
    expect(said).toContain('oac: 1 seals were kept elsewhere, and the database has no such office');
  });

  test('are found in a log, each town’s lines for that town alone, and in earlier output', async () => {
    const log = join(folder, 'log');
    const line = (town: string, auditSeal: string) =>
      `Nov 30 web1 finestreta: ${JSON.stringify({ level: 30, town, auditSeal, msg: 'x' })}\n`;
    writeFileSync(
      log,
      line('vall', first) + line('vall', second) + line('mont', `${first.slice(0, -1)}x`),
    );
    expect(await check({ seals: [log], town: 'vall' })).toBe(0);
    expect(said).toContain('and 2 of the seals as they were kept elsewhere');
    await check();
    writeFileSync(log, said);
    await cutAfter(1);
    expect(await check({ seals: [log] })).toBe(1);
    writeFileSync(log, line('mont', second));
    expect(await check({ seals: [log], town: 'vall' })).toBe(2);
  });

  test('cover an office that was closed for good', async () => {
    await database.asOwner("update office set retired_at = '2026-12-01'");
    expect(await check({ since: [second] })).toBe(0);
    await cutAfter(1);
    expect(await check({ since: [second] })).toBe(1);
  });

  test.each([
    ['no seal', { since: ['oac:2'] }, 'OFFICE:NUMBER:VALUE'],
    ['a value that was cut short', { since: [`oac:2:${'a'.repeat(63)}`] }, 'OFFICE:NUMBER:VALUE'],
    [
      'two values of one seal',
      { since: [`oac:2:${'a'.repeat(64)}`, `oac:2:${'b'.repeat(64)}`] },
      'Two values',
    ],
    ['no file', { seals: ['/nowhere'] }, 'no such file'],
  ])('that are %s have another exit code than a broken trail', async (_, options, words) => {
    expect(await check(options)).toBe(2);
    expect(said).toContain(words);
  });
});
