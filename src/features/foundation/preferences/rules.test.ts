import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import {
  ACTION_NAMES,
  ACTIONS,
  type ActionName,
  DELIVERED,
  formatPress,
  isCharacter,
  ownOf,
  type Pressed,
  pressOf,
  readKeys,
  readPress,
  shortcutOf,
  shortcutsOf,
  withAltShift,
} from './rules.ts';

const pressed = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  code: '',
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...more,
});

describe('a key as people write it', () => {
  test.each([
    ['n', 'n'],
    [' N ', 'n'],
    ['7', '7'],
    ['?', '?'],
    ['+', '+'],
    ['', ''],
    ['Alt+Shift+N', 'alt+shift+n'],
    ['alt + maj + n', 'alt+shift+n'],
    ['Mayús+Alt+5', 'alt+shift+5'],
    ['⇧+Alt+N', 'alt+shift+n'],
    ['Ctrl+K', 'ctrl+k'],
    ['Control+K', 'ctrl+k'],
    ['Ktrl+K', 'ctrl+k'],
    ['V F', 'v f'],
    ['vf', 'v f'],
    ['V +', 'v +'],
    ['Alt+Maj+V F', 'alt+shift+v f'],
    ['alt + maj + v f', 'alt+shift+v f'],
  ])('%j is kept as %j', (typed, press) => {
    expect(readPress(typed)).toEqual({ ok: true, press });
  });

  test.each([
    'nn',
    'ñ',
    'Alt+N',
    'Shift+N',
    'Ctrl+Alt+N',
    'Ctrl+Shift+K',
    'Ctrl+5',
    'Foo+N',
    'Alt+Shift+?',
    'Ctrl+',
    '++',
    '€',
    'n f',
    'v f g',
    'Ctrl+K F',
  ])('%j is none', (typed) => {
    expect(readPress(typed)).toEqual({ ok: false, reason: 'not_known' });
  });

  test.each(['Ctrl+W', 'ctrl+c', 'Ctrl+T', 'ctrl+z'])('%s is the browser’s', (typed) => {
    expect(readPress(typed)).toEqual({ ok: false, reason: 'browser' });
  });

  test.each(['v', 'Alt+Shift+V'])('%s begins pairs, and does nothing alone', (typed) => {
    expect(readPress(typed)).toEqual({ ok: false, reason: 'leader' });
  });

  test('is shown and said to a screen reader as it is pressed', () => {
    const presses = ['n', '?', '+', 'ctrl+k', 'alt+shift+n', 'v f', 'v +', 'alt+shift+v f'];
    expect(presses.map(formatPress)).toEqual([
      ...['N', '?', '+', 'Ctrl+K', 'Alt+Shift+N'],
      ...['V F', 'V +', 'Alt+Shift+V F'],
    ]);
    expect(presses.map(shortcutOf)).toEqual([
      ...['N', '?', 'plus', 'Control+K', 'Alt+Shift+N'],
      ...['', '', ''],
    ]);
  });

  test('is read back from how it is shown', () => {
    for (const name of ACTION_NAMES) {
      const { key } = ACTIONS[name];
      expect(readPress(formatPress(key))).toEqual({ ok: true, press: key });
    }
  });
});

describe('a key that was pressed', () => {
  test.each([
    [pressed('n'), 'n'],
    [pressed('N', { shiftKey: true }), null],
    [pressed('N'), 'n'], // with Caps Lock
    [pressed('?', { shiftKey: true }), '?'],
    [pressed('/', { shiftKey: true }), '/'], // as on a Spanish keyboard
    [pressed('k', { ctrlKey: true }), 'ctrl+k'],
    [pressed('K', { ctrlKey: true, shiftKey: true }), null],
    [pressed('n', { metaKey: true }), null],
    [pressed('n', { altKey: true }), null],
    [pressed('N', { altKey: true, shiftKey: true }), 'alt+shift+n'],
    [pressed('˜', { altKey: true, shiftKey: true, code: 'KeyN' }), 'alt+shift+n'],
    [pressed('·', { altKey: true, shiftKey: true, code: 'Digit3' }), 'alt+shift+3'],
    [pressed('@', { ctrlKey: true, altKey: true }), null], // AltGr
    [pressed('Enter'), null],
    [pressed('Dead'), null],
  ])('%j is %j', (event, press) => {
    expect(pressOf(event)).toBe(press);
  });

  test('writes, unless it was with Ctrl', () => {
    expect(['n', '?', 'alt+shift+n', 'ctrl+k'].map(isCharacter)).toEqual([true, true, true, false]);
  });
});

describe('a person’s keys', () => {
  test('as delivered: no two the same, each readable, each with words in every language', () => {
    const keys = Object.values(shortcutsOf(DELIVERED)).filter(Boolean);
    expect(new Set(keys).size).toBe(keys.length);
    for (const name of ACTION_NAMES) {
      const { key, words } = ACTIONS[name];
      expect(shortcutsOf(DELIVERED)[name]).toBe(key);
      expect(readPress(key)).toEqual({ ok: true, press: key });
      for (const language of LANGUAGES) expect(translateTo(language)(words)).not.toBe('');
    }
  });

  const presses = fc.constantFrom(
    '',
    'n',
    'b',
    'j',
    '?',
    '7',
    'ctrl+k',
    'alt+shift+n',
    'v j',
    ...Object.values(ACTIONS).map(({ key }) => key),
  );
  const own = fc.dictionary(fc.constantFrom<ActionName>(...ACTION_NAMES), presses);

  test('whatever was chosen, a key has one action and an action one key', () => {
    fc.assert(
      fc.property(own, (chosen) => {
        const keys = shortcutsOf({ isOff: false, own: chosen });
        expect(Object.keys(keys)).toEqual(ACTION_NAMES);
        const given = Object.values(keys).filter(Boolean);
        expect(new Set(given).size).toBe(given.length);
        // Their own come first: a key that one action alone was given is that action's.
        for (const name of ACTION_NAMES) {
          const press = chosen[name];
          if (
            press === undefined ||
            Object.values(chosen).filter((each) => each === press).length > 1
          )
            continue;
          expect(keys[name]).toBe(press);
        }
      }),
    );
  });

  test('what the page of keys takes is what then holds; what it refuses has a conflict', () => {
    fc.assert(
      fc.property(own, (chosen) => {
        const typed = { ...shortcutsOf(DELIVERED), ...chosen };
        const given = Object.values(typed).filter(Boolean);
        const read = readKeys(typed);
        expect(read.ok).toBe(new Set(given).size === given.length);
        if (read.ok)
          expect(
            shortcutsOf({ isOff: false, own: ownOf(JSON.parse(JSON.stringify(read.own))) }),
          ).toEqual(typed);
      }),
    );
  });

  test('a conflict names the other action; what is no key, why', () => {
    const typed = { ...shortcutsOf(DELIVERED), next: 'b', day: 'Ctrl+W', save: 'zz' };
    expect(readKeys(typed)).toEqual({
      ok: false,
      mistakes: {
        book: { reason: 'taken', by: 'next' },
        day: { reason: 'browser' },
        save: { reason: 'not_known' },
      },
    });
  });

  test('all off is all off', () => {
    const keys = shortcutsOf({ isOff: true, own: { next: 'j' } });
    expect(new Set(Object.values(keys))).toEqual(new Set(['']));
  });

  test('with Alt and Shift no character alone does anything, and every action still has a key', () => {
    const keys = shortcutsOf({ isOff: false, own: withAltShift() });
    for (const name of ACTION_NAMES) {
      expect(keys[name]).toMatch(/^(alt\+shift|ctrl)\+.( .)?$/);
    }
  });

  test('an action that comes later takes nobody’s key; one that is gone is forgotten', () => {
    const keys = shortcutsOf({
      isOff: false,
      own: ownOf({ next: 'b', gone: 'n', save: 7, day: 'nonsense' }),
    });
    expect(keys.next).toBe('b');
    expect(keys.book).toBe('');
    expect(keys.save).toBe('7');
    expect(keys.day).toBe('d');
    expect(ownOf(null)).toEqual({});
    expect(ownOf('x')).toEqual({});
  });
});
