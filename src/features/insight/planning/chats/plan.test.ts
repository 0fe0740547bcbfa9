import { expect, test } from 'vitest';
import { desksForCalls } from '../erlang.ts';
import { type ChatAssumptions, readChatAssumptions } from './assumptions.ts';
import { planChats } from './plan.ts';

const NONE = { hours: [], days: 0, minutes: null };
const typed = (of: Record<string, string> = {}): ChatAssumptions => {
  const read = readChatAssumptions((name) => of[name] ?? '');
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  return read.assumptions;
};

test('each hour has as many a day as began, by the days on which somebody wrote', () => {
  const past = {
    hours: [
      { hour: 9, chats: 120 },
      { hour: 13, chats: 10 },
    ],
    ...{ days: 10, minutes: 8 },
  };
  const plan = planChats(past, typed(), 3);
  expect(plan.hours.map(({ hour, perHour }) => [hour, perHour])).toEqual([
    [9, 12],
    [13, 1],
  ]);
  expect(plan).toMatchObject({ known: { perHour: 12, minutes: 8 }, minutes: 8, atOnce: 3 });
  for (const { team, alone } of plan.hours) {
    expect(team.served).toBeGreaterThanOrEqual(0.8);
    expect(team.desks).toBeLessThanOrEqual(alone);
  }
  // One desk fewer breaks the promise; more keep it better.
  const [less, same, more] = plan.around.filter(({ desks }) => desks > 0);
  const shown = plan.around.find(({ desks }) => desks === plan.hours[0]?.team.desks);
  expect(shown).toEqual(plan.hours[0]?.team);
  if (less && same && more) expect(less.served).toBeLessThan(same.served);
});

test('what is typed counts before what is known; with one at once it is as by telephone', () => {
  const asked = typed({ perHour: '30', minutes: '12', share: '40', atOnce: '1' });
  const plan = planChats({ ...NONE, minutes: 5 }, asked, 3);
  const load = { rate: 30 / 3600, length: 12 * 60 };
  const desks = desksForCalls(load, { within: 60, share: 0.8 }, 300);
  expect(plan.hours).toMatchObject([{ hour: null, perHour: 30, team: { desks }, alone: desks }]);
  expect(plan.minutesAtOnce).toBeCloseTo(12, 9);
});

test('nothing known and nothing typed is no plan; an office without chats at once has one', () => {
  expect(planChats(NONE, typed(), 0)).toMatchObject({ hours: [], around: [], atOnce: 1 });
});

test('an agent who writes all the time gains nothing by several at once', () => {
  const all = planChats(NONE, typed({ perHour: '30', share: '100', atOnce: '4' }), 3);
  const half = planChats(NONE, typed({ perHour: '30', share: '30', atOnce: '4' }), 3);
  expect(half.hours[0]!.team.desks).toBeLessThan(all.hours[0]!.team.desks);
  expect(half.hours[0]!.team.desks).toBeLessThan(half.hours[0]!.alone);
});

test('mistakes are named by field', () => {
  const read = readChatAssumptions(
    (name) => ({ perHour: 'x', atOnce: '1,5', share: '1' })[name as 'share'] ?? '',
  );
  expect(read).toEqual({
    ok: false,
    mistakes: { perHour: 'number', atOnce: 'whole', share: 'range' },
  });
});
