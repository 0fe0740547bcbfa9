import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REQUEST_KINDS } from '../../../../domain/requests/kinds.ts';
import { medianOf, publishRequestMonth, type RequestMonth } from './rules.ts';
import type { RequestMonthRow } from './types.ts';

const first = () => 0;
const TYPES = [
  { code: 'fanal', kind: 'incident', isPublic: true },
  { code: 'aigua', kind: 'incident', isPublic: false },
  { code: 'tracte', kind: 'complaint', isPublic: false },
  { code: 'soroll', kind: 'complaint', isPublic: false },
] as const;
type Code = (typeof TYPES)[number]['code'];

const row = (type: Code, more: Partial<RequestMonthRow> = {}): RequestMonthRow => ({
  type,
  kind: TYPES.find(({ code }) => code === type)!.kind,
  area: null,
  isReceived: true,
  closedAfter: null,
  workingDays: null,
  isReopened: false,
  ...more,
});
const many = (count: number, of: RequestMonthRow) => Array.from({ length: count }, () => of);
const publish = (rows: readonly RequestMonthRow[], areas: readonly string[] = []) => {
  const published = publishRequestMonth({ rows, types: TYPES, areas } as RequestMonth, first);
  return (indicator: string, place: { kind?: string; type?: string; area?: string } = {}) =>
    published.find(
      (each) =>
        each.indicator === indicator &&
        each.kind === (place.kind ?? null) &&
        each.type === (place.type ?? null) &&
        each.area === (place.area ?? null),
    )?.value;
};

describe('the figures of requests', () => {
  test('say what is on the public list, however few', () => {
    const of = publish([...many(2, row('fanal')), ...many(6, row('aigua'))]);
    expect(of('requests', { kind: 'incident', type: 'fanal' })).toBe(2);
    expect(of('requests', { kind: 'incident', type: 'aigua' })).toBe(6);
    expect(of('requests')).toBe(8);
  });

  test('keep back what is about fewer than five that are on no list, and what would tell them', () => {
    const of = publish([
      ...many(9, row('fanal')),
      ...many(3, row('aigua')),
      ...many(7, row('soroll')),
    ]);
    expect(of('requests', { kind: 'incident', type: 'aigua' })).toBeNull();
    // Less the public ones it would be those three.
    expect(of('requests', { kind: 'incident' })).toBeNull();
    // The other kind stays hidden too, so that the whole less it does not tell them.
    expect(of('requests', { kind: 'complaint' })).toBeNull();
    expect(of('requests')).toBe(19);
    // What anybody can count on the list is said all the same.
    expect(of('requests', { kind: 'incident', type: 'fanal' })).toBe(9);
  });

  test('have the days of the one in the middle, exactly where the number is shown', () => {
    const closed = [1, 2, 3, 10, 40].map((closedAfter) => row('soroll', { closedAfter }));
    const of = publish([...closed, row('tracte', { closedAfter: 5 })]);
    expect(of('requestsClosed')).toBe(6);
    expect(of('requestDays')).toBe(4);
    expect(of('requestsClosed', { kind: 'complaint', type: 'tracte' })).toBeNull();
    expect(of('requestDays', { kind: 'complaint', type: 'tracte' })).toBeNull();
    expect(of('requestDays', { kind: 'complaint', type: 'soroll' })).toBeNull();
    expect(medianOf([])).toBe(0);
  });

  test('are divided by district, those in none too', () => {
    const of = publish(
      [...many(6, row('soroll', { area: 'centre' })), ...many(8, row('soroll'))],
      ['centre', 'eres'],
    );
    expect(of('requests', { area: 'centre' })).toBe(6);
    expect(of('requests', { area: '-' })).toBe(8);
    expect(of('requests', { area: 'eres' })).toBeNull();
  });

  test('count reopened ones by themselves', () => {
    const again = { isReceived: false, isReopened: true };
    const of = publish(many(5, row('soroll', again)));
    expect([of('requests'), of('requestsReopened')]).toEqual([null, 5]);
  });
});

/** Whoever knows the public list and the published figures must not find fewer than five others in a place. */
test('nobody works out a small number of those that are on no list', () => {
  const rows = fc.array(
    fc.record({
      type: fc.constantFrom(...TYPES.map(({ code }) => code)),
      area: fc.constantFrom('centre', null),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 1_000 }), (made, seed) => {
      const all = made.map(({ type, area }) => row(type, { area }));
      const choose = (of: number) => seed % of;
      const published = publishRequestMonth(
        { rows: all, types: [...TYPES], areas: ['centre'] },
        choose,
      );
      const value = (kind: string | null, type: string | null) =>
        published.find(
          (each) =>
            each.indicator === 'requests' && each.kind === kind && each.type === type && !each.area,
        )?.value ?? null;
      const secret = (kind: string | null, type: string | null) =>
        all.filter(
          (each) =>
            each.type !== 'fanal' &&
            (kind === null || each.kind === kind) &&
            (type === null || each.type === type),
        ).length;
      for (const [kind, type] of [
        ...[[null, null] as const],
        ...REQUEST_KINDS.map((each) => [each, null] as const),
        ...TYPES.map((each) => [each.kind, each.code] as const),
      ]) {
        const isKnown = TYPES.filter(
          (each) => (kind === null || each.kind === kind) && (type === null || each.code === type),
        ).every(({ isPublic }) => isPublic);
        if (!isKnown && value(kind, type) !== null)
          expect(secret(kind, type)).toBeGreaterThanOrEqual(5);
      }
      // One hidden part alone would be the whole less the others.
      const kinds = REQUEST_KINDS.map((each) => ({
        hidden: value(each, null) === null,
        secret: secret(each, null),
      }));
      if (value(null, null) !== null) {
        const hidden = kinds.filter((each) => each.hidden);
        const sum = hidden.reduce((added, each) => added + each.secret, 0);
        if (sum > 0) expect(sum).toBeGreaterThanOrEqual(5);
      }
    }),
  );
});
