import { expect, test } from 'vitest';
import { translateTo } from '../../lib/i18n/translate.ts';
import { ownPlaces } from '../console/places.ts';
import { consoleGuide } from './guides.ts';

test.each([
  ['/console/oac', 'a-day-at-the-desk'],
  ['/console/oac?day=2026-12-01', 'a-day-at-the-desk'],
  ['/console/oac/appointment/5f0c?draft=1', 'calls'],
  ['/console/oac/rota/mine', 'shifts-and-figures'],
  ['/console/oac/admin/desks', 'first-steps'],
  ['/console/oac/admin/tokens', 'people-and-access'],
  ['/staff/operation', 'operating'],
  ['/staff/account', null],
  ['/console', null],
  ['/console/oac/constructor', null],
])('%s is explained by %s', (path, guide) => {
  expect(consoleGuide(path)).toBe(guide);
});

test.each([
  ['/console/oac/rota/mine', '/docs/eu/shifts-and-figures'],
  ['/staff/account', '/docs/eu/index'],
])('the last page of the menu on %s is %s', (path, address) => {
  const manual = (language: string, name = 'index') => `/docs/${language}/${name}`;
  const places = ownPlaces(translateTo('eu'), path, {}, manual);
  expect(places.at(-1)).toMatchObject({ href: address, text: 'Laguntza' });
  expect(ownPlaces(translateTo('eu'), path, {}, () => null).map(({ text }) => text)).not.toContain(
    'Laguntza',
  );
});
