import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { guessedMapping, type Mapping, readMapping } from './mapping.ts';
import { readAppointments } from './read.ts';

const HOW = { timeZone: 'Europe/Madrid', now: Temporal.Instant.from('2026-11-30T08:00:00Z') };

const mapped = (yaml: string): Mapping => {
  const read = readMapping(yaml);
  if (!read.ok) throw new Error(read.mistakes.join('\n'));
  return read.mapping;
};
const rowsIn = (file: string | Uint8Array, mapping = guessedMapping('cites')) => {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  const read = readAppointments(bytes, mapping, HOW);
  if (!read.ok) return read.mistake;
  return read.rows.map(({ start, ...row }) => ({ ...row, start: `${start}` }));
};
const EMPTY = { id: '', phone: '', email: '', procedure: '', office: '', channel: '', status: '' };
const row = (line: number, over: object) => ({
  ...{ line, ...EMPTY, name: '', language: '', comment: '', standing: 'open', start: 'bad_date' },
  ...over,
});
const utf16 = (text: string, isBig: boolean): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

/** What Python's csv makes of rows: another hand's file. */
const pythonCsv = (rows: string[][], separator: string, encoding: string): Uint8Array =>
  execFileSync('python3', [
    '-c',
    'import csv,io,json,sys\n' +
      'rows=json.loads(sys.argv[1]); out=io.StringIO(newline="")\n' +
      'csv.writer(out,delimiter=sys.argv[2]).writerows(rows)\n' +
      'sys.stdout.buffer.write(out.getvalue().encode(sys.argv[3]))',
    ...[JSON.stringify(rows), separator, encoding],
  ]);

describe('a CSV file', () => {
  const ROWS = [
    ['Nom i cognoms', 'Telèfon', 'Data i hora', 'Tràmit', 'Observacions'],
    [
      'Núria Solé i Puig',
      '612 345 678',
      '01/12/2026 9:05',
      'Padró - alta',
      'Ve; amb la mare,\n"aviat"',
    ],
    ['אורלי כהן', '', '2/12/2026 16.30', 'Volant', ''],
  ];
  // The first has no letter that Windows-1252 lacks.
  test.each([
    [';', 'utf-8', 3],
    [',', 'utf-8-sig', 3],
    ['\t', 'utf-16', 3],
    ['|', 'utf-16-be', 3],
    [';', 'cp1252', 2],
  ])('that Python writes with %j in %s is read', (separator, encoding, count) => {
    const read = rowsIn(pythonCsv(ROWS.slice(0, count), separator, encoding));
    const nuria = { name: 'Núria Solé i Puig', phone: '612 345 678', procedure: 'Padró - alta' };
    const orli = { name: 'אורלי כהן', procedure: 'Volant', start: '2026-12-02T15:30:00Z' };
    const comment = 'Ve; amb la mare,\n"aviat"';
    expect(read).toEqual(
      [row(2, { ...nuria, comment, start: '2026-12-01T08:05:00Z' }), row(4, orli)].slice(
        0,
        count - 1,
      ),
    );
  });

  test('is read by the columns of a mapping, with names in two and the hour apart', () => {
    const mapping = mapped(
      'source: cites\ncolumns: { name: [Nom, Cognom 1], start: Dia, time: Hora, status: Situació }\ncancelled: [Baixa]\nover: [Atesa]',
    );
    const file =
      'Nom;Cognom 1;Dia;Hora;Situació\nPau;Riu;03/04/2027 0:00:00;9h05;Pendent\nAna;;03/04/2027;1:30 PM;BAIXA\nIu;Pi;3-4-27;12:00 - 12:15;atesa\n';
    expect(rowsIn(file, mapping)).toEqual([
      row(2, { name: 'Pau Riu', status: 'Pendent', start: '2027-04-03T07:05:00Z' }),
      row(3, {
        name: 'Ana',
        start: '2027-04-03T11:30:00Z',
        standing: 'cancelled',
        status: 'BAIXA',
      }),
      row(4, { name: 'Iu Pi', start: '2027-04-03T10:00:00Z', standing: 'over', status: 'atesa' }),
    ]);
    expect(
      rowsIn('dia;hora\n03/04/2027;9:00', mapped('source: x\ndates: month-first')),
    ).toMatchObject([{ start: '2027-03-04T08:00:00Z' }]);
  });

  test('says of each line why it can’t be read, and of the file where it ends', () => {
    const file =
      'sep=,\nnom,data\nA,31/02/2027 9:00\nB,1/12/2026\nC,28/3/2027 2:30\n\nD\nE,25/10/2027 2:30\nF,31/10/2027 2:30\nG,9:00\n';
    expect(rowsIn(file)).toMatchObject([
      { line: 3, start: 'bad_date' },
      { line: 4, start: 'no_hour' },
      { line: 5, start: 'no_such_hour' },
      { line: 7, start: 'not_a_row' },
      { line: 8, start: '2027-10-25T00:30:00Z' },
      // It occurs twice: the first.
      { line: 9, start: '2027-10-31T00:30:00Z' },
      { line: 10, start: 'bad_date' },
    ]);
    expect(rowsIn('nom;data\nA;"1/12/2026 9:00\nB;x')).toMatchObject({ reason: 'broken' });
    expect(rowsIn('')).toMatchObject({ reason: 'empty' });
    expect(rowsIn('nom;correu\nA;b')).toMatchObject({ reason: 'no_column' });
    expect(rowsIn(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0))).toMatchObject({ reason: 'not_known' });
  });

  test('is refused when it is too large, or has too many lines', () => {
    expect(rowsIn(`data\n${'1/12/2026 9:00\n'.repeat(50_001)}`)).toMatchObject({
      reason: 'too_many',
    });
    expect(rowsIn(new Uint8Array(32_000_001))).toMatchObject({ reason: 'too_big' });
    expect(rowsIn(`data\n${'x'.repeat(200_000)}`)).toMatchObject({ reason: 'broken' });
  });

  test('in UTF-16 is known by its mark or by its zeros', () => {
    for (const isBig of [true, false])
      for (const from of [0, 2])
        expect(rowsIn(utf16('nom;data\nNúria;1/12/2026 9:00', isBig).subarray(from))).toEqual([
          row(2, { name: 'Núria', start: '2026-12-01T08:00:00Z' }),
        ]);
  });
});

describe('VTramit', () => {
  const mapping = mapped('like: vtramit');
  const open = {
    name: 'Rosa Soler',
    phone: '612345678',
    email: 'rosa@example.cat',
    comment: 'Truqueu',
  };

  test('is read as its API answers', () => {
    const record = (over: object) => ({
      ...{ id: 7, externalId: 'C-1', date: 1796122800, citizenId: '12345678Z', department: 'OAC' },
      ...{ comments: 'Truqueu', name: 'Rosa Soler', phone: '612345678', email: 'rosa@example.cat' },
      ...{ topic: 'Padró', state: 1, jitsiRoomCode: 'x', allowSendEmail: false, ...over },
    });
    const file = JSON.stringify([record({}), record({ externalId: 'C-2', state: 6 }), 'x']);
    const one = { ...open, procedure: 'Padró', office: 'OAC', start: '2026-12-01T11:00:00Z' };
    expect(rowsIn(file, mapping)).toEqual([
      row(1, { ...one, id: 'C-1', status: '1' }),
      row(2, { ...one, id: 'C-2', standing: 'cancelled', status: '6' }),
      row(3, { start: 'not_a_row' }),
    ]);
    expect(mapping).toMatchObject({ source: 'vtramit', otherwise: { channel: 'video' } });
  });

  test('is read as its table is exported', () => {
    const file =
      '"id","external_id","citizen_id","department","comments","date","name","phone","email","topic","state"\n' +
      '"7","C-1","12345678Z","OAC","Truqueu","1796122800","Rosa Soler","612345678","rosa@example.cat","Padró","2"\n' +
      '"8","C-2","12345678Z",NULL,\\N,"1796122800","Rosa Soler","612345678","rosa@example.cat","Padró","5"\n';
    const one = { ...open, procedure: 'Padró', start: '2026-12-01T11:00:00Z' };
    expect(rowsIn(file, mapping)).toEqual([
      row(2, { ...one, id: 'C-1', office: 'OAC', status: '2' }),
      row(3, { ...one, id: 'C-2', comment: '', standing: 'over', status: '5' }),
    ]);
  });
});

describe('a calendar', () => {
  const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];
  const calendar = (...events: string[][]) =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...events.flat(), 'END:VCALENDAR'].join('\r\n');

  test('is read with what its descriptions name', () => {
    const file = calendar(
      event(
        ...['UID:a@b', 'DTSTART;TZID=Europe/Madrid:20261201T090500', 'SUMMARY:Padró'],
        ...['ATTENDEE;CN=Rosa Soler:mailto:rosa@example.cat', 'ATTENDEE:mailto:b@example.cat'],
        'DESCRIPTION:Telèfon: 612 345 678\\nIdioma: castellà',
      ),
      event('UID:c', 'DTSTART:20261201T080000Z', 'STATUS:CANCELLED', 'SUMMARY:Pau'),
      event('UID:d', 'DTSTART;VALUE=DATE:20261201'),
      event('UID:e', 'DTSTART;TZID=Nowhere:20261201T080000'),
      event('UID:f', 'DTSTART:20261201T080000Z', 'RRULE:FREQ=SECONDLY;COUNT=99999999'),
      event('UID:g', 'DTSTART:2026-12-01'),
    );
    const rosa = { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '612 345 678' };
    expect(rowsIn(file)).toMatchObject([
      {
        ...rosa,
        id: 'a@b',
        procedure: 'Padró',
        language: 'castellà',
        start: '2026-12-01T08:05:00Z',
      },
      { id: 'c', standing: 'cancelled', name: 'Pau', start: '2026-12-01T08:00:00Z' },
      { id: 'd', start: 'no_hour' },
      { id: 'e', start: 'bad_date' },
      { id: 'f', start: 'repeated' },
      { id: 'g', start: 'bad_date' },
    ]);
  });

  test('that is cut off or hostile has its line', () => {
    const file = `${calendar(event('UID:a', 'DTSTART:20261201T080000Z'))}\r\nBEGIN:VEVENT\r\nUID:b`;
    expect(rowsIn(file)).toMatchObject([{ id: 'a' }, { line: 9, start: 'not_a_row' }]);
    const long = calendar(event('UID:a', `SUMMARY:${'x'.repeat(200_000)}`));
    expect(rowsIn(long)).toMatchObject([{ start: 'not_a_row' }]);
  });
});

describe('a mapping', () => {
  const wrong = (yaml: string) => {
    const read = readMapping(yaml);
    return read.ok ? [] : read.mistakes;
  };

  test('has its mistakes told with their lines', () => {
    expect(wrong('source: a\ncolumns:\n  nam: x')[0]).toMatch(/^Line \d: columns/);
    expect(wrong('channels: { Vídeo: television }')[0]).toContain('Line 1: channels.Vídeo');
    expect(wrong('source: "A b"')[0]).toContain('small letters');
    expect(wrong('a: [')).not.toEqual([]);
    // Without a name of the tool, two tools' ids would be one.
    expect(wrong('')[0]).toContain('What is the other tool called?');
    expect(readMapping('', 'Cites')).toMatchObject({ ok: false, isUnnamed: true });
    expect(readMapping('', 'cites')).toMatchObject({ ok: true, mapping: { source: 'cites' } });
    expect(readMapping('like: vtramit', 'cites')).toMatchObject({ ok: false });
    expect(wrong('source: a\n')).toEqual([]);
  });
});

test('a status is open only where its word is known or the mapping says so', () => {
  const standing = (estat: string, yaml = 'source: x') => {
    const rows = rowsIn(`data;estat\n1/12/2026 9:00;${estat}`, mapped(yaml));
    return Array.isArray(rows) ? rows[0]?.standing : rows;
  };
  for (const each of ['Anulado', 'CANCELADO', 'Anul·lat', 'Cancel·lada', 'Baixa', 'Baja'])
    expect([each, standing(each)]).toEqual([each, 'cancelled']);
  for (const each of ['Finalizada', 'Finalitzat', 'No presentat', 'No presentado', 'Atesa'])
    expect([each, standing(each)]).toEqual([each, 'over']);
  for (const each of ['', '-', 'Pendent', 'Confirmado', 'TENTATIVE', 'reservada'])
    expect([each, standing(each)]).toEqual([each, 'open']);
  expect(standing('4')).toBe('unknown');
  expect(standing('Baixa', 'source: x\nopen: [Baixa]')).toBe('open');
});

test('the columns that are read are said, and two of one name are none', () => {
  const read = (text: string, mapping = guessedMapping('x')) =>
    readAppointments(new TextEncoder().encode(text), mapping, HOW);
  expect(read('Codi;Nom;Data;Observacions;Observacions \n1;A;1/12/2026 9:00;x;y')).toEqual({
    ok: false,
    mistake: { reason: 'two_columns', name: 'Observacions' },
  });
  expect(read('Codi;Nom;Dia;Data;x;X;;\n1;A;1/12/2026 9:00;x;y;;;')).toMatchObject({
    ok: true,
    columns: [
      { field: 'id', columns: ['Codi'] },
      { field: 'name', columns: ['Nom'] },
      { field: 'start', columns: ['Data', 'Dia'] },
    ],
  });
  const mapping = mapped('source: x\ncolumns: { name: [X], start: Dia }');
  expect(read('Dia;x;X\n1/12/2026 9:00;a;b', mapping)).toMatchObject({ ok: false });
});

/**
 * An expression that looks twice at each run of signs needs hours for one of these files, and the test never ends in its time; reading them once
 * takes a moment.
 */
test('long runs of one sign are read in one go', () => {
  const LONG = 95_000;
  const runs = [' ', '\t', '\u00a0', 'a ', '.', '-', 'T', '9', ':', 'T+', '- 9 ', '<br', '"'];
  for (const each of runs) {
    const run = each.repeat(LONG / each.length);
    for (const text of [
      run,
      `b${run}b`,
      `Nom${run}:`,
      `:${run}x`,
      `x\\n${run}b`,
      `1/12/2026${run}`,
    ]) {
      const event = ['BEGIN:VEVENT', 'UID:a', `DESCRIPTION:${text}`, 'END:VEVENT'];
      const events = Array.from({ length: 5 }, () => event).flat();
      expect(rowsIn(['BEGIN:VCALENDAR', ...events, 'END:VCALENDAR'].join('\r\n'))).toHaveLength(5);
      const cell = text.replaceAll('"', '');
      expect(
        rowsIn(
          JSON.stringify([
            { data: cell, hora: '' },
            { data: '1/12/2026', hora: cell },
          ]),
        ),
      ).toHaveLength(2);
    }
  }
});

test('names in descriptions are found whatever blanks stand around them', () => {
  const event = (text: string) =>
    rowsIn(
      [
        'BEGIN:VCALENDAR',
        'BEGIN:VEVENT',
        'UID:a',
        'DTSTART:20261201T080000Z',
        `DESCRIPTION:${text}`,
      ]
        .concat('END:VEVENT', 'END:VCALENDAR')
        .join('\r\n'),
    );
  const many = ' '.repeat(1000);
  expect(event(`${many}Telèfon${many}:${many}612 345 678${many}`)).toMatchObject([
    { phone: '612 345 678' },
  ]);
  expect(event(`${'x'.repeat(41)}: 1\\nTelèfon:\\n: 5`)).toMatchObject([{ phone: '' }]);
});
