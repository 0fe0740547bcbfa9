import { describe, expect, test } from 'vitest';
import { evaluate, type Scope, type Value } from './evaluate.ts';
import { centsOf, type Exact, exactIn, exactOf, isExact, moneyText, rounded } from './exact.ts';
import { namesIn, OPERATORS } from './operators.ts';

const exact = (value: number): Exact => exactOf(value) ?? exactOf(0)!;
const person =
  (edat: number | null) =>
  (id: string): Value =>
    id === 'edat' && edat !== null ? exact(edat) : null;
const VALUES = new Map<string, Value>(
  Object.entries({
    'l.taules': exact(5),
    'l.zero': exact(0),
    'l.preu': exact(0.1),
    'l.nom': 'Bar Pi',
    'l.us': 'bar',
    'l.coses': ['tendal', 'estufes'],
    'l.gos': true,
    'l.gat': false,
    'l.dia': '2024-02-29',
    'l.paper': { count: 2 },
    'g.gent': { items: [person(40), person(12), person(null)] },
  }),
);
const scope: Scope = { get: (name) => VALUES.get(name) ?? null, today: '2026-11-29' };
const shown = (value: Value): unknown => (isExact(value) ? Number(value.toString()) : value);
const v = (name: string) => ({ var: name });

/** Rules with the value that they give. */
const RULES: [unknown, unknown][] = [
  [{ var: 'l.taules' }, 5],
  [{ var: ['l.taules', 9] }, 5],
  [{ var: ['l.none', 9] }, 9],
  [{ var: 'l.none' }, null],
  [{ answered: 'l.gat' }, true],
  [{ answered: 'l.none' }, false],
  [{ '==': [v('l.us'), 'bar'] }, true],
  [{ '==': [v('l.taules'), 5] }, true],
  [{ '==': [v('l.none'), 5] }, false],
  [{ '==': [v('l.none'), v('l.none')] }, false],
  [{ '!=': [v('l.none'), 5] }, true],
  [{ '!=': [v('l.us'), 'bar'] }, false],
  [{ '<': [v('l.taules'), 5] }, false],
  [{ '<=': [v('l.taules'), 5] }, true],
  [{ '<': [1, v('l.taules'), 6] }, true],
  [{ '<': [1, v('l.taules'), 5] }, false],
  [{ '<=': [1, v('l.taules'), 5] }, true],
  [{ '>': [v('l.none'), 0] }, false],
  [{ '<': [v('l.none'), 0] }, false],
  [{ '>=': [v('l.dia'), '2024-02-29'] }, true],
  [{ '<': [v('l.dia'), { today: [] }] }, true],
  [{ in: [v('l.us'), ['bar', 'hotel']] }, true],
  [{ in: [v('l.none'), ['bar']] }, false],
  [{ in: ['estufes', v('l.coses')] }, true],
  [{ in: ['estufes', v('l.none')] }, false],
  [{ '!': v('l.gat') }, true],
  [{ '!': v('l.none') }, true],
  [{ and: [v('l.gos'), v('l.none')] }, false],
  [{ or: [v('l.none'), v('l.gos')] }, true],
  [{ if: [v('l.none'), 1, v('l.gos'), 2, 3] }, 2],
  [{ if: [v('l.none'), 1, 3] }, 3],
  [{ if: [v('l.none'), 1] }, null],
  [{ '??': [v('l.none'), { '/': [1, 0] }, 7] }, 7],
  [{ '+': [0.1, 0.2] }, 0.3],
  [{ '+': [v('l.taules'), v('l.none')] }, null],
  [{ '-': [v('l.taules')] }, -5],
  [{ '-': [v('l.taules'), 7] }, -2],
  [{ '*': [v('l.taules'), 12.5] }, 62.5],
  [{ '*': [v('l.preu'), v('l.preu'), v('l.preu')] }, 0.001],
  [{ '/': [v('l.taules'), v('l.zero')] }, null],
  [{ '*': [{ '/': [1, 3] }, 3] }, 1],
  [{ min: [v('l.none'), 4, 3] }, 3],
  [{ max: [v('l.none'), 4, 3] }, 4],
  [{ max: [v('l.none')] }, null],
  [{ round: [2.5] }, 3],
  [{ round: [-2.5] }, -3],
  [{ round: [1.005, 2] }, 1.01],
  [{ round: [v('l.none'), 2] }, null],
  [{ years: [v('l.dia'), '2025-02-28'] }, 0],
  [{ years: [v('l.dia'), '2025-03-01'] }, 1],
  [{ years: ['2008-11-29', { today: [] }] }, 18],
  [{ years: ['2008-11-30', { today: [] }] }, 17],
  [{ days: ['2026-11-29', '2026-12-24'] }, 25],
  [{ days: [v('l.none'), '2026-12-24'] }, null],
  [{ count: v('g.gent') }, 3],
  [{ count: v('l.paper') }, 2],
  [{ count: v('l.coses') }, 2],
  [{ count: v('l.none') }, 0],
  [{ sum: [v('g.gent'), v('item.edat')] }, 52],
  [{ sum: [v('g.gent'), { '*': [v('item.edat'), v('l.taules')] }] }, 260],
  [{ sum: [v('l.none'), 1] }, 0],
  [{ some: [v('g.gent'), { '<': [v('item.edat'), 18] }] }, true],
  [{ all: [v('g.gent'), { '<': [v('item.edat'), 18] }] }, false],
  [{ none: [v('g.gent'), { '>': [v('item.edat'), 65] }] }, true],
  [{ all: [v('l.none'), true] }, false],
  [{ none: [v('l.none'), true] }, true],
];

test.each(RULES)('%j gives %j', (rule, value) => {
  expect(shown(evaluate(rule, scope))).toEqual(value);
});

test('every operator is in the table above', () => {
  const used = new Set(JSON.stringify(RULES).match(/"([^"]+)":/g));
  expect(Object.keys(OPERATORS).filter((each) => !used.has(`${JSON.stringify(each)}:`))).toEqual(
    [],
  );
});

describe('a rule that nobody checked', () => {
  test.each([
    [{ constructor: ['return process'] }],
    [{ __proto__: null, map: [[1], 2] }],
    [{ var: '__proto__' }],
    [{ var: 'constructor.constructor' }],
    [{ toString: [] }],
    [{ '+': [], '-': [] }],
    [null],
    [{ '+': ['a', []] }],
    [{ years: ['x', 'y'] }],
  ])('gives nothing: %j', (rule) => {
    expect(evaluate(rule, scope)).toBeNull();
  });
});

describe('numbers', () => {
  test('are what was written, and null beyond what JSON keeps', () => {
    expect(exactOf(0.1)?.toString()).toBe('0.1');
    expect(exactOf(999_999_999.999999)).not.toBeNull();
    expect([exactOf(1e10), exactOf(Number.NaN), exactOf(0.1234567)]).toEqual([null, null, null]);
    expect([exactIn('12.50')?.toString(), exactIn('12,5'), exactIn('')]).toEqual([
      '12.5',
      null,
      null,
    ]);
  });

  test('become cents once, halves up', () => {
    expect(centsOf(exact(12.345))).toBe(1235);
    expect(centsOf(exact(12.344999))).toBe(1234);
    expect(centsOf(exact(0.005))).toBe(1);
    expect(centsOf(exact(-0.005))).toBe(-1);
    expect(centsOf(exact(1.005).mul(3))).toBe(302);
    expect(moneyText(exact(-3.4))).toBe('-3.40');
    expect(rounded(exact(2.5), 0).toString()).toBe('3');
  });
});

test('the names of a rule are found wherever they stand', () => {
  const rule = { if: [{ answered: 'a.b' }, { '+': [{ var: ['c.d', { var: 'e.f' }] }, 1] }, 2] };
  expect(namesIn(rule)).toEqual(['a.b', 'c.d', 'e.f']);
});
