import { expect, test } from 'vitest';
import { announceDemo } from './announcement.ts';

type About = Parameters<typeof announceDemo>[0];

/** The demo of a town with one office, as its terminal and its log show it. */
async function said(list: () => Promise<{ code: string }[]>) {
  const lines: string[] = [];
  const warned: string[] = [];
  const demo = { password: 'la-del-dia', office: 'oac', role: 'agent', email: 'marta@ajuntament' };
  const about = {
    config: {
      baseUrl: 'http://localhost:1',
      host: '127.0.0.1',
      lan: null,
      roles: new Set(['web']),
    },
    log: { warn: (_: object, words: string) => warned.push(words) },
    offices: { list },
    staff: { demoAccess: async () => [demo] },
  } as unknown as About;
  await announceDemo(about, (line) => lines.push(line));
  return { text: lines.join('\n'), warned };
}

test('who can sign in is said, by office and role', async () => {
  const { text, warned } = await said(async () => [{ code: 'oac' }]);
  expect(text).toContain(
    'password of all: la-del-dia\n    oac        agent        marta@ajuntament',
  );
  expect(text).toContain('Finestreta is ready: http://localhost:1');
  expect(warned).toEqual([]);
});

test('a database that dies at that moment doesn’t end the demo', async () => {
  const { text, warned } = await said(() => Promise.reject(new Error('terminated')));
  expect(text).toContain(
    '  Log-ins, codes of the second step, API tokens: http://localhost:1/demo',
  );
  expect(text).toContain('Finestreta is ready: http://localhost:1');
  expect(warned).toEqual(['The log-ins of the demo can’t be read']);
});
