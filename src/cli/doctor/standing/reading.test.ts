import { expect, test } from 'vitest';
import type { StandbyState } from '../../../lib/db/reading/reading.ts';
import { aboutStandby } from './reading.ts';

const used: StandbyState = { asOf: null, behindSeconds: 2.4, isUsed: true, trouble: null };

test.each<[Partial<StandbyState>, string, string]>([
  [{}, 'right', 'is 2 s behind'],
  [{ trouble: 'away', behindSeconds: null }, 'warning', 'can’t be reached'],
  [{ trouble: 'behind', behindSeconds: 420 }, 'warning', 'is 7 minutes behind'],
  [{ trouble: 'behind', behindSeconds: null }, 'warning', 'nobody knows how far'],
  [{ trouble: 'foreign', behindSeconds: null }, 'wrong', 'a copy of another server'],
  [{ trouble: 'promoted', behindSeconds: null }, 'wrong', 'is no standby'],
])('doctor on a standby: %j', (state, kind, words) => {
  const finding = aboutStandby({ ...used, isUsed: state.trouble == null, ...state });
  expect(finding).toMatchObject({ state: kind, words: expect.stringContaining(words) });
});
