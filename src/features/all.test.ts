import { expect, test } from 'vitest';
import { FEATURES } from './all.ts';
import type { Feature } from './feature.ts';
import { ACTIONS } from './foundation/audit/actions.ts';

const features: readonly Feature<never, never>[] = FEATURES;

test('features have names of their own', () => {
  const names = features.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('every action of the audit trail is recorded by a feature', () => {
  const recorded = new Set(features.flatMap(({ auditActions }) => auditActions ?? []));
  expect(Object.keys(ACTIONS).filter((each) => !recorded.has(each as never))).toEqual([]);
});

test('jobs say what they do in words of their own, and rest no longer than they wait', () => {
  const jobs = features.flatMap((each) => each.jobs ?? []);
  expect(new Set(jobs.map(({ what }) => what)).size).toBe(jobs.length);
  for (const { everyMs, restMs = 0 } of jobs) expect(restMs).toBeLessThan(everyMs);
});

test.each(features)('each table of $name says what bounds it', ({ tables, growth = {} }) => {
  expect(Object.keys(growth)).toEqual(Object.keys(tables));
});
