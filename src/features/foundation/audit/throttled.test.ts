import { expect, test } from 'vitest';
import { createThrottledAudit } from './throttled.ts';

const at = (minute: number) =>
  Temporal.Instant.from('2026-11-30T08:00:00Z').add({ minutes: minute });

test('a look is recorded again after a quarter of an hour, each thing for itself', async () => {
  const throttledAudit = createThrottledAudit();
  const look = (what: string, minute: number) =>
    throttledAudit.look(what, at(minute), async (isToRecord) => isToRecord);
  expect(await look('staff:7 1 2026-11-30', 0)).toBe(true);
  expect(await look('staff:7 1 2026-11-30', 14)).toBe(false);
  expect(await look('staff:8 1 2026-11-30', 14)).toBe(true);
  expect(await look('staff:7 1 2026-12-01', 14)).toBe(true);
  expect(await look('staff:7 1 2026-11-30', 15)).toBe(true);
});

test('a look that failed is recorded the next time', async () => {
  const throttledAudit = createThrottledAudit();
  const failing = throttledAudit.look('x', at(0), () => Promise.reject(new Error('away')));
  await expect(failing).rejects.toThrow('away');
  expect(await throttledAudit.look('x', at(1), async (isToRecord) => isToRecord)).toBe(true);
});

test('a look in a unit of work is remembered only after the commit', async () => {
  const throttledAudit = createThrottledAudit();
  const looked: number[] = [];
  const look = async (minute: number, commits: boolean) => {
    const after: (() => void)[] = [];
    const unit = { now: at(minute), afterCommit: (work: () => void) => void after.push(work) };
    await throttledAudit.within(unit, 'x', async () => void looked.push(minute));
    if (commits) for (const each of after) each();
  };
  await look(0, false);
  await look(1, true);
  await look(2, true);
  await look(16, true);
  expect(looked).toEqual([0, 1, 16]);
});
