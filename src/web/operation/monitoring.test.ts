import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MEASURES } from '../../features/insight/operating/rules.ts';
import { SECURITY_EVENTS } from '../../lib/security-events.ts';
import { ROOT } from '../../paths.ts';
import { TOWNS_OVERDUE } from '../../tenants/outside.ts';
import { REQUEST_SECONDS, SECURITY_EVENTS_TOTAL } from './health.ts';

const FOLDER = join(ROOT, 'deploy', 'monitoring');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const KNOWN = new Set<string>([
  ...MEASURES.map(({ name }) => name),
  SECURITY_EVENTS_TOTAL,
  TOWNS_OVERDUE,
  ...['_count', '_bucket', '_sum'].map((end) => `${REQUEST_SECONDS}${end}`),
]);

test.each(['alerts.yml', 'alerts.test.yml', 'dashboard.json'])(
  '%s uses only metrics that the program has',
  (file) => {
    const used = read(file).match(/finestreta_\w+/g) ?? [];
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !KNOWN.has(name))).toEqual([]);
  },
);

test('alerts and dashboard show each measure, and name events that there are', () => {
  const all = read('alerts.yml') + read('dashboard.json');
  // These two say what they are about by themselves.
  const others = new Set<string>([
    'finestreta_calendars_failing',
    'finestreta_drill_last_success_timestamp_seconds',
  ]);
  const unused = MEASURES.map(({ name }) => name).filter((name) => !all.includes(name));
  expect(unused.filter((name) => !others.has(name))).toEqual([]);
  const events = [...read('alerts.yml').matchAll(/event="([^"]+)"/g)].map(([, event]) => event);
  expect(events.filter((event) => !Object.hasOwn(SECURITY_EVENTS, event ?? ''))).toEqual([]);
});

test('the dashboard is what Grafana imports: panels with ids of their own, inside its 24 columns', () => {
  const { panels, uid } = JSON.parse(read('dashboard.json'));
  expect(uid).toBe('finestreta');
  expect(new Set(panels.map((each: { id: number }) => each.id)).size).toBe(panels.length);
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
});

const PROMTOOL = '/usr/bin/promtool';

test.skipIf(!existsSync(PROMTOOL))('promtool finds the rules right, and their tests pass', () => {
  for (const words of [
    ['check', 'rules', 'alerts.yml'],
    ['test', 'rules', 'alerts.test.yml'],
  ]) {
    const { status, stdout, stderr } = spawnSync(PROMTOOL, words, {
      cwd: FOLDER,
      encoding: 'utf8',
    });
    expect({ words, status, said: stdout + stderr }).toMatchObject({ status: 0 });
  }
});
