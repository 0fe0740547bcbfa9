import { describe, expect, test } from 'vitest';
import type { OfficeSettings } from '../../../domain/office/types.ts';
import { SIDES } from '../room/types.ts';
import { engineFor, isAskedFirst, isCaptioned, originsOf } from './rules.ts';

const office = (captions?: OfficeSettings['video']['captions']) =>
  ({
    video: { relay: 'needed', stills: 'asked', ...(captions && { captions }) },
  }) satisfies Pick<OfficeSettings, 'video'>;

const ENGINES = {
  provider: 'Ajuntament de Vilaclara',
  engines: { ca: 'wss://parla.example/ca', es: 'wss://parla.example/es' },
};

describe('the engine of a call', () => {
  test('an office without captions has none', () => expect(engineFor(office(), 'ca')).toBeNull());

  test('it is the one of the language of the call', () =>
    expect(engineFor(office(ENGINES), 'es')).toEqual({
      provider: 'Ajuntament de Vilaclara',
      url: 'wss://parla.example/es',
      language: 'es',
    }));

  test('a language without an engine has none', () =>
    expect(engineFor(office(ENGINES), 'eu')).toBeNull());

  test('a call in sign language has the one of its interpreters', () => {
    expect(engineFor(office(ENGINES), 'csc')?.language).toBe('ca');
    expect(engineFor(office(ENGINES), 'ssp')?.language).toBe('es');
  });
});

test('pages connect to each origin once, and to none without captions', () => {
  expect(originsOf(office(ENGINES))).toEqual(['wss://parla.example']);
  expect(originsOf(office())).toEqual([]);
});

test('the speech of companions is not turned into text, that of staff without a question', () => {
  expect(SIDES.filter(isCaptioned)).toEqual(['agent', 'citizen', 'colleague']);
  expect(SIDES.filter((each) => !isAskedFirst(each))).toEqual(['agent', 'colleague']);
});
