import { expect, test } from 'vitest';
import { questionIn } from './query.ts';

const ask = (query: string) => questionIn(new URLSearchParams(query));
const NIF = 'tipusDocumentIdentificatiu=NIF&documentIdentificatiu=';

test('reads the question of the documentation', () => {
  expect(ask('documentIdentificatiu=99999018D&tipusDocumentIdentificatiu=NIF')).toEqual({
    ok: true,
    question: {
      id: { scheme: 'dni', country: 'ES', identifier: '99999018D' },
      ...{ from: null, to: null, ine10: null, dir3: null },
    },
  });
});

test('reads days and codes, and takes a code whose first 0 was lost', () => {
  const asked = ask(
    `${NIF}12345678-z&dataInici=2026-11-01&dataFi=2026-11-30&codiINE10=801930008&codiDIR3Organisme=L01080193`,
  );
  if (!asked.ok) throw new Error(asked.parameter);
  const { from, to, ine10, dir3, id } = asked.question;
  expect([`${from}`, `${to}`, ine10, dir3]).toEqual([
    ...['2026-11-01', '2026-11-30', '0801930008', 'L01080193'],
  ]);
  expect(id?.identifier).toBe('12345678Z');
});

test('asks from the first to the last day that the database can have for all days', () => {
  const asked = ask(`${NIF}12345678Z&dataInici=0000-01-01&dataFi=9999-12-31`);
  if (!asked.ok) throw new Error(asked.parameter);
  expect([`${asked.question.from}`, `${asked.question.to}`]).toEqual(['2000-01-01', '2199-12-31']);
});

test.each([
  [`${NIF}12345678A`, 'documentIdentificatiu'], // the wrong letter
  [`${NIF}`, 'documentIdentificatiu'],
  ['tipusDocumentIdentificatiu=NIF', 'documentIdentificatiu'],
  [`${NIF}Q0000000A`, 'documentIdentificatiu'], // an organisation with the wrong control character
  [`${NIF}12345678Z&documentIdentificatiu=00000000T`, 'documentIdentificatiu'],
  [`${NIF}${'1'.repeat(5000)}`, 'documentIdentificatiu'],
  ['tipusDocumentIdentificatiu=NIE&documentIdentificatiu=12345678Z', 'documentIdentificatiu'],
  ['tipusDocumentIdentificatiu=DNI&documentIdentificatiu=12345678Z', 'tipusDocumentIdentificatiu'],
  ['documentIdentificatiu=12345678Z', 'tipusDocumentIdentificatiu'],
  [`${NIF}12345678Z&dataInici=01/11/2026`, 'dataInici'],
  [`${NIF}12345678Z&dataInici=2026-02-30`, 'dataInici'],
  [`${NIF}12345678Z&dataInici=2026-12-01&dataFi=2026-11-01`, 'dataFi'],
  [`${NIF}12345678Z&codiINE10=08019`, 'codiINE10'],
  [`${NIF}12345678Z&codiDIR3Organisme=ajuntament`, 'codiDIR3Organisme'],
])('refuses %s by the name of the parameter alone', (query, parameter) => {
  expect(ask(query)).toEqual({ ok: false, parameter });
});

test.each([
  `${NIF}Q0000000J`,
  'tipusDocumentIdentificatiu=PASSAPORT&documentIdentificatiu=AB123456',
])('finds nobody by %s, which is right', (query) => {
  expect(ask(query)).toMatchObject({ ok: true, question: { id: null } });
});

test('finds a foreigner by NIE and by NIF', () => {
  for (const type of ['NIE', 'NIF'])
    expect(ask(`tipusDocumentIdentificatiu=${type}&documentIdentificatiu=X0000000T`)).toMatchObject(
      { ok: true, question: { id: { scheme: 'nie' } } },
    );
});
