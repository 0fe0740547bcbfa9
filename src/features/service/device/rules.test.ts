import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import {
  ADVICE,
  adviceFor,
  browserOf,
  checkTest,
  networkOf,
  obstacleOf,
  resultOf,
  signFor,
  troubleOf,
} from './rules.ts';
import { DEVICE_PARTS, FAMILIES, type Findings, SYSTEMS, TROUBLES } from './types.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko)';
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';

describe('the browser, from its name', () => {
  test.each([
    [`${IPHONE} Version/18.6 Mobile/15E148 Safari/604.1`, 'safari', 'ios', false],
    [`${IPHONE} CriOS/141.0.7390.69 Mobile/15E148 Safari/604.1`, 'chrome', 'ios', false],
    [`${IPHONE} FxiOS/143.0 Mobile/15E148 Safari/605.1.15`, 'firefox', 'ios', false],
    [`${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/480.0;FBDV/iPhone14,5]`, 'other', 'ios', true],
    [`${IPHONE} Mobile/15E148 Instagram 350.0.0.0`, 'other', 'ios', true],
    [`${IPHONE} Mobile/15E148`, 'other', 'ios', true],
    [`${ANDROID} Chrome/141.0.0.0 Mobile Safari/537.36`, 'chrome', 'android', false],
    [
      `${ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
      'samsung',
      'android',
      false,
    ],
    [
      `${ANDROID.replace('SM-A155F', 'SM-A155F; wv')} Version/4.0 Chrome/141.0.0.0 Mobile Safari/537.36 WhatsApp/2.25`,
      'chrome',
      'android',
      true,
    ],
    [
      'Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0',
      'firefox',
      'android',
      false,
    ],
    [`${MAC} Version/18.6 Safari/605.1.15`, 'safari', 'mac', false],
    [`${WINDOWS} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`, 'edge', 'windows', false],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
      'firefox',
      'linux',
      false,
    ],
    ['', 'other', 'other', false],
  ])('%s', (userAgent, family, system, inApp) => {
    expect(browserOf(userAgent)).toEqual({ family, system, inApp });
  });

  test('an iPad that says it is a Mac is told by its fingers', () => {
    expect(browserOf(`${MAC} Version/18.6 Safari/605.1.15`, 5).system).toBe('ios');
  });
});

const where = {
  browser: browserOf(`${ANDROID} Chrome/141.0.0.0 Mobile Safari/537.36`),
  isSecure: true,
  hasDevices: true,
};
const inside = { ...where, browser: { ...where.browser, inApp: true } };

describe('why a camera or microphone isn’t given', () => {
  test.each([
    ['NotAllowedError', 'Permission denied', 'denied'],
    ['NotAllowedError', 'Permission dismissed', 'dismissed'],
    ['NotAllowedError', 'Permission denied by system', 'system'],
    ['NotFoundError', 'Requested device not found', 'none'],
    ['OverconstrainedError', '', 'none'],
    ['NotReadableError', 'Could not start video source', 'busy'],
    ['AbortError', 'Starting video failed', 'busy'],
    ['WeirdError', '', 'failed'],
  ])('%s %s', (name, message, trouble) => {
    expect(troubleOf({ name, message }, where)).toBe(trouble);
  });

  test('inside another app, that is why', () => {
    const error = { name: 'NotAllowedError', message: 'Permission denied' };
    expect(troubleOf(error, inside)).toBe('in_app');
    expect(obstacleOf({ ...inside, hasDevices: false })).toBe('in_app');
  });

  test('nothing is asked for where it can’t be had', () => {
    expect(obstacleOf(where)).toBeNull();
    expect(obstacleOf({ ...where, isSecure: false, hasDevices: false })).toBe('insecure');
    expect(obstacleOf({ ...where, hasDevices: false })).toBe('unsupported');
  });
});

describe('the way through the network', () => {
  test.each([
    [{ straight: true, relay: true, itself: true }, 'direct'],
    [{ straight: true, relay: false, itself: true }, 'direct'],
    [{ straight: false, relay: true, itself: true }, 'relayed'],
    [{ straight: false, relay: false, itself: true }, 'blocked'],
    [{ straight: null, relay: null, itself: true }, 'untested'],
    [{ straight: false, relay: null, itself: true }, 'untested'],
    [{ straight: true, relay: true, itself: false }, 'blocked'],
  ])('%o', (ways, path) => {
    expect(networkOf(ways)).toBe(path);
  });
});

describe('advice', () => {
  const browsers = FAMILIES.flatMap((family) =>
    SYSTEMS.flatMap((system) => [false, true].map((inApp) => ({ family, system, inApp }))),
  );

  test('there is some for every trouble, and all that is written is given to somebody', () => {
    const given = new Set<string>();
    for (const part of DEVICE_PARTS)
      for (const trouble of TROUBLES)
        for (const browser of browsers) {
          const advice = adviceFor(part, trouble, browser);
          expect(advice.length).toBeGreaterThan(0);
          for (const each of advice) given.add(each);
        }
    expect([...given].sort()).toEqual([...ADVICE].sort());
  });

  test('it fits the browser', () => {
    const denied = (userAgent: string) => adviceFor('camera', 'denied', browserOf(userAgent))[0];
    expect(denied(`${IPHONE} Version/18.6 Mobile/15E148 Safari/604.1`)).toBe('allow.ios.safari');
    expect(denied(`${IPHONE} CriOS/141.0 Mobile/15E148 Safari/604.1`)).toBe('allow.ios.app');
    expect(denied(`${ANDROID} Chrome/141.0.0.0 Mobile Safari/537.36`)).toBe('allow.android');
    expect(denied(`${WINDOWS} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`)).toBe('allow.desktop');
  });

  test.each(LANGUAGES)('in %s each is a sentence of its own', (language) => {
    const t = translateTo(language);
    expect(new Set(ADVICE.map((each) => t(`device.advice.${each}`))).size).toBe(ADVICE.length);
  });
});

describe('what a page sends', () => {
  const sent = {
    camera: 'works',
    microphone: 'silent',
    speaker: '',
    network: 'relayed',
    family: 'safari',
    system: 'ios',
  };

  test('is read; what wasn’t tested is null', () => {
    expect(checkTest(sent)).toEqual({ ...sent, speaker: null });
  });

  test.each([
    { camera: 'Logitech C920' },
    { network: '192.168.1.7' },
    { family: 'Mozilla/5.0' },
    { speaker: 'silent' },
    { camera: '', microphone: '', network: '' },
  ])('%o is nothing that our page says', (change) => {
    expect(checkTest({ ...sent, ...change })).toBeNull();
  });
});

describe('the result of a test', () => {
  const good: Findings = {
    camera: 'works',
    microphone: 'works',
    speaker: 'works',
    network: 'direct',
  };

  test.each([
    [{}, 'good'],
    [{ network: 'relayed' }, 'good'],
    [{ network: 'untested' }, 'untried'],
    [{ speaker: null }, 'almost'],
    [{ speaker: null, network: 'untested' }, 'almost'],
    [{ microphone: 'silent', network: 'untested' }, 'bad'],
    [{ network: 'blocked', speaker: null }, 'bad'],
  ] satisfies [Partial<Findings>, string][])('%o: %s', (found, result) => {
    expect(resultOf({ ...good, ...found }, DEVICE_PARTS)).toBe(result);
  });

  test('of somebody who signs, the sound doesn’t count', () => {
    const found: Findings = { ...good, microphone: 'silent', speaker: null };
    expect(resultOf(found, ['camera', 'network'])).toBe('good');
  });

  test('what could not be tried has no good sign', () => {
    expect(signFor('untested')).toBe('plain');
    expect(signFor('direct')).toBe('good');
    expect(signFor('blocked')).toBe('warn');
  });
});
