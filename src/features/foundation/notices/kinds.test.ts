import { expect, test } from 'vitest';
import { mostInADay, TIME_BOUND_KINDS } from './rules.ts';
import { NOTICE_KINDS } from './types.ts';

test('what tells of an hour is dropped when that changes or ends; a result, a refusal, a code, a link and a survey are not', () => {
  const kept = NOTICE_KINDS.filter((each) => !TIME_BOUND_KINDS.includes(each));
  expect(kept.sort()).toEqual([
    ...([
      'again',
      'authorisation',
      'cancellation',
      'case',
      'chat',
      'code',
      'contact',
      'link',
      'refused',
      'request',
      'result',
      'survey',
      'unfinished',
    ] as const),
  ]);
});

test('of useless files, also of a case, no more is told in a day than half of what may be; of a decision always', () => {
  const paper = { kind: 'case', facts: { by: 'office', news: 'paper' } } as const;
  const decided = { kind: 'case', facts: { by: 'office', news: 'decided' } } as const;
  expect(mostInADay(paper, 10)).toBe(5);
  expect(mostInADay({ kind: 'refused', facts: {} }, 10)).toBe(5);
  expect(mostInADay(decided, 10)).toBe(Infinity);
});
