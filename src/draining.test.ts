import { expect, test, vi } from 'vitest';
import { createDraining } from './draining.ts';
import { openAssets } from './web/assets.ts';
import { shutTown } from './web/operation/shut.ts';

const at = (path: string, init?: RequestInit) => new Request(`http://localhost${path}`, init);

test('a process that drains says so to whoever sends requests, and goes on answering', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const draining = createDraining();
  const fetch = draining.of(() => new Response('page', { headers: { 'X-Kept': '1' } }));
  expect((await fetch(at('/readyz'))).status).toBe(200);
  expect((await fetch(at('/ca'))).headers.get('Connection')).toBeNull();

  const drained = draining.drain(5, 'SIGTERM');
  const ready = await fetch(at('/readyz'));
  expect(ready.status).toBe(503);
  expect(await ready.text()).toContain('being stopped');
  const page = await fetch(at('/ca'));
  expect([page.status, page.headers.get('Connection'), page.headers.get('X-Kept')]).toEqual([
    ...[200, 'close', '1'],
  ]);
  expect(await page.text()).toBe('page');
  vi.useRealTimers();
  // Whoever presses Ctrl-C, or needs no draining, doesn't wait.
  await createDraining().drain(5, 'SIGINT');
  await createDraining().drain(0, 'SIGTERM');
  void drained;
});

const asked = async (app: ReturnType<typeof shutTown>, path: string, init?: RequestInit) => {
  const answer = await app.request(path, init);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

test('a town that is being opened answers a page, a problem, and that it isn’t ready', async () => {
  const app = shutTown(openAssets('/nowhere'), { why: 'opening' });
  const page = await asked(app, '/ca/oac', { headers: { 'Accept-Language': 'es' } });
  expect([page.status, page.headers.get('Retry-After')]).toEqual([503, '30']);
  expect(page.text).toContain('lang="ca"');
  expect((await asked(app, '/', { headers: { 'Accept-Language': 'eu' } })).text).toContain(
    'lang="eu"',
  );
  expect((await asked(app, '/ca/oac', { method: 'POST' })).status).toBe(503);
  // A file that comes in parts goes on afterwards.
  const part = { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } };
  expect((await asked(app, '/upload/1', part)).status).toBe(423);
  const problem = await asked(app, '/api/v1/offices');
  expect(problem.headers.get('Content-Type')).toContain('application/problem+json');
  expect(JSON.parse(problem.text)).toMatchObject({ type: '/problems/not-now', status: 503 });
  expect((await asked(app, '/readyz')).status).toBe(503);
  expect((await asked(app, '/healthz')).status).toBe(200);
});

test('a town in maintenance says until when, and counts as ready, so that people are led to that page', async () => {
  const now = () => Temporal.Instant.from('2026-11-30T08:00:00Z');
  const until = Temporal.Instant.from('2026-11-30T08:20:00Z');
  const app = shutTown(openAssets('/nowhere'), { why: 'maintenance', until, now });
  const page = await asked(app, '/es/oac');
  expect([page.status, page.headers.get('Retry-After')]).toEqual([503, '1200']);
  expect(page.text).toContain('9:20');
  expect((await asked(app, '/readyz')).status).toBe(200);
});

test('a town that is being opened, or has too many people, keeps what its own pages sent', async () => {
  const sent = (fields: string, site?: string): RequestInit => ({
    method: 'POST',
    body: fields,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(site ? { 'Sec-Fetch-Site': site } : {}),
    },
  });
  const crowded = { why: 'crowded', seconds: () => 3 } as const;
  for (const shut of [{ why: 'opening' } as const, crowded]) {
    const app = shutTown(openAssets('/nowhere'), shut);
    const page = await asked(app, '/ca/oac/x?step=2', sent('name=Rosa', 'same-origin'));
    expect(page.status).toBe(503);
    expect(page.text).toContain('<form method="post" action="/ca/oac/x?step=2"');
    expect(page.text).toContain('<input type="hidden" name="name" value="Rosa"');
    expect(page.text).toContain('Torna-ho a enviar');
    // It hasn't arrived, so it can't be done already.
    expect(page.text).not.toContain('Potser ja està fet');
    // Whether it is of the same site, only the browser knows before the town is known.
    for (const site of ['cross-site', 'same-site', 'none', undefined])
      expect((await asked(app, '/ca/oac', sent('name=Rosa', site))).text).not.toContain('<form');
    const secret = await asked(app, '/ca/oac', sent('password=x', 'same-origin'));
    expect(secret.text).not.toContain('<form');
  }
  const secret = await asked(
    shutTown(openAssets('/nowhere'), crowded),
    '/ca/oac',
    sent('password=x', 'same-origin'),
  );
  expect(secret.text).toContain('El que has enviat no ha arribat');
});
