import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { createProofOfWork } from './service.ts';
import type { Challenge, Purpose } from './types.ts';

const NOON = '2026-11-30T12:00:00Z';
const clock = handClock(NOON);
const key = installationKey(Buffer.alloc(32, 7));
/** Checking asks no database. */
const proofOfWork = createProofOfWork({ db: {} as Db, clock, key });

const PURPOSE: Purpose = {
  office: 1,
  procedure: 'volant-padro',
  channel: 'phone',
  language: 'ca',
  what: '2026-12-01T09:00:00Z',
  sender: Buffer.from('home'),
};

/** Finds the number like a browser, with another implementation of the hash. */
function answerOf({ salt, target, below }: Challenge): string {
  for (let number = 0; number < below; number++)
    if (createHash('sha256').update(`${salt}.${number}`).digest('hex') === target)
      return String(number);
  throw new Error('There is no such number');
}

beforeEach(() => clock.set(NOON));
const issue = () => proofOfWork.issue(PURPOSE);
/** One for all that need an answer: it takes a while to find. */
const solved = issue();
const answer = answerOf(solved);
const verdict = (ticket: string, answer: string, purpose = PURPOSE) =>
  proofOfWork.check(purpose, ticket, answer).verdict;

test('the right number passes at once; another one doesn’t, and another installation’s neither', () => {
  expect(verdict(solved.ticket, answer)).toBe('passed');
  for (const wrong of [String(Number(answer) + 1), `0${answer}`, `${answer} `, '-1', 'NaN'])
    expect(verdict(solved.ticket, wrong)).toBe('void');
  const elsewhere = createProofOfWork({
    db: {} as Db,
    clock,
    key: installationKey(Buffer.alloc(32, 8)),
  });
  expect(elsewhere.check(PURPOSE, solved.ticket, answer).verdict).toBe('void');
});

test('an answer belongs to its ticket', () => {
  expect(verdict(issue().ticket, answer)).toBe('void');
});

test.each<[string, Partial<Purpose>]>([
  ['another office', { office: 2 }],
  ['another procedure', { procedure: 'alta-padro' }],
  ['another channel', { channel: 'video' }],
  ['another language', { language: 'es' }],
  ['another start', { what: '2026-12-01T09:20:00Z' }],
  ['another address', { sender: Buffer.from('library') }],
])('it is good for nothing else: %s', (_, other) => {
  expect(verdict(solved.ticket, answer, { ...PURPOSE, ...other })).toBe('void');
  clock.advance({ seconds: 30 });
  expect(verdict(solved.ticket, '', { ...PURPOSE, ...other })).toBe('void');
});

test('without an answer it is good after twenty seconds, and says how long until then', () => {
  const challenge = issue();
  clock.advance({ seconds: 13 });
  expect(proofOfWork.check(PURPOSE, challenge.ticket, '')).toEqual({
    verdict: 'early',
    seconds: 7,
    challenge,
  });
  clock.advance({ seconds: 7 });
  expect(verdict(challenge.ticket, '')).toBe('passed');
});

test('after ten minutes it is good no more, nor before it was made', () => {
  clock.advance({ minutes: 9, seconds: 59 });
  expect(verdict(solved.ticket, answer)).toBe('passed');
  clock.advance({ seconds: 1 });
  for (const each of [answer, '']) expect(verdict(solved.ticket, each)).toBe('void');
  clock.set('2026-11-30T11:59:59Z');
  expect(verdict(solved.ticket, answer)).toBe('void');
});

test('what was written into a ticket is noticed', () => {
  const { ticket } = issue();
  const [salt = '', madeAt = '', proof = ''] = ticket.split('.');
  clock.advance({ seconds: 30 });
  const earlier = `${salt}.${Number(madeAt) - 60}.${proof}`;
  const others = [
    earlier,
    `${salt}.${madeAt}.${'A'.repeat(32)}`,
    `${'A'.repeat(16)}.${madeAt}.${proof}`,
  ];
  for (const forged of [...others, '', 'x', '..']) expect(verdict(forged, '')).toBe('void');
});
