import { expect, test } from 'vitest';
import { translateTo } from '../../../lib/i18n/translate.ts';
import type { DeskVisit } from '../visit.tsx';
import { actorIn, isForeign } from './words.ts';

const visit = { t: translateTo('en') } as DeskVisit;

test.each([
  ['staff:7', 'Núria', true],
  ['staff:8', 'Staff', true],
  ['token:3', 'Another system of the town', true],
  ['system', 'By itself', false],
  ['citizen', 'The person', false],
  ['person:0d9', 'The person', false],
])('%s is %s', (actor, name, foreign) => {
  expect(actorIn(visit, new Map([[7, 'Núria']]), actor)).toBe(name);
  expect(isForeign(actor)).toBe(foreign);
});
