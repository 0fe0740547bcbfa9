import { describe, expect, test } from 'vitest';
import { SCOPES } from '../../../domain/scopes.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { isSpaceOpen } from '../../booking/appointments/rules.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import {
  attends,
  checkAgainAt,
  isSameOpening,
  isTriedEnough,
  keptUntil,
  makesKind,
  mayBecome,
  maySee,
  mayTakeOrphans,
  outstandingIn,
  shelfOf,
  sizeRefusal,
} from './rules.ts';
import { type DocumentState, KINDS, VERDICTS } from './types.ts';

const end = Temporal.Instant.from('2026-11-30T09:20:00Z');
const retention = {
  documentsHours: 72,
  contactDays: 30,
  notesDays: 365,
  evidenceDays: 1825,
  paymentDays: 2192,
};

describe('an appointment’s documents', () => {
  const agent = (staff: number, desk: number | null): StaffViewer => ({
    ...{ kind: 'staff', staff, name: '', office: 1, role: 'agent', desk },
  });
  const appointment = { office: 1, desk: 3 };
  const begun = [{ kind: 'started', actor: 'staff:7' }] as const;

  test.each<[string, StaffViewer, boolean]>([
    ['its desk', agent(1, 3), true],
    ['another desk', agent(2, 4), false],
    ['who began it, at another desk', agent(7, 4), true],
    ['an agent without a desk', agent(7, null), false],
    ['who coordinates', { ...agent(2, null), role: 'coordinator' }, true],
    [
      'who coordinates another office',
      { ...agent(2, null), role: 'coordinator', office: 2 },
      false,
    ],
    ['the same desk’s number in another office', { ...agent(1, 3), office: 2 }, false],
  ])('are seen by staff: %s', (_, viewer, expected) =>
    expect(attends(viewer, appointment, begun)).toBe(expected),
  );

  test('are seen by no citizen with the link alone', () => {
    const link = { kind: 'citizen', appointment: 'a' } as const;
    expect(maySee(link)).toBe(false);
    expect(maySee({ ...link, proof: null })).toBe(false);
    expect(maySee(provedCitizen('a'))).toBe(true);
    expect(maySee({ kind: 'token', token: 1, office: 1, scopes: new Set(SCOPES) })).toBe(false);
  });

  test('come from the citizen to the inbox, and from staff to the other kinds', () => {
    const citizen = { kind: 'citizen', appointment: 'a' } as const;
    expect(KINDS.filter((each) => makesKind(citizen, each))).toEqual(['inbox']);
    expect(KINDS.filter((each) => makesKind(agent(1, 3), each))).toEqual(['outbox', 'evidence']);
  });
});

describe('the shelf of a document', () => {
  const kinds = (code?: string) => KINDS.map((kind) => shelfOf({ kind, ...(code && { code }) }));
  test('is that of its kind; a result with a code is evidence', () => {
    expect(kinds()).toEqual(['working', 'working', 'evidence']);
    expect(kinds('K7QF')).toEqual(['working', 'evidence', 'evidence']);
  });
});

describe('the retention of a document', () => {
  const before = end.subtract({ hours: 5 });
  test('ends a fixed time after the end of the appointment, for documents that came before', () => {
    expect(keptUntil({ shelf: 'working', madeAt: before }, { end }, retention)).toEqual(
      end.add({ hours: 72 }),
    );
    const evidence = keptUntil({ shelf: 'evidence', madeAt: before }, { end }, retention);
    expect(evidence).toEqual(end.add({ hours: 24 * 1825 }));
  });
  test('counts from the document itself if it came later, so that a result can be fetched', () => {
    const madeAt = end.add({ hours: 50 });
    expect(keptUntil({ shelf: 'working', madeAt }, { end }, retention)).toEqual(
      madeAt.add({ hours: 72 }),
    );
  });
  test('allows new documents as long as earlier ones are kept', () => {
    const at = (hours: number) => end.add({ hours });
    const stands = { status: 'fulfilled', end } as const;
    expect(isSpaceOpen(stands, retention, at(71))).toBe(true);
    expect(isSpaceOpen(stands, retention, at(72))).toBe(false);
    expect(isSpaceOpen({ status: 'cancelled', end }, retention, at(-1))).toBe(false);
  });
});

test.each<[number, number[], string | null]>([
  [0, [], 'empty'],
  [-1, [], 'empty'],
  [1.5, [], 'empty'],
  [1, [], null],
  [100, [], null],
  [101, [], 'too_large'],
  [100, [100, 50], null],
  [100, [100, 51], 'full'],
  [1, [1, 1, 1], 'full'],
])('a document of %i bytes beside %j: %s', (size, there, refusal) =>
  expect(
    sizeRefusal(
      size,
      there.map((each) => ({ size: each })),
      { file: 100, files: 3, total: 250 },
    ),
  ).toBe(refusal),
);

test('only a check or a coordinator makes a document clean', () => {
  const states: DocumentState[] = ['receiving', 'checking', ...VERDICTS];
  expect(states.filter((each) => mayBecome(each, 'clean'))).toEqual([
    ...['checking', 'unscannable', 'error'],
  ]);
  for (const last of ['clean', 'infected', 'refused'] as const)
    expect(states.filter((each) => mayBecome(last, each))).toEqual([]);
});

test('a document that could not be checked is checked again, soon at first and then every half hour', () => {
  const minutes = [1, 2, 3, 6, 7, 30].map((checks) =>
    checkAgainAt(checks, end).since(end).total('minutes'),
  );
  expect(minutes).toEqual([1, 2, 4, 30, 30, 30]);
});

test('a check that never ends is tried ten times; one that waits for the antivirus is always repeated', () => {
  expect(isTriedEnough({ state: 'checking', checks: 10 })).toBe(false);
  expect(isTriedEnough({ state: 'checking', checks: 11 })).toBe(true);
  expect(isTriedEnough({ state: 'error', checks: 900 })).toBe(false);
});

test.each([
  [{ there: 9, known: 1, orphans: 8 }, true],
  [{ there: 1, known: 0, orphans: 1 }, false],
  [{ there: 900, known: 0, orphans: 900 }, false],
  [{ there: 900, known: 450, orphans: 450 }, true],
  [{ there: 900, known: 449, orphans: 451 }, false],
])('a bucket that looks like another installation’s is not changed: %o', (count, expected) =>
  expect(mayTakeOrphans(count)).toBe(expected),
);

test('openings within ten minutes are the same opening, unless the clock was set back', () => {
  const opening = { document: 'volant', by: 'staff:1', at: end };
  const again = (minutes: number, over: Partial<typeof opening> = {}) =>
    isSameOpening([opening], { ...opening, at: end.add({ minutes }), ...over });
  expect([0, 9, 10].map((minutes) => again(minutes))).toEqual([true, true, false]);
  expect([-1, -60 * 24].map((minutes) => again(minutes))).toEqual([false, false]);
  expect([again(1, { document: 'dni' }), again(1, { by: 'staff:2' })]).toEqual([false, false]);
});

describe('what is outstanding for a citizen', () => {
  const END = { end: Temporal.Instant.from('2026-12-09T09:00:00Z') };
  const RETENTION = { documentsHours: 72, evidenceDays: 1_827 } as never;
  let made = 0;
  const document = (over: object) => ({
    ...{ id: `d${++made}`, kind: 'inbox' as const, shelf: 'working' as const },
    ...{ state: 'clean' as const, review: null, requested: 'dni', madeBy: 'citizen' },
    ...{ madeAt: END.end.add({ seconds: made }), destroyedAt: null },
    ...over,
  });
  const result = (over: object = {}) => document({ kind: 'outbox', madeBy: 'staff:1', ...over });
  const of = (documents: ReturnType<typeof document>[], opened: string[] = []) =>
    outstandingIn(documents, new Set(opened), END, RETENTION);

  test('are the results that they have not opened, with the end of the first', () => {
    const [one, two] = [result(), result()];
    expect(of([one, two])).toMatchObject({ toFetch: 2, fetched: 0 });
    expect(of([one, two]).until?.toString()).toBe(one.madeAt.add({ hours: 72 }).toString());
    expect(of([one, two], [one.id])).toMatchObject({ toFetch: 1, fetched: 1 });
    expect(of([one, two], [one.id, two.id])).toMatchObject({ toFetch: 0, until: null });
    expect(of([result({ state: 'checking' }), result({ state: 'unscannable' })])).toMatchObject({
      ...{ toFetch: 0, coming: 2 },
    });
    expect(of([result({ state: 'refused' }), result({ destroyedAt: END.end })])).toMatchObject({
      ...{ toFetch: 0, coming: 0 },
    });
  });

  test('are no copies of consents', () => {
    expect(of([result({ madeBy: 'system' })])).toMatchObject({ toFetch: 0, copies: 1 });
  });

  test('are files that are of no use, unless a later one in the same place is or may be', () => {
    const bad = document({ state: 'refused' });
    const infected = document({ state: 'infected', requested: null });
    expect(of([bad, infected])).toMatchObject({ toSendAgain: 2 });
    expect(of([bad, infected, document({ state: 'checking' })])).toMatchObject({ toSendAgain: 1 });
    expect(of([bad, document({ state: 'refused' })])).toMatchObject({ toSendAgain: 2 });
    expect(of([document({}), document({ state: 'refused' })])).toMatchObject({ toSendAgain: 1 });
    expect(of([document({ review: 'again' })])).toMatchObject({ toSendAgain: 1 });
    expect(of([document({ state: 'infected', destroyedAt: END.end })])).toMatchObject({
      toSendAgain: 0,
    });
  });
});
