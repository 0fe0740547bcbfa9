import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeHost } from '../features/foundation/offices/service.ts';
import type { Embedded } from '../lib/db/embedded.ts';
import { DEMO_TOWN } from '../paths.ts';
import { type Instance, openInstance } from '../web/testing/instance.ts';
import { mayVanish, removeMade } from './again.ts';

let instance: Instance;
beforeAll(async () => {
  const text = readFileSync(DEMO_TOWN, 'utf8');
  instance = await openInstance(text, '2026-12-01T10:05:00+01:00');
});
afterAll(() => instance.close());

/** The demo as `npm start` serves it; `changed`: what else is configured. */
function demo(changed: object = {}) {
  const { context } = instance;
  const config = {
    ...context.config,
    ...{ demo: true, demoLife: true, databaseUrl: null, townFile: null, s3: null },
    ...changed,
  };
  const database = { ...context.database, embedded: {} as Embedded };
  return { config, offices: context.offices, database };
}

test('the demo’s own town may begin again', async () => {
  expect(await mayVanish(demo())).toBe(true);
});

test.each([
  { demo: false },
  { demoLife: false },
  { databaseUrl: 'postgres://town@db.vilaclara.cat/finestreta' },
  { townFile: '/srv/vilanova.yaml' },
  { s3: { bucket: 'documents' } },
])('no town that is configured otherwise may: %o', async (changed) => {
  expect(await mayVanish(demo(changed))).toBe(false);
});

test('no database may that this process does not run itself', async () => {
  const given = demo();
  expect(await mayVanish({ ...given, database: { ...given.database, embedded: null } })).toBe(
    false,
  );
});

test('no town of somebody may, though it is started in demo mode on its data', async () => {
  const given = demo();
  const { offices } = given;
  const town = { ...(await offices.town()), name: 'Vilanova' };
  expect(await mayVanish({ ...given, offices: { ...offices, town: async () => town } })).toBe(
    false,
  );
  const fewer = (await offices.list()).slice(1);
  expect(await mayVanish({ ...given, offices: { ...offices, list: async () => fewer } })).toBe(
    false,
  );
});

test('no town may that was once served under a name', async () => {
  const { kysely } = instance.database;
  await changeHost(kysely, 'https://cita.vilaclara.cat');
  expect(await mayVanish(demo())).toBe(false);
  await changeHost(kysely, null);
  expect(await mayVanish(demo())).toBe(true);
});

test('removes what the demo made, and neither keys nor anything else', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'again-'));
  const all = ['postgres', 'documents', 'demo-trial', 'keys', 'backups'];
  for (const each of all) {
    mkdirSync(join(dataDir, each));
    writeFileSync(join(dataDir, each, 'file'), '');
  }
  writeFileSync(join(dataDir, 'demo-clock.json'), '{}');
  await removeMade({ dataDir });
  expect(all.filter((each) => existsSync(join(dataDir, each)))).toEqual(['keys', 'backups']);
  expect(existsSync(join(dataDir, 'demo-clock.json'))).toBe(false);
  rmSync(dataDir, { recursive: true });
});
