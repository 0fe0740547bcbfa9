import { describe, expect, test } from 'vitest';
import { mergeRows } from './merge.ts';

/** `a` is an entry; `a2` is the entry `a` in another state. */
const entry = (text: string) => ({ id: text.slice(0, 1), mark: text, row: text });
const list = (text: string) => (text ? text.split(' ') : []).map(entry);
const merge = (shown: string, mine: string, theirs: string) => {
  const { rows, ...rest } = mergeRows(
    list(shown).map(({ id, mark }) => [id, mark] as const),
    list(mine),
    list(theirs),
  );
  return { rows: rows.join(' '), ...rest };
};

describe('of two changes of one list', () => {
  test.each([
    ['what each has put in is in it', 'a b', 'a b c', 'a b d', 'a b c d'],
    ['what I put in stands where I put it', 'a b', 'a c b', 'a b d', 'a c b d'],
    ['what they put in stands where they put it', 'a b', 'a b c', 'd a b', 'd a b c'],
    ['what they took out is gone', 'a b', 'a b c', 'a', 'a c'],
    ['what I took out is gone', 'a b', 'b', 'a b c', 'b c'],
    ['what each has changed is changed', 'a b c', 'a2 b c', 'a b c2', 'a2 b c2'],
    ['what they moved is moved', 'a b c', 'a b c d', 'c a b', 'c d a b'],
    ['what I moved is moved', 'a b c', 'c a b', 'a b c d', 'c d a b'],
    ['what both did is done once', 'a b', 'b c', 'b c', 'b c'],
    ['all is kept where all is new', '', 'a', 'b', 'a b'],
    ['nothing is left where each took out the rest', 'a b', 'a', 'b', ''],
  ])('%s', (_, shown, mine, theirs, rows) => {
    const merged = merge(shown, mine, theirs);
    expect(merged.rows).toBe(rows);
    expect(merged.both).toEqual([]);
  });

  test('reports the entries that only the other person added, changed or removed', () => {
    expect(merge('a b c', 'a b c d', 'a2 c e')).toMatchObject({
      added: ['a2', 'e'],
      removed: ['b'],
    });
  });

  test.each([
    ['each changed it', 'a b', 'a2 b', 'a3 b', 'a2 b', { theirs: 'a3', mine: 'a2' }],
    ['I changed what they took out', 'a b', 'a2 b', 'b', 'a2 b', { theirs: null, mine: 'a2' }],
    ['I took out what they changed', 'a b', 'b', 'a2 b', 'b', { theirs: 'a2', mine: null }],
    ['each put it in', 'b', 'a2 b', 'a3 b', 'a2 b', { theirs: 'a3', mine: 'a2' }],
  ])('mine wins, and both changes are reported: %s', (_, shown, mine, theirs, rows, both) => {
    expect(merge(shown, mine, theirs)).toEqual({ rows, added: [], removed: [], both: [both] });
  });
});
