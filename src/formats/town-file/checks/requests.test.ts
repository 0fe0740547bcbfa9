import { describe, expect, it } from 'vitest';
import { checkTownFile } from '../reading/check.ts';

const town = (requests: string, areas = 'areas: a.geojson, ') => `
town: { name: Petita, timeZone: Europe/Madrid, languages: [ca, es], ${areas}holidays: ES-CT }
offices:
  oac:
    name: { ca: Oficina, es: Oficina }
    walkIn: [ { address: "Plaça, 1", hours: { ca: Matins, es: Mañanas } } ]
    phone: { caller: "+34 930 000 010" }
    procedures:
      volant: { name: { ca: Volant, es: Volante }, channels: { phone: 15 } }
    desks:
      taula-1: { name: Taula 1, skills: all, languages: [ca, es], channels: [phone] }
    shifts:
      - { desk: taula-1, weekdays: [mon], from: "09:00", to: "14:00", since: 2026-01-01 }
    teams:
      brigada: { name: { ca: Brigada, es: Brigada }, people: [anna@petita.example] }
    requests:
${requests}
staff: [{ email: anna@petita.example, name: Anna, offices: { oac: { roles: [agent], desk: taula-1 } } }]
`;
const LINE = 16;
const fanal = (more: string) =>
  `      types:\n        fanal:\n          kind: incident\n          name: { ca: Fanal, es: Farola }\n          ${more}`;

/** What is said of the requests, with the line counted from `requests:`. */
const told = (requests: string, areas?: string) => {
  const checked = checkTownFile(town(requests, areas), { areas: ['centre', 'eres'] });
  return [...(checked.ok ? [] : checked.mistakes), ...checked.warnings]
    .filter(({ path, line }) => path.includes('requests') || line > LINE)
    .map(({ line, message }) => `${line - LINE} ${message}`);
};

describe('the requests of an office', () => {
  it('are read in the order of the file, with their defaults', () => {
    const text = town(
      `      reasons: { z: { name: { ca: Z, es: Z } }, a: { name: { ca: A, es: A } } }\n${fanal('byArea: { eres: brigada }')}\n        clot: { kind: incident, name: { ca: Clot, es: Bache } }`,
    );
    const checked = checkTownFile(text, { areas: ['centre', 'eres'] });
    if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
    const requests = checked.town.offices.oac?.requests;
    expect(requests).toMatchObject({
      ...{ reopenDays: 30, keepDays: 90, similar: { metres: 60, days: 60 }, templates: [] },
      reasons: [{ code: 'z' }, { code: 'a' }],
      types: [{ code: 'fanal', byArea: { eres: 'brigada' } }, { code: 'clot' }],
    });
    expect(requests?.types[1]).toEqual({
      ...{ code: 'clot', kind: 'incident', name: { ca: 'Clot', es: 'Bache' } },
      ...{ place: 'optional', photos: 3, anonymous: false, public: false },
      ...{ keywords: {}, byArea: {}, questions: [] },
    });
  });

  it('are none where the office says nothing', () => {
    const checked = checkTownFile(town('').replace('    requests:\n', ''));
    expect(checked.ok && checked.town.offices.oac).not.toHaveProperty('requests');
  });

  const MISTAKES: [string, string, string][] = [
    [
      'a team that is not there',
      fanal('team: brigades'),
      '5 There is no team "brigades". Did you mean brigada?',
    ],
    [
      'the same by area',
      fanal('byArea: { eres: ningu }'),
      '5 There is no team "ningu". There are: brigada.',
    ],
    [
      'an area that is not there',
      fanal('byArea: { era: brigada }'),
      '5 There is no area "era". There are: centre, eres.',
    ],
    [
      'a team by area where it is never asked where',
      fanal('place: none\n          byArea: { eres: brigada }'),
      '6 Its team follows from where it is (byArea), and that is never asked (place: none).',
    ],
    [
      'an unknown kind',
      fanal('').replace('incident', 'avaria'),
      '3 "kind" must be one of: complaint, suggestion, incident, question, thanks, but it is "avaria".',
    ],
    [
      'a term of nothing',
      fanal('days: 0'),
      '5 "days" must be a whole number from 1 to 365, but it is 0.',
    ],
    [
      'more photos than can be looked at',
      fanal('photos: 11'),
      '5 "photos" must be a whole number from 0 to 10, but it is 11.',
    ],
    [
      'words in another language',
      fanal('keywords: { eu: [argia] }'),
      '5 The office does not offer the language "eu".',
    ],
    [
      'a question twice',
      fanal(
        'questions:\n            - { id: q, type: text, label: { ca: Q, es: Q } }\n            - { id: q, type: date, label: { ca: Q, es: Q } }',
      ),
      '7 The question "q" stands twice.',
    ],
    [
      'nothing to choose from',
      fanal('questions:\n            - { id: q, type: choice, label: { ca: Q, es: Q } }'),
      '6 A question of type choice needs at least two options.',
    ],
    [
      'an option twice',
      fanal(
        'questions: [{ id: q, type: choices, label: { ca: Q, es: Q }, options: [{ id: a, label: { ca: A, es: A } }, { id: a, label: { ca: A, es: A } }] }]',
      ),
      '5 The option "a" stands twice.',
    ],
    [
      'options of a text',
      fanal('questions: [{ id: q, type: text, label: { ca: Q, es: Q }, options: [] }]'),
      '5 There is nothing to choose in a question of type text.',
    ],
    [
      'a code with capitals',
      fanal('').replace('fanal:', 'Fanal:'),
      '2 The code "Fanal" must be a code of lower-case letters, digits and hyphens, such as volant-padro.',
    ],
    ['a type twice', `${fanal('')}\n        fanal: { kind: thanks, name: { ca: G, es: G } }`, '6 '],
    [
      'an answer with an unknown blank',
      `      templates: { fet: { name: { ca: Fet, es: Hecho }, text: { ca: "Hola {nom}", es: Hola } } }\n${fanal('')}`,
      '1 Nothing is filled in for {nom}. Known: {reference}, {name}, {type}.',
    ],
    [
      'reopening what is destroyed',
      `      reopenDays: 60\n      keepDays: 30\n${fanal('')}`,
      '2 A request is destroyed 30 days after its close (keepDays), and may be reopened for 60 (reopenDays).',
    ],
  ];
  it.each(MISTAKES)('have a mistake: %s', (_, text, message) => {
    expect(told(text)).toContainEqual(expect.stringContaining(message));
  });

  it('need a file of areas where a team follows from one', () => {
    expect(told(fanal('byArea: { eres: brigada }'), '')).toEqual([
      '5 The town has no areas: name the file that has them, such as areas: districts.geojson in town.',
    ]);
  });

  it('are not compared with areas that nobody has read', () => {
    expect(checkTownFile(town(fanal('byArea: { lluna: brigada }'))).ok).toBe(true);
  });

  it('are warned of a missing language, and of a map without a place', () => {
    const text = fanal('public: true\n          place: none').replace(', es: Farola', '');
    expect(told(text)).toEqual([
      '4 "name" is not translated into: es. Readers will see another language.',
      '5 It is not asked where this is, so it is on the public list and never on the map.',
    ]);
  });
});
