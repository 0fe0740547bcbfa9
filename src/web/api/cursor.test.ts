import { expect, test } from 'vitest';
import { readCursor, writeCursor } from './cursor.ts';

const ID = '0198f3a0-0000-7000-8000-000000000000';
const coded = (text: string) => Buffer.from(text).toString('base64url');

test('a cursor leads back to where it was written', () => {
  const start = Temporal.Instant.from('2026-11-30T09:20:00Z');
  expect(readCursor(writeCursor({ start, id: ID }))).toEqual({ start: start.toString(), id: ID });
});

test.each([
  ...['', 'nonsense', `soon ${ID}`, '1796030400000 1'],
  // The years 5138 before and after, the first of which PostgreSQL can't read.
  ...[`-99999999999999 ${ID}`, `99999999999999 ${ID}`],
])('%j is none', (text) => {
  expect(readCursor(coded(text))).toBeNull();
});
