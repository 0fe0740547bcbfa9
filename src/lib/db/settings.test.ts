import { expect, test } from 'vitest';
import { withSettings } from './database.ts';

test('a connection hears warnings, whatever its address asks for: a commit that no standby confirms is known by one', () => {
  const { options } = withSettings({ options: '-c client_min_messages=error' });
  // PostgreSQL takes the last of two.
  expect(options?.match(/client_min_messages=\S+/g)?.at(-1)).toBe('client_min_messages=warning');
});
