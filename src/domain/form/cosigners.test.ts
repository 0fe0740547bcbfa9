import { expect, test } from 'vitest';
import { cosignersIn } from './cosigners.ts';

const cosigners = { of: 'socis.qui', name: 'nom', nif: 'nif', email: 'correu', state: 'socis' };
const item = (nom: string, nif: string, correu?: string) => ({
  nom,
  nif,
  ...(correu && { correu }),
});

test('each identifier signs once, in the order of the answers', () => {
  const qui = [
    item('Pau', '99999999R', 'pau@example.cat'),
    item('Nur', 'X0000000T'),
    item('Pau B.', '99999999R'),
  ];
  expect(cosignersIn({ cosigners }, { socis: { qui } })).toEqual([
    { name: 'Pau', nif: '99999999R', email: 'pau@example.cat' },
    { name: 'Nur', nif: 'X0000000T', email: null },
  ]);
});

test('nobody, where the form names none or the group was not asked', () => {
  expect(cosignersIn({}, { socis: { qui: [item('Pau', '99999999R')] } })).toEqual([]);
  expect(cosignersIn({ cosigners }, {})).toEqual([]);
});
