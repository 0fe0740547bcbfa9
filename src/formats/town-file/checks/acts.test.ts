import { describe, expect, it } from 'vitest';
import { checkTownFile } from '../reading/check.ts';

const town = (acts: string, habilitated = '', staff = '') => `
town: { name: Petita, timeZone: Europe/Madrid, languages: [ca, es], holidays: ES-CT }
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
    acts: ${acts}
    habilitated: [${habilitated}]
${staff && `staff: [${staff}]`}
`;
const ALTA =
  '{ alta: { name: { ca: A, es: A }, text: { ca: "Jo, {citizen}", es: "Yo, {citizen}" } } }';
const texts = (ca: string, es: string) =>
  `{ alta: { name: { ca: A, es: A }, text: { ca: "${ca}", es: "${es}" } } }`;
const entry = (more = '', email = 'anna@petita.example') =>
  `{ email: ${email}, name: Anna Puig, post: Cap, order: Decret 1, since: 2026-02-01${more} }`;
const ANNA =
  '{ email: anna@petita.example, name: Anna, offices: { oac: { roles: [agent], desk: taula-1 } } }';

const mistakesIn = (yaml: string) => {
  const checked = checkTownFile(yaml);
  return checked.ok ? [] : checked.mistakes.map((each) => each.message);
};
const warningsIn = (yaml: string) => checkTownFile(yaml).warnings.map((each) => each.message);

describe('acts', () => {
  it('are read with the register, and its addresses become lower case', () => {
    const checked = checkTownFile(town(ALTA, entry('', 'Anna@Petita.example'), ANNA));
    expect(checked.ok && checked.town.offices.oac?.acts).toMatchObject([
      { code: 'alta', level: 'substantial' },
    ]);
    expect(checked.ok && checked.town.offices.oac?.habilitated).toMatchObject([
      { email: 'anna@petita.example', order: 'Decret 1', since: '2026-02-01' },
    ]);
    expect(checked.warnings.filter((each) => each.path !== 'town')).toEqual([]);
  });

  it.each([
    [texts('Jo, {citizn}', 'Yo, {citizen}'), 'There is no blank {citizn}. Did you mean citizen?'],
    [texts('Jo: {details}', 'Yo'), "The text in ca says {details}, and the one in es doesn't."],
    [ALTA.replace('text:', 'procedures: [volnat], text:'), 'There is no procedure "volnat"'],
    [ALTA.replace('text:', 'procedures: [volant, volant], text:'), '"volant" stands twice'],
    [ALTA.replace('text:', 'level: low, text:'), 'must be substantial or high'],
  ])('%s is reported', (acts, told) => {
    expect(mistakesIn(town(acts, entry())).join('\n')).toContain(told);
  });

  it.each([
    [entry(', until: 2026-01-31'), '"until" (2026-01-31) is before "since" (2026-02-01)'],
    [entry(', until: 2026-02-30'), 'no day 2026-02-30'],
    [`${entry()}, ${entry(', until: 2026-03-01')}`, 'habilitated twice at the same time'],
    [entry().replace('order: Decret 1, ', ''), 'order'],
  ])('in the register %s is reported', (register, told) => {
    expect(mistakesIn(town(ALTA, register)).join('\n')).toContain(told);
  });

  it('entries that follow each other in time are accepted', () => {
    const first = entry(', until: 2026-02-28');
    const next = entry().replace('2026-02-01', '2026-03-01');
    expect(mistakesIn(town(ALTA, `${first}, ${next}`))).toEqual([]);
  });

  it('warns when no official can prepare them, and about officials without an account', () => {
    expect(warningsIn(town(ALTA)).join('\n')).toContain('Nobody is habilitated');
    const stranger = town(ALTA, entry('', 'pau@petita.example'), ANNA);
    expect(warningsIn(stranger).join('\n')).toContain('No staff account of this file');
  });

  it('warns of an official whose name is one word, which can be compared with nobody', () => {
    const named = (name: string) => town(ALTA, entry().replace('Anna Puig', name), ANNA);
    expect(warningsIn(named('Anna')).join('\n')).toContain('"Anna" is one word');
    expect(warningsIn(named('Anna de')).join('\n')).toContain('"Anna de" is one word');
    expect(warningsIn(named('Anna Puig')).join('\n')).not.toContain('is one word');
  });
});
