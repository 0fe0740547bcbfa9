import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { installationKey, keyFile, openInstallationKey, storeKey } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'finestreta-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the key is made once, for its owner alone, and nothing is left beside it', () => {
  const dataDir = join(folder, 'one');
  const made = openInstallationKey(dataDir).derive('x');
  expect(made).toMatch(/^[\w-]{32}$/);
  expect(openInstallationKey(dataDir).derive('x')).toBe(made);
  expect(statSync(keyFile(dataDir)).mode & 0o777).toBe(0o600);
  expect(statSync(join(dataDir, 'keys')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(dataDir, 'keys'))).toEqual(['installation.key']);
});

test('a key that is stored takes the place of the one that was there', () => {
  const dataDir = join(folder, 'two');
  openInstallationKey(dataDir);
  const key = Buffer.alloc(32, 9);
  storeKey(dataDir, key);
  expect(openInstallationKey(dataDir).derive('x')).toBe(installationKey(key).derive('x'));
});

test('processes that make it at once all go on with the one that is kept', async () => {
  const dataDir = join(folder, 'three');
  const script = `
    const { openInstallationKey } = await import(${JSON.stringify(join(import.meta.dirname, 'secrets.ts'))});
    process.stdin.once('data', () => {
      process.stdout.write(openInstallationKey(${JSON.stringify(dataDir)}).derive('x'));
      process.stdin.destroy();
    });
    process.stdout.write(' ');`;
  const children = Array.from({ length: 8 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script]),
  );
  await Promise.all(children.map((each) => once(each.stdout, 'data')));
  const derived = await Promise.all(
    children.map(async (each) => {
      each.stdin.write('go');
      const [bytes] = await once(each.stdout, 'data');
      await once(each, 'close');
      return String(bytes);
    }),
  );
  const kept = installationKey(Buffer.from(readFileSync(keyFile(dataDir), 'utf8'), 'base64'));
  expect(new Set(derived)).toEqual(new Set([kept.derive('x')]));
});
