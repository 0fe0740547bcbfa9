import { describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { asksHeard, checkSurvey } from './rules.ts';

describe('an answer', () => {
  test('may be any one of the questions', () => {
    const nothing = { score: null, solved: null, heard: null, comment: '' };
    expect(checkSurvey({ heard: 'partly' })).toEqual({
      ok: true,
      answer: { ...nothing, heard: 'partly' },
    });
    expect(checkSurvey({ score: '0' })).toEqual({ ok: true, answer: { ...nothing, score: 0 } });
    expect(checkSurvey({})).toEqual({ ok: false, mistakes: { all: 'missing' } });
  });

  test('that no page of ours offers is none', () => {
    expect(checkSurvey({ heard: 'maybe' })).toEqual({
      ok: false,
      mistakes: { heard: 'not_known' },
    });
  });
});

describe('how the call sounded', () => {
  test.each<[Appointment['status'], Appointment['channel'], boolean]>([
    ['fulfilled', 'phone', true],
    ['fulfilled', 'video', true],
    ['noshow', 'phone', false],
    ['cancelled', 'video', false],
    ['in_progress', 'video', false],
  ])('of one that is %s by %s is asked: %s', (status, channel, isAsked) => {
    expect(asksHeard({ status, channel })).toBe(isAsked);
  });
});
