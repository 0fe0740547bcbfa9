import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { checkFormFile } from './check.ts';

const FOLDER = 'towns/vilaclara/forms';

/** A form with one question of every type, a rule of every place, and states of its own. */
const SMALL = `procedure: prova
title: { ca: Prova, es: Prueba }
languages: [ca, es]
identity: substantial
onBehalf: true
needs: [ { name: { ca: El DNI, es: El DNI } } ]
steps:
  - id: local
    title: { ca: El local, es: El local }
    questions:
      - { id: rotul, type: text, label: { ca: Nom, es: Nombre }, from: identity.name, max: 80 }
      - { id: taules, type: integer, label: { ca: Taules, es: Mesas }, required: true, min: 1, max: 40 }
      - { id: metres, type: decimal, label: { ca: Metres, es: Metros }, min: 1, max: 9.5 }
      - { id: preu, type: money, label: { ca: Preu, es: Precio }, max: 99.5 }
      - { id: dia, type: date, label: { ca: Dia, es: Día }, min: today, max: 2027-12-31 }
      - id: us
        type: choice
        label: { ca: Ús, es: Uso }
        options:
          - { id: bar, label: { ca: Bar, es: Bar } }
          - { id: botiga, label: { ca: Botiga, es: Tienda } }
      - id: coses
        type: choices
        most: 2
        label: { ca: Coses, es: Cosas }
        options:
          - { id: tendal, label: { ca: Tendal, es: Toldo } }
          - { id: estufes, label: { ca: Estufes, es: Estufas } }
      - { id: gos, type: yesno, label: { ca: Gos, es: Perro } }
      - { id: nif, type: nif, label: { ca: NIF, es: NIF }, accept: [dni, company] }
      - { id: paper, type: file, label: { ca: Paper, es: Papel }, accept: [pdf, jpg], most: 3 }
      - { id: lloc, type: place, label: { ca: Lloc, es: Lugar }, shape: area }
  - id: gent
    title: { ca: Gent, es: Gente }
    when: { ">": [ { var: local.taules }, 4 ] }
    questions:
      - id: persones
        type: group
        label: { ca: Persones, es: Personas }
        item: { ca: persona, es: persona }
        most: 5
        questions:
          - { id: edat, type: integer, label: { ca: Edat, es: Edad }, required: true, min: 0 }
          - { id: tutor, type: text, label: { ca: Tutor, es: Tutor }, when: { "<": [ { var: item.edat }, 18 ] } }
      - { id: total, type: computed, gives: integer, label: { ca: Total, es: Total }, value: { sum: [ { var: gent.persones }, { var: item.edat } ] } }
declarations:
  - { id: veritat, text: { ca: És cert., es: Es cierto. } }
fee: { "*": [ { var: local.taules }, 12.5 ] }
sign: session
states:
  names: { visita: { ca: Visita, es: Visita } }
  transitions:
    - { from: registered, to: visita, who: office }
    - { from: visita, to: granted, who: office, deadline: 10 }
decision: { months: 3, silence: granted }
`;

/** The minimum that a form must be able to say. */
const AGREED = `procedure: terrassa
identity: substantial            # none | low | substantial | high
onBehalf: true                   # a representative may apply
steps:
  - id: local
    title: { ca: El local, es: El local }
    questions:
      - { id: rotul, type: text, label: { ca: Nom del local }, required: true, max: 80 }
      - { id: adreca, type: address, within: town }
      - { id: planol, type: file, accept: [pdf, jpg, png], most: 3 }
      - { id: taules, type: integer, min: 1, max: 40 }
  - id: estufes
    when: { ">": [ { var: local.taules }, 4 ] }        # JsonLogic subset, no code
    questions: [ { id: n, type: integer, min: 0 } ]
declarations: [ { id: veritat, text: { ca: Declaro que les dades són certes. }, required: true } ]
fee: { "*": [ { var: local.taules }, 12.5 ] }          # euros; absent: none
sign: session                    # none | session | valid | autofirma
registry: true
states: default                  # or a table of its own: from, to, who, deadline in working days
retention: { draftDays: 30, closedYears: 5 }
`;

const remarks = (text: string) => {
  const result = checkFormFile(text);
  return result.ok ? [] : result.mistakes.map(({ line, message }) => ({ line, message }));
};
const warnings = (text: string) =>
  checkFormFile(text).warnings.map(({ line, message }) => `${line} ${message}`);

describe('a good form', () => {
  test.each(readdirSync(FOLDER))('is that of the demo town: %s', (name) => {
    const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
    expect(checkFormFile(text, ['ca', 'es', 'en', 'eu'])).toMatchObject({ ok: true, warnings: [] });
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../../form.schema.json');
  });

  it('passes without a warning when nothing is missing', () => {
    expect(remarks(SMALL)).toEqual([]);
    expect(warnings(SMALL)).toEqual([]);
  });

  it('may say exactly the agreed minimum, with warnings about what is missing', () => {
    const result = checkFormFile(AGREED);
    expect(result).toMatchObject({ ok: true, form: { procedure: 'terrassa', states: 'default' } });
    const told = warnings(AGREED).join('\n');
    expect(told).toMatch(/^8 "label" is not translated into: es\./m);
    expect(told).toMatch(/^9 The question "adreca" has no "label"/m);
    expect(told).toMatch(/^12 The step "estufes" has no "title"/m);
    expect(told).toMatch(/^16 There is no fee where "local\.taules" has no answer/m);
  });

  it('must have the languages of the town where it lists none', () => {
    const text = SMALL.replace('languages: [ca, es]\n', '');
    const told = checkFormFile(text, ['ca', 'es', 'eu']).warnings.map((each) => each.message);
    expect(told).toContain('"title" is not translated into: eu.');
    expect(checkFormFile(text).warnings).toEqual([]);
  });

  it('gives the fee an amount with ?? or a default, and is not warned then', () => {
    const optional = SMALL.replace('required: true, min: 1', 'min: 1');
    expect(warnings(optional)).toEqual([expect.stringContaining('There is no fee where')]);
    const [rule = ''] = /fee: .*/.exec(SMALL) ?? [];
    const fee = (text: string) => warnings(optional.replace(rule, `fee: ${text}`));
    expect(fee('{ "*": [ { var: [ local.taules, 0 ] }, 12.5 ] }')).toEqual([]);
    expect(fee('{ "??": [ { "*": [ { var: local.taules }, 12.5 ] }, 30 ] }')).toEqual([]);
    expect(fee('{ max: [ { var: local.taules }, 30 ] }')).toEqual([]);
    expect(fee('{ "/": [ 30, { var: [ local.taules, 1 ] } ] }')).toEqual([
      expect.stringContaining('divided by zero'),
    ]);
    expect(fee('{ if: [ { var: local.gos }, 3 ] }')).toEqual([
      expect.stringContaining('where no condition of "if" holds'),
    ]);
  });
});

const TAULES = '{ ">": [ { var: local.taules }, 4 ] }';
const when = (rule: string): [string, string] => [TAULES, rule];
const FEE = 'fee: { "*": [ { var: local.taules }, 12.5 ] }';
const deep = (levels: number): string =>
  levels === 0 ? '{ var: local.gos }' : `{ "!": ${deep(levels - 1)} }`;

/** Mistakes: [name, [original text, replacement], line number, expected message]. */
const BROKEN: [string, [string, string], number, RegExp][] = [
  ['an unknown key', ['max: 80', 'mx: 80'], 11, /"mx" is not known here\. Did you mean max\?/],
  [
    'a key of another type of question',
    ['max: 80', 'shape: point'],
    11,
    /"shape" is not known here\. Known here: type, id, label/,
  ],
  [
    'a mistyped type',
    ['type: integer, label: { ca: Taules', 'type: intger, label: { ca: Taules'],
    12,
    /"type" must be one of: text, integer.*Did you mean integer\?/,
  ],
  ['no type', ['type: yesno, ', ''], 29, /"type" is missing in Item 8 of "questions": one of text/],
  ['no id', ['id: gos, ', ''], 29, /"id" is missing/],
  ['a missing procedure', ['procedure: prova\n', ''], 1, /"procedure" is missing: the code/],
  ['a code with capitals', ['id: rotul', 'id: Rotul'], 11, /"id" must be a code of lower-case/],
  ['half a table', ['min: 1, max: 40', 'min: 0.5, max: 40'], 12, /whole number.*0\.5/],
  [
    'limits the wrong way round',
    ['min: 1, max: 40', 'min: 50, max: 40'],
    12,
    /"max" is below "min"/,
  ],
  ['three decimals of a euro', ['max: 99.5', 'max: 99.505'], 14, /at most two decimals/],
  ['too many decimals', ['max: 9.5', 'max: 9.1234567'], 13, /at most 6 decimals/],
  ['a limit that is no day', ['max: 2027-12-31', 'max: 31/12/2027'], 15, /must be a day such as/],
  ['a day that does not exist', ['max: 2027-12-31', 'max: 2027-02-30'], 15, /no day 2027-02-30/],
  [
    'days the wrong way round',
    ['min: today, max', 'min: 2028-01-01, max'],
    15,
    /"max" is before "min"/,
  ],
  [
    'one option alone',
    ['          - { id: bar, label: { ca: Bar, es: Bar } }\n', ''],
    20,
    /at least one of|at least/,
  ],
  ['an option twice', ['id: botiga', 'id: bar'], 21, /option "bar" stands twice/],
  ['more options than there are', ['most: 2', 'most: 3'], 24, /"most" is more than the 2 options/],
  ['an unknown kind of file', ['[pdf, jpg]', '[pdf, exe]'], 31, /must be one of: pdf, jpg.*"exe"/],
  [
    'an unknown kind of NIF',
    ['[dni, company]', '[dni, cif]'],
    30,
    /must be one of: dni, nie, company/,
  ],
  ['an unknown shape', ['shape: area', 'shape: circle'], 32, /must be one of: point, line, area/],
  ['a question twice', ['id: metres', 'id: taules'], 13, /question "taules" stands twice/],
  ['a question of a group twice', ['id: tutor', 'id: edat'], 44, /question "edat" stands twice/],
  ['a step twice', ['- id: gent', '- id: local'], 33, /step "local" stands twice/],
  [
    'a step with the name of a page',
    ['- id: gent', '- id: check'],
    33,
    /step can't be called check/,
  ],
  [
    'a group in a group',
    ['id: tutor, type: text', 'id: tutor, type: group'],
    44,
    /"type" must be one of/,
  ],
  [
    'what nobody knows',
    ['from: identity.name', 'from: identity.nam'],
    11,
    /must be one of: identity\.name/,
  ],
  [
    'a name for a number',
    ['from: identity.name', 'from: padro.birth'],
    11,
    /"padro\.birth" fills in a question of type date/,
  ],
  [
    'a known name without identification',
    ['identity: substantial', 'identity: none'],
    11,
    /needs "identity"/,
  ],
  [
    'a signature without identification',
    ['identity: substantial', 'identity: none'],
    49,
    /"sign: session" needs "identity"/,
  ],
  [
    'a language that is no choice of codes',
    [
      'sign: session',
      'sign: session\natOnce: { issues: residence, language: { var: local.taules } }',
    ],
    50,
    /must be a choice among codes: ca, es/,
  ],
  ['no operator', when('{}'), 35, /one operator, but here are 0/],
  [
    'two operators',
    when('{ "!": true, and: [ true ] }'),
    35,
    /one operator, but here are 2: !, and/,
  ],
  [
    'an unknown operator',
    when('{ "=>": [ { var: local.taules }, 4 ] }'),
    35,
    /no operator "=>"\. Did you mean/,
  ],
  ['code', when('{ map: [ { var: gent.persones }, 1 ] }'), 35, /There is no operator "map"/],
  ['nothing', when('~'), 35, /A rule is missing here/],
  ['too few parts', when('{ ">": [ { var: local.taules } ] }'), 35, /">" needs 2 parts, but has 1/],
  [
    'an unknown name',
    when('{ ">": [ { var: local.taula }, 4 ] }'),
    35,
    /no question "local\.taula"\. Did you mean local\.taules\?/,
  ],
  [
    'a name that is no text',
    when('{ ">": [ { var: 4 }, 4 ] }'),
    35,
    /must be the name of a question/,
  ],
  [
    'a later answer',
    when('{ answered: gent.persones }'),
    35,
    /"gent\.persones" is not known yet.*in a circle/,
  ],
  [
    'itself',
    [
      'value: { sum: [ { var: gent.persones }, { var: item.edat } ] }',
      'value: { "+": [ { var: gent.total }, 1 ] }',
    ],
    45,
    /"gent\.total" can't depend on itself/,
  ],
  [
    'an item outside of a group',
    when('{ ">": [ { var: item.edat }, 4 ] }'),
    35,
    /"item\.edat" has no item here/,
  ],
  ['a number as a condition', when('{ var: local.taules }'), 35, /A condition must be yes or no/],
  [
    'a text against a number',
    when('{ "==": [ { var: local.taules }, quatre ] }'),
    35,
    /A text does not go with a number/,
  ],
  [
    'yes against a day',
    when('{ "<": [ { var: local.dia }, { var: local.gos } ] }'),
    35,
    /This must be a day, but it is yes or no/,
  ],
  [
    'an unknown option',
    when('{ "==": [ { var: local.us }, bra ] }'),
    35,
    /no option "bra"\. Did you mean bar\?/,
  ],
  [
    'an unknown option in a list',
    when('{ in: [ { var: local.us }, [ bar, hotel ] ] }'),
    35,
    /no option "hotel"/,
  ],
  [
    'an unknown option among several',
    when('{ in: [ estufas, { var: local.coses } ] }'),
    35,
    /no option "estufas"\. Did you mean estufes/,
  ],
  ['no day', when('{ "<": [ { var: local.dia }, 24-12-2026 ] }'), 35, /"24-12-2026" is no day/],
  ['a list where none may be', when('{ "!": [ [ true ] ] }'), 35, /A list may only stand/],
  [
    'a group of something else',
    ['{ var: gent.persones }, { var: item.edat }', '{ var: local.gos }, 1'],
    45,
    /"sum" goes through a group, but this is yes or no/,
  ],
  [
    'counting a text',
    [
      'value: { sum: [ { var: gent.persones }, { var: item.edat } ] }',
      'value: { count: { var: local.rotul } }',
    ],
    45,
    /"count" counts a group/,
  ],
  [
    'a group in a group’s rule',
    ['{ "<": [ { var: item.edat }, 18 ] }', '{ some: [ { var: gent.persones }, true ] }'],
    44,
    /"some" can't stand within another one/,
  ],
  [
    'division by zero',
    [FEE, 'fee: { "/": [ { var: local.taules }, 0 ] }'],
    48,
    /Nothing can be divided by zero/,
  ],
  ['a fee of words', [FEE, 'fee: { var: local.rotul }'], 48, /The fee must be a number of euros/],
  ['a fee with too many digits', [FEE, 'fee: 12.3456789'], 48, /12\.3456789 has too many digits/],
  [
    'half decimals',
    [FEE, 'fee: { round: [ { var: local.taules }, 1.5 ] }'],
    48,
    /decimals of "round"/,
  ],
  [
    'another result than it says',
    ['gives: integer', 'gives: text'],
    45,
    /does not give what "gives" says: text/,
  ],
  ['a rule that is too deep', when(deep(14)), 35, /at most 12 operators within each other/],
  [
    'a rule that is too large',
    when(`{ or: [ ${Array(201).fill('true').join(', ')} ] }`),
    35,
    /at most 200 parts/,
  ],
  [
    'a step that nobody gets to',
    when('{ ">": [ { var: local.taules }, 40 ] }'),
    35,
    /"gent" is never asked/,
  ],
  [
    'a condition against itself',
    when('{ and: [ { var: local.gos }, { "!": { var: local.gos } } ] }'),
    35,
    /"gent" is never asked/,
  ],
  ['never', when('false'), 35, /"gent" is never asked/],
  [
    'a state without a name',
    ['to: visita, who', 'to: vista, who'],
    53,
    /state "vista" has no name/,
  ],
  [
    'a state that is never reached',
    ['from: registered, to: visita', 'from: registered, to: refused'],
    54,
    /"visita" is never reached/,
  ],
  [
    'states without an end',
    ['to: granted, who: office, deadline: 10', 'to: registered, who: office'],
    53,
    /leads to no end/,
  ],
  [
    'a start without a way',
    ['from: registered, to: visita', 'from: in-review, to: visita'],
    50,
    /No transition begins in "registered"/,
  ],
  [
    'the system without a deadline',
    ['to: visita, who: office', 'to: visita, who: system'],
    53,
    /needs a deadline/,
  ],
  [
    'who is nobody',
    ['deadline: 10 }', 'deadline: 10, whom: x }'],
    54,
    /"whom" is not known here\. Did you mean who/,
  ],
  [
    'states in other words',
    ['names: { visita: { ca: Visita, es: Visita } }\n', 'namse: {}\n'],
    51,
    /"namse" is not known here\. Did you mean names/,
  ],
  [
    'two terms to decide',
    ['months: 3', 'months: 3, workingDays: 10'],
    55,
    /one of workingDays and months/,
  ],
  [
    'another silence',
    ['silence: granted', 'silence: yes'],
    55,
    /"silence" must be one of: granted, refused/,
  ],
  [
    'no steps',
    [SMALL.slice(SMALL.indexOf('steps:'), SMALL.indexOf('declarations:')), 'steps: []\n'],
    7,
    /must list at least one of: steps/,
  ],
  ['YAML that is none', ['procedure: prova', 'procedure: "prova'], 1, /./],
];

describe('a mistake in a form', () => {
  test.each(BROKEN)('%s', (_, [original, replacement], line, message) => {
    expect(SMALL).toContain(original);
    const found = remarks(SMALL.replace(original, replacement));
    const right = found.filter((each) => each.line === line && message.test(each.message));
    expect(right, JSON.stringify(found, null, 1)).not.toEqual([]);
  });

  it('hides no other one', () => {
    const text = SMALL.replace('max: 80', 'mx: 80')
      .replace('local.taules }, 4', 'local.taula }, 4')
      .replace('to: visita, who', 'to: vista, who');
    expect(new Set(remarks(text).map(({ line }) => line))).toEqual(new Set([11, 35, 53, 54]));
  });

  it('is to fill in from a represented person where nobody is represented', () => {
    const text = SMALL.replace('from: identity.name', 'from: represented.name');
    expect(remarks(text)).toEqual([]);
    expect(remarks(text.replace('onBehalf: true', 'onBehalf: false'))).toEqual([
      { line: 11, message: expect.stringContaining('needs "onBehalf: true"') },
    ]);
  });

  it('is told in a circle of computed values', () => {
    const [line = ''] = / {6}- { id: total.*\n/.exec(SMALL) ?? [];
    const value = 'type: computed, gives: integer, value:';
    const text = SMALL.replace(
      line,
      `      - { id: a, ${value} { "+": [ { var: gent.b }, 1 ] } }\n      - { id: b, ${value} { "+": [ { var: gent.a }, 1 ] } }\n`,
    );
    expect(remarks(text)).toEqual([
      {
        line: 45,
        message:
          '"gent.b" is not known yet here: a rule uses only what stands before it. It depends on "gent.a" in turn, so they go round in a circle.',
      },
    ]);
  });

  it('is told where something is issued at once to nobody, or by a state that is not there', () => {
    const text = 'atOnce: { issues: residence }\n';
    expect(remarks(`${SMALL}${text}`)).toEqual([]);
    const [open] = remarks(
      `procedure: prova\nsteps: [ { id: a, questions: [ { id: b, type: text } ] } ]\n${text}`,
    );
    expect(open).toEqual({
      line: 3,
      message: '"atOnce" needs "identity: substantial": it has where people live.',
    });
    const line = SMALL.split('\n').length;
    expect(remarks(`${SMALL.replace('to: granted', 'to: refused')}${text}`)).toEqual([
      { line, message: '"atOnce" needs a state "granted", to which it takes the case.' },
    ]);
  });

  it('is never claimed where nobody can tell', () => {
    expect(remarks(SMALL.replace(TAULES, '{ "<": [ { var: local.dia }, 2020-01-01 ] }'))).toEqual(
      [],
    );
    expect(remarks(SMALL.replace(TAULES, '{ "==": [ { var: local.rotul }, Bar ] }'))).toEqual([]);
    expect(
      remarks(SMALL.replace(TAULES, '{ ">": [ { "*": [ { var: local.taules }, 2 ] }, 90 ] }')),
    ).toEqual([]);
    // 17 is compared with the default as well.
    const both =
      '{ and: [ { "==": [ { var: [ local.taules, 0 ] }, 17 ] }, { "<": [ { var: local.taules }, 30 ] } ] }';
    expect(remarks(SMALL.replace(TAULES, both))).toEqual([]);
  });
});

describe('a form of any kind', () => {
  it('is read without an error, and every remark has a line of the file', () => {
    const lines = SMALL.split('\n');
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.nat(60),
        fc.string({ maxLength: 12 }),
        (at, cut, more) => {
          const text = lines
            .map((line, index) =>
              index === at ? `${line.slice(0, cut)}${more}${line.slice(cut + 3)}` : line,
            )
            .join('\n');
          const result = checkFormFile(text);
          const all = [...result.warnings, ...(result.ok ? [] : result.mistakes)];
          expect(result.ok || result.mistakes.length > 0).toBe(true);
          for (const { line } of all) expect(line).toBeLessThanOrEqual(text.split('\n').length);
        },
      ),
      { numRuns: 300 },
    );
    for (const text of ['', '[]', '3', 'steps: 3', 'steps: [ 3 ]', 'fee: []\nsteps: { a: 1 }'])
      expect(checkFormFile(text).ok).toBe(false);
    expect(checkFormFile('a'.repeat(500_001))).toMatchObject({ ok: false });
  });
});
