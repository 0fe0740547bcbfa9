import { describe, expect, test } from 'vitest';
import { type BookEnd, daysToClose, faultIn, hashOfEntry, nextPlace, numberText } from './rules.ts';
import type { RegistryEntry } from './types.ts';

const at = (text: string) => Temporal.Instant.from(text);
const MADRID = 'Europe/Madrid';
const EMPTY: BookEnd = { year: 0, number: 0, at: null, hash: null, closed: null };
const day = (text: string) => Temporal.PlainDate.from(text);

test('a number has the letter of its book, the year and six digits', () => {
  expect(numberText({ direction: 'entry', year: 2026, number: 123 })).toBe('E2026000123');
  expect(numberText({ direction: 'exit', year: 2027, number: 1_234_567 })).toBe('S20271234567');
});

describe('the next entry of a book', () => {
  test('is the first of the local year', () => {
    expect(nextPlace(EMPTY, at('2026-12-31T22:59:59Z'), MADRID)).toMatchObject({
      year: 2026,
      number: 1,
      previous: null,
    });
    const last = { ...EMPTY, year: 2026, number: 41, at: at('2026-12-31T22:59:59Z'), hash: 'aa' };
    expect(nextPlace(last, at('2026-12-31T23:00:00Z'), MADRID)).toMatchObject({
      year: 2027,
      number: 1,
      previous: 'aa',
    });
  });

  test('is not before the one that it follows, whatever the clock says', () => {
    const last = { ...EMPTY, year: 2026, number: 41, at: at('2026-12-01T10:00:00Z'), hash: 'aa' };
    const next = nextPlace(last, at('2026-12-01T09:59:00Z'), MADRID);
    expect([next.number, next.at.toString()]).toEqual([42, '2026-12-01T10:00:00Z']);
  });
});

test('an entry is of no day that is closed: the clock of another server closed it', () => {
  const last = { ...EMPTY, closed: day('2026-12-01') };
  expect(nextPlace(last, at('2026-12-01T22:59:59.9Z'), MADRID).at.toString()).toBe(
    '2026-12-01T23:00:00Z',
  );
});

test('days are closed ten minutes after they end, also those without entries', () => {
  const closed = (now: string) =>
    daysToClose(day('2026-12-01'), at(now), MADRID).map((each) => each.toString());
  expect(closed('2026-12-01T23:09:00Z')).toEqual([]);
  expect(closed('2026-12-01T23:10:00Z')).toEqual(['2026-12-01']);
  expect(closed('2026-12-04T12:00:00Z')).toEqual(['2026-12-01', '2026-12-02', '2026-12-03']);
  expect(daysToClose(null, at('2026-12-04T12:00:00Z'), MADRID)).toEqual([]);
});

describe('a book', () => {
  /** Three entries that follow each other. */
  const written = (): RegistryEntry[] => {
    const entries: RegistryEntry[] = [];
    for (let nth = 1; nth <= 3; nth++) {
      const entry = {
        id: `${nth}`,
        office: 1,
        direction: 'entry' as const,
        year: 2026,
        number: nth,
        at: at(`2026-12-01T10:0${nth}:00Z`),
        countsFrom: Temporal.PlainDate.from('2026-12-01'),
        about: `case ${nth}`,
        content: 'ab'.repeat(32),
        previous: entries.at(-1)?.hash ?? null,
      };
      entries.push({ ...entry, hash: hashOfEntry(entry) });
    }
    return entries;
  };
  const trailOf = (entries: readonly RegistryEntry[]) =>
    new Map(entries.map(({ id, hash, at }) => [id, { id, hash, at }]));
  const whole = written();
  const fault = (entries: readonly RegistryEntry[], trail = trailOf(whole)) => {
    const found = faultIn(entries, trail);
    return found && [found.entry.number, found.what];
  };

  test('is whole as it was written', () => {
    expect(fault(whole)).toBeNull();
  });

  test('shows an entry that was taken out, and the renumbering that would hide it', () => {
    const [first, , third] = whole;
    expect(fault([first!, third!])).toEqual([3, 'removed']);
    const renumbered = { ...third!, number: 2, previous: first!.hash };
    expect(fault([first!, { ...renumbered, hash: hashOfEntry(renumbered) }])).toEqual([
      2,
      'changed',
    ]);
  });

  test.each(['at', 'countsFrom', 'about', 'content', 'previous'] as const)(
    'shows an entry whose %s was changed',
    (field) => {
      const others = {
        at: at('2026-11-01T10:00:00Z'),
        countsFrom: Temporal.PlainDate.from('2026-11-01'),
        about: 'case 9',
        content: 'cd'.repeat(32),
        previous: null,
      };
      const changed = { ...whole[1]!, [field]: others[field] };
      expect(fault([whole[0]!, changed, whole[2]!])).toEqual([2, 'changed']);
    },
  );

  test('shows an entry whose hour is not that of its line on the trail', () => {
    const [first] = whole;
    const late = new Map([[first!.id, { ...first!, at: at('2026-12-01T10:04:00Z') }]]);
    expect(fault([first!], late)).toEqual([1, 'changed']);
    const soon = new Map([[first!.id, { ...first!, at: at('2026-12-01T10:00:30Z') }]]);
    expect(fault([first!], soon)).toBeNull();
  });

  test('shows an entry that the sealed trail does not have', () => {
    const trail = trailOf(whole.slice(0, 2));
    expect(fault(whole, trail)).toEqual([3, 'added']);
  });
});
