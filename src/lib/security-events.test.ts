import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { ROOT } from '../paths.ts';
import { handClock } from './clock.ts';
import {
  createSecurityLog,
  SECURITY_EVENTS,
  type SecurityEvent,
  type SecurityFacts,
  type SecurityLog,
} from './security-events.ts';

const KINDS = Object.keys(SECURITY_EVENTS) as SecurityEvent[];

/** Valid facts, by field. */
const FACTS = {
  ...{ office: 3, staff: 7, by: 8, token: 9, status: 404, what: 'expired' },
  appointment: '0a1b2c3d-0000-4000-8000-0123456789ab',
  case: '0a1b2c3d-0000-4000-8000-0123456789ab',
  document: '0a1b2c3d-0000-4000-8000-0123456789ac',
  route: 'GET /:language/appointment/:secret',
};

type Line = Record<string, unknown> & { event: SecurityEvent; message: string; level: string };

let lines: Line[];
let security: SecurityLog;
const clock = handClock('2026-11-30T08:00:00Z');

beforeEach(() => {
  lines = [];
  const writeAt = (level: string) => (fields: object, message: string) => {
    lines.push({ ...fields, message, level } as Line);
  };
  const log = { info: writeAt('info'), warn: writeAt('warn'), error: writeAt('error') };
  const digest = (network: string) => Buffer.from(network.padEnd(12)).toString('base64url');
  security = createSecurityLog({ log, clock, digest: (network) => digest(network).slice(0, 16) });
  return () => security.close();
});

describe('each kind', () => {
  test.each(KINDS)('%s is written with its fields, and counted', (event) => {
    security.note(event, FACTS as SecurityFacts<typeof event>, '192.0.2.1');
    const { level, message, fields } = SECURITY_EVENTS[event];
    const [line] = lines;
    expect(line).toMatchObject({ event, level, message });
    const written = Object.keys(line!).filter(
      (each) => !['event', 'level', 'message'].includes(each),
    );
    expect(written.sort()).toEqual([...fields].sort());
    expect(security.counts().get(event)).toBe(1);
  });

  test('is in the catalogue for operators, with its level and its fields', () => {
    const catalogue = readFileSync(join(ROOT, 'docs/security-events.md'), 'utf8');
    for (const event of KINDS) {
      const { level, fields } = SECURITY_EVENTS[event];
      const row = catalogue.split('\n').find((each) => each.startsWith(`| \`${event}\` |`));
      const [, , named, carried] = row?.split('|').map((each) => each.trim()) ?? [];
      expect(named, event).toBe(level);
      expect(carried, event).toBe(fields.map((each) => `\`${each}\``).join(', ') || '–');
    }
    const named = [...catalogue.matchAll(/^\| `([\w.]+\.[\w]+)` \|/gm)].map((each) => each[1]);
    expect(named.sort()).toEqual([...KINDS].sort());
  });
});

describe('lines', () => {
  const refuse = (network: string) =>
    security.note('api.token_refused', { what: 'unknown' }, network);

  test('of one source are limited, and every event is counted', () => {
    for (let count = 0; count < 1050; count++) refuse('192.0.2.1');
    expect(lines).toHaveLength(5);
    expect(security.counts().get('api.token_refused')).toBe(1050);
    security.flush();
    expect(lines.at(-1)).toMatchObject({ event: 'api.token_refused', leftOut: 1045 });
    security.flush();
    expect(lines).toHaveLength(6);
  });

  test('of many sources together are limited too', () => {
    for (let count = 0; count < 500; count++) refuse(`net-${count}`);
    expect(lines).toHaveLength(60);
    expect(security.counts().get('api.token_refused')).toBe(500);
  });

  test('one noisy source hides neither another one nor another kind', () => {
    for (let count = 0; count < 50; count++) refuse('192.0.2.1');
    refuse('198.51.100.7');
    security.note('auth.password_refused', {}, '192.0.2.1');
    expect(lines.slice(-2).map((each) => each.event)).toEqual([
      'api.token_refused',
      'auth.password_refused',
    ]);
  });

  test('are written again after a while', () => {
    for (let count = 0; count < 50; count++) refuse('192.0.2.1');
    clock.advance({ minutes: 2 });
    refuse('192.0.2.1');
    expect(lines).toHaveLength(6);
  });

  test('of completed actions are never left out', () => {
    for (let count = 0; count < 100; count++)
      security.note('staff.role_changed', { staff: 7, by: 8, what: 'given' });
    expect(lines).toHaveLength(100);
  });

  test('that were left out are reported at the end', () => {
    for (let count = 0; count < 7; count++) refuse('192.0.2.1');
    security.close();
    expect(lines.at(-1)).toMatchObject({ leftOut: 2 });
  });
});

test('no event contains a secret or personal data, with any facts', () => {
  const sensitive = [
    'rosa@vilaclara.example',
    '+34600123456',
    'Rosa Puig',
    '192.0.2.1',
    '12345678Z',
    'Vx4yT0mZ2pQ9rS7uW1aB3cD5eF6gH8iJ',
    'fns_Vx4yT0mZ2pQ9rS7uW1aB3cD5eF6gH8iJ',
    '/ca/appointment/Vx4yT0mZ2pQ9rS7uW1aB3cD5eF6gH8iJ',
    'GET /ca/appointment/Vx4yT0mZ2pQ9rS7uW1aB3cD5eF6gH8iJ',
  ];
  for (const event of KINDS) {
    for (const text of sensitive) {
      const facts = Object.fromEntries(
        [...Object.keys(FACTS), 'email', 'password', 'url'].map((field) => [field, text]),
      );
      security.note(event, facts as SecurityFacts<typeof event>, '192.0.2.1');
    }
  }
  const written = JSON.stringify(lines);
  for (const text of sensitive) expect(written).not.toContain(text);
});
