import { expect, test } from 'vitest';
import type { RoomPage } from '../page.ts';
import { noteAway } from './away.ts';

const asked = { state: 'asked', level: 'high' } as const;
const page = (over: Partial<RoomPage>): RoomPage =>
  ({ side: 'citizen', identity: asked, isAway: false, ...over }) as RoomPage;

test('a citizen whose page is out of sight after they were asked is away, until it is back', () => {
  const theirs = page({});
  expect(noteAway(theirs, true)).toBe(true);
  expect(theirs.isAway).toBe(true);
  // They are identified meanwhile, and read that page.
  theirs.identity = { state: 'identified', level: null };
  expect(noteAway(theirs, true)).toBe(false);
  expect(noteAway(theirs, false)).toBe(true);
  expect(theirs.isAway).toBe(false);
});

test.each([
  ['nobody was asked', page({ identity: null })],
  ['it is done', page({ identity: { state: 'identified', level: null } })],
  ['it is the page of the agent', page({ side: 'agent' })],
])('nobody is away for another reason: %s', (_, other) => {
  expect(noteAway(other, true)).toBe(false);
});
