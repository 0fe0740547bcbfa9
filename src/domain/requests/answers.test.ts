import { expect, it } from 'vitest';
import { answerFrom } from './answers.ts';

const facts = { reference: 'K7M-2QX', name: 'Mercè {type}', type: 'Fanal' };

it('is filled in, once: what is filled in is not looked at again', () => {
  expect(answerFrom('Hola, {name}: {type} ({reference}) {type}', facts)).toBe(
    'Hola, Mercè {type}: Fanal (K7M-2QX) Fanal',
  );
});

it('greets nobody by a name that nobody knows', () => {
  const nameless = { ...facts, name: '' };
  expect(answerFrom('Hola, {name}:\n\nEstà fet.', nameless)).toBe('Hola:\n\nEstà fet.');
  expect(answerFrom('{name}, està fet', nameless)).toBe(', està fet');
});
