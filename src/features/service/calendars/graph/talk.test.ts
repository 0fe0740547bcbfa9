import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GraphStandIn, graphStandIn } from '../../../../../e2e/support/graph/standin.ts';
import { systemClock } from '../../../../lib/clock.ts';
import type { RequestGuard } from '../../../../lib/http/guarded-request.ts';
import { Trouble } from '../trouble.ts';
import { graphTalk } from './talk.ts';

let graph: GraphStandIn;
beforeAll(async () => {
  graph = await graphStandIn({ baseUrl: 'https://cita.example.cat' });
  graph.person('marta');
  graph.signIn.accesses.set('a token', 'marta');
});
afterAll(() => graph[Symbol.asyncDispose]());

/** Asks for the calendars; returns the trouble, or what was answered. */
async function ask(limits: Partial<RequestGuard>) {
  const guard = { allowed: new Set(['loopback'] as const), timeoutMs: 30_000, mostBytes: 100_000 };
  const until = systemClock.now().add({ hours: 1 }).toString();
  const talk = graphTalk({
    settings: graph.settings,
    reach: { guard: { ...guard, ...limits }, refused: () => {} },
    now: () => systemClock.now(),
    tokens: { access: 'a token', refresh: '', until },
    keep: async () => {},
  });
  try {
    return (await talk({ method: 'GET', to: '/me/calendars' })).status;
  } catch (error) {
    if (error instanceof Trouble) return error.kind;
    throw error;
  }
}

test('an answer that is slow, too long or cut off is a trouble', async () => {
  expect(await ask({})).toBe(200);
  graph.next.push({ slow: 60_000 });
  expect(await ask({ timeoutMs: 100 })).toBe('away');
  // The prepared answer stays when the client gave up before its question arrived.
  graph.next.length = 0;
  expect(await ask({ mostBytes: 10 })).toBe('odd');
  graph.next.push({ isLost: true });
  expect(await ask({})).toBe('away');
});

test('a redirect within Graph is not followed', async () => {
  graph.next.push({ status: 302, headers: { Location: '/v1.0/me/other' } });
  expect(await ask({})).toBe('odd');
  graph.next.push({ status: 502, headers: { 'Retry-After': '7' } });
  expect(await ask({})).toBe('away');
});
