import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LOOK } from '../../../domain/office/defaults.ts';
import { lookOf } from '../../../domain/office/look.ts';
import { COMMON, HOVERED, LEAST_CONTRAST, meetings, readable } from '../look/colours.ts';
import { contrast, mixed } from '../look/contrast.ts';
import { Spot } from '../reading/spot.ts';
import { checkLook } from './look.ts';

const css = (name: string) => readFileSync(`src/ui/css/${name}.css`, 'utf8');
const [before = '', after = ''] = css('tokens').split('@media (prefers-color-scheme: dark)');
const SHEET = { light: before, dark: after };

/** Returns a role's colour from the stylesheet, #rrggbb. */
function role(mode: 'light' | 'dark', name: string): string {
  const found = new RegExp(`--${name}: (#[0-9a-f]+);`).exec(SHEET[mode])?.[1];
  const value = found ?? new RegExp(`--${name}: (#[0-9a-f]+);`).exec(SHEET.light)?.[1] ?? '';
  return value.length === 4 ? value.replaceAll(/[0-9a-f]/g, '$&$&') : value;
}

const SOFT = ['glow-soft', 'good-soft', 'warn-soft', 'bad-soft'];
const mistakesOf = (look: object, town: object = {}): string[] => {
  const told: string[] = [];
  checkLook(
    new Spot(look, ['look']),
    {
      mistake: (path, message) => told.push(`${path.join('.')}: ${message}`),
      warning: () => {},
    },
    new Spot(town, ['town', 'look']),
  );
  return told;
};

// Ratios from WebAIM's contrast checker.
test.each([
  ['#000000', '#ffffff', 21],
  ['#777777', '#ffffff', 4.48],
  ['#0000ff', '#ffffff', 8.59],
])('%s on %s is %f to 1', (a, b, ratio) => {
  expect(contrast(a, b)).toBeCloseTo(ratio, 2);
});

test('colours are mixed as browsers mix them', () => {
  expect(mixed('#ff0000', 50, '#0000ff')).toBe('#800080');
  expect(mixed('#0b5d66', 100, '#ffffff')).toBe('#0b5d66');
  expect(mixed('teal', 50, '#ffffff')).toBeUndefined();
});

test.each(['light', 'dark'] as const)(
  'the constants of the checks equal the %s stylesheet',
  (mode) => {
    expect(COMMON[mode].papers).toEqual(
      ['paper', 'surface', ...SOFT].map((each) => role(mode, each)),
    );
    expect([COMMON[mode].ink, COMMON[mode].surface]).toEqual([
      role(mode, 'ink'),
      role(mode, 'surface'),
    ]);
    expect(SHEET[mode]).toContain(`var(--accent) ${COMMON[mode].tint}%, var(--surface)`);
    expect(css('forms')).toContain(`var(--accent) ${HOVERED}%, var(--ink)`);
  },
);

test.each(['light', 'dark'] as const)(
  'the %s roles have readable contrast with each other',
  (mode) => {
    const papers = ['paper', 'surface', ...SOFT];
    const least = (name: string, on: string[]) =>
      Math.min(...on.map((each) => contrast(role(mode, name), role(mode, each)) ?? 0));
    expect(least('ink', ['paper', 'surface'])).toBeGreaterThanOrEqual(12);
    expect(least('ink', papers)).toBeGreaterThanOrEqual(7);
    expect(least('ink-soft', ['paper', 'surface'])).toBeGreaterThanOrEqual(7);
    expect(least('ink-soft', papers)).toBeGreaterThanOrEqual(4.5);
    expect(least('edge', papers)).toBeGreaterThanOrEqual(3);
    for (const state of ['good', 'warn', 'bad'])
      expect(least(state, ['paper', 'surface', `${state}-soft`]), state).toBeGreaterThanOrEqual(
        4.5,
      );
    // The ring is glow beside ink: one of the two contrasts with every background.
    expect(contrast(role(mode, 'glow'), role('dark', 'paper'))).toBeGreaterThanOrEqual(3);
    expect(contrast(role('light', 'ink'), role('light', 'glow'))).toBeGreaterThanOrEqual(3);
  },
);

test('a look equal to the common one passes', () => {
  const accent = { light: '#0b5d66', dark: '#6cc5cf' };
  expect(mistakesOf({ accent, accentInk: { light: '#ffffff', dark: '#06282c' } })).toEqual([]);
});

test.each([
  [
    'a text that fades on the accent',
    { accentInk: { light: '#0b5d00' } },
    'look.accentInk.light',
    'the text on it',
  ],
  [
    'an accent that fades on dark paper',
    { accent: { dark: '#0b5d66' } },
    'look.accent.dark',
    'the text on it',
  ],
  [
    'an accent that fades on a tinted paper',
    { accent: { light: '#1173d4' } },
    'look.accent.light',
    'the paper (#fdf3dc)',
  ],
  [
    'a grey that is readable on white alone',
    { accent: { light: '#757575' }, accentInk: { light: '#000000' } },
    'look.accent.light',
    'the paper',
  ],
])('%s is reported with its colour and the required ratio', (_, look, path, what) => {
  const told = mistakesOf(look);
  expect(told[0]).toContain(`${path}: The `);
  expect(told[0]).toContain(what);
  expect(told[0]).toMatch(/[1-4]\.\d to 1, where 4\.5 is needed/);
});

test('values that the office inherits from the town must fit too', () => {
  const green = { accent: { light: '#1d4f2b', dark: '#6cc5cf' } };
  const ink = { accentInk: { light: '#0b5d66', dark: '#06282c' } };
  const [light] = mistakesOf(ink, green);
  expect(light).toContain('look.accentInk.light: The light accent #1d4f2b');
  expect(mistakesOf({ accentInk: { light: '#ffffff', dark: '#06282c' } }, green)).toEqual([]);
  const written = {
    name: 'Mont',
    look: { ...green, logo: { url: '/logo.svg', alt: { ca: 'M' } } },
  };
  expect(lookOf(written as never)).toEqual({ ...DEFAULT_LOOK, ...written.look });
});

describe('the nearest readable accent', () => {
  const colour = fc
    .integer({ min: 0, max: 0xffffff })
    .map((each) => `#${each.toString(16).padStart(6, '0')}`);

  test('passes the check, and is unchanged where it passed before', () => {
    fc.assert(
      fc.property(colour, fc.constantFrom('light' as const, 'dark' as const), (accent, mode) => {
        const { accentInk } = DEFAULT_LOOK;
        const passes = (each: string) =>
          meetings(mode, each, accentInk[mode]).every(({ ratio }) => ratio >= LEAST_CONTRAST);
        const { accent: offered } = readable(mode, accent, accentInk[mode]);
        expect(passes(offered)).toBe(true);
        if (passes(accent)) expect(offered).toBe(accent);
      }),
    );
  });
});
