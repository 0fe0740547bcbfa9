import { expect, test } from 'vitest';
import { graphStandIn } from '../../../e2e/support/graph/standin.ts';
import { systemClock } from '../../lib/clock.ts';
import { aboutGraph } from './graph.ts';

test('whether Microsoft 365 accepts this installation is found out without anybody signing in', async () => {
  const graph = await graphStandIn({ baseUrl: 'https://cita.example.cat' });
  const { settings } = graph;
  const stateOf = async (of = settings) => (await aboutGraph(of, systemClock)).state;
  expect(await stateOf()).toBe('right');
  expect(await stateOf({ ...settings, clientSecret: 'expired' })).toBe('wrong');
  await graph[Symbol.asyncDispose]();
  expect(await stateOf()).toBe('warning');
});
