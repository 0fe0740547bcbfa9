import { expect, test } from 'vitest';
import type { Words } from '../words.ts';
import { changesOfPeople } from './people.tsx';

const words: Words = (name, values = {}) => [name, ...Object.values(values)].join(' ');
const NAMED = { coming: ['Marta'], handed: { from: 'Núria', to: 'Marta' } };
const UNNAMED = { coming: [''], handed: { from: '', to: '' } };

test.each([
  ['citizen', NAMED, ['handed Núria Marta', 'coming Marta']],
  ['companion', UNNAMED, ['handed.unnamed', 'coming.unnamed']],
  ['agent', NAMED, ['handed.staff Núria Marta', 'coming Marta']],
  ['colleague', UNNAMED, ['handed.unnamed.staff', 'coming.unnamed']],
  ['citizen', { coming: [], handed: null }, []],
] as const)('the %s reads of %j: %j', (side, { coming, handed }, said) => {
  expect(changesOfPeople({ side, coming: [...coming], handed }, words)).toEqual(said);
});
