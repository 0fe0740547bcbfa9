import { describe, expect, test } from 'vitest';
import { askedIn, type Given, w3Moment } from './query.ts';

const NOW = Temporal.Instant.from('2026-11-30T12:00:00Z');
const read = (given: Given) => askedIn(given, NOW, 'Europe/Madrid');
const span = (given: Given) => {
  const result = read(given);
  return result.ok
    ? [result.asked.from.toString(), result.asked.to.toString()]
    : result.description;
};

describe('the span of a search', () => {
  test('is the last ninety days when none is given, or an empty one', () => {
    expect(span({})).toEqual(['2026-09-01T12:00:00Z', '2026-11-30T12:00:00Z']);
    expect(span({ start_date: '', end_date: ' ' })).toEqual(span({}));
  });

  test('is ninety days from the start, not beyond now, or ninety days to the end', () => {
    expect(span({ start_date: '2026-01-01T00:00:00Z' })).toEqual([
      ...['2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z'],
    ]);
    expect(span({ start_date: '2026-11-29T00:00:00Z' })[1]).toBe('2026-11-30T12:00:00Z');
    expect(span({ end_date: '2026-06-30T00:00:00Z' })[0]).toBe('2026-04-01T00:00:00Z');
    expect(span({ start_date: '2030-01-01T00:00:00Z' })).toEqual([
      ...['2030-01-01T00:00:00Z', '2030-01-01T00:00:00Z'],
    ]);
  });

  test('is in years that the database has, where nothing will be found', () => {
    const [first, last] = ['2000-01-01T00:00:00Z', '2199-12-31T23:00:00Z'];
    expect(span({ end_date: '9999-12-31T23:59:59Z' })).toEqual([last, last]);
    expect(span({ start_date: '9999' })).toEqual([last, last]);
    expect(span({ start_date: '1970-01-01T00:00:00Z' })).toEqual([first, first]);
    expect(span({ end_date: '0000' })).toEqual([first, first]);
  });

  test('is at most ninety days, and ends after it begins', () => {
    const day = { start_date: '2026-01-01T00:00:00Z', end_date: '2026-04-01T00:00:00Z' };
    expect(span(day)).toEqual([day.start_date, day.end_date]);
    expect(span({ ...day, end_date: '2026-04-01T00:00:01Z' })).toContain('90 days');
    expect(span({ ...day, end_date: '2025-01-01T00:00:00Z' })).toContain('later than end_date');
  });
});

describe('a moment of the W3C', () => {
  test.each([
    ['1994-11-05T08:15:30-05:00', '1994-11-05T13:15:30Z'],
    ['1994-11-05T13:15:30Z', '1994-11-05T13:15:30Z'],
    ['1994-11-05T13:15Z', '1994-11-05T13:15:00Z'],
    ['1994-11-05T13:15:30.45Z', '1994-11-05T13:15:30.45Z'],
    // A plus that was not escaped in the address.
    ['2026-11-30T00:00:00 01:00', '2026-11-29T23:00:00Z'],
    ['2026-11-30', '2026-11-29T23:00:00Z'],
    ['2026-11', '2026-10-31T23:00:00Z'],
    ['2026', '2025-12-31T23:00:00Z'],
  ])('%s is read', (text, expected) => {
    expect(w3Moment(text, 'Europe/Madrid')?.toString()).toBe(expected);
  });

  test.each([
    'yesterday',
    '2026-13-01',
    '2026-02-30',
    '2026-11-30T25:00:00Z',
    '2026-11-30T00:00:00+99:99',
    '11-30-2026',
    '9'.repeat(500),
  ])('%s is none', (text) => {
    expect(w3Moment(text, 'Europe/Madrid')).toBeUndefined();
  });
});

describe('the other conditions', () => {
  test('are lists that commas part', () => {
    const result = read({ service_request_id: 'a, b,,a', service_code: 'fanal,soroll' });
    expect(result).toMatchObject({
      ok: true,
      asked: { ids: ['a', 'b'], types: ['fanal', 'soroll'] },
    });
  });

  test('are open, closed, or both, which is any', () => {
    expect(read({ status: 'open' })).toMatchObject({ asked: { status: 'open' } });
    expect(read({ status: 'open,closed' })).toMatchObject({ asked: { status: null } });
    expect(read({ status: 'Open' })).toMatchObject({ ok: false });
  });

  test('have pages of at most a thousand', () => {
    expect(read({})).toMatchObject({ asked: { page: 1, pageSize: 1000 } });
    expect(read({ page: '3', page_size: '50' })).toMatchObject({
      asked: { page: 3, pageSize: 50 },
    });
    for (const wrong of [
      { page: '0' },
      { page: '-1' },
      { page_size: '1001' },
      { page_size: '1e2' },
    ])
      expect(read(wrong)).toMatchObject({ ok: false });
  });
});
