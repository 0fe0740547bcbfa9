import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestQuestion } from '../../../domain/requests/schema.ts';
import { tidyText } from '../../../domain/tidy-text.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { nearest } from './following/service.ts';
import {
  askedTimes,
  checkAnswers,
  checkPlace,
  isTheirs,
  lackOf,
  latitudesNear,
  longitudesNear,
  metresBetween,
} from './rules.ts';
import { testType } from './testing.ts';
import type { RequestEvent, RequestRow } from './types.ts';

const points = fc.record({
  lat: fc.double({ min: -85, max: 85, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe('near', () => {
  it('is the same both ways, nothing from oneself, and never more than half way round', () => {
    fc.assert(
      fc.property(points, points, (one, other) => {
        expect(metresBetween(one, other)).toBe(metresBetween(other, one));
        expect(metresBetween(one, one)).toBe(0);
        expect(metresBetween(one, other)).toBeLessThanOrEqual(20_015_087);
      }),
    );
  });

  it('is what is known of two places in Catalonia', () => {
    // Sagrada Família and the cathedral of Barcelona: 2.4 km.
    const metres = metresBetween({ lat: 41.4036, lon: 2.1744 }, { lat: 41.3839, lon: 2.1762 });
    expect(metres).toBeGreaterThan(2_150);
    expect(metres).toBeLessThan(2_250);
  });

  it('lies within the rectangle that the database is asked for', () => {
    const away = fc.integer({ min: 5, max: 2000 });
    fc.assert(
      fc.property(points, away, points, (one, metres, other) => {
        const near = {
          lat: one.lat + (other.lat / 85) * 0.03,
          lon: one.lon + (other.lon / 180) * 0.3,
        };
        const [south, north] = latitudesNear(one, metres);
        const [west, east] = longitudesNear(one, metres);
        if (metresBetween(one, near) <= metres) {
          expect(near.lat).toBeGreaterThanOrEqual(south);
          expect(near.lat).toBeLessThanOrEqual(north);
          expect(near.lon).toBeGreaterThanOrEqual(west);
          expect(near.lon).toBeLessThanOrEqual(east);
        }
      }),
    );
  });

  it('shows the nearest first, at most five, and none that is farther', () => {
    const row = (metres: number) =>
      ({
        ...{ id: `${metres}`, reference: `${metres}`, state: 'received', address: '', area: null },
        ...{ followers: 0, sentAt: Temporal.Instant.from('2027-02-01T08:00:00Z') },
        point: { lat: 41.5 + metres / 111_195, lon: 2.1 },
      }) as unknown as Parameters<typeof nearest>[0][number];
    const found = nearest(
      [60, 10, 100, 30, 0, 20, 40, 50].map(row),
      { point: { lat: 41.5, lon: 2.1 }, address: '' },
      60,
    );
    expect(found.map(({ reference }) => reference)).toEqual(['0', '10', '20', '30', '40']);
    // Three exact distances would tell the doorway.
    expect(new Set(found.map(({ metres }) => metres))).toEqual(new Set([50]));
  });
});

const question = (over: Partial<RequestQuestion>): RequestQuestion => ({
  ...{ id: 'q', type: 'text', label: { ca: 'Q' }, required: false },
  ...over,
});
const options = ['a', 'b'].map((id) => ({ id, label: { ca: id } }));

describe('answers to the questions of a type', () => {
  it.each([
    [question({}), ['  Hola\r\nbon dia '], { q: 'Hola\nbon dia' }],
    [question({ type: 'number' }), ['2,5'], { q: '2.5' }],
    [question({ type: 'number' }), ['+ 3'], { q: '3' }],
    [question({ type: 'date' }), ['2028-02-29'], { q: '2028-02-29' }],
    [question({ type: 'choice', options }), ['b'], { q: 'b' }],
    [question({ type: 'choices', options }), ['b', 'a', 'b'], { q: ['b', 'a'] }],
    [question({ type: 'choices', options }), [], {}],
  ] as const)('are kept in one form', (of, given, value) => {
    expect(checkAnswers([of], { q: given })).toEqual({ ok: true, value });
  });

  it.each([
    [question({ required: true }), [' '], 'missing'],
    [question({ type: 'number' }), ['molts'], 'not_a_number'],
    [question({ type: 'number' }), ['1e9'], 'not_a_number'],
    [question({ type: 'date' }), ['2027-02-29'], 'not_a_date'],
    [question({ type: 'date' }), ['29/2/2028'], 'not_a_date'],
    [question({ type: 'choice', options }), ['c'], 'not_known'],
    [question({ type: 'choices', options }), ['a', 'c'], 'not_known'],
    [question({}), ['a'.repeat(1001)], 'too_long'],
  ] as const)('that are wrong say so', (of, given, mistake) => {
    expect(checkAnswers([of], { q: given })).toEqual({ ok: false, mistakes: { q: mistake } });
  });

  it('never throw, and keep nothing that was not asked', () => {
    const types = fc.constantFrom(...(['text', 'number', 'date', 'choice', 'choices'] as const));
    const typed = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 3 });
    fc.assert(
      fc.property(types, typed, fc.boolean(), (type, given, required) => {
        const checked = checkAnswers([question({ type, options, required })], {
          q: given,
          x: ['y'],
        });
        if (checked.ok) expect(Object.keys(checked.value).every((each) => each === 'q')).toBe(true);
      }),
    );
  });
});

describe('what is written', () => {
  it('is tidied once for all, and has no signs that turn what others read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = tidyText(text);
        expect(tidyText(once)).toBe(once);
        expect(once.isWellFormed()).toBe(true);
        for (const sign of ['\u0000', '\u202e', '\u2066']) expect(once).not.toContain(sign);
      }),
    );
  });

  it('of a type without a place has none, whatever was sent', () => {
    const place = { point: { lat: 41.5, lon: 2.1 }, address: 'x', area: 'centre' };
    expect(checkPlace({ place: 'none' }, place, false)).toMatchObject({
      ok: true,
      value: { point: null, address: '', area: null },
    });
    expect(
      checkPlace({ place: 'required' }, { ...place, point: { lat: 91, lon: 0 } }, false),
    ).toEqual({ ok: false, mistakes: { place: 'outside' } });
  });

  it('lacks the pages that its type asks for, in their order', () => {
    const whole: Parameters<typeof lackOf>[1] = {
      ...{ text: 'x', answers: {}, point: null, address: 'x', area: null },
      tellBy: 'page',
      isAnonymous: true,
    };
    const type = testType('fanal');
    expect(lackOf(type, whole)).toBeNull();
    expect(lackOf(type, { ...whole, address: '' })).toBe('where');
    expect(lackOf(type, { ...whole, text: '' })).toBe('what');
    expect(lackOf(type, { ...whole, tellBy: null })).toBe('contact');
    expect(lackOf({ ...type, anonymous: false }, whole)).toBe('contact');
  });
});

describe('a request is seen', () => {
  const row = {
    ...{ id: 'r', office: 1, sentAt: Temporal.Instant.from('2027-02-01T08:00:00Z') },
    ...{ team: 'brigada', assignee: null, madeBy: 'citizen' },
  } satisfies Partial<RequestRow>;
  const agent = (over: Partial<StaffViewer> = {}): StaffViewer => ({
    ...{ kind: 'staff', staff: 7, name: 'N', office: 1, role: 'agent', desk: null },
    otherTeams: [],
    ...over,
  });

  it.each([
    ['by its team', agent(), row, true],
    ['by no other team', agent({ otherTeams: ['brigada'] }), row, false],
    ['by nobody whose teams nobody looked up', { ...agent(), otherTeams: undefined }, row, false],
    ['by whoever has it', agent({ otherTeams: ['brigada'] }), { ...row, assignee: 7 }, true],
    ['by whoever wrote it down', agent(), { ...row, team: null, madeBy: 'staff:7' }, true],
    ['by no agent before it has a team', agent(), { ...row, team: null }, false],
    ['by whoever coordinates', agent({ role: 'coordinator' }), { ...row, team: null }, true],
    ['by nobody of another office', agent({ role: 'coordinator', office: 2 }), row, false],
    [
      'by nobody before it is sent',
      agent({ role: 'coordinator' }),
      { ...row, sentAt: null },
      false,
    ],
  ])('%s', (_, viewer, of, isSeen) => {
    expect(isTheirs(viewer as StaffViewer, of)).toBe(isSeen);
  });

  it('by its own person, and by no token, companion or follower', () => {
    expect(isTheirs({ kind: 'requester', request: 'r' }, row)).toBe(true);
    expect(isTheirs({ kind: 'requester', request: 's' }, row)).toBe(false);
    for (const viewer of [
      { kind: 'follower', follower: 'f', request: 'r' },
      { kind: 'token', token: 1, office: 1, scopes: new Set(['cases:read']) },
      { kind: 'addressee' },
    ] as const)
      expect(isTheirs(viewer, row)).toBe(false);
  });
});

it('the term stands still from each question to its answer, since it was reopened last', () => {
  const at = (hour: number) => Temporal.Instant.from('2027-02-01T00:00:00Z').add({ hours: hour });
  const moved = (hour: number, from: string, to: string) =>
    ({
      id: hour,
      at: at(hour),
      actor: 'staff:1',
      kind: 'moved',
      from,
      to,
      data: {},
    }) as RequestEvent;
  const events = [
    moved(1, 'received', 'asked'),
    moved(2, 'asked', 'answered'),
    moved(5, 'answered', 'received'),
    moved(6, 'received', 'asked'),
    moved(7, 'asked', 'received'),
    moved(8, 'received', 'asked'),
  ];
  expect(askedTimes(events, at(5))).toEqual([
    { from: at(6), until: at(7) },
    { from: at(8), until: null },
  ]);
});
