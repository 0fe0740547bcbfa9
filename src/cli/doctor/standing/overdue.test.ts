import { expect, test } from 'vitest';
import type { JobRun } from '../../../features/insight/operating/types.ts';
import { aboutOverdue, type Overdue } from './overdue.ts';

const failedAt = Temporal.Instant.from('2026-11-30T09:00:00Z');
const job: JobRun = { what: 'to back up', ranAt: null, failedAt, failures: 2, trouble: 'ENOSPC' };

test.each<[Overdue[], JobRun[], string[], string]>([
  [[], [], [], ''],
  [[{ office: 'oac', rows: 0 }], [job], ['right'], 'No personal data is kept for longer'],
  [[{ office: 'oac', rows: 7 }], [], ['warning'], 'oac keeps personal data of 7 appointments'],
  [[], [{ ...job, failures: 3 }], ['warning'], 'to back up: 3 times since it last worked'],
])('what was not destroyed: %j, %j', (overdue, jobs, states, words) => {
  const findings = aboutOverdue(overdue, jobs);
  expect(findings.map(({ state }) => state)).toEqual(states);
  expect(findings.map((each) => each.words).join()).toContain(words);
});
