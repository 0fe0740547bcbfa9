import { describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { createRelay } from './service.ts';

const NOON = '2026-11-30T11:00:00Z';
const SECRET = 'geheim';

describe('what a browser is given', () => {
  const ways = (
    settings: Parameters<typeof createRelay>[0]['settings'],
    appointment = 'a1',
    relay: 'needed' | 'always' = 'needed',
  ) =>
    createRelay({
      settings,
      relayClock: handClock(NOON),
      key: installationKey(Buffer.alloc(32)),
    }).ways({ settings: { video: { relay } } } as Office, appointment);

  const servers = (...given: Parameters<typeof ways>) => ways(...given).iceServers;

  test('nothing, where there is no relay', () => expect(servers(null)).toEqual([]));

  test('the relay alone, where the office wants it so: with none configured too', () => {
    expect(ways(null).iceTransportPolicy).toBe('all');
    expect(ways(null, 'a1', 'always').iceTransportPolicy).toBe('relay');
  });

  test('a name that ends in an hour and says nothing of the appointment', () => {
    const [stun, turn] = servers({ urls: ['turn:a', 'turns:a'], secret: SECRET });
    expect(stun).toEqual({ urls: ['stun:a'] });
    expect(turn?.urls).toEqual(['turn:a', 'turns:a']);
    expect(turn?.username).toMatch(/^1796040000:[\w-]{12}$/);
    expect(servers({ urls: ['turn:a'], secret: SECRET }, 'a2')[1]?.username).not.toBe(
      turn?.username,
    );
  });

  test('of a STUN server alone no name', () => {
    expect(servers({ urls: ['stun:a'], secret: null })).toEqual([{ urls: ['stun:a'] }]);
  });
});
