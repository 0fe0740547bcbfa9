import { expect, test } from 'vitest';
import { compareVersions, latestOf } from './versions.ts';

test('versions are compared by number, and development versions as what they lead to', () => {
  expect(compareVersions('0.9.0', '0.10.0')).toBeLessThan(0);
  expect(compareVersions('1.0.0', '0.99.99')).toBeGreaterThan(0);
  expect(compareVersions('0.2.0-dev.20261130T054100.gabc1234', '0.2.0')).toBe(0);
  expect(latestOf(['0.2.0', '0.10.0', '0.9.9'])).toBe('0.10.0');
  expect(latestOf([])).toBeNull();
});
