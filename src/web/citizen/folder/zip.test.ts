import { expect, test } from 'vitest';
import { filesIn } from './testing.ts';
import { type ZipEntry, zipOf } from './zip.ts';

const NOW = Temporal.Instant.from('2026-12-01T09:00:00Z');

const entry = (name: string, ...parts: string[]): ZipEntry => ({
  name,
  read: async function* () {
    for (const part of parts) yield Buffer.from(part);
  },
});

test('an archive has the files, whatever the pieces in which they came', async () => {
  const entries = [
    entry('carpeta.json', '{"a":', '1}'),
    entry('documents/Còpia.pdf', ''),
    entry('b'),
  ];
  const bytes = Buffer.concat(await Array.fromAsync(zipOf(entries, NOW)));
  expect(await filesIn(bytes)).toEqual({
    'carpeta.json': '{"a":1}',
    'documents/Còpia.pdf': '',
    b: '',
  });
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
