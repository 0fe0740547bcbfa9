import { expect, it } from 'vitest';
import { checkTownFile } from '../reading/check.ts';

const town = (teams: string) => `
town: { name: Petita, timeZone: Europe/Madrid, languages: [ca], holidays: ES-CT }
offices:
  oac:
    name: { ca: Oficina }
    walkIn: [ { address: "Plaça, 1", hours: { ca: Matins } } ]
    phone: { caller: "+34 930 000 010" }
    procedures:
      volant: { name: { ca: Volant }, channels: { phone: 15 } }
    desks:
      taula-1: { name: Taula 1, skills: all, languages: [ca], channels: [phone] }
    shifts:
      - { desk: taula-1, weekdays: [mon], from: "09:00", to: "14:00", since: 2026-01-01 }
    teams: ${teams}
staff: [{ email: anna@petita.example, name: Anna, offices: { oac: { roles: [agent], desk: taula-1 } } }]
`;
const obres = (more: string) => `obres: { name: { ca: Obres }, ${more} }`;
const told = (teams: string) => {
  const checked = checkTownFile(town(teams));
  return [...(checked.ok ? [] : checked.mistakes), ...checked.warnings]
    .filter(({ path }) => path.includes('teams'))
    .map(({ message }) => message);
};

it('is read with its code, in the order of the file', () => {
  const text = `{ ${obres('people: [Anna@petita.example], procedures: [volant]')} }`;
  const checked = checkTownFile(town(text));
  expect(checked.ok && checked.town.offices.oac?.teams).toEqual([
    {
      code: 'obres',
      name: { ca: 'Obres' },
      people: ['Anna@petita.example'],
      procedures: ['volant'],
    },
  ]);
  expect(told(text)).toEqual([]);
});

it.each([
  ['{ obres: { name: { ca: Obres }, people: [] } }', 'Nobody is in this team'],
  [`{ ${obres('people: [pau@petita.example]')} }`, 'No staff account of this file has the address'],
  [`{ ${obres('people: [anna@petita.example], procedures: [volnt]')} }`, 'Did you mean volant?'],
  [
    `{ ${obres('people: [anna@petita.example], procedures: [volant]')}, via: { name: { ca: Via }, people: [anna@petita.example], procedures: [volant] } }`,
    'The cases of volant come to the team obres already.',
  ],
])('%s is told', (teams, message) => {
  expect(told(teams).join('\n')).toContain(message);
});
