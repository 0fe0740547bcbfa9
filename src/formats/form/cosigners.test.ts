import { expect, test } from 'vitest';
import { checkFormFile } from './check.ts';

const FORM = `procedure: ajut
title: { ca: Ajut }
languages: [ca]
identity: low
steps:
  - id: socis
    title: { ca: Socis }
    questions:
      - id: qui
        type: group
        most: 3
        label: { ca: Amb qui? }
        item: { ca: soci }
        questions:
          - { id: nom, type: text, required: true, label: { ca: Nom } }
          - { id: nif, type: nif, required: true, label: { ca: NIF } }
          - { id: correu, type: email, label: { ca: Correu } }
      - { id: rotul, type: text, label: { ca: Nom } }
sign: session
cosigners: { of: socis.qui, name: nom, nif: nif, email: correu, state: espera }
states:
  names: { espera: { ca: Espera } }
  transitions:
    - { from: espera, to: registered, who: cosigners }
    - { from: registered, to: granted, who: office }
`;

const mistakesOf = (text: string): string[] => {
  const checked = checkFormFile(text);
  return checked.ok ? [] : checked.mistakes.map(({ message }) => message);
};

test('a form that names who must sign it passes the check', () => {
  expect(checkFormFile(FORM)).toMatchObject({ ok: true, warnings: [] });
});

test.each([
  ['no group', 'of: socis.qui', 'of: socis.rotul', /no group "socis.rotul"/],
  ['no such step', 'of: socis.qui', 'of: altres.qui', /no group "altres.qui"/],
  [
    'no such question',
    'name: nom, nif: nif',
    'name: nom, nif: dni',
    /no question "dni" of type nif/,
  ],
  ['another type', 'name: nom, nif', 'name: correu, nif', /no question "correu" of type text/],
  [
    'an identifier that may be missing',
    'type: nif, required: true',
    'type: nif',
    /"nif" must be required/,
  ],
  [
    'nothing that follows',
    'who: cosigners',
    'who: office',
    /nothing would follow their signatures/,
  ],
  ['nobody who is identified', 'identity: low', 'identity: none', /"cosigners" needs "identity"/],
] as const)('%s is a mistake', (_, before, after, said) => {
  expect(mistakesOf(FORM.replace(before, after)).join('\n')).toMatch(said);
});
