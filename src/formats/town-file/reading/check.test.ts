import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTownFile } from './check.ts';

const VILACLARA = readFileSync('towns/vilaclara.yaml', 'utf8');

const PHONE = 'phone: { caller: "+34 930 000 010" }';
const exchangeAt = (url: string, desks = 'taula-1: "101"') =>
  `phone: { exchange: { url: "${url}", domain: sip.petita.example, desks: { ${desks} } } }`;

const SMALL = `town: { name: Petita, timeZone: Europe/Madrid, languages: [ca, es], holidays: ES-CT }
offices:
  oac:
    name: { ca: Oficina, es: Oficina }
    walkIn:
      - { address: "Plaça, 1", hours: { ca: Matins, es: Mañanas } }
    phone: { caller: "+34 930 000 010" }
    look:
      accent: { light: "#0b5d66", dark: "#6cc5cf" }
    slots: { leadMinutes: 60, starts: grid }
    closures:
      - { date: 2027-02-12, why: { ca: Festa, es: Fiesta } }
      - { from: 2027-08-01, to: 2027-08-15 }
    themes:
      padro: { name: { ca: Padró, es: Padrón } }
    procedures:
      volant:
        kind: procedure
        theme: padro
        name: { ca: Volant, es: Volante }
        channels: { phone: 15, video: 20 }
        documents:
          - { code: dni, name: { ca: DNI, es: DNI } }
        identity: shown
    desks:
      taula-1: { name: Taula 1, skills: [volant], languages: [ca, es], channels: [phone, video] }
    shifts:
      - { desk: taula-1, weekdays: [mon, tue], from: "09:00", to: "14:00", since: 2026-01-01, until: 2027-12-31 }
    absences:
      - { desk: taula-1, from: 2026-12-07T09:00, to: 2026-12-07T11:00, why: formació }
staff:
  - { email: anna@petita.example, name: Anna, offices: { oac: { roles: [agent], desk: taula-1 } } }
`;

/** The minimum that a town file must be able to declare. */
const AGREED = `town: { name: Vilaclara, timeZone: Europe/Madrid, languages: [ca, es, en, eu], holidays: ES-CT }
offices:
  oac:
    name: { ca: Oficina d'Atenció Ciutadana, es: Oficina de Atención Ciudadana, en: Citizen Service Office }
    slots: { leadMinutes: 60, horizonDays: 30, buffer: 5, starts: grid }
    closures: [ { date: 2027-02-12, why: { ca: Festa local } } ]
    procedures:
      volant-padro:
        kind: procedure
        name: { ca: Volant de padró, es: Volante de padrón, en: Residence certificate }
        channels: { phone: 15, video: 20 }        # minutes
        documents: [ { code: dni, name: { ca: DNI o NIE } } ]
        identity: shown                            # none | shown | electronic
    desks:
      taula-3: { name: Taula 3, skills: all, languages: [ca, es], channels: [phone, video] }
    shifts:
      - { desk: taula-3, weekdays: [mon, tue, wed, thu, fri], from: "09:00", to: "14:00", since: 2026-11-01 }
    absences:
      - { desk: taula-3, from: 2026-12-07T09:00, to: 2026-12-07T11:00, why: formació }
`;

const remarks = (text: string) => {
  const result = checkTownFile(text);
  return result.ok ? [] : result.mistakes.map(({ line, message }) => ({ line, message }));
};

describe('a good town file', () => {
  it('is accepted without a warning when it is the demo town', () => {
    const result = checkTownFile(VILACLARA);
    expect(result).toMatchObject({ ok: true, warnings: [] });
    if (!result.ok) return;
    expect(Object.keys(result.town.offices)).toEqual(['oac', 'hisenda']);
    const { oac, hisenda } = result.town.offices;
    expect(Object.keys(oac?.procedures ?? {})).toHaveLength(15);
    expect(
      Object.keys(oac?.desks ?? {}).length + Object.keys(hisenda?.desks ?? {}).length,
    ).toBeGreaterThanOrEqual(12);
  });

  it('lets an agent use a sign language on video, though no text is in a sign language', () => {
    const result = checkTownFile(SMALL.replace('[ca, es], channels', '[ca, es, csc], channels'));
    expect(result.warnings).toEqual(checkTownFile(SMALL).warnings);
    expect(result.ok).toBe(true);
    if (result.ok)
      expect(result.town.offices.oac?.desks['taula-1']?.languages).toEqual(['ca', 'es', 'csc']);
  });

  it('is warned of a document for somebody else where nobody may act for another person', () => {
    const more = (text: string) => {
      const before = new Set(checkTownFile(SMALL).warnings.map((each) => each.message));
      return checkTownFile(text).warnings.filter((each) => !before.has(each.message));
    };
    const asked = SMALL.replace('es: DNI } }', 'es: DNI }, onlyOnBehalf: true }');
    expect(more(asked)).toEqual([]);
    const never = asked.replace('identity: shown', 'onBehalf: false');
    expect(more(never).map((each) => each.message)).toEqual([
      'The document "dni" is never asked for: nobody may act for another person here (onBehalf: false).',
    ]);
  });

  it('may declare exactly the agreed minimum, with warnings about missing data', () => {
    const result = checkTownFile(AGREED);
    expect(result.ok).toBe(true);
    const warnings = result.warnings.map(({ line, message }) => `${line} ${message}`).join('\n');
    expect(warnings).toMatch(/^3 "oac" says no place to walk in/m);
    expect(warnings).toMatch(/^4 "name" is not translated into: eu/m);
    expect(warnings).toMatch(
      /^8 Nobody with a shift can attend "volant-padro" by video in: en, eu/m,
    );
  });

  it('inherits from the town and normalises days and moments', () => {
    const text = SMALL.replace('to: 2026-12-07T11:00', 'to: 2026-12-08').replace(
      'from: 2026-12-07T09:00',
      'from: 2026-12-07',
    );
    const result = checkTownFile(text);
    if (!result.ok) throw new Error(JSON.stringify(result.mistakes));
    const oac = result.town.offices.oac;
    expect(oac).toMatchObject({
      timeZone: 'Europe/Madrid',
      languages: ['ca', 'es'],
      holidays: 'ES-CT',
      slots: { leadMinutes: 60, horizonDays: 30, buffer: 5, starts: 'grid' },
      closures: [
        { from: '2027-02-12', to: '2027-02-12' },
        { from: '2027-08-01', to: '2027-08-15' },
      ],
      absences: [{ from: '2026-12-07T00:00', to: '2026-12-09T00:00' }],
      themes: [{ code: 'padro' }],
    });
    expect(oac?.outcomes.length).toBeGreaterThan(0);
  });

  it('may have shifts over midnight and until midnight', () => {
    expect(remarks(SMALL.replace('"09:00", to: "14:00"', '"22:00", to: "06:00"'))).toEqual([]);
    expect(remarks(SMALL.replace('to: "14:00"', 'to: "24:00"'))).toEqual([]);
  });
});

/** Mistakes: [name, [original text, replacement], line number, expected message]. */
const BROKEN: [string, [string, string], number, RegExp][] = [
  [
    'an office with the address of a page',
    ['\n  oac:\n', '\n  privacy:\n'],
    3,
    /An office can't be called privacy/,
  ],
  [
    'an unknown key',
    ['slots: { leadMinutes', 'slots: { leadMinuts'],
    10,
    /"leadMinuts" is not known here\. Did you mean leadMinutes\?/,
  ],
  [
    'an unknown key far from any',
    ['    themes:', '    qwertyuiop: 3\n    themes:'],
    14,
    /"qwertyuiop" is not known here\. Known here: name, /,
  ],
  [
    'a missing name',
    ['    name: { ca: Oficina, es: Oficina }\n', ''],
    3,
    /"name" is missing in "oac": the name of the office/,
  ],
  ['a missing town', [SMALL.split('\n')[0] ?? '', '# nothing'], 1, /"town" is missing/],
  [
    'a word for a number',
    ['phone: 15', 'phone: quinze'],
    21,
    /"phone" must be a whole number from 1 to 480, but it is "quinze"/,
  ],
  [
    'a duration of nothing',
    ['phone: 15', 'phone: 0'],
    21,
    /"phone" must be a whole number from 1 to 480, but it is 0/,
  ],
  ['half a minute', ['phone: 15', 'phone: 7.5'], 21, /whole number.*7\.5/],
  [
    'an unknown kind',
    ['kind: procedure', 'kind: procedur'],
    18,
    /must be one of: information, procedure.*Did you mean procedure\?/,
  ],
  [
    'an unknown identity level',
    ['identity: shown', 'identity: DNI'],
    24,
    /"identity" must be one of: none, shown, electronic, but it is "DNI"/,
  ],
  [
    'an unknown channel',
    ['video: 20', 'vidio: 20'],
    21,
    /"vidio" is not known here. Did you mean video\?/,
  ],
  ['no channel', ['{ phone: 15, video: 20 }', '{}'], 21, /"volant" needs at least one channel/],
  [
    'an unknown theme',
    ['theme: padro', 'theme: padrons'],
    19,
    /There is no theme "padrons"\. Did you mean padro\?/,
  ],
  [
    'a document asked for twice',
    [
      '- { code: dni, name: { ca: DNI, es: DNI } }',
      '- { code: dni, name: { ca: DNI, es: DNI } }\n          - { code: dni, name: { ca: NIE, es: NIE } }',
    ],
    24,
    /document "dni" is requested twice/,
  ],
  [
    'a code with capitals',
    ['      volant:', '      Volant:'],
    17,
    /The code "Volant" must be a code of lower-case letters/,
  ],
  [
    'an unknown desk in a shift',
    ['- { desk: taula-1, weekdays', '- { desk: taula-2, weekdays'],
    28,
    /There is no desk "taula-2"\. Did you mean taula-1\?/,
  ],
  [
    'an unknown desk in an absence',
    ['- { desk: taula-1, from', '- { desk: ningu, from'],
    30,
    /There is no desk "ningu"\. There are: taula-1/,
  ],
  [
    'an unknown skill',
    ['skills: [volant]', 'skills: [bolant]'],
    26,
    /There is no procedure "bolant"\. Did you mean volant\?/,
  ],
  [
    'skills of no kind',
    ['skills: [volant]', 'skills: totes'],
    26,
    /"skills" must be the word all, or a list.*"totes"/,
  ],
  [
    'a language that the office does not offer',
    ['skills: [volant], languages: [ca, es]', 'skills: [volant], languages: [ca, eu]'],
    26,
    /does not offer the language "eu"; it offers: ca, es/,
  ],
  [
    'who signs but can’t be seen',
    ['[ca, es], channels: [phone, video]', '[ca, es, csc], channels: [phone]'],
    26,
    /"taula-1" signs \("csc"\) but has no video; add video to its channels/,
  ],
  [
    'who serves people in person, and says nowhere where',
    ['[ca, es], channels: [phone, video]', '[ca, es], channels: [phone, in_person]'],
    26,
    /"taula-1" serves in_person, and does not say at which site \(site\)/,
  ],
  [
    'a site that is not there',
    ['[ca, es], channels: [phone, video]', '[ca, es], channels: [phone], site: lluna'],
    26,
    /There is no site "lluna"/,
  ],
  [
    'a sign language for the pages',
    ['languages: [ca, es], holidays', 'languages: [ca, csc], holidays'],
    1,
    /"languages" must be one of: ca, es, en, eu, but it is "csc"/,
  ],
  [
    'an unknown time zone',
    ['Europe/Madrid', 'Europe/Madrit'],
    1,
    /There is no time zone "Europe\/Madrit"\. Did you mean Europe\/Madrid\?/,
  ],
  [
    'holidays nobody knows',
    ['ES-CT', 'ES-CTT'],
    1,
    /public holidays of "ES-CTT"\. Did you mean ES-CT\?/,
  ],
  [
    'an empty list of languages',
    ['languages: [ca, es], holidays', 'languages: [], holidays'],
    1,
    /"languages" must list at least one/,
  ],
  [
    'a language twice',
    ['languages: [ca, es], holidays', 'languages: [ca, es, ca], holidays'],
    1,
    /"ca" stands twice in "languages"/,
  ],
  [
    'a shift of no length',
    ['to: "14:00"', 'to: "09:00"'],
    28,
    /The shift ends when it begins, at 09:00/,
  ],
  [
    'a time without its zero',
    ['from: "09:00"', 'from: "9:00"'],
    28,
    /"from" must be a time of day.*such as 09:30.*"9:00"/,
  ],
  [
    'a shift that ends before it starts',
    ['until: 2027-12-31', 'until: 2025-12-31'],
    28,
    /"until" \(2025-12-31\) is before "since" \(2026-01-01\)/,
  ],
  [
    'an unknown weekday',
    ['[mon, tue]', '[mon, tues]'],
    28,
    /Item 2 of "weekdays" must be one of: mon, .*Did you mean tue\?/,
  ],
  [
    'an absence that ends before it starts',
    ['to: 2026-12-07T11:00', 'to: 2026-12-07T08:00'],
    30,
    /"to" \(2026-12-07T08:00\) is not after "from" \(2026-12-07T09:00\)/,
  ],
  [
    'a closure that is no day',
    ['date: 2027-02-12', 'date: 12/02/2027'],
    12,
    /"date" must be a day written year-month-day.*"12\/02\/2027"/,
  ],
  [
    'a day that does not exist',
    ['date: 2027-02-12', 'date: 2027-02-30'],
    12,
    /The calendar has no day 2027-02-30/,
  ],
  [
    'a closure without an end',
    ['{ from: 2027-08-01, to: 2027-08-15 }', '{ from: 2027-08-01 }'],
    13,
    /must say either "date", or "from" and "to"/,
  ],
  [
    'a closure backwards',
    ['to: 2027-08-15', 'to: 2027-07-15'],
    13,
    /"to" \(2027-07-15\) is before "from" \(2027-08-01\)/,
  ],
  [
    'a text in no language of the office',
    ['name: { ca: Volant, es: Volante }', 'name: { en: Certificate }'],
    20,
    /"name" has no text in any language of the office: ca, es/,
  ],
  [
    'a text without languages',
    ['name: { ca: Volant, es: Volante }', 'name: Volant'],
    20,
    /"name" must be a group of keys, such as ca, es, en, but it is "Volant"/,
  ],
  [
    'an accent that cannot be read',
    ['light: "#0b5d66"', 'light: "#f2b84b"'],
    9,
    /light accent #f2b84b stands out too little from the text on it \(#ffffff\): 1\.\d to 1, where 4\.5/,
  ],
  [
    'a colour that became a comment',
    ['light: "#0b5d66", dark: "#6cc5cf" }', 'light: teal, dark: "#6cc5cf" }'],
    9,
    /"light" must be a colour such as "#0b5d66" \(in quotes\)/,
  ],
  [
    'an unknown office of a person',
    ['offices: { oac: { roles', 'offices: { oca: { roles'],
    32,
    /There is no office "oca"\. Did you mean oac\?/,
  ],
  [
    'an unknown desk of a person',
    ['roles: [agent], desk: taula-1', 'roles: [agent], desk: taula-9'],
    32,
    /There is no desk "taula-9"/,
  ],
  [
    'an agent without a desk',
    ['roles: [agent], desk: taula-1', 'roles: [agent]'],
    32,
    /needs a desk/,
  ],
  [
    'a desk without the role',
    ['roles: [agent], desk', 'roles: [coordinator], desk'],
    32,
    /A desk needs the role agent/,
  ],
  [
    'an address of nobody',
    ['anna@petita.example', 'anna'],
    32,
    /"email" must be an e-mail address/,
  ],
  [
    'two people with one address',
    ['staff:\n', 'staff:\n  - { email: Anna@petita.example, name: A, operator: true }\n'],
    33,
    /Two people have the address anna@petita\.example/,
  ],
  [
    'attempts that do not fit',
    ['    slots:', '    attempts: { max: 3, windowMinutes: 15, spacingMinutes: 10 }\n    slots:'],
    10,
    /take 20 minutes: more than the window of 15/,
  ],
  [
    'an empty office',
    ['    slots: { leadMinutes: 60, starts: grid }', '    slots:'],
    10,
    /"slots" must be a group of keys.*but it is empty/,
  ],
  [
    'a repeated key',
    ['        theme: padro\n', '        theme: padro\n        theme: padro\n'],
    20,
    /stands twice/,
  ],
  [
    'an exchange without encryption',
    [PHONE, exchangeAt('ws://sip.petita.example')],
    7,
    /must take WebSockets with encryption: wss/,
  ],
  [
    'an engine for captions without encryption',
    [PHONE, 'video: { captions: { provider: Petita, engines: { ca: "ws://parla.example/ca" } } }'],
    7,
    /engine must take WebSockets with encryption: wss/,
  ],
  [
    'an extension of a desk that there is not',
    [PHONE, exchangeAt('wss://sip.petita.example', 'taula-9: "109"')],
    7,
    /There is no desk "taula-9"/,
  ],
  [
    'one extension of two desks',
    [PHONE, exchangeAt('wss://sip.petita.example', 'taula-1: "101", taula-9: "101"')],
    7,
    /"101" is the extension of taula-1 too/,
  ],
  ['a tab', ['    slots:', '\tslots:'], 10, /tabs/],
  ['a bracket that is not closed', ['[mon, tue]', '[mon, tue'], 28, /./],
  ['a colon in a text', ['        kind: procedure', '        kind: a: b'], 18, /colon/],
  ['an alias to nothing', ['theme: padro', 'theme: *padro'], 19, /alias/],
];

describe('every mistake has its line and plain words', () => {
  for (const [what, [stood, stands], line, message] of BROKEN) {
    it(what, () => {
      expect(SMALL).toContain(stood);
      const found = remarks(SMALL.replace(stood, stands));
      expect(found).toContainEqual({ line, message: expect.stringMatching(message) });
    });
  }

  it('no words of the libraries appear', () => {
    const all = BROKEN.flatMap(([, [stood, stands]]) => remarks(SMALL.replace(stood, stands)));
    for (const { message } of all)
      expect(message).not.toMatch(
        /zod|Invalid|received|expected (string|object)|undefined|regex|pattern/i,
      );
  });

  it('all mistakes of every kind are reported at once, in the order of the file', () => {
    const text = SMALL.replace('Europe/Madrid', 'Europe/Nowhere')
      .replace('phone: 15', 'phone: x')
      .replace('skills: [volant]', 'skills: [nothing]')
      .replace('desk: taula-1, weekdays', 'desk: taula-7, weekdays')
      .replace('date: 2027-02-12', 'date: 2027-02-31');
    expect(remarks(text).map((each) => each.line)).toEqual([1, 12, 21, 26, 28]);
  });
});

describe('files that are not town files', () => {
  const refused: [string, string][] = [
    ['an empty file', ''],
    ['only a comment', '# a town\n'],
    ['a list', '- a\n- b\n'],
    ['a word', 'town'],
    ['five megabytes', `town: { name: ${'x'.repeat(5_000_000)} }`],
    ['bombs of aliases', bomb()],
    ['an alias to itself', 'town: &a { name: *a }\n'],
    ['brackets ten thousand deep', `town: ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['lists ten thousand deep', `town: \n  ${'- '.repeat(10_000)}x`],
    ['open brackets only', '['.repeat(50_000)],
    ['zeros', 'town: \0\0'],
    ['keys that are objects', '? [a]\n: b\n? { c: d }\n: e\n'],
    [
      'keys of the language',
      'town: { __proto__: { name: x }, constructor: 3 }\noffices: { constructor: {} }\n',
    ],
    ['two documents', `${SMALL}---\n${SMALL}`],
  ];
  for (const [what, text] of refused) {
    it(`are refused with a line: ${what}`, () => {
      const found = remarks(text);
      expect(found.length).toBeGreaterThan(0);
      const lines = text.split('\n').length;
      for (const { line } of found) expect(line >= 1 && line <= lines).toBe(true);
    });
  }

  it('any change to the demo town gives an answer with lines of the file', () => {
    const words = [
      '{',
      '}',
      '[',
      ']',
      ':',
      '-',
      '"',
      '&a ',
      '*a',
      '\t',
      '\n',
      '  ',
      '#',
      '!',
      '|',
      '',
      'null',
      '0',
      'ca:',
      '---\n',
    ];
    const damage = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat(60),
      insert: fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 })),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        const text = damages.reduce((before, { at, remove, insert }) => {
          const start = Math.floor(at * before.length);
          return before.slice(0, start) + insert + before.slice(start + remove);
        }, VILACLARA);
        const lines = text.split('\n').length;
        const result = checkTownFile(text);
        const all = [...result.warnings, ...(result.ok ? [] : result.mistakes)];
        if (!result.ok) expect(result.mistakes.length).toBeGreaterThan(0);
        for (const { line, column, message } of all) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 40 },
    );
  });
});

function bomb(): string {
  const levels = Array.from({ length: 12 }, (_, i) =>
    i === 0
      ? 'l0: &l0 [x, x]'
      : `l${i}: &l${i} [${Array(10)
          .fill(`*l${i - 1}`)
          .join(', ')}]`,
  );
  return `${levels.join('\n')}\n`;
}
