import { expect, test } from 'vitest';
import { formatTicket, isBusy, isBusyList, readTicket } from './rules.ts';

const CITY = { holdsPerAddress: 10, desks: 200 };
const TOWN = { holdsPerAddress: 10, desks: 3 };

test.each([
  ['nobody else', { begun: 0, held: 0 }, TOWN, false],
  ['two begun and not finished', { begun: 2, held: 2 }, TOWN, false],
  ['three begun and not finished', { begun: 3, held: 0 }, TOWN, true],
  ['one address with all that it may keep', { begun: 0, held: 10 }, TOWN, false],
  ['three addresses with all that they may keep', { begun: 0, held: 30 }, TOWN, true],
  ['a city’s busy morning', { begun: 0, held: 150 }, CITY, false],
  ['more forms than two a desk', { begun: 0, held: 400 }, CITY, true],
])('busy with %s', (_, pressure, office, busy) => {
  expect(isBusy(pressure, office)).toBe(busy);
});

test.each([
  [2, 1, false],
  [3, 1, true],
  [199, 200, false],
  [200, 200, true],
])('%i on the list within the hour, of an office with %i desks: busy %s', (joined, desks, busy) => {
  expect(isBusyList({ joined }, desks)).toBe(busy);
});

test('a ticket is read as it was said, and nothing else is one', () => {
  const ticket = { salt: 'a-b_'.repeat(4), madeAt: 1_796_000_000, proof: 'p'.repeat(32) };
  const said = formatTicket(ticket);
  expect(readTicket(said)).toEqual(ticket);
  for (const text of [
    '',
    'x',
    said.slice(1),
    `${said}x`,
    said.replace('.', ''),
    said.replace('1', '-'),
  ])
    expect(readTicket(text)).toBeNull();
});
