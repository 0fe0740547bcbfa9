import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ACTIONS } from './actions.ts';

test('no two areas name the same action', () => {
  const folder = join(import.meta.dirname, 'actions');
  const names = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^ {2}(\w+): \{/gm)].map(
      ([, name]) => name,
    ),
  );
  expect(names.toSorted()).toEqual(
    Object.keys(ACTIONS)
      .filter((each) => each !== 'trail_read')
      .toSorted(),
  );
});
