import { expect, test } from 'vitest';
import { run, testFolder } from '../seal/testing.ts';
import { type ZipEntry, zipOf } from './zip.ts';

const NOW = Temporal.Instant.from('2026-12-01T09:00:00Z');

const entry = (name: string, ...parts: (string | Buffer)[]): ZipEntry => ({
  name,
  read: async function* () {
    for (const part of parts) yield Buffer.from(part);
  },
});

/** Takes an archive apart by another program, which checks its sums. Returns its files. */
function takenApart(bytes: Buffer): string[] {
  using folder = testFolder();
  const script =
    'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
    'for i in z.infolist(): print(i.filename, z.read(i).hex())';
  const path = folder.at('all.zip', bytes);
  return run('python3', '-c', script, path).trim().split('\n');
}

test('what is put together is what another program takes out, whatever the pieces in which it came', async () => {
  const entries = [
    entry('carpeta.json', '{"a":', '1}'),
    entry('bag/data/Plànol ñ.bin', Buffer.from([0, 255, 10, 13, 0])),
    entry('documents/Còpia.pdf', ''),
    entry('b'),
  ];
  const bytes = Buffer.concat(await Array.fromAsync(zipOf(entries, NOW)));
  expect(takenApart(bytes).map((line) => line.trim())).toEqual([
    `carpeta.json ${Buffer.from('{"a":1}').toString('hex')}`,
    'bag/data/Plànol ñ.bin 00ff0a0d00',
    'documents/Còpia.pdf',
    'b',
  ]);
});

test('an archive of nothing is one', async () => {
  const bytes = Buffer.concat(await Array.fromAsync(zipOf([], NOW)));
  expect(bytes.subarray(0, 4).toString('hex')).toBe('504b0506');
});

test('an archive is sent while its files are read', async () => {
  let read = 0;
  const slow: ZipEntry = {
    name: 'a',
    read: async function* () {
      for (; read < 3; read++) yield Buffer.alloc(10);
    },
  };
  const parts = zipOf([slow], NOW)[Symbol.asyncIterator]();
  await parts.next();
  expect(read).toBe(0);
});
