import { expect, test } from 'vitest';
import { readWanted, type Wanted } from './wanted.ts';

const FIRST = Temporal.PlainDate.from('2026-11-25');
const LAST = Temporal.PlainDate.from('2026-12-25');

/** Returns the wanted times of an address, as simple values. */
function wanted(address: string) {
  const query = new URLSearchParams(address);
  const { from, before, ...rest }: Wanted = readWanted(
    (name) => query.get(name) ?? undefined,
    FIRST,
    LAST,
  );
  return { ...rest, from: from?.toString() ?? null, before: before?.toString() ?? null };
}

test.each([
  ['', {}],
  ['from=2026-12-09', { from: '2026-12-09' }],
  ['from=2026-12-25', { from: '2026-12-25' }],
  ['from=2026-11-25', { from: null }], // from the first day on is from the beginning
  ['before=2026-12-09', { before: '2026-12-09' }],
  ['from=2026-12-09&part=morning', { from: '2026-12-09', part: 'morning' }],
  ['part=afternoon', { part: 'afternoon' }],
  ['on-day=9&on-month=12&on-year=2026&from=2026-12-20', { from: '2026-12-09' }],
  ['on-day=9&on-month=desembre&on-year=2026', { from: '2026-12-09' }],
  ['on-day=&on-month=&on-year=&from=2026-12-20', { from: '2026-12-20' }],
])('%s is understood', (address, expected) => {
  const nothing = { from: null, before: null, part: null, mistake: null, stale: null };
  expect(wanted(address)).toMatchObject({ ...nothing, ...expected });
});

test.each([
  ['from=2026-11-24', { stale: 'past' }],
  ['before=2026-11-24', { stale: 'past' }],
  ['from=2026-12-26', { stale: 'far' }],
  ['before=9999-12-31', { stale: 'far' }],
  ['from=2026-02-30', { stale: 'bad' }],
  ['from=tomorrow', { stale: 'bad' }],
  ['from=-271821-04-20', { stale: 'bad' }],
  ['on-day=24&on-month=11&on-year=2026', { mistake: 'past' }],
  ['on-day=26&on-month=12&on-year=26', { mistake: 'far' }],
  ['on-day=31&on-month=2&on-year=2027', { mistake: 'bad' }],
  ['on-day=9', { mistake: 'bad' }],
  ['part=night', {}],
  ['part=toString', {}],
])('%s is impossible: the first days are shown', (address, expected) => {
  const nothing = { from: null, before: null, part: null, mistake: null, stale: null };
  expect(wanted(address)).toMatchObject({ ...nothing, ...expected });
});
