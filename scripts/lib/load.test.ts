import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { isCompiled, load } from './load.mjs';

const folder = mkdtempSync(join(tmpdir(), 'finestreta-load-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a program runs with what was compiled, and without it where either was changed or cut off', () => {
  const file = join(folder, 'program.js');
  const url = pathToFileURL(file).href;
  const text = '(function (exports) { exports.answer = () => "first"; })';
  writeFileSync(file, text);
  const own = join(import.meta.dirname, 'load.mjs');
  const { stderr } = spawnSync(process.execPath, [own, file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const compiled = `${file}.${process.arch}.compiled`;
  const whole = readFileSync(compiled);
  expect(isCompiled(url)).toBe(true);
  expect(load(url).answer()).toBe('first');
  const damaged = Buffer.from(whole);
  damaged[whole.length >> 1]! ^= 1;
  for (const bytes of [damaged, whole.subarray(0, -9), Buffer.alloc(0)]) {
    writeFileSync(compiled, bytes);
    expect(isCompiled(url)).toBe(false);
    expect(load(url).answer()).toBe('first');
  }
  writeFileSync(compiled, whole);
  writeFileSync(file, text.replace('first', 'other'));
  expect(load(url).answer()).toBe('other');
});
