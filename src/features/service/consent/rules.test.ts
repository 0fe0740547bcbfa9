import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Status } from '../../../domain/appointment.ts';
import type { Habilitation } from '../../../domain/office/schema.ts';
import { canonicalJson } from '../../../lib/envelope/canonical-json.ts';
import {
  actKeptUntil,
  actsFor,
  checkDraft,
  fillText,
  habilitationOn,
  hashOf,
  ineligibilityFor,
  isStillHabilitated,
  proceduresOf,
  standingOf,
} from './rules.ts';
import type { ActDraft, ActState } from './types.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const at = (text: string) => Temporal.Instant.from(text);

const MARTA: Habilitation = {
  ...{ email: 'marta@vila.cat', name: 'Marta', post: 'Informadora', order: 'Decret 1' },
  ...{ since: '2026-02-01', until: '2026-11-30' },
};
const ANNA: Habilitation = { ...MARTA, email: 'anna@vila.cat', name: 'Anna', since: '2025-01-01' };
delete ANNA.until;

describe('the register', () => {
  test.each([
    ['2026-01-31', false],
    ['2026-02-01', true],
    ['2026-11-30', true],
    ['2026-12-01', false],
  ])('on %s: %s, both ends included', (on, holds) => {
    expect(habilitationOn([ANNA, MARTA], 'Marta@Vila.cat', day(on)) === MARTA).toBe(holds);
    expect(isStillHabilitated([ANNA, MARTA], MARTA, day(on))).toBe(holds);
  });

  test('has no end unless one is given, and applies to nobody else', () => {
    expect(habilitationOn([MARTA, ANNA], 'anna@vila.cat', day('2040-01-01'))).toBe(ANNA);
    expect(habilitationOn([MARTA, ANNA], 'jordi@vila.cat', day('2026-06-01'))).toBeNull();
    expect(habilitationOn([], 'anna@vila.cat', day('2026-06-01'))).toBeNull();
  });

  test('a habilitation by another decision is another one', () => {
    const today = day('2026-06-01');
    expect(isStillHabilitated([{ ...MARTA, order: 'Decret 2' }], MARTA, today)).toBe(false);
    expect(isStillHabilitated([{ ...MARTA, since: '2026-03-01' }], MARTA, today)).toBe(false);
    expect(isStillHabilitated([{ ...MARTA, name: 'Anna' }], MARTA, today)).toBe(false);
    expect(isStillHabilitated([], MARTA, today)).toBe(false);
  });
});

const act = (code: string, procedures?: string[], text = 'Jo, {citizen}') => ({
  ...{ code, name: { ca: code }, text: { ca: text, es: text } },
  level: 'substantial' as const,
  handsIn: false,
  ...(procedures && { procedures }),
});

describe('acts that can be prepared', () => {
  test('are those without a procedure, and those of the booked or served procedures', () => {
    const acts = [act('tot'), act('volant', ['volant-padro']), act('gos', ['cens-animals'])];
    const items = [{ procedure: null }, { procedure: 'cens-animals' }] as never;
    const codes = (procedures: ReadonlySet<string>) => actsFor(acts, procedures).map((a) => a.code);
    expect(codes(proceduresOf({ procedure: 'volant-padro' }, null))).toEqual(['tot', 'volant']);
    expect(codes(proceduresOf({ procedure: 'multes' }, { items }))).toEqual(['tot', 'gos']);
  });

  test('need an identified citizen, an official on the register, and an open encounter', () => {
    const well: Parameters<typeof ineligibilityFor>[0] = {
      ...({ status: 'in_progress', identity: 'shown', habilitation: MARTA } as const),
      acts: [act('a')],
    };
    expect(ineligibilityFor(well)).toBeNull();
    expect(ineligibilityFor({ ...well, identity: 'electronic' })).toBeNull();
    expect(ineligibilityFor({ ...well, identity: null })).toBe('not_identified');
    expect(ineligibilityFor({ ...well, identity: 'none' })).toBe('not_identified');
    expect(ineligibilityFor({ ...well, habilitation: null })).toBe('not_habilitated');
    expect(ineligibilityFor({ ...well, status: 'fulfilled' })).toBe('not_open');
    expect(ineligibilityFor({ ...well, acts: [] })).toBe('none');
  });

  test('need a complete draft, with documents that can be opened', () => {
    const acts = [act('plain'), act('case', undefined, 'Jo, {citizen}: {details}')];
    const draft: ActDraft = {
      ...({ template: 'plain', language: 'ca', details: '', documents: ['a'] } as const),
      mayBeAttended: true,
    };
    const wrong = (more: object, open = ['a', 'b']) =>
      checkDraft({ ...draft, ...more }, acts, ['ca', 'es', 'eu'], new Set(open));
    expect(wrong({})).toEqual({});
    expect(wrong({ template: '' })).toEqual({ template: 'missing' });
    expect(wrong({ template: 'x' })).toEqual({ template: 'not_known' });
    expect(wrong({ template: 'case' })).toEqual({ details: 'missing' });
    expect(wrong({ template: 'case', details: 'Alta' })).toEqual({});
    expect(wrong({ details: 'x'.repeat(1001) })).toEqual({ details: 'too_long' });
    expect(wrong({ language: 'eu' })).toEqual({ language: 'not_known' });
    expect(wrong({ language: 'en' })).toEqual({ language: 'not_known' });
    expect(wrong({ documents: ['a', 'c'] })).toEqual({ documents: 'not_known' });
    expect(wrong({}, [])).toEqual({ documents: 'not_known' });
    expect(wrong({ mayBeAttended: false })).toEqual({ mayBeAttended: 'missing' });
  });

  test('text that somebody typed fills no other blank', () => {
    const values = { citizen: '{official}', official: 'Marta', details: '{citizen}' };
    expect(fillText('Jo, {citizen}, davant {official}: {details}', values)).toBe(
      'Jo, {official}, davant Marta: {citizen}',
    );
  });
});

describe('the state of an act', () => {
  const expiresAt = at('2026-11-30T10:00:00Z');
  const states: ActState[] = ['consented', 'declined', 'withdrawn', 'expired'];
  test('is open only within the time limit and during the encounter', () => {
    const stands = (now: string, status: Status = 'in_progress') =>
      standingOf({ state: 'prepared', expiresAt }, status, at(now));
    expect(stands('2026-11-30T09:59:59.999Z')).toBe('prepared');
    expect(stands('2026-11-30T10:00:00Z')).toBe('expired');
    for (const status of ['booked', 'arrived', 'fulfilled', 'noshow', 'cancelled'] as const)
      expect(stands('2026-11-30T09:00:00Z', status)).toBe('expired');
  });
  test.each(states)('stays %s', (state) => {
    expect(standingOf({ state, expiresAt }, 'fulfilled', at('2030-01-01T00:00:00Z'))).toBe(state);
  });
  test('evidence is kept from the later of the answer and the end of the appointment', () => {
    const retention = {
      documentsHours: 72,
      contactDays: 30,
      notesDays: 365,
      evidenceDays: 10,
      paymentDays: 2192,
    };
    const until = (settled: string, end: string) =>
      actKeptUntil(
        { settledAt: at(settled), preparedAt: at(settled) },
        { end: at(end) },
        retention,
      );
    const [early, late] = ['2026-11-30T09:00:00Z', '2026-11-30T10:00:00Z'];
    expect(until(early, late).toString()).toBe('2026-12-10T10:00:00Z');
    expect(until(late, early).toString()).toBe('2026-12-10T10:00:00Z');
  });
});

describe('canonical JSON', () => {
  const json = fc.jsonValue().filter((each) => !/-0(?![.\d])/.test(JSON.stringify(each) ?? ''));
  test('is the same for any order of the keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(shuffled(value))).toBe(text);
      }),
    );
  });
  test('is the one of RFC 8785, as in its example', () => {
    const example = { literals: [null, true, false], string: '€$\u000f\nA\'B"\\\\"/', a: 1 };
    expect(canonicalJson(example)).toBe(
      '{"a":1,"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    // 3.2.3: by UTF-16 code units, so a surrogate pair is before U+FB33.
    const keys = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 };
    expect(Object.keys(JSON.parse(canonicalJson(keys)))).toEqual([
      ...['1', '\r', '\u0080', 'ö', '€', '\u{1f600}', '\ufb33'],
    ]);
  });
  test('has another hash after a change of any letter', () => {
    expect(hashOf('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hashOf('a')).not.toBe(hashOf('b'));
  });
});

/** Returns the same value with the keys of each group in the other order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).reverse();
  return Object.fromEntries(pairs.map(([key, each]) => [key, shuffled(each)]));
}
