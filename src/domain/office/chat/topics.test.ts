import { describe, expect, it } from 'vitest';
import { answersAbout, isTopicOpen, nextOpeningOf, openTopics } from './topics.ts';

const timeZone = 'Europe/Madrid';
const at = (local: string) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).toInstant();
const rota = { timeZone, isClosed: (day: string) => day === '2026-12-08' };
// 30 November 2026 is a Monday.
const hours = [
  { weekdays: ['mon', 'tue'] as ('mon' | 'tue')[], from: '09:00', to: '14:00' },
  { weekdays: ['fri'] as 'fri'[], from: '16:00', to: '24:00' },
];

describe('when a topic is open', () => {
  it.each([
    ['2026-11-30T08:59', false],
    ['2026-11-30T09:00', true],
    ['2026-11-30T13:59', true],
    ['2026-11-30T14:00', false],
    ['2026-12-02T10:00', false],
    ['2026-12-04T23:59', true],
    ['2026-12-05T00:00', false],
    // A Tuesday, and the office is closed.
    ['2026-12-08T10:00', false],
  ])('%s: %s', (local, isOpen) => {
    expect(isTopicOpen({ hours }, rota, at(local))).toBe(isOpen);
  });

  it('without hours it is open on each day on which the office is', () => {
    expect(isTopicOpen({}, rota, at('2026-12-06T03:00'))).toBe(true);
    expect(isTopicOpen({}, rota, at('2026-12-08T10:00'))).toBe(false);
  });

  it('follows the wall clock when it changes', () => {
    const sunday = [{ weekdays: ['sun'] as 'sun'[], from: '02:30', to: '03:30' }];
    const open = (instant: string) =>
      isTopicOpen({ hours: sunday }, rota, Temporal.Instant.from(instant));
    // On 28 March 2027 there is no 02:30: 01:00 UTC is 03:00. On 25 October 2026 there are two.
    expect(open('2027-03-28T00:59:00Z')).toBe(false);
    expect(open('2027-03-28T01:00:00Z')).toBe(true);
    expect(open('2026-10-25T00:30:00Z')).toBe(true);
    expect(open('2026-10-25T01:30:00Z')).toBe(true);
    expect(open('2026-10-25T02:30:00Z')).toBe(false);
  });

  it('the topics that are open are in the order of the office', () => {
    const topic = (code: string, more = {}) => ({
      code,
      name: {},
      procedures: ['volant'],
      ...more,
    });
    const topics = [topic('a', { hours }), topic('b'), topic('c', { hours })];
    const codes = (local: string) =>
      openTopics({ topics }, rota, at(local)).map(({ code }) => code);
    expect(codes('2026-11-30T10:00')).toEqual(['a', 'b', 'c']);
    expect(codes('2026-12-02T10:00')).toEqual(['b']);
  });
});

describe('when a topic opens next', () => {
  const next = (local: string, all = hours) =>
    nextOpeningOf({ hours: all }, rota, at(local))
      ?.toZonedDateTimeISO(timeZone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' });

  it('is later that day, on another day, or after a day on which the office is closed', () => {
    expect(next('2026-11-30T08:00')).toBe('2026-11-30T09:00');
    expect(next('2026-11-30T15:00')).toBe('2026-12-01T09:00');
    expect(next('2026-12-01T15:00')).toBe('2026-12-04T16:00');
    expect(next('2026-12-07T15:00')).toBe('2026-12-11T16:00');
  });

  it('is never known without hours, or when the office stays closed', () => {
    expect(nextOpeningOf({}, rota, at('2026-11-30T08:00'))).toBeNull();
    const closed = { timeZone, isClosed: () => true };
    expect(nextOpeningOf({ hours }, closed, at('2026-11-30T08:00'))).toBeNull();
  });
});

describe('who can answer', () => {
  const topic = { procedures: ['volant', 'cens'] };
  it.each([
    [{ skills: 'all' as const, languages: ['ca'] }, 'ca', true],
    [{ skills: ['cens'], languages: ['ca'] }, 'ca', true],
    [{ skills: ['obres'], languages: ['ca'] }, 'ca', false],
    [{ skills: 'all' as const, languages: ['ca'] }, 'es', false],
    [{ skills: 'all' as const, languages: ['ca'], chats: 0 }, 'ca', false],
    [{ skills: 'all' as const, languages: ['ca'], chats: null }, 'ca', true],
  ])('%o in %s: %s', (desk, language, can) => {
    expect(answersAbout(desk, topic, language)).toBe(can);
  });
});
