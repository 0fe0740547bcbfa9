import { describe, expect, test } from 'vitest';
import { DEFAULT_STATES } from '../../../../domain/form/states.ts';
import type { StaffRole, StaffViewer } from '../../../../lib/viewer.ts';
import { amendDays } from '../amendment/rules.ts';
import {
  decisionIn,
  decisionMistakes,
  isGrantedBySilence,
  whyNotIssue,
  whyNotWrite,
} from './rules.ts';

const viewer = (role: StaffRole, staff = 1): StaffViewer => ({
  ...({ kind: 'staff', name: 'Núria', desk: null, office: 1 } as const),
  role,
  staff,
});
const day = (text: string) => Temporal.PlainDate.from(text);

describe('silence', () => {
  const granted = { decision: { months: 3, silence: 'granted' } } as const;

  test('grants after the last day, and not on it', () => {
    const last = day('2027-05-03');
    expect(isGrantedBySilence(granted, last, day('2027-05-03'))).toBe(false);
    expect(isGrantedBySilence(granted, last, day('2027-05-04'))).toBe(true);
  });

  test('grants nothing where it means no, where there is no term, or while the term stands still', () => {
    const late = day('2030-01-01');
    const refused = { decision: { months: 3, silence: 'refused' } } as const;
    expect(isGrantedBySilence(refused, day('2027-05-03'), late)).toBe(false);
    expect(isGrantedBySilence({}, day('2027-05-03'), late)).toBe(false);
    expect(isGrantedBySilence(granted, null, late)).toBe(false);
  });

  test('keeps everybody from refusing, and nobody from granting', () => {
    const of = { assignee: 1, isGranted: true };
    const written = { isGranted: true, writtenBy: 'staff:2' };
    expect(whyNotWrite(viewer('coordinator'), { ...of, outcome: 'refused' })).toBe('silence');
    expect(whyNotWrite(viewer('coordinator'), { ...of, outcome: 'granted' })).toBeNull();
    expect(whyNotIssue(viewer('administrator'), { ...written, outcome: 'refused' })).toBe(
      'silence',
    );
    expect(whyNotIssue(viewer('administrator'), { ...written, outcome: 'granted' })).toBeNull();
  });
});

describe('a decision', () => {
  const of = { outcome: 'refused', isGranted: false };

  test('is written by whoever has taken the case, and nobody else', () => {
    expect(whyNotWrite(viewer('agent', 1), { ...of, assignee: 1 })).toBeNull();
    for (const assignee of [null, 2])
      for (const role of ['agent', 'coordinator', 'administrator'] as const)
        expect(whyNotWrite(viewer(role, 1), { ...of, assignee })).toBe('untaken');
  });

  test('is issued by another person, whose role can', () => {
    for (const role of ['coordinator', 'administrator'] as const) {
      expect(whyNotIssue(viewer(role, 1), { ...of, writtenBy: 'staff:2' })).toBeNull();
      expect(whyNotIssue(viewer(role, 1), { ...of, writtenBy: 'staff:1' })).toBe('own');
    }
    expect(whyNotIssue(viewer('agent', 1), { ...of, writtenBy: 'staff:2' })).toBe('role');
  });

  test('has mistakes at the words that are missing or too long', () => {
    const words = { text: ' ', reasons: '', appeal: 'x'.repeat(20_001) };
    const text = { field: 'text', mistake: 'missing' };
    const appeal = { field: 'appeal', mistake: 'long' };
    expect(decisionMistakes('granted', words)).toEqual([text, appeal]);
    expect(decisionMistakes('refused', words)).toEqual([
      text,
      { field: 'reasons', mistake: 'missing' },
      appeal,
    ]);
    expect(decisionIn('granted', words)).toBeNull();
    const right = { text: ' Es concedeix. ', reasons: '', appeal: 'x'.repeat(20_000) };
    expect(decisionMistakes('granted', right)).toEqual([]);
    expect(decisionIn('granted', right)?.text).toBe('Es concedeix.');
  });
});

test('the term of a request to amend is that of the form’s table, and the shortest of several', () => {
  expect(amendDays(DEFAULT_STATES)).toBe(10);
  const to = (deadline?: number) => ({
    ...({ from: 'to-amend', to: 'lapsed', who: 'system' } as const),
    ...(deadline && { deadline }),
  });
  expect(amendDays({ transitions: [to(15), to(20)] })).toBe(15);
  expect(amendDays({ transitions: [to()] })).toBeNull();
});
