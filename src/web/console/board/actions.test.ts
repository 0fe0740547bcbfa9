import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ACTION_NAMES, isAction } from '../../../features/foundation/preferences/rules.ts';

const pages = globSync('src/web/console/**/*.{ts,tsx}')
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => readFileSync(path, 'utf8'));

test('every action marked on a page is in the list of actions', () => {
  const marked = pages.flatMap((text) =>
    [...text.matchAll(/data-action="([^"]+)"/g)].map(([, name = '']) => name),
  );
  expect(marked.length).toBeGreaterThan(10);
  expect(marked.filter((name) => !isAction(name))).toEqual([]);
});

test('every action in the list is on some page', () => {
  // Marked under their own names.
  const outcomes = ['no_answer', 'busy', 'voicemail', 'wrong_number', 'rejected'];
  const named = [...outcomes, 'available', 'break', 'away'];
  const idle = ACTION_NAMES.filter(
    (name) =>
      !named.includes(name) &&
      !pages.some((text) => text.includes(`action="${name}"`) || text.includes(`'${name}'`)),
  );
  expect(idle).toEqual([]);
});
