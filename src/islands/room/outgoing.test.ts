import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Signal } from '../../features/service/room/types.ts';
import { createOutgoing, current, together } from './outgoing.ts';

const offer = (call: string, length = 4): Signal => ({
  type: 'offer',
  call,
  sdp: 'x'.repeat(length),
});
const candidate = (call: string, candidate: string): Signal => ({
  ...{ type: 'candidate', call, candidate, mid: '0', line: 0 },
});
const media = (camera: boolean): Signal => ({
  ...{ type: 'media', camera, microphone: true, screen: false },
  ...{ hold: false, away: false, signing: false, saving: false, captions: false, captioned: false },
});
const to = (seat: string, ...signals: Signal[]) => signals.map((signal) => ({ to: seat, signal }));

test('of several connections with one person, only the signals of the last are sent', () => {
  const all = [
    ...to('a', offer('1'), media(true), offer('2'), media(false)),
    ...to('b', offer('1')),
  ];
  expect(current(all)).toEqual([...to('a', offer('2'), media(false)), ...to('b', offer('1'))]);
});

test('one request has as many as the server accepts, in order and for one seat', () => {
  const long = to(
    'a',
    offer('1', 20_000),
    candidate('1', 'a'),
    offer('1', 15_000),
    candidate('1', 'b'),
  );
  expect(together([...long, ...to('b', media(true))])).toEqual(long.slice(0, 2));
  const many = to('a', ...Array.from({ length: 60 }, (_, at) => candidate('1', `${at}`)));
  expect(together(many)).toHaveLength(50);
  expect(together(to('a', offer('1', 35_000)))).toHaveLength(1);
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a failed request is sent again with later signals; a refused one is not', async () => {
  const answers = [0, 503, 204, 422, 204];
  const sent: string[][] = [];
  const outgoing = createOutgoing(async (_, signals) => {
    sent.push(JSON.parse(signals).map((each: { candidate: string }) => each.candidate));
    return answers.shift() ?? 204;
  });
  outgoing.send('a', candidate('1', 'x'));
  await vi.advanceTimersByTimeAsync(100);
  outgoing.send('a', candidate('1', 'y'));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent).toEqual([['x'], ['x', 'y'], ['x', 'y']]);
  outgoing.send('a', candidate('1', 'z'));
  await vi.advanceTimersByTimeAsync(3_000);
  outgoing.send('a', candidate('1', 'w'));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent.slice(3)).toEqual([['z'], ['w']]);
});
