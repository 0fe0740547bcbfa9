import { pino } from 'pino';
import { expect, test } from 'vitest';
import { always } from './always.ts';

test.each(['warn', 'silent'])('a line that is waited for is written at LOG_LEVEL=%s', (level) => {
  const lines: string[] = [];
  const log = pino({ level }, { write: (line: string) => void lines.push(line) });
  log.info('anything');
  always(log).info('Finestreta is ready');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['Finestreta is ready']);
});
