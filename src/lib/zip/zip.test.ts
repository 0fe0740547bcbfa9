import { expect, test } from 'vitest';
import { run, testFolder } from '../seal/testing.ts';
import { zipOf } from './zip.ts';

const AT = Temporal.PlainDateTime.from('2026-11-30T09:30:14');

test('what is put together is what another program takes out, byte by byte', () => {
  using folder = testFolder();
  const entries = [
    { path: 'bag/bagit.txt', bytes: Buffer.from('BagIt-Version: 1.0\n') },
    { path: 'bag/data/Plànol ñ.bin', bytes: Buffer.from([0, 255, 10, 13, 0]) },
    { path: 'bag/data/empty', bytes: Buffer.alloc(0) },
  ];
  const path = folder.at('bag.zip', zipOf(entries, AT));
  const script =
    'import sys,zipfile,hashlib\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
    'for i in z.infolist(): print(i.filename, z.read(i).hex(), i.date_time)';
  const lines = run('python3', '-c', script, path).trim().split('\n');
  expect(lines).toEqual(
    entries.map(({ path: name, bytes }) => {
      return `${name} ${bytes.toString('hex')} (2026, 11, 30, 9, 30, 14)`;
    }),
  );
});

test('an archive of nothing is one', () => {
  expect(zipOf([], AT).subarray(0, 4).toString('hex')).toBe('504b0506');
});
