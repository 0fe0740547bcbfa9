import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { memoryBlobs } from '../../lib/blobs/testing/memory.ts';
import { NoBlobs } from '../../lib/blobs/types.ts';
import { aboutDocuments, aboutPlace } from './documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'finestreta-doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));
const about = async (change: Partial<ReturnType<typeof memoryBlobs>>) => {
  const blobs = memoryBlobs();
  const { state, words } = await aboutPlace({ ...blobs, ...change }, 'the bucket', 'Mend it.');
  return { said: `${state}: ${words}`, left: blobs.all.size };
};
const away = async () => {
  throw new NoBlobs('away', Object.assign(new Error(), { code: 'AccessDenied' }));
};

test('a file is written to the store of documents, read, and removed again', async () => {
  expect(await about({})).toEqual({ said: expect.stringMatching(/^right: /), left: 0 });
});

test('a failure of the store is reported with its reason', async () => {
  expect((await about({ put: away })).said).toMatch(/^wrong: .*written to: .*AccessDenied/);
  expect((await about({ get: away })).said).toMatch(/^wrong: .*read from: .*AccessDenied/);
  expect((await about({ remove: away })).said).toMatch(/^wrong: .*removed from: .*AccessDenied/);
  expect((await about({ get: async () => Buffer.alloc(32) })).said).toMatch(/^wrong: .*else/);
  expect((await about({ remove: async () => {} })).said).toMatch(/^warning: .*still gives/);
});

test('a data folder stays unchanged; one that is not a folder is wrong', async () => {
  const print = async () => (await aboutDocuments({ s3: null, dataDir: folder })).state;
  expect(await print()).toBe('right');
  expect(readdirSync(folder)).toEqual([]);
  mkdirSync(join(folder, 'documents'));
  expect(await print()).toBe('right');
  expect(readdirSync(join(folder, 'documents'))).toEqual([]);
  rmSync(join(folder, 'documents'), { recursive: true });
  writeFileSync(join(folder, 'documents'), '');
  expect(await print()).toBe('wrong');
});
