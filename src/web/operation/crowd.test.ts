import { expect, test } from 'vitest';
import { PUBLIC } from '../../paths.ts';
import { openAssets } from '../assets.ts';
import { keepQuick } from './crowd.ts';

test('what comes to a process that answers nothing is refused early: figures, then pages, last what was begun', async () => {
  const waiting: (() => void)[] = [];
  const fetch = () =>
    new Promise<Response>((resolve) => waiting.push(() => resolve(new Response('done'))));
  const quick = keepQuick(fetch, openAssets(PUBLIC));
  const ask = async (path: string, init?: RequestInit) =>
    quick(new Request(`http://localhost${path}`, init), {});
  const taken = Array.from({ length: 1_000 }, () => ask('/ca/oac'));
  const isRefused = (answer: Response) => answer.status === 503;
  const refused = await Promise.all(taken.slice(waiting.length));
  expect(waiting.length).toBeGreaterThan(100);
  expect(refused.length).toBeGreaterThan(100);
  expect(refused.every(isRefused)).toBe(true);

  const page = await ask('/ca/oac', { headers: { 'Accept-Language': 'ca' } });
  expect(Number(page.headers.get('Retry-After'))).toBeGreaterThanOrEqual(2);
  expect(await page.text()).toContain('Ara hi ha massa gent alhora');
  const file = await ask('/api/v1/offices/oac/open-data.csv');
  expect(file.headers.get('Content-Type')).toContain('application/problem+json');
  const ready = ask('/readyz');
  waiting.at(-1)?.();
  expect(await (await ready).text()).toBe('done');

  const before = waiting.length;
  const booking = ask('/ca/oac/booking/x/check', { method: 'POST' });
  expect(waiting.length).toBe(before + 1);
  for (const answer of waiting) answer();
  expect((await booking).status).toBe(200);
  await Promise.all(taken);
  // So long has it been in one turn of its loop.
  await new Promise(setImmediate);
  const next = ask('/console/oac/figures');
  waiting.at(-1)?.();
  expect((await next).status).toBe(200);
});
