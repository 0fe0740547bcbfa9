import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatError } from '../format-error.ts';
import { withSourcePlaces } from './source-places.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'places-'));
  // Line 1, column 1 is line 5, column 3 of the source: zero-based VLQ of (0, 0, 4, 2).
  const map = { version: 3, sources: ['../src/made.ts'], names: [], mappings: 'AAIE' };
  writeFileSync(join(folder, 'made.js.map'), JSON.stringify(map));
  writeFileSync(join(folder, 'broken.js.map'), '{');
});
afterAll(() => rmSync(folder, { recursive: true }));

const place = (file: string) => pathToFileURL(join(folder, file)).href;
const source = () => new URL('../src/made.ts', place('made.js')).href;

test('a place of a built file becomes that of its source', () => {
  const stack = `Error: no\n    at work (${place('made.js')}:1:1)\n    at ${place('made.js')}:1:1`;
  expect(withSourcePlaces(stack)).toBe(
    `Error: no\n    at work (${source()}:5:3)\n    at ${source()}:5:3`,
  );
});

test('a place without a map, or with a broken one, stays', () => {
  for (const file of ['other.js', 'broken.js', 'node_modules/made.js', 'made.ts'])
    expect(withSourcePlaces(`at ${place(file)}:1:1`)).toBe(`at ${place(file)}:1:1`);
});

test('a log says where in the sources an error was', () => {
  const error = new Error('no');
  error.stack = `Error: no\n    at work (${place('made.js')}:1:1)`;
  expect(formatError(error).at).toBe(`at work (${source()}:5:3)`);
});
