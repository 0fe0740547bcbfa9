import { expect, test } from 'vitest';
import { pageKeyOf } from './page-key.ts';

test.each([
  ['/ca', 'home'],
  ['/ca/oac', 'office'],
  ['/ca/oac/volant-padro', 'procedure'],
  ['/ca/oac/volant-padro/times', 'times'],
  ['/ca/oac/booking/abc/time', 'times'],
  ['/ca/oac/booking/abc/details', 'details'],
  ['/ca/oac/booking/abc/needs', 'details'],
  ['/ca/oac/booking/abc/check', 'check'],
  ['/ca/appointment/abc', 'appointment'],
  ['/ca/appointment/abc/confirmed', 'appointment'],
  ['/ca/appointment/abc/documents', 'documents'],
  ['/ca/appointment/abc/device', 'device'],
  ['/ca/appointment/abc/survey', 'ending'],
  ['/ca/help', 'help'],
  ['/ca/appointment/abc/room', null],
  ['/ca/appointment/abc/cancel', null],
  ['/ca/waiting/abc', null],
  ['/ca/interpreter/ar', null],
  ['/ca/privacy', null],
  ['/ca/oac/data', null],
  ['/ca/oac/volant-padro/waiting', null],
])('%s is the page %s', (path, key) => {
  expect(pageKeyOf(path)).toBe(key);
});
