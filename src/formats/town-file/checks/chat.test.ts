import { expect, it } from 'vitest';
import { checkTownFile } from '../reading/check.ts';

const LINE = 15;
const town = (chat: string, desk = '') => `
town: { name: Petita, timeZone: Europe/Madrid, languages: [ca, es], holidays: ES-CT }
offices:
  oac:
    name: { ca: Oficina, es: Oficina }
    walkIn: [ { address: "Plaça, 1", hours: { ca: Matins, es: Mañanas } } ]
    phone: { caller: "+34 930 000 010" }
    procedures:
      volant: { name: { ca: Volant, es: Volante }, channels: { phone: 15 } }
      obres: { name: { ca: Obres, es: Obras }, channels: { phone: 15 } }
    desks:
      taula-1: { name: Taula 1, skills: [volant], languages: [ca, es], channels: [phone]${desk} }
    shifts: [ { desk: taula-1, weekdays: [mon], from: "09:00", to: "14:00", since: 2026-01-01 } ]
    # What is told must name the next line.
    chat: ${chat}
`;
const topics = (more: string) =>
  `{ topics: { padro: { name: { ca: Padró, es: Padrón }, ${more} } } }`;
const answers = (more: string, name = '{ ca: Hores, es: Horas }') =>
  `{ topics: { padro: { name: { ca: Padró, es: Padrón }, procedures: [volant] } }, answers: { hores: { name: ${name}, text: ${name}, ${more} } } }`;
const told = (chat: string, desk?: string) => {
  const checked = checkTownFile(town(chat, desk));
  return [...(checked.ok ? [] : checked.mistakes), ...checked.warnings]
    .filter(({ line }) => line === LINE)
    .map(({ message }) => message);
};
const on = (...stretches: string[]) =>
  topics(`procedures: [volant], hours: [${stretches.join(', ')}]`);

it('is read in the order of the file, with what it leaves out filled in', () => {
  const checked = checkTownFile(town(answers('procedure: volant')));
  expect(checked.ok && checked.town.offices.oac?.chat).toEqual({
    atOnce: 3,
    besideCall: 1,
    answerSeconds: 45,
    silentMinutes: 10,
    waiting: 40,
    keepDays: 30,
    topics: [{ code: 'padro', name: { ca: 'Padró', es: 'Padrón' }, procedures: ['volant'] }],
    answers: [
      {
        code: 'hores',
        name: { ca: 'Hores', es: 'Horas' },
        text: { ca: 'Hores', es: 'Horas' },
        procedure: 'volant',
        topics: [],
      },
    ],
  });
});

it.each([
  topics('procedures: [volant]'),
  on(
    '{ weekdays: [mon, tue], from: "09:00", to: "14:00" }',
    '{ weekdays: [mon], from: "14:00", to: "24:00" }',
  ),
  on(
    '{ weekdays: [mon], from: "09:00", to: "14:00" }',
    '{ weekdays: [tue], from: "09:00", to: "14:00" }',
  ),
  answers('source: "https://petita.example/hores", topics: [padro]'),
  '{}',
])('nothing is told about %s', (chat) => {
  expect(told(chat)).toEqual([]);
});

it.each([
  [topics('procedures: [obres]'), 'No desk serves any procedure of "padro" and takes chats.'],
  [topics('procedures: [volnt]'), 'Did you mean volant?'],
  [topics('procedures: [volant, volant]'), '"volant" stands twice'],
  [topics('procedures: []'), 'must list at least one of: codes of procedures'],
  [on(), 'must list at least one of: hours'],
  [
    on('{ weekdays: [mon], from: "14:00", to: "09:00" }'),
    '"to" (09:00) is not after "from" (14:00).',
  ],
  [on('{ weekdays: [mon], from: "09:00", to: "09:00" }'), 'is not after'],
  [
    on(
      '{ weekdays: [mon, tue], from: "09:00", to: "14:00" }',
      '{ weekdays: [tue], from: "13:59", to: "18:00" }',
    ),
    'These hours overlap those from 09:00 to 14:00, on tue.',
  ],
  [answers('topics: [padr]'), 'There is no topic "padr". Did you mean padro?'],
  [answers('source: petita'), 'must be a web address'],
  [answers('procedure: volnt'), 'Did you mean volant?'],
  [answers('source: "https://a.example", procedure: volant'), 'has two sources'],
  [answers('topics: []', '{ en: Hours }'), 'has no text in any language of the office: ca, es.'],
  [answers('topics: []', '{ ca: Hores }'), 'is not translated into: es.'],
  ['{ atOnce: 2, besideCall: 3 }', 'More conversations beside a call (3) than without one (2).'],
  ['{ atOnce: 11 }', 'must be a whole number from 1 to 10'],
])('%s is told with its line', (chat, message) => {
  expect(told(chat).join('\n')).toContain(message);
});

it('a topic that nobody can answer in a language of the office is a warning', () => {
  const chat = topics('procedures: [volant]');
  const text = town(chat).replace('languages: [ca, es], channels', 'languages: [ca], channels');
  const checked = checkTownFile(text);
  expect(checked.ok).toBe(true);
  expect(checked.warnings).toContainEqual(
    expect.objectContaining({ message: 'Nobody can answer about "padro" in: es.', line: LINE }),
  );
});

it('a desk that takes no chats answers nobody', () => {
  expect(told(topics('procedures: [volant]'), ', chats: 0').join()).toContain('No desk serves');
  expect(told(topics('procedures: [volant]'), ', chats: 2')).toEqual([]);
});
