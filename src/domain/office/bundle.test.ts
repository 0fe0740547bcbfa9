import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHANNELS, type Channel } from '../channel.ts';
import { addable, type Bundle, bookedBundle, bundleOf, minutesOf } from './bundle.ts';
import { combining, procedureCombining } from './combining.ts';
import type { Office, Procedure } from './types.ts';

type Declared = Partial<Omit<Procedure, 'combining'>> & {
  combining?: Parameters<typeof procedureCombining.parse>[0];
};

const procedure = (code: string, minutes: number | Procedure['channels'], more: Declared = {}) =>
  ({
    ...{ id: code.length, code, retired: false, kind: 'procedure', name: { ca: code } },
    ...{ documents: [], checklist: [], identity: 'none', onBehalf: true, otherWays: [] },
    ...{ obligedElectronic: false, keywords: {} },
    channels: typeof minutes === 'number' ? { phone: minutes, video: minutes } : minutes,
    ...more,
    combining: procedureCombining.parse(more.combining ?? {}),
  }) as Procedure;

const officeOf = (policy: object, ...procedures: Procedure[]) =>
  ({
    procedures: procedures.filter((each) => !each.retired),
    procedure: (code: string) => procedures.find((each) => each.code === code),
    settings: { combining: combining.parse(policy) },
  }) as unknown as Office;

const ROLL = procedure('alta', 30, { combining: { further: 15, perPerson: 5, people: 6 } });
const SHEET = procedure('volant', 15, { combining: { further: 5, perPerson: 0 } });
const TAX = procedure('ibi', 20);
const OFFICE = officeOf({ procedures: 3, people: 2, minutes: 60 }, ROLL, SHEET, TAX);

function minutes(
  office: Office,
  further: string[],
  people = 1,
  first = 'alta',
  on: Channel = 'phone',
) {
  const made = bundleOf(office, { procedure: first, further, people });
  return made.ok ? made.bundle.channels[on] : made.reason;
}

describe('the minutes of an appointment', () => {
  test('are those of its procedure, not rounded, when it has one and is for one person', () => {
    const odd = officeOf({}, procedure('odd', 17));
    expect(minutes(odd, [], 1, 'odd')).toBe(17);
    expect(minutes(OFFICE, [])).toBe(30);
  });

  test('are those of the longest procedure, and what each other one adds', () => {
    expect(minutes(OFFICE, ['volant'])).toBe(35);
    expect(minutes(OFFICE, ['alta'], 1, 'volant')).toBe(35);
    expect(minutes(OFFICE, ['volant', 'ibi'])).toBe(55);
    expect(minutes(OFFICE, ['volant'], 1, 'ibi')).toBe(25);
  });

  test('have what each further person adds in each procedure', () => {
    expect(minutes(OFFICE, [], 6)).toBe(55);
    expect(minutes(OFFICE, ['volant'], 2)).toBe(40);
    expect(minutes(officeOf({ people: 3 }, TAX), [], 3, 'ibi')).toBe(60);
  });

  test('are rounded up', () => {
    const policy = { procedures: 2, roundTo: 10 };
    expect(minutes(officeOf(policy, ROLL, procedure('x', 17)), ['x'])).toBe(50);
  });
});

describe('an appointment is refused', () => {
  test.each([
    ['with more procedures than the office allows', ['volant', 'ibi', 'x'], 1, 'not_combinable'],
    ['with a procedure twice', ['alta'], 1, 'not_combinable'],
    ['with a procedure of no catalogue', ['other'], 1, 'unknown_procedure'],
    ['with a retired one', ['old'], 1, 'unknown_procedure'],
    ['with one that is always alone', ['alone'], 1, 'not_combinable'],
    ['with one that goes with another only', ['choosy'], 1, 'not_combinable'],
    ['for more people than a procedure allows', [], 7, 'too_many_people'],
    ['for more people than one of its procedures allows', ['volant'], 3, 'too_many_people'],
    ['for 999 people', [], 999, 'too_many_people'],
    ['for no people', [], 0, 'unknown_procedure'],
    ['for half a person', [], 1.5, 'unknown_procedure'],
    ['when it would take too long', ['ibi', 'volant'], 2, 'too_long'],
  ])('%s', (_, further, people, reason) => {
    const office = officeOf(
      { procedures: 3, people: 2, minutes: 60 },
      ...[ROLL, SHEET, TAX, procedure('x', 5)],
      procedure('alone', 5, { combining: { alone: true } }),
      procedure('choosy', 5, { combining: { with: ['volant'] } }),
      procedure('old', 5, { retired: true }),
    );
    expect(minutes(office, further, people)).toBe(reason);
  });

  test('wherever the town file has nothing about it', () => {
    const office = officeOf({}, procedure('a', 5), procedure('b', 5));
    expect(minutes(office, ['b'], 1, 'a')).toBe('not_combinable');
    expect(minutes(office, [], 2, 'a')).toBe('too_many_people');
    expect(addable(office, [procedure('a', 5)]).map((each) => each.code)).toEqual(['b']);
  });

  test('at once, however long the list of its procedures is', () => {
    const many = Array.from({ length: 100_000 }, () => 'volant');
    expect(minutes(OFFICE, many)).toBe('not_combinable');
  });
});

test('an appointment has the channels that all its procedures have, and is not too long on', () => {
  const office = officeOf(
    { procedures: 2, minutes: 40 },
    procedure('a', { phone: 20, video: 30, in_person: 10 }),
    procedure('b', { video: 15, in_person: 10 }),
  );
  const made = bundleOf(office, { procedure: 'a', further: ['b'] });
  expect(made.ok && made.bundle.channels).toEqual({ in_person: 20 });
  // What was booked stays as it was promised, though the office allows less now.
  expect(bookedBundle(office, { procedure: 'a', further: ['b'] })?.channels).toEqual({
    ...{ video: 45, in_person: 20 },
  });
});

test('an appointment demands what its strictest procedure demands, and the documents of all', () => {
  const paper = (code: string, name: string, more: object = {}) => ({
    ...{ code, name: { ca: name }, required: true, onlyOnBehalf: false },
    ...more,
  });
  const one = procedure('a', 10, {
    documents: [paper('dni', 'DNI', { required: false }), paper('foto', 'Foto')],
  });
  const other = procedure('b', 10, {
    ...{ identity: 'shown', onBehalf: false, obligedElectronic: true },
    documents: [paper('dni', 'DNI', { onlyOnBehalf: true }), paper('foto', 'Foto de la façana')],
  });
  const office = officeOf({ procedures: 2 }, one, other);
  const bundle = bookedBundle(office, { procedure: 'a', further: ['b'] }) as Bundle;
  expect(bundle).toMatchObject({ identity: 'shown', onBehalf: false, obligedElectronic: true });
  expect(bundle.documents).toEqual([
    paper('dni', 'DNI'),
    paper('foto', 'Foto'),
    paper('b.foto', 'Foto de la façana'),
  ]);
});

/** What a person would write down on paper, apart from the rounding: from the longest to the shortest. */
function onPaper(parts: readonly Part[], people: number): number {
  const sorted = parts.toSorted((a, b) => b.whole - a.whole || a.adds - b.adds);
  const first = sorted.map(({ whole, adds }, nth) => (nth === 0 ? whole : adds));
  const others = Array.from({ length: people - 1 }, () => parts.map((each) => each.perPerson));
  return [...first, ...others.flat()].reduce((sum, each) => sum + each, 0);
}

interface Part {
  whole: number;
  adds: number;
  perPerson: number;
}

const part = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.nat(60))
  .map(([whole, further, perPerson]) => ({
    part: { whole, adds: Math.min(whole, further), perPerson: Math.min(whole, perPerson) },
    said: { channels: { phone: whole }, combining: { alone: false, with: [], further, perPerson } },
  }));
const parts = fc.array(part, { minLength: 1, maxLength: 5 });
const people = fc.integer({ min: 1, max: 8 });
const roundTo = fc.integer({ min: 1, max: 15 });

describe('whatever the town file declares', () => {
  const sum = (all: readonly { said: object }[], ...rest: [number, number]) =>
    minutesOf(all.map(({ said }) => said) as Procedure[], 'phone', ...rest) ?? Number.NaN;

  test('the minutes are those of a plain sum, rounded up', () => {
    fc.assert(
      fc.property(parts, people, roundTo, (all, many, to) => {
        const plain = onPaper(
          all.map((each) => each.part),
          many,
        );
        const found = sum(all, many, to);
        if (all.length === 1 && many === 1) expect(found).toBe(plain);
        else {
          expect(found % to).toBe(0);
          expect(found - plain).toBeGreaterThanOrEqual(0);
          expect(found - plain).toBeLessThan(to);
        }
      }),
    );
  });

  test('another order takes as long; another procedure or person never less', () => {
    fc.assert(
      fc.property(parts, part, people, roundTo, (all, more, many, to) => {
        const before = sum(all, many, to);
        expect(sum(all.toReversed(), many, to)).toBe(before);
        expect(sum([...all, more], many, to)).toBeGreaterThanOrEqual(before);
        expect(sum(all, many + 1, to)).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test('an appointment is never longer than the office allows, unless it has one procedure and one person', () => {
    fc.assert(
      fc.property(parts, people, fc.integer({ min: 1, max: 240 }), (all, many, most) => {
        const own = all.map(({ said }, nth) => procedure(`p${nth}`, 1, said as Declared));
        const office = officeOf({ procedures: 4, people: 8, minutes: most }, ...own);
        const [first = '', ...further] = own.map((each) => each.code);
        const made = bundleOf(office, { procedure: first, further, people: many });
        if (all.length === 1 && many === 1) expect(made.ok).toBe(true);
        else
          for (const channel of CHANNELS)
            if (made.ok) expect(made.bundle.channels[channel] ?? 0).toBeLessThanOrEqual(most);
      }),
    );
  });
});
