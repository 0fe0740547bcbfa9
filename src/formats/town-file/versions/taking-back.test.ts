import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomOffice } from '../testing.ts';
import type { Writing } from '../writing/written.ts';
import { changesIn } from './changes.ts';
import { applied, differenceOf } from './difference.ts';
import { type Leaves, leavesOf, writtenFrom } from './leaves.ts';
import { takenBack } from './taking-back.ts';

const themes = (all: Record<string, object>) => leavesOf({ themes: all });
const named = (...codes: string[]) =>
  themes(Object.fromEntries(codes.map((each) => [each, { name: { ca: each } }])));

/** Takes the change at a path back that led from the first declaration to the second, in the third. */
function after(path: string, [before, then, leaves]: [Leaves, Leaves, Leaves]): Writing {
  const difference = differenceOf(before, then);
  const change = changesIn(difference).find((each) => each.path === path);
  const back = takenBack(difference, change?.paths ?? [], { leaves, then });
  return writtenFrom(applied(leaves, back ?? []));
}
const codesAfter = (path: string, all: [Leaves, Leaves, Leaves]) =>
  Object.keys((after(path, all).themes ?? {}) as Writing);

test('an added thing goes whole, with the texts that it has gained since', () => {
  const [before, then] = [named('a'), named('a', 'b')];
  const now = themes({ a: { name: { ca: 'a' } }, b: { name: { ca: 'b', es: 'be' }, note: 'n' } });
  expect(after('themes.b', [before, then, now])).toEqual(writtenFrom(before));
});

test('an added or a removed thing leaves the others in their present order', () => {
  const [two, three] = [named('a', 'c'), named('a', 'b', 'c')];
  expect(codesAfter('themes.b', [two, three, named('d', 'c', 'b', 'a')])).toEqual(['d', 'c', 'a']);
  // It comes back behind the nearest one that it came after, or else in front.
  expect(codesAfter('themes.b', [three, two, named('c', 'a', 'd')])).toEqual(['c', 'a', 'b', 'd']);
  expect(codesAfter('themes.b', [three, two, named('d', 'c')])).toEqual(['b', 'd', 'c']);
});

test('of two things that were added together, one goes alone', () => {
  const [before, then] = [named('z'), named('x', 'z', 'y')];
  expect(codesAfter('themes.x', [before, then, then])).toEqual(['z', 'y']);
});

test('a thing that was removed and added anew comes back as it was', () => {
  const now = themes({ a: { name: { ca: 'a' } }, b: { name: { ca: 'nou', es: 'nuevo' } } });
  const before = named('a', 'b');
  expect(after('themes.b', [before, named('a'), now])).toEqual(writtenFrom(before));
});

test('what belonged to a thing that is gone stays gone', () => {
  const procedure = (name: string, ...documents: string[]) => ({
    name: { ca: name },
    documents: documents.map((code) => ({ code, name: { ca: code } })),
  });
  const office = (one: object | null) =>
    leavesOf({ procedures: { ...(one && { p: one }), q: procedure('q') } });
  const gone = office(null);
  const steps: [string, object, object][] = [
    ['procedures.p.name.ca', procedure('p'), procedure('P')],
    ['procedures.p.documents.x', procedure('p', 'y'), procedure('p', 'y', 'x')],
    ['procedures.p.documents.x', procedure('p', 'y', 'x'), procedure('p', 'y')],
    ['procedures.p.documents', procedure('p', 'y', 'x'), procedure('p', 'x', 'y')],
  ];
  for (const [path, before, then] of steps)
    expect(after(path, [office(before), office(then), gone])).toEqual(writtenFrom(gone));
});

test('every change taken back at once gives the declaration before, whatever the order of its things', () => {
  fc.assert(
    fc.property(fc.tuple(randomOffice, randomOffice), ([one, other]) => {
      const [before, then] = [leavesOf(one), leavesOf(other)];
      const difference = differenceOf(before, then);
      const paths = difference.map(({ path }) => path);
      const back = takenBack(difference, paths, { leaves: then, then });
      expect(writtenFrom(applied(then, back ?? []))).toEqual(writtenFrom(before));
    }),
  );
});

test('a part of an added thing is no change, and neither is an unknown path', () => {
  const [before, then] = [named('a'), named('a', 'b')];
  const difference = differenceOf(before, then);
  for (const paths of [['themes.b.name.ca'], ['themes.z']])
    expect(takenBack(difference, paths, { leaves: then, then })).toBeNull();
});
