import { expect, test } from 'vitest';
import { createLog, recentTroubles } from './recent-troubles.ts';

/** A log whose lines go nowhere. */
const quietLog = () => {
  const log = createLog('warn');
  const stream = (log as unknown as Record<symbol, { write(line: string): void }>)[
    Object.getOwnPropertySymbols(log).find((each) => String(each) === 'Symbol(pino.stream)')!
  ];
  stream!.write = () => {};
  return log;
};

test('warnings and errors are remembered with their code, the newest first, each once', () => {
  const log = quietLog();
  log.info('All is well');
  log.error({ code: 'ECONNREFUSED' }, 'A request failed');
  log.warn('The disk is full');
  log.error({ code: 'ECONNREFUSED' }, 'A request failed');
  log.warn({ event: 'auth.locked_out' }, 'A sign-in was refused');
  expect(recentTroubles(log)).toMatchObject([
    { level: 'error', message: 'A request failed', code: 'ECONNREFUSED', times: 2 },
    { level: 'warn', message: 'The disk is full', code: null, times: 1 },
  ]);
  for (let nth = 0; nth < 60; nth++) log.warn({ code: `E${nth}` }, 'Something');
  expect(recentTroubles(log)).toHaveLength(50);
});

test('each town has its own', () => {
  const log = quietLog();
  const [vila, vall] = ['vila-of-troubles', 'vall-of-troubles'].map((town) => log.child({ town }));
  vila?.warn('Only here');
  expect(recentTroubles(vila!).map(({ message }) => message)).toEqual(['Only here']);
  expect(recentTroubles(vall!)).toEqual([]);
  expect(recentTroubles(log)).toEqual([]);
});
