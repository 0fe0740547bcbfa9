import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arOf } from './deb.ts';
import { complete, entriesUnder, folder, link, textFile } from './entries.ts';
import { sha256Of, writeChunks } from './files.ts';
import { tarOf } from './tar.ts';

const TIME = 1_790_000_000;
let work = '';
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'finestreta-archives-'));
});
afterEach(() => rmSync(work, { recursive: true }));

const LONG = `${'folder/'.repeat(20)}file-ü.txt`;
const ENTRIES = [
  textFile('b/run', '#!/bin/sh\n', 0o755),
  textFile(LONG, 'x'.repeat(1000)),
  link('a', `b/${'long/'.repeat(30)}target`),
  { ...folder('data', 0o750), owner: 60_999 },
];

describe('a tar archive', () => {
  test("is what the system's tar reads", async () => {
    const file = join(work, 'a.tar.gz');
    await writeChunks(file, tarOf(ENTRIES, { time: TIME, prefix: './' }), 'gzip');
    const listed = execFileSync('tar', ['-tvzf', file, '--full-time', '--utc', '--numeric-owner'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    });
    const lines = listed.trim().split('\n');
    expect(lines[0]).toMatch(/^lrwxrwxrwx 0\/0 +0 2026-09-21 14:13:20 \.\/a -> b\/long\/.*target$/);
    expect(lines[1]).toMatch(/^drwxr-xr-x 0\/0 +0 2026-09-21 14:13:20 \.\/b\/$/);
    expect(lines[2]).toMatch(/^-rwxr-xr-x 0\/0 +10 .* \.\/b\/run$/);
    expect(lines[3]).toMatch(/^drwxr-x--- 60999\/60999 .* \.\/data\/$/);
    expect(lines.at(-1)).toMatch(/^-rw-r--r-- 0\/0 +1000 /);
    const text = execFileSync('tar', ['-xOzf', file, `./${LONG}`], { encoding: 'utf8' });
    expect(text).toBe('x'.repeat(1000));
  });

  test('has the same bytes whatever the order of its entries', async () => {
    const sums = [];
    for (const entries of [ENTRIES, [...ENTRIES].reverse()]) {
      const file = join(work, 'same.tar.gz');
      await writeChunks(file, tarOf(entries, { time: TIME }), 'gzip');
      sums.push(await sha256Of(file));
    }
    expect(sums[0]).toBe(sums[1]);
  });

  test('refuses a path that is there twice', () => {
    expect(() => complete([textFile('a', ''), textFile('a', '')])).toThrow('twice');
  });
});

test('files of the disk lose the umask of the person who made them', () => {
  mkdirSync(join(work, 'in', 'skipped'), { recursive: true });
  writeFileSync(join(work, 'in', 'skipped', 'x'), '');
  writeFileSync(join(work, 'in', 'plain'), 'p', { mode: 0o600 });
  writeFileSync(join(work, 'in', 'program'), 'p', { mode: 0o700 });
  symlinkSync('plain', join(work, 'in', 'link'));
  const found = entriesUnder(join(work, 'in'), 'in', (path) => !path.endsWith('/skipped'));
  expect(Object.fromEntries(found.map(({ path, mode }) => [path, mode.toString(8)]))).toEqual({
    'in/link': '777',
    'in/plain': '644',
    'in/program': '755',
  });
});

test('an archive of ar is what the program ar reads, with members of odd lengths', () => {
  const archive = arOf(TIME, [
    ['debian-binary', Buffer.from('2.0\n')],
    ['odd', Buffer.from('123')],
    ['even', Buffer.from('1234')],
  ]);
  expect(archive.length % 2).toBe(0);
  expect(archive.subarray(0, 8).toString()).toBe('!<arch>\n');
  // Each header begins at an even place and ends by its mark.
  expect(archive.subarray(8 + 58, 8 + 60).toString()).toBe('`\n');
  expect(archive.subarray(8 + 60 + 4, 8 + 60 + 4 + 16).toString()).toBe('odd'.padEnd(16));
  expect(archive.subarray(8 + 2 * 60 + 8, 8 + 2 * 60 + 8 + 16).toString()).toBe('even'.padEnd(16));
});
