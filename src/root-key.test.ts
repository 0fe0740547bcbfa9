import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Config, readConfig } from './config.ts';
import { testUnit } from './features/foundation/audit/testing.ts';
import { createRotating } from './features/foundation/purpose-keys/service.ts';
import { systemClock } from './lib/clock.ts';
import { type TestDatabase, testDatabase } from './lib/db/testing.ts';
import { fileProvider } from './lib/keys/provider.ts';
import { PURPOSE_NAMES } from './lib/keys/purposes.ts';
import { HAS_TOKEN, makeToken, TOKEN } from './lib/keys/testing.ts';
import { keepNextKey, keyFile, nextKeyFile } from './lib/secrets.ts';
import { openKeys, rotateRoot } from './root-key.ts';

const ALL = PURPOSE_NAMES.length;
let database: TestDatabase;
let place: string;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'finestreta-root-'));
});
afterEach(async () => {
  rmSync(place, { recursive: true });
  await database.asOwner('delete from purpose_key');
});

const configOf = (env: Record<string, string> = {}) => readConfig({ DATA_DIR: place, ...env });

/** Starts a process with these settings. */
async function start(config: Config) {
  const opened = await openKeys(config, database.kysely);
  const rotating = createRotating({
    db: database.kysely,
    unit: testUnit(database.kysely, systemClock),
    roots: opened.roots,
    changed: opened.refresh,
  });
  const derived = () => PURPOSE_NAMES.map((each) => opened.keys[each].derive('x'));
  return { ...opened, derived, rotate: () => rotateRoot(config, opened.roots, rotating), rotating };
}

describe('the root key', () => {
  test('in a file is replaced while processes run, and the earlier one opens nothing', async () => {
    const config = configOf();
    const [one, other] = [await start(config), await start(config)];
    const before = one.derived();
    const old = readFileSync(keyFile(place), 'utf8');
    expect((await one.rotate()).wrapped).toBe(ALL);
    expect(readFileSync(keyFile(place), 'utf8')).not.toBe(old);
    expect(existsSync(nextKeyFile(place))).toBe(false);
    await other.refresh();
    await other.rotating.rotate('codes', { isCompromised: true });
    await one.refresh();
    expect(one.keys.codes.derive('x')).toBe(other.keys.codes.derive('x'));
    expect((await start(config)).keys.links.derive('x')).toBe(
      before[PURPOSE_NAMES.indexOf('links')],
    );
    writeFileSync(keyFile(place), old);
    await expect(start(config)).rejects.toThrow(/another root key/);
  });

  test('is the next one after an interruption at any point', async () => {
    const config = configOf();
    const one = await start(config);
    const before = one.derived();
    const next = fileProvider(keepNextKey(place));
    expect((await start(config)).derived()).toEqual(before);
    await one.rotating.moveTo(next);
    expect((await start(config)).derived()).toEqual(before);
    expect(await (await start(config)).rotate()).toEqual({ id: next.id, wrapped: 0 });
    expect((await start(config)).derived()).toEqual(before);
    expect(existsSync(nextKeyFile(place))).toBe(false);
  });

  test('from the environment is replaced by the next one in the environment', async () => {
    const [now, next] = [randomBytes(32), randomBytes(32)].map((each) => each.toString('base64'));
    const before = (await start(configOf({ INSTALLATION_KEY: now! }))).derived();
    await expect((await start(configOf({ INSTALLATION_KEY: now! }))).rotate()).rejects.toThrow(
      /INSTALLATION_KEY_NEXT/,
    );
    const both = configOf({ INSTALLATION_KEY: now!, INSTALLATION_KEY_NEXT: next! });
    expect((await (await start(both)).rotate()).wrapped).toBe(ALL);
    expect((await start(both)).derived()).toEqual(before);
    expect((await start(configOf({ INSTALLATION_KEY: next! }))).derived()).toEqual(before);
    expect(existsSync(keyFile(place))).toBe(false);
  });

  test('that is missing is reported, and not replaced', async () => {
    await start(configOf());
    rmSync(keyFile(place));
    await expect(start(configOf())).rejects.toThrow(/isn't there/);
    expect(existsSync(keyFile(place))).toBe(false);
  });

  test.skipIf(!HAS_TOKEN)('moves from a file to a PKCS #11 token', async () => {
    makeToken();
    const inToken = configOf({
      KEY_PROVIDER: 'pkcs11',
      PKCS11_MODULE: TOKEN.module,
      PKCS11_TOKEN: TOKEN.token,
      PKCS11_PIN: TOKEN.pin,
      PKCS11_KEY: 'moved',
    });
    const before = (await start(configOf())).derived();
    const moving = await start(inToken);
    expect(moving.derived()).toEqual(before);
    expect(await moving.rotate()).toEqual({ id: 'pkcs11 vilaclara/moved', wrapped: ALL });
    rmSync(keyFile(place));
    expect((await start(inToken)).derived()).toEqual(before);
    await expect(moving.rotate()).rejects.toThrow(/PKCS11_KEY another label/);
    await expect(start(configOf())).rejects.toThrow(/isn't there/);
  });
});
