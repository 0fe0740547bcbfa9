import { expect, test } from 'vitest';
import { readMonth } from './months.ts';

/** Written by hand: the names as each language's dictionaries have them. */
const CALENDAR: Record<string, string> = {
  ca: 'gener febrer març abril maig juny juliol agost setembre octubre novembre desembre',
  es: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  en: 'January February March April May June July August September October November December',
  eu: 'urtarrila otsaila martxoa apirila maiatza ekaina uztaila abuztua iraila urria azaroa abendua',
};
const EVERY = Object.values(CALENDAR).flatMap((names) =>
  names.split(' ').map((name, index): [string, number] => [name, index + 1]),
);

test.each(EVERY)('%s is month %i, however it is written', (name, month) => {
  const bare = name.replace('ç', 'c');
  for (const typed of [name, name.toUpperCase(), ` ${bare} `, name.slice(0, 4), name.slice(0, 3)])
    expect(readMonth(typed), typed).toBe(month);
});

test.each([
  ['12', 12],
  ['01', 1],
  [' 3 ', 3],
  ['des.', 12],
  ['ag.', 8],
  ['Sept', 9],
  ['setiembre', 9],
  ['de desembre', 12],
  ['d’abril', 4],
  ["d'octubre", 10],
  ['abenduaren', 12],
  ['abenduak', 12],
  ['MARÇ', 3],
  ['marc', 3],
])('%j is %s', (typed, month) => {
  expect(readMonth(typed)).toBe(month);
});

test.each([
  '',
  '0',
  '13',
  '-1',
  '1.5',
  'de',
  'm',
  'ma',
  'jun.jul',
  'nou',
  'toString',
  'x'.repeat(500),
])('%j is no month', (typed) => {
  expect(readMonth(typed)).toBeNull();
});
