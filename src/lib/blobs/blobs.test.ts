import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { diskBlobs } from './disk.ts';
import { s3Blobs } from './s3.ts';
import { type Moto, NO_MOTO, openMoto } from './testing/moto.ts';
import { BEGINNING, silentStore } from './testing/silent.ts';
import { type Blobs, NoBlobs } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'finestreta-blobs-'));
let moto: Moto;
const stores: [string, () => Blobs, string | null][] = [
  ['a disk', () => diskBlobs(join(folder, 'documents')), null],
  ['a store that speaks S3', () => s3Blobs(moto.settings), NO_MOTO],
];

beforeAll(async () => {
  if (!NO_MOTO) moto = await openMoto();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await moto?.[Symbol.asyncDispose]();
});

describe.each(stores)('%s', (_, open, lacks) => {
  const all = async (blobs: Blobs) => (await Array.fromAsync(blobs.list())).sort();

  test.skipIf(lacks)('stores blobs, lists them, and removes them', async () => {
    const blobs = open();
    expect(await all(blobs)).toEqual([]);
    const kept = new Map([0, 1, 1_000_000].map((size) => [randomUUID(), randomBytes(size)]));
    for (const [name, bytes] of kept) await blobs.put(name, bytes);
    const again = open();
    expect(await all(again)).toEqual([...kept.keys()].sort());
    for (const [name, bytes] of kept) expect(bytes.equals((await again.get(name))!)).toBe(true);
    expect(await again.get(randomUUID())).toBeNull();
    const [first, ...rest] = kept.keys();
    await again.remove([first!, randomUUID()]);
    expect(await all(again)).toEqual(rest.sort());
    expect(await again.get(first!)).toBeNull();
    await again.remove(rest);
    await again.remove([]);
    expect(await all(again)).toEqual([]);
  });

  test.skipIf(lacks)('lists more of them than one answer holds, and removes them', async () => {
    const blobs = open();
    const names = Array.from({ length: 1_050 }, () => randomUUID()).sort();
    for (let at = 0; at < names.length; at += 50)
      await Promise.all(names.slice(at, at + 50).map((each) => blobs.put(each, Buffer.from('x'))));
    expect(await all(blobs)).toEqual(names);
    await blobs.remove(names);
    expect(await all(blobs)).toEqual([]);
  });
});

test('a store that takes what it is sent and says nothing counts as away, after it was asked twice', async () => {
  await using store = await silentStore();
  const blobs = s3Blobs(store.settings, 100);
  await expect(blobs.get('x')).rejects.toThrow(NoBlobs);
  expect(store.connections()).toBe(2);
  await expect(blobs.put('x', randomBytes(1e6))).rejects.toThrow(NoBlobs);
});

test('so does one that stops in the middle of an answer', async () => {
  await using store = await silentStore(BEGINNING);
  await expect(s3Blobs(store.settings, 100).get('x')).rejects.toThrow(NoBlobs);
});

describe('a disk', () => {
  test('lets only its owner read its files, unfinished ones of a crash included', async () => {
    const own = join(folder, 'own');
    const blobs = diskBlobs(own);
    const name = randomUUID();
    await blobs.put(name, Buffer.from('x'));
    const shard = join(own, name.slice(0, 2));
    expect(statSync(shard).mode & 0o777).toBe(0o700);
    expect(statSync(join(shard, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(shard)).toEqual([name]);
    writeFileSync(join(shard, `${name}.unfinished`), 'half');
    const found = await Array.fromAsync(blobs.list());
    expect(found.sort()).toEqual([name, `${name}.unfinished`]);
    await blobs.remove(found);
    expect(readdirSync(shard)).toEqual([]);
  });

  test('that can’t be written reports it', async () => {
    writeFileSync(join(folder, 'file'), '');
    const refused = diskBlobs(join(folder, 'file')).put(randomUUID(), Buffer.from('x'));
    await expect(refused).rejects.toMatchObject({ name: 'NoBlobs', why: 'away' });
  });

  const small = join(folder, 'small');
  const isMounted = mountSmall(small);
  test.skipIf(!isMounted)('that is full reports it, and keeps no partial file', async () => {
    try {
      const blobs = diskBlobs(small);
      const refused = blobs.put(randomUUID(), randomBytes(1_000_000));
      await expect(refused).rejects.toMatchObject({ name: 'NoBlobs', why: 'full' });
      expect(await Array.fromAsync(blobs.list())).toEqual([]);
      const fits = randomUUID();
      await blobs.put(fits, randomBytes(1_000));
      expect(await Array.fromAsync(blobs.list())).toEqual([fits]);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});

test('a library that could not be loaded once is loaded the next time', async () => {
  await using store = await silentStore();
  vi.doMock('@aws-sdk/client-s3', () => {
    throw new Error('too many open files');
  });
  const blobs = s3Blobs(store.settings, 100);
  await expect(blobs.get('x')).rejects.toThrow(NoBlobs);
  expect(store.connections()).toBe(0);
  vi.doUnmock('@aws-sdk/client-s3');
  await expect(blobs.get('x')).rejects.toThrow(NoBlobs);
  expect(store.connections()).toBe(2);
});

test('an unreachable store reports it', async () => {
  const settings = {
    ...{ endpoint: 'http://127.0.0.1:9', region: 'us-east-1', bucket: 'documents' },
    ...{ accessKey: 'key', secretKey: 'secret' },
  };
  const refused = s3Blobs(settings).put(randomUUID(), Buffer.from('x'));
  await expect(refused).rejects.toMatchObject({ why: 'away' });
});

/** Mounts a disk of 256 kB at this folder; returns whether this user may do so. */
function mountSmall(at: string): boolean {
  mkdirSync(at);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', at]).status === 0;
}
