import { expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { watchServers } from './away.ts';

test('a server that is away is a line at first, one every ten minutes, and one when it is back', () => {
  const clock = handClock('2026-11-30T08:00:00Z');
  const lines: string[] = [];
  const write = (level: string) => (what: object, words: string) =>
    void lines.push(`${level} ${words} ${JSON.stringify(what)}`);
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const watch = watchServers({ clock, log });
  watch.answered('The mail server');
  for (let minute = 0; minute <= 12; minute++) {
    for (let message = 0; message < 50; message++) watch.isAway('The mail server', 'ESOCKET');
    watch.answered('The SMS gateway');
    clock.advance({ minutes: 1 });
  }
  watch.answered('The mail server');
  watch.answered('The mail server');
  watch.isAway('The SMS gateway', '503');
  expect(lines).toEqual([
    'warn The mail server does not answer; messages wait and are tried again {"code":"ESOCKET"}',
    'warn The mail server still does not answer {"code":"ESOCKET","minutes":10,"tries":501}',
    'info The mail server answers again {"minutes":13,"tries":650}',
    'warn The SMS gateway does not answer; messages wait and are tried again {"code":"503"}',
  ]);
});
