import { describe, expect, test } from 'vitest';
import type { Status } from '../../../domain/appointment.ts';
import { CHANNELS, isAtSite } from '../../../domain/channel.ts';
import { arrivedAt, type CheckIn, calledTo, checkInStands } from './rules.ts';

const at = (time: string) => Temporal.Instant.from(`2026-12-09T${time}Z`);
const visit = (status: Status = 'booked'): Parameters<typeof checkInStands>[0] => ({
  ...{ channel: 'in_person' as const, status, displacedAt: null },
  ...{ start: at('09:00'), end: at('09:15') },
});

describe('a visit to a site', () => {
  test.each<[time: string, stands: CheckIn]>([
    ['08:29:59', 'early'],
    ['08:30', 'open'],
    ['09:14:59', 'open'],
    ['09:15', 'late'],
    ['21:14:59', 'late'],
    ['21:15', 'past'],
  ])('at %s is %s', (time, stands) => {
    expect(checkInStands(visit(), at(time))).toBe(stands);
  });

  test.each<[status: Status, stands: CheckIn]>([
    ['arrived', 'arrived'],
    ['in_progress', 'called'],
    ['fulfilled', 'over'],
    ['noshow', 'over'],
    ['cancelled', 'over'],
  ])('that is %s stands as %s, whatever the hour', (status, stands) => {
    for (const time of ['08:00', '09:00', '10:00'])
      expect(checkInStands(visit(status), at(time))).toBe(stands);
  });

  test('is none where the channel takes place elsewhere, or nobody can serve them at their hour', () => {
    const others = CHANNELS.filter((each) => !isAtSite(each));
    expect(others.length).toBeGreaterThan(0);
    for (const channel of others)
      expect(checkInStands({ ...visit(), channel }, at('09:00'))).toBe('over');
    expect(checkInStands({ ...visit(), displacedAt: at('08:00') }, at('09:00'))).toBe('over');
  });
});

describe('its events', () => {
  const event = (
    kind: 'booked' | 'arrived' | 'left' | 'started' | 'taken_over',
    time: string,
    data = {},
  ) => ({
    ...{ kind, at: at(time), data },
  });

  test('say since when they are there', () => {
    expect(arrivedAt([event('booked', '07:00')])).toBeNull();
    const came = [event('arrived', '08:40'), event('left', '08:45'), event('arrived', '08:50')];
    expect(arrivedAt(came)).toEqual(at('08:50'));
    expect(arrivedAt(came.slice(0, 2))).toBeNull();
  });

  test('say to which desk they were called last', () => {
    expect(calledTo([event('started', '09:00')])).toBeNull();
    const twice = [event('started', '09:00', { desk: 3 }), event('started', '09:05', { desk: 4 })];
    expect(calledTo(twice)).toBe(4);
    const took = (data: object) => [...twice, event('taken_over', '09:10', data)];
    expect(calledTo(took({ from: 'staff:7', desk: 2 }))).toBe(2);
    expect(calledTo(took({ from: 'staff:7', desk: null }))).toBe(4);
  });
});
