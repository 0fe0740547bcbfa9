import { expect, test } from 'vitest';
import { TIME_BOUND_KINDS } from './rules.ts';
import { NOTICE_KINDS } from './types.ts';

test('what tells of an hour is dropped when that changes or ends; a result, a refusal, a code, a link and a survey are not', () => {
  const kept = NOTICE_KINDS.filter((each) => !TIME_BOUND_KINDS.includes(each));
  expect(kept.sort()).toEqual([
    ...([
      'again',
      'authorisation',
      'cancellation',
      'case',
      'code',
      'contact',
      'link',
      'refused',
      'result',
      'survey',
    ] as const),
  ]);
});
