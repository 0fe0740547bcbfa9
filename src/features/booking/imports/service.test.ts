import { execFileSync } from 'node:child_process';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import {
  guessedMapping,
  type Mapping,
  readMapping,
} from '../../../formats/appointments/mapping.ts';
import { readAppointments } from '../../../formats/appointments/read.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { digest } from '../../../lib/digest.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { OPERATOR } from '../../../lib/viewer.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { forgetContacts } from '../appointments/forgetting/store.ts';
import { testAppointments } from '../appointments/testing.ts';
import { createImports, type Imports } from './service.ts';
import type { ImportOptions } from './types.ts';

const clock = handClock('2026-11-30T08:00:00+01:00');
const NO_MORE: ImportOptions = {
  isConfirmed: false,
  isWithdrawn: false,
  isWhole: false,
  isTold: false,
};
const WHOLE = { ...NO_MORE, isWhole: true };
const CANCEL = { ...WHOLE, isWithdrawn: true };
const HEAD = 'id;nom;telèfon;correu;data;hora;tràmit;canal;oficina;estat;observacions';
const mapping: Mapping = {
  ...guessedMapping('cites'),
  source: 'cites',
  procedures: { 'Padró - alta': 'alta' },
  offices: { Centre: 'oac-1', Nord: 'oac-2' },
};

let database: TestDatabase;
let made: ReturnType<typeof testAppointments>;
let imports: Imports;
let office: Office;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  made = testAppointments(database, clock);
  const { offices, appointments, unit } = made;
  imports = createImports({ database, offices, appointments, clock, unit });
});
afterAll(() => database.close());

beforeEach(async () => {
  const procedures = {
    alta: { channels: { phone: 30 } },
    volant: { channels: { phone: 15, video: 20 } },
  };
  const desks = { 'taula-1': { skills: null }, 'taula-2': { skills: ['volant'] } };
  const id = await testOffice(database.kysely, { code: `oac-${++nth}`, procedures, desks });
  office = await made.offices.byId(id);
});

const ourMapping = (): Mapping => ({ ...mapping, offices: { Centre: office.code, Nord: 'oac-x' } });
const fileOf = (lines: readonly string[], by = ourMapping()) => {
  const bytes = new TextEncoder().encode([HEAD, ...lines].join('\n'));
  const how = { timeZone: office.timeZone, now: clock.now() };
  const read = readAppointments(bytes, by, how);
  if (!read.ok) throw new Error(read.mistake.reason);
  return { rows: read.rows, mapping: by, digest: digest(lines.join('\n')) };
};
const planned = async (lines: readonly string[], options = NO_MORE) => {
  const { rows } = await imports.plan(OPERATOR, office, fileOf(lines), options);
  return rows.map(({ line, verdict }) => `${line} ${verdict}`);
};
const bring = async (lines: readonly string[], options = NO_MORE, viewer: Viewer = OPERATOR) => {
  const file = fileOf(lines);
  const { code, mustSay: said } = await imports.plan(viewer, office, file, options);
  const done = await imports.carryOut(viewer, office, file, { ...options, code, said });
  if (!done.ok) throw new Error(done.reason);
  return done.rows.map(({ line, verdict }) => `${line} ${verdict}`);
};
const rowsOf = async (query: string, of = office.id) => {
  const { rows } = await within(database.kysely, of, (tx) =>
    sql.raw<Record<string, unknown>>(query.replace('$1', `${of}`)).execute(tx),
  );
  return rows;
};
/** What plain SQL says of the office's appointments. */
const stored = () =>
  rowsOf(
    `select a.name, a.phone, a.status, to_char(a.starts at time zone 'Europe/Madrid', 'DD HH24:MI') as at, d.code as desk,
       a.time_id is not null as timed, a.displaced_at is not null as displaced, a.external_id, a.comment
     from appointment a join desk d on d.id = a.desk_id where a.office_id = $1 order by a.starts, a.name`,
  );
const trail = () =>
  rowsOf('select action, actor, data from audit where office_id = $1 order by id');
const noticeKinds = async () =>
  (await rowsOf('select kind from notice where office_id = $1')).map(({ kind }) => kind);

const ROSA =
  'C-1;Rosa Soler;612345678;rosa@example.cat;01/12/2026;9:05;Padró - alta;telèfon;Centre;;';
const PAU = 'C-2;Pau Riu;622345678;;01/12/2026;9:05;volant;telefònica;;;';

test('people keep their hours, and the report said so before', async () => {
  const lines = [
    ROSA,
    PAU,
    // Both desks are taken then.
    'C-3;Iu Pi;632345678;;01/12/2026;9:10;volant;telèfon;;;',
    // Nobody works in the afternoon.
    'C-4;Ona Mas;642345678;;1/12/2026;17:00;volant;;;;',
  ];
  const said = ['2 book', '3 book', '4 clash', '5 outside_shift'];
  expect(await planned(lines)).toEqual(said);
  expect(await stored()).toEqual([]);
  expect(await bring(lines)).toEqual(said);
  const at = (name: string, over: object) =>
    expect.objectContaining({ name, status: 'booked', ...over });
  const timed = { timed: true, displaced: false };
  expect(await stored()).toEqual([
    at('Pau Riu', { at: '01 09:05', desk: 'taula-2', ...timed }),
    at('Rosa Soler', { at: '01 09:05', desk: 'taula-1', phone: '+34612345678', ...timed }),
    at('Iu Pi', { at: '01 09:10', timed: false, displaced: true }),
    at('Ona Mas', { at: '01 17:00', ...timed }),
  ]);
});

test('nobody is told, but reminded; the confirmation is sent when it is asked for', async () => {
  await bring([ROSA]);
  const kinds = await noticeKinds();
  expect(kinds).toContain('soon');
  expect(kinds).not.toContain('confirmation');
  await bring([PAU.replace('622345678;;', '622345678;pau@example.cat;')], {
    ...NO_MORE,
    isConfirmed: true,
  });
  expect(await noticeKinds()).toContain('confirmation');
});

test('the trail says who brought what, from where', async () => {
  await bring([ROSA, 'C-9;X;;;;;;;;;']);
  const entries = await trail();
  expect(entries.map(({ action }) => action)).toEqual(['import_planned', 'imported', 'booked']);
  expect(entries[1]).toMatchObject({
    actor: 'system',
    data: { from: 'cites', book: 1, bad_date: 1 },
  });
  expect(entries[2]).toMatchObject({ actor: 'system', data: { from: 'cites' } });
  expect(JSON.stringify(entries)).not.toContain('Rosa');
});

describe('a second time', () => {
  test('nothing is booked twice, also where the file has no ids', async () => {
    const lines = [ROSA, PAU].map((each) => each.replace(/^C-\d/, ''));
    await bring(lines);
    expect(await bring(lines)).toEqual(['2 there', '3 there']);
    expect(await bring([...lines].reverse())).toEqual(['2 there', '3 there']);
    // The telephone was put right there: it is the same person at the same hour.
    const corrected = lines[0]!.replace('612345678', '655555555');
    expect(await planned([corrected, lines[1]!])).toEqual(['2 same_person', '3 there']);
    expect(await stored()).toHaveLength(2);
  });

  test('two people with one telephone are two people', async () => {
    const mother = 'F-1;Maria Mas;612345678;;01/12/2026;9:05;volant;;;;';
    await bring([mother]);
    const son = 'F-2;Pau Mas;612345678;;01/12/2026;9:05;volant;;;;';
    const longer = 'F-3;Maria Mas i Puig;612345678;;01/12/2026;9:05;volant;;;;';
    const again = 'F-4;MAS, María;612345678;;01/12/2026;9:05;volant;;;;';
    expect(await bring([mother, son, longer, again])).toEqual([
      ...['2 there', '3 book', '4 similar_person', '5 same_person'],
    ]);
    expect((await stored()).map(({ name, timed }) => [name, timed])).toEqual([
      ...[
        ['Maria Mas', true],
        ['Pau Mas', true],
      ],
    ]);
  });

  const ADA = 'C-5;Ada Vi;652345678;ada@example.cat;03/12/2026;9:00;volant;;;;';
  const standing = async () =>
    (await stored()).map(({ name, status }) => `${name} ${status}`).toSorted();

  test('what was cancelled there is told, and cancelled here when it is asked for', async () => {
    await bring([ROSA, PAU, ADA]);
    const later = [ROSA.replace('Centre;;', 'Centre;Anul·lada;'), ADA];
    // Only a file that is said to be whole lacks anything.
    expect(await bring(later, { ...NO_MORE, isWithdrawn: false })).toEqual([
      ...['2 cancelled_there', '3 there'],
    ]);
    expect(await planned(later, WHOLE)).toEqual(['2 cancelled_there', '3 there', '0 gone_there']);
    // Outside of the days of the file nothing is missing.
    expect(await planned([ADA], WHOLE)).toEqual(['2 there']);
    expect(await standing()).toEqual(['Ada Vi booked', 'Pau Riu booked', 'Rosa Soler booked']);
    expect(await bring(later, { ...CANCEL, isWhole: false })).toEqual([
      ...['2 cancelled_here', '3 there'],
    ]);
    expect(await standing()).toEqual(['Ada Vi booked', 'Pau Riu booked', 'Rosa Soler cancelled']);
    expect(await bring(later, CANCEL)).toEqual(['2 cancelled_here', '3 there', '0 cancelled_here']);
    expect(await standing()).toEqual([
      'Ada Vi booked',
      'Pau Riu cancelled',
      'Rosa Soler cancelled',
    ]);
  });

  test('who is cancelled gets a notice, unless the other tool told them', async () => {
    const cancelled = [ROSA.replace('Centre;;', 'Centre;Anul·lada;')];
    await bring([ROSA]);
    await bring(cancelled, { ...CANCEL, isTold: true });
    expect(await noticeKinds()).not.toContain('cancellation');
    await bring([ADA]);
    await bring([ADA.replace(/;$/, '').replace(/;$/, ';Cancel·lat;')], CANCEL);
    const told = await rowsOf(
      `select recipient from notice where kind = 'cancellation' and dropped_at is null and office_id = $1`,
    );
    expect(told).toEqual([{ recipient: 'ada@example.cat' }]);
  });

  test('an export of one agenda cancels nothing of another', async () => {
    const other = ROSA.replace('9:05', '12:00');
    await bring([PAU, other, ADA.replace('volant', 'alta')]);
    const all = ['2 there', '3 there', '0 gone_there'];
    expect(await planned([PAU, ADA.replace('volant', 'alta')], CANCEL)).toEqual(all);
    // Of another procedure, between the first and the last hour of the file.
    const agenda = [PAU, ADA.replace('C-5;Ada Vi', 'C-6;Iu Pi')];
    expect(await planned(agenda, CANCEL)).toEqual(['2 there', '3 book']);
    // Lines of another office say nothing about this one.
    const north = ADA.replace('C-5;Ada Vi', 'C-6;Iu Pi').replace('volant;;', 'alta;;Nord');
    expect(await planned([PAU, north], CANCEL)).toEqual(['2 there', '3 other_office']);
    // Nor does a line that can't be read.
    const lines = [PAU, other.replace(/^C-1/, '').replace('12:00', 'migdia'), ADA];
    expect(await planned(lines.concat(agenda[1]!.replace('volant', 'alta')), CANCEL)).toEqual([
      ...['2 there', '3 bad_date', '4 there', '5 clash'],
    ]);
  });

  test('more than a tenth is only cancelled by whoever says how many', async () => {
    const lines = Array.from(
      { length: 20 },
      (_, at) =>
        `E-${at};Veí ${'abcdefghijklmnopqrst'[at]};6123456${at + 10};;02/12/2026;${9 + (at >> 2)}:${(at % 4) * 15};volant;;;;`,
    ).map((each) => each.replace(/:0;/, ':00;'));
    await bring(lines);
    const without = (...gone: number[]) => lines.filter((_, at) => !gone.includes(at));
    const tenth = await imports.plan(OPERATOR, office, fileOf(without(3, 4)), CANCEL);
    expect(tenth.mustSay).toBe(0);
    const file = fileOf(without(3, 4, 5));
    const { code, mustSay } = await imports.plan(OPERATOR, office, file, CANCEL);
    expect(mustSay).toBe(3);
    for (const said of [undefined, 0, 2, 4, Number.NaN])
      expect(
        await imports.carryOut(OPERATOR, office, file, {
          ...CANCEL,
          code,
          ...(said !== undefined && { said }),
        }),
      ).toMatchObject({ ok: false, reason: 'unsaid' });
    expect((await standing()).join()).not.toContain('cancelled');
    expect((await imports.plan(OPERATOR, office, file, WHOLE)).mustSay).toBe(0);
    const done = await imports.carryOut(OPERATOR, office, file, { ...CANCEL, code, said: 3 });
    expect(done.ok).toBe(true);
    expect((await standing()).filter((each) => each.endsWith('cancelled'))).toHaveLength(3);
  });

  test('the right file books again what a wrong one cancelled', async () => {
    await bring([ROSA, ADA]);
    await bring([ROSA.replace('Centre;;', 'Centre;Anul·lada;'), ADA], CANCEL);
    expect(await planned([ROSA.replace('9:05', '10:00'), ADA])).toEqual(['2 differs', '3 there']);
    expect(await bring([ROSA, ADA])).toEqual(['2 reopened_there', '3 there']);
    expect(await stored()).toMatchObject([
      { name: 'Rosa Soler', status: 'booked', timed: true, displaced: false },
      { name: 'Ada Vi', status: 'booked' },
    ]);
    const owed = await rowsOf(
      'select kind from notice where dropped_at is null and office_id = $1 order by kind',
    );
    expect(owed.map(({ kind }) => kind)).toContain('confirmation');
    expect(owed.map(({ kind }) => kind)).not.toContain('cancellation');
    // Her hour was given to somebody else: she comes all the same, and a person decides.
    await bring([ROSA.replace('Centre;;', 'Centre;Anul·lada;'), ADA], CANCEL);
    const iu = ROSA.replace('C-1;Rosa Soler;612345678;rosa@', 'C-8;Iu Pi;632345678;iu@');
    await bring([iu]);
    expect(await bring([ROSA])).toEqual(['2 clash']);
    expect(await stored()).toMatchObject([
      { name: 'Iu Pi', timed: true },
      { name: 'Rosa Soler', status: 'booked', timed: false, displaced: true },
      {},
    ]);
  });

  test('what was cancelled here by somebody stays cancelled', async () => {
    await bring([ROSA]);
    const [{ id }] = (await rowsOf('select id from appointment where office_id = $1')) as [
      { id: string },
    ];
    await made.appointments.cancel(OPERATOR, office, id, '');
    expect(await planned([ROSA])).toEqual(['2 cancelled_here']);
  });

  test('an id of somebody else, and other contact details, are told', async () => {
    await bring([ROSA, PAU]);
    const strange = 'C-1;Joan Mas;699999999;;01/12/2026;9:05;alta;;;Anul·lada;';
    expect(await bring([strange], CANCEL)).toEqual(['2 other_person']);
    const other = [ROSA.replace('612345678', '612345679'), PAU.replace('Pau Riu', 'Paula Roca')];
    expect(await bring(other)).toEqual(['2 contact_differs', '3 contact_differs']);
    // The same in other signs is the same; a line that says only that it is cancelled is known by its id.
    const same = ROSA.replace('612345678', '+34 612 345 678').replace('Rosa Soler', 'SOLER, Rosa');
    expect(await planned([same, 'C-2;;;;01/12/2026;9:05;;;;Baixa;'])).toEqual([
      ...['2 there', '3 cancelled_there'],
    ]);
  });

  test('an hour that was changed there or here is told, and stays', async () => {
    await bring([ROSA]);
    expect(await bring([ROSA.replace('9:05', '11:00')])).toEqual(['2 differs']);
    expect(await stored()).toMatchObject([{ at: '01 09:05' }]);
  });

  test('after the data of people were destroyed, nothing leads back to the other tool', async () => {
    await bring([ROSA]);
    const bound = Temporal.Instant.from('2027-12-01T00:00:00Z');
    const ended = { contacts: bound, notes: bound, documents: bound } as never;
    await within(database.kysely, office.id, (tx) =>
      forgetContacts({ tx, office: office.id, now: clock.now(), ended }),
    );
    expect(await stored()).toMatchObject([{ external_id: null, name: '' }]);
  });
});

test('each line that can’t be brought says why', async () => {
  const person = (over: Record<string, string>) => {
    const cells = {
      nom: 'Rosa',
      telèfon: '612345678',
      correu: '',
      data: '01/12/2026',
      hora: '9:00',
    };
    const all: Record<string, string> = { ...cells, tràmit: 'volant', canal: 'telèfon', ...over };
    return HEAD.split(';')
      .map((each) => all[each] ?? '')
      .join(';');
  };
  const lines: [Record<string, string>, string][] = [
    [{ tràmit: 'Cadastre' }, 'unknown_procedure'],
    [{ oficina: 'Nord' }, 'other_office'],
    [{ oficina: 'Sud' }, 'unknown_office'],
    [{ canal: 'fax' }, 'unknown_channel'],
    [{ tràmit: 'alta', canal: 'vídeo', correu: 'a@example.cat' }, 'not_offered'],
    [{ telèfon: '' }, 'no_telephone'],
    [{ telèfon: '12' }, 'bad_telephone'],
    [{ canal: 'video' }, 'no_email'],
    [{ canal: 'video', correu: 'rosa@@' }, 'bad_email'],
    [{ nom: '' }, 'no_name'],
    [{ data: '29/11/2026' }, 'past'],
    [{ data: '01/12/2126' }, 'too_far'],
    [{ data: '32/12/2026' }, 'bad_date'],
    [{ hora: '' }, 'no_hour'],
    [{ estat: 'Anulada' }, 'not_open'],
    [{ estat: 'Anul·lat' }, 'not_open'],
    [{ estat: 'No presentat' }, 'not_open'],
    [{ estat: 'En revisió' }, 'unknown_status'],
  ];
  const said = await planned(lines.map(([over]) => person(over)));
  expect(said).toEqual(lines.map(([, verdict], at) => `${at + 2} ${verdict}`));
  // A second way to be reached is worth less than the appointment, and is kept in the comment.
  await bring([person({ correu: 'rosa arroba example', observacions: 'Ve sola' })]);
  expect(await stored()).toMatchObject([{ comment: 'Ve sola\nrosa arroba example' }]);
  expect(
    await planned([person({ nom: 'Pau', telèfon: '644555666', id: 'a' }), person({ id: 'a' })]),
  ).toEqual(['2 book', '3 twice']);
});

test('a procedure is known by its name in any language, and a mapping may have one for the rest', async () => {
  const read = readMapping('source: x\notherwise: { procedure: volant }');
  if (!read.ok) throw new Error();
  const file = fileOf(
    [ROSA.replace('Centre', '').replace('Padró - alta', 'Qualsevol')],
    read.mapping,
  );
  const { rows } = await imports.plan(OPERATOR, office, file, NO_MORE);
  expect(rows[0]?.wanted?.request.procedure).toBe('volant');
});

test('a calendar that vobject wrote is brought', async () => {
  // Debian's Python has vobject wherever Radicale is, with which calendars are tested too.
  const script = `
import datetime, sys, vobject
from dateutil import tz
calendar = vobject.iCalendar()
event = calendar.add('vevent')
event.add('uid').value = 'v-1@eines.example'
event.add('summary').value = 'volant'
event.add('dtstart').value = datetime.datetime(2026, 12, 1, 9, 5, tzinfo=tz.gettz('Europe/Madrid'))
event.add('dtend').value = datetime.datetime(2026, 12, 1, 9, 20, tzinfo=tz.gettz('Europe/Madrid'))
event.add('description').value = 'Telèfon: 612 345 678\\nNom: Núria Solé i Puig de la Bellacasa, la de la casa gran de dalt'
sys.stdout.buffer.write(calendar.serialize().encode())`;
  const bytes = execFileSync('/usr/bin/python3', ['-c', script]);
  const read = readAppointments(bytes, ourMapping(), {
    timeZone: 'Europe/Madrid',
    now: clock.now(),
  });
  if (!read.ok) throw new Error(read.mistake.reason);
  const file = { rows: read.rows, mapping: ourMapping(), digest: 'x' };
  const { code, rows } = await imports.plan(OPERATOR, office, file, NO_MORE);
  expect(rows.map(({ verdict }) => verdict)).toEqual(['book']);
  await imports.carryOut(OPERATOR, office, file, { ...NO_MORE, code });
  expect(await stored()).toMatchObject([
    {
      name: 'Núria Solé i Puig de la Bellacasa, la de la casa gran de dalt',
      phone: '+34612345678',
      at: '01 09:05',
    },
  ]);
});

test('nothing is done when it would be something else than what was read', async () => {
  const file = fileOf([ROSA]);
  const { code } = await imports.plan(OPERATOR, office, file, NO_MORE);
  const other = await imports.carryOut(OPERATOR, office, fileOf([ROSA, PAU]), { ...NO_MORE, code });
  expect(other).toMatchObject({ ok: false, plan: { code: expect.any(String) } });
  const confirmed = { ...NO_MORE, isConfirmed: true, code };
  expect(await imports.carryOut(OPERATOR, office, file, confirmed)).toMatchObject({ ok: false });
  // The same lines with the telephone of somebody else, the same file whatever the bytes say, and other bytes with the same lines.
  const elsewhere = fileOf([ROSA.replace('612345678', '699999999')]);
  for (const each of [
    { ...elsewhere, digest: file.digest },
    { ...file, digest: 'x' },
  ])
    expect(await imports.carryOut(OPERATOR, office, each, { ...NO_MORE, code })).toMatchObject({
      ...{ ok: false, reason: 'changed' },
    });
  for (const name of ['isWhole', 'isTold', 'isWithdrawn'])
    expect(
      await imports.carryOut(OPERATOR, office, file, { ...NO_MORE, [name]: true, code }),
    ).toMatchObject({ ok: false });
  expect(await stored()).toEqual([]);
});

test('a file never reaches another office than the one it is brought to', async () => {
  const other = await testOffice(database.kysely, {
    code: `oac-${++nth}`,
    procedures: { volant: { channels: { phone: 15 } } },
  });
  const by: Mapping = { ...ourMapping(), offices: { Nord: `oac-${nth}` } };
  const file = fileOf([PAU.replace(';;;', ';Nord;;')], by);
  const viewer: Viewer = {
    kind: 'staff',
    staff: 7,
    name: 'A',
    office: office.id,
    role: 'administrator',
    desk: null,
  };
  const { rows, code } = await imports.plan(viewer, office, file, NO_MORE);
  expect(rows.map(({ verdict }) => verdict)).toEqual(['other_office']);
  await imports.carryOut(viewer, office, file, { ...NO_MORE, code });
  for (const over of [{ office: other }, { role: 'coordinator' as const }])
    await expect(imports.plan({ ...viewer, ...over }, office, file, NO_MORE)).rejects.toThrow();
  const found = await rowsOf('select id from appointment where office_id = $1', other);
  expect(found).toEqual([]);
});

test('an hour that is taken during the run is kept as a clash, and a second run adds nothing', async () => {
  const lines = [ROSA, 'C-7;Iu Pi;632345678;;02/12/2026;9:00;alta;;;;'];
  const file = fileOf(lines);
  const { code } = await imports.plan(OPERATOR, office, file, NO_MORE);
  let rival: Promise<unknown> | undefined;
  const done = await imports.carryOut(OPERATOR, office, file, {
    ...NO_MORE,
    code,
    onRow: async () => {
      const start = Temporal.Instant.from('2026-12-02T09:00:00+01:00');
      rival ??= made.appointments.book(OPERATOR, office, {
        ...{ procedure: 'alta', channel: 'phone', language: 'ca', noticeLanguage: 'ca', start },
        citizen: { name: 'Rival', phone: '+34611111111', email: null },
        ...{ onBehalfOf: null, needs: [], comment: '' },
      });
      await rival;
    },
  });
  expect(done).toMatchObject({ ok: true, rows: [{ verdict: 'book' }, { verdict: 'clash' }] });
  expect(await bring(lines)).toEqual(['2 there', '3 there']);
  expect(await stored()).toHaveLength(3);
});

test('a line that fails is told, and the others are brought', async () => {
  const lines = [ROSA, PAU, 'C-7;Iu Pi;632345678;;02/12/2026;9:00;alta;;;;'];
  const { offices, appointments, unit } = made;
  let calls = 0;
  const flaky = (fails: (call: number) => boolean) =>
    createImports({
      ...{ database, offices, clock, unit },
      appointments: {
        ...appointments,
        bring: (...given) => {
          calls++;
          if (fails(calls)) throw new Error('away');
          return appointments.bring(...given);
        },
      },
    });
  const file = fileOf(lines);
  const { code } = await imports.plan(OPERATOR, office, file, NO_MORE);
  const once = flaky((call) => call === 2);
  expect(await once.carryOut(OPERATOR, office, file, { ...NO_MORE, code })).toMatchObject({
    ok: true,
    rows: [{ verdict: 'book' }, { verdict: 'failed', about: 'away' }, { verdict: 'book' }],
  });
  expect(await bring(lines)).toEqual(['2 there', '3 book', '4 there']);
  // The database is away: it isn't asked thousands of times.
  calls = 0;
  const many = fileOf(
    Array.from(
      { length: 30 },
      (_, at) => `G-${at};Iu;6323456${at + 10};;03/12/2026;9:00;volant;;;;`,
    ),
  );
  const plan = await imports.plan(OPERATOR, office, many, NO_MORE);
  const away = flaky(() => true);
  const done = await away.carryOut(OPERATOR, office, many, { ...NO_MORE, code: plan.code });
  expect(done.ok && done.rows.map(({ verdict }) => verdict)).toEqual(Array(30).fill('failed'));
  expect(calls).toBe(5);
});
