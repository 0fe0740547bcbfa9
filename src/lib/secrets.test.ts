import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  idNaming,
  installationKey,
  type KeyMaterial,
  keyFile,
  makeKeyFile,
  purposeKey,
  readStoredKey,
  storeKey,
  versionIn,
} from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'finestreta-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the key is made once, only its owner can read it, and nothing is left beside it', () => {
  const dataDir = join(folder, 'one');
  makeKeyFile(dataDir);
  const made = readStoredKey(dataDir);
  expect(made).toHaveLength(32);
  makeKeyFile(dataDir);
  expect(readStoredKey(dataDir)).toEqual(made);
  expect(statSync(keyFile(dataDir)).mode & 0o777).toBe(0o600);
  expect(statSync(join(dataDir, 'keys')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(dataDir, 'keys'))).toEqual(['installation.key']);
});

test('a stored key replaces the earlier one', () => {
  const dataDir = join(folder, 'two');
  makeKeyFile(dataDir);
  const key = Buffer.alloc(32, 9);
  storeKey(dataDir, key);
  expect(readStoredKey(dataDir)).toEqual(key);
});

test('processes that make it at once all use the one that is kept', async () => {
  const dataDir = join(folder, 'three');
  const script = `
    const { makeKeyFile, readStoredKey } = await import(${JSON.stringify(join(import.meta.dirname, 'secrets.ts'))});
    process.stdin.once('data', () => {
      makeKeyFile(${JSON.stringify(dataDir)});
      process.stdout.write(readStoredKey(${JSON.stringify(dataDir)}).toString('base64'));
      process.stdin.destroy();
    });
    process.stdout.write(' ');`;
  const children = Array.from({ length: 8 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script]),
  );
  await Promise.all(children.map((each) => once(each.stdout, 'data')));
  const read = await Promise.all(
    children.map(async (each) => {
      each.stdin.write('go');
      const [bytes] = await once(each.stdout, 'data');
      await once(each, 'close');
      return String(bytes);
    }),
  );
  expect(new Set(read)).toEqual(new Set([readFileSync(keyFile(dataDir), 'utf8').trim()]));
});

describe('the key of a purpose', () => {
  const material = (version: number, isActive = true): KeyMaterial => ({
    version,
    key: Buffer.alloc(32, version + 1),
    isActive,
  });
  const old = installationKey(Buffer.alloc(32, 1));

  test('derives with its newest version, and repeats an earlier version’s secret', () => {
    let versions = [material(0)];
    const key = purposeKey(() => versions);
    const [plain, made] = [randomUUID(), key.newId()];
    const before = [plain, made].map((id) => key.of(id).derive(`appointment ${id}`));
    versions = [material(0), material(1)];
    expect([plain, made].map((id) => key.of(id).derive(`appointment ${id}`))).toEqual(before);
    expect(key.derive('x')).not.toBe(old.derive('x'));
    expect(key.live().map((each) => each.version)).toEqual([1, 0]);
    expect(versionIn(key.newId())).toBe(1);
  });

  test('recognises a version before it derives with it', () => {
    const key = purposeKey(() => [material(0), material(1, false)]);
    expect(key.version).toBe(0);
    expect(key.live().map((each) => each.version)).toEqual([1, 0]);
    expect(key.at(1).derive('x')).not.toBe(key.derive('x'));
  });

  test('passes an ended version’s secrets to the next one, and refuses a future version', () => {
    const key = purposeKey(() => [material(3), material(2)]);
    expect(key.at(0).version).toBe(2);
    expect(key.of(randomUUID()).version).toBe(2);
    expect(() => key.at(4)).toThrow(/not known here yet/);
    expect(() => purposeKey(() => []).derive('x')).toThrow();
  });

  test('names its version in ids that are still UUIDs', () => {
    for (const version of [0, 1, 15, 16, 4095]) {
      const id = idNaming(version, randomUUID());
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-b[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(versionIn(id)).toBe(version);
    }
    for (let tries = 0; tries < 200; tries++) expect(versionIn(randomUUID())).toBe(0);
  });
});
