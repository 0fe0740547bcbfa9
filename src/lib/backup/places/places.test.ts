import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Moto, NO_MOTO, openMoto } from '../../blobs/testing/moto.ts';
import { BEGINNING, silentStore } from '../../blobs/testing/silent.ts';
import { BackupError } from '../format.ts';
import { diskPlace } from './disk.ts';
import { s3Place } from './s3.ts';
import type { BackupPlace } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'finestreta-places-'));
let moto: Moto;
const places: [string, () => BackupPlace, string | null][] = [
  ['a folder', () => diskPlace(join(folder, 'backups')), null],
  ['a bucket', () => s3Place(moto.settings), NO_MOTO],
];

beforeAll(async () => {
  if (!NO_MOTO) moto = await openMoto();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await moto?.[Symbol.asyncDispose]();
});

async function* chunks(...all: Uint8Array[]) {
  yield* all;
}

const readAll = async (place: BackupPlace, name: string) =>
  Buffer.concat(await Array.fromAsync(place.read(name).open()));

describe.each(places)('%s', (_, open, lacks) => {
  test.skipIf(lacks)('keeps files larger than a part, lists them, and removes them', async () => {
    const place = open();
    expect(await place.list()).toEqual([]);
    const half = Buffer.alloc(10_000_000, 'a');
    await place.write('one', chunks(half, half));
    await place.write('two', chunks(Buffer.from('b')));
    const found = (await open().list()).sort((a, b) => a.name.localeCompare(b.name));
    expect(found).toEqual([
      { name: 'one', bytes: 20_000_000 },
      { name: 'two', bytes: 1 },
    ]);
    expect((await readAll(place, 'one')).equals(Buffer.concat([half, half]))).toBe(true);
    await place.remove(['one', 'gone', 'two']);
    expect(await place.list()).toEqual([]);
  });

  test.skipIf(lacks)('has nothing of a file whose writing failed', async () => {
    const place = open();
    async function* broken(error = new Error('The database went away')) {
      yield Buffer.alloc(17_000_000);
      throw error;
    }
    const code = { code: 'ECONNRESET' };
    const refused = place.write('half', broken(Object.assign(new Error('read ECONNRESET'), code)));
    // Of the database, and not of the place.
    await expect(refused).rejects.toThrow(/^read ECONNRESET$/);
    await expect(place.write('half', broken())).rejects.toThrow('The database went away');
    expect(await place.list()).toEqual([]);
  });
});

test('a folder: only its owner reads the files; what a killed writer left is removed, and nothing else', async () => {
  const own = join(folder, 'own');
  const place = diskPlace(own);
  await place.write('ours', chunks(Buffer.from('x')));
  expect(statSync(own).mode & 0o777).toBe(0o700);
  expect(statSync(join(own, 'ours')).mode & 0o777).toBe(0o600);
  writeFileSync(join(own, 'ours2.unfinished'), 'half');
  writeFileSync(join(own, 'another.unfinished'), 'half');
  await place.tidy((name) => name.startsWith('ours'));
  expect(readdirSync(own).sort()).toEqual(['another.unfinished', 'ours']);
});

test('a folder whose disk is not mounted is refused, and not made', async () => {
  const place = diskPlace(join(folder, 'not-mounted', 'backups'));
  const refused = place.write('one', chunks(Buffer.from('x')));
  await expect(refused).rejects.toThrow('is its disk mounted?');
  expect(existsSync(join(folder, 'not-mounted'))).toBe(false);
});

test.skipIf(process.getuid?.() === 0)('a folder without a right to it says so', async () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  await expect(diskPlace(closed).write('one', chunks(Buffer.from('x')))).rejects.toThrow(
    'no right',
  );
});

test('a store that is away says so, without its password', async () => {
  const settings = {
    ...{ endpoint: 'http://127.0.0.1:9', region: 'us-east-1', bucket: 'backups' },
    ...{ accessKey: 'key', secretKey: 'secret-of-the-store' },
  };
  const refused = s3Place(settings).list();
  await expect(refused).rejects.toBeInstanceOf(BackupError);
  await expect(refused).rejects.not.toThrow('secret-of-the-store');
});

test.each([
  ['says nothing', ''],
  ['stops in the middle', BEGINNING],
])('a restore ends when the store %s', async (_, answer) => {
  await using store = await silentStore(answer);
  await expect(readAll(s3Place(store.settings, 100), 'x')).rejects.toBeInstanceOf(BackupError);
});

test.skipIf(NO_MOTO)('a restore may take its time over what it read', async () => {
  const silentMs = 100;
  const place = s3Place(moto.settings, silentMs);
  await s3Place(moto.settings).write('slowly', chunks(Buffer.alloc(8_000_000)));
  // Only the reader takes time, however busy the machine is.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let bytes = 0;
    for await (const chunk of place.read('slowly').open()) {
      if (bytes === 0) await vi.advanceTimersByTimeAsync(3 * silentMs);
      bytes += chunk.length;
    }
    expect(bytes).toBe(8_000_000);
  } finally {
    vi.useRealTimers();
  }
});
