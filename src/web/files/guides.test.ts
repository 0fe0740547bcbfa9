import { expect, test } from 'vitest';
import { consoleGuide } from './guides.ts';

test.each([
  ['/console/oac', 'a-day-at-the-desk'],
  ['/console/oac?day=2026-12-01', 'a-day-at-the-desk'],
  ['/console/oac/appointment/5f0c?draft=1', 'calls'],
  ['/console/oac/rota/mine', 'shifts-and-figures'],
  ['/console/oac/admin/desks', 'first-steps'],
  ['/console/oac/admin/tokens', 'people-and-access'],
  ['/staff/operation', 'operating'],
  ['/staff/account', null],
  ['/console', null],
  ['/console/oac/constructor', null],
])('%s is explained by %s', (path, guide) => {
  expect(consoleGuide(path)).toBe(guide);
});
