import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchHold } from './hold.ts';

const KEPT = { mayExtend: true, said: 'kept', soon: 'little time left', ended: 'no longer kept' };
let answers: PromiseWithResolvers<unknown>[];
/** The page's events. */
let page: EventTarget & { visibilityState?: string };

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  page = Object.assign(new EventTarget(), {
    visibilityState: 'visible',
    getElementById: () => null,
  });
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', { setTimeout, clearTimeout, addEventListener: () => {} });
  vi.stubGlobal('fetch', () => {
    const answer = Promise.withResolvers<unknown>();
    answers.push(answer);
    return answer.promise;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function hold(seconds: number) {
  const said = { textContent: '' };
  const button = new EventTarget();
  const offer = { hidden: true, querySelector: () => button };
  watchHold({
    dataset: { url: '/hold', state: JSON.stringify({ ...KEPT, seconds }) },
    querySelector: (what: string) => (what === 'p' ? said : offer),
    focus: () => {},
  } as unknown as HTMLElement);
  return { said, offer, extend: () => button.dispatchEvent(new Event('click')) };
}
const look = () => page.dispatchEvent(new Event('visibilitychange'));
const answer = async (nth: number, seconds: number) => {
  answers[nth]?.resolve({ ok: true, status: 200, json: async () => ({ ...KEPT, seconds }) });
  await vi.advanceTimersByTimeAsync(0);
};

test('the notice with a button appears two minutes before the end, and another at the end', () => {
  const { said, offer } = hold(300);
  expect([said.textContent, offer.hidden]).toEqual(['kept', true]);
  vi.advanceTimersByTime(180_000);
  expect([said.textContent, offer.hidden]).toEqual(['little time left', false]);
  vi.advanceTimersByTime(120_000);
  expect([said.textContent, offer.hidden]).toEqual(['no longer kept', true]);
});

test('a device that slept and learns of the end stops counting', async () => {
  const { said, offer } = hold(300);
  look();
  await answer(0, 0);
  vi.advanceTimersByTime(180_000);
  expect([said.textContent, offer.hidden]).toEqual(['no longer kept', true]);
});

test('an answer to a request from before the extension is ignored', async () => {
  const { said, offer, extend } = hold(60);
  look();
  extend();
  await answer(1, 600);
  await answer(0, 59);
  expect([said.textContent, offer.hidden]).toEqual(['kept', true]);
});
