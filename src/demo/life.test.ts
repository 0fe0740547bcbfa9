import { expect, test, vi } from 'vitest';
import { movableClock } from '../lib/clock.ts';
import { beginLife } from './life.ts';

test('a database that dies at the beginning doesn’t keep a demo from being stopped', async () => {
  const away = vi.fn(() => Promise.reject(new Error('terminated')));
  const logged: string[] = [];
  const clock = movableClock();
  const context = {
    config: { dataDir: '/nowhere', clock: clock.now() },
    clock,
    log: { error: (_: object, words: string) => logged.push(words) },
    offices: { list: async () => [], areas: away, find: away },
    database: { kysely: null },
    appointments: {},
    requests: {},
    statistics: { holdPublication: () => {} },
  } as unknown as Parameters<typeof beginLife>[0];
  const life = await beginLife(context, clock);
  await life.stop();
  expect(away).toHaveBeenCalled();
  expect(logged).toContain('The demo’s day went wrong');
});
