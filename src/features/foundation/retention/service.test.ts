import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClockJumped, handClock } from '../../../lib/clock.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testRetention } from '../../testing.ts';
import { noteBounce } from '../notices/service.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { boundsOf, FORGOTTEN_AT_ONCE } from './rules.ts';
import { countForgettable } from './views.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let office: number;
let ids: { old: string; recent: string };
/** A notice that Rosa was sent. */
let sent: string;
/** Rosa's companion. */
const TIA = '00000000-0000-4000-8000-000000000001';
/** Rosa's encounter. */
const MET = '00000000-0000-4000-8000-000000000002';

const everything = async (): Promise<string> => {
  const tables = [
    'appointment',
    'notice',
    'event',
    'attempt',
    'encounter',
    'encounter_item',
    'survey_answer',
    'device_test',
    'call',
    'companion',
    'message',
    'call_quality',
  ];
  const rows = await within(database.kysely, '*', (tx) =>
    Promise.all(tables.map((name) => sql`select * from ${sql.table(name)}`.execute(tx))),
  );
  return JSON.stringify(rows.map((each) => each.rows));
};

beforeAll(async () => {
  database = await testDatabase();
  const { offices, appointments } = testAppointments(database, clock);
  office = await testOffice(database.kysely, {
    settings: {
      retention: {
        documentsHours: 72,
        contactDays: 30,
        notesDays: 60,
        evidenceDays: 1825,
        paymentDays: 2192,
      },
    },
  });
  const book = async (start: string, name: string) => {
    const booked = await appointments.book({ kind: 'citizen' }, await offices.byId(office), {
      procedure: 'volant-padro',
      channel: 'phone',
      language: 'ca',
      noticeLanguage: 'ca',
      start: Temporal.Instant.from(start),
      citizen: { name, email: `${name}@example.cat`, phone: '+34600000001' },
      onBehalfOf: `mare de ${name}`,
      needs: name === 'Rosa' ? ['companion'] : [],
      comment: `comentari de ${name}`,
    });
    if (!booked.ok) throw new Error(booked.reason);
    return booked.appointment.id;
  };
  ids = {
    old: await book('2026-11-30T09:00:00+01:00', 'Rosa'),
    recent: await book('2026-12-02T09:00:00+01:00', 'Joan'),
  };
  await appointments.cancel(
    { kind: 'system', why: '' },
    await offices.byId(office),
    ids.old,
    'La Rosa té grip',
  );
  await within(database.kysely, office, async (tx) => {
    const reminders = await sql<{
      id: string;
    }>`select id from notice where appointment_id = ${ids.old} and sent_at is null limit 1`.execute(
      tx,
    );
    sent = reminders.rows[0]?.id ?? '';
    await sql`update notice set last_error = '550 5.1.1 <Rosa@example.cat>: unknown', failed_at = created_at where appointment_id = ${ids.old} and kind = 'confirmation'`.execute(
      tx,
    );
    await sql`update notice set last_error = 'capped' where appointment_id = ${ids.old} and kind = 'cancellation'`.execute(
      tx,
    );
    await sql`update notice set sent_at = created_at where id = ${sent}`.execute(tx);
    await sql`insert into encounter (id, appointment_id, office_id, channel, language, started_at, notes, identity_note, actor)
      values (${MET}, ${ids.old}, ${office}, 'phone', 'ca', '2026-11-30', 'La Rosa ha plorat', 'DNI de la Rosa', 'staff:1')`.execute(
      tx,
    );
    for (const id of [ids.old, ids.recent])
      await sql`insert into proof_step (office_id, appointment_id, at, actor, kind, address, hash, before)
        values (${office}, ${id}, '2026-11-30', 'staff:1', 'set', 'phone', 'x', 'y')`.execute(tx);
    await sql`insert into device_test (appointment_id, office_id, at, camera, family, system) values (${ids.old}, ${office}, '2026-11-30', 'works', 'samsung', 'android')`.execute(
      tx,
    );
    await sql`insert into call (id, office_id, appointment_id, attempt, direction, ended_at, rang_seconds, ended_by)
      values (gen_random_uuid(), ${office}, ${ids.old}, 1, 'out', '2026-11-30', 12, 'other')`.execute(
      tx,
    );
    await sql`insert into companion (id, office_id, appointment_id, name, role, made_at, made_by)
      values (${TIA}, ${office}, ${ids.old}, 'Tia Remei', 'sign_language', '2026-11-30', 'citizen')`.execute(
      tx,
    );
    await sql`insert into message (id, office_id, encounter_id, at, author, companion_id, text)
      values (gen_random_uuid(), ${office}, ${MET}, '2026-11-30', ${`companion:${TIA}`}, ${TIA}, 'Visc al carrer Nou')`.execute(
      tx,
    );
    await sql`insert into call_quality (id, office_id, encounter_id, call_id, side, whom, ended_at, seconds, reconnections, audio_only_seconds, word)
      values (gen_random_uuid(), ${office}, ${MET}, gen_random_uuid(), 'citizen', 'agent', '2026-11-30', 712, 0, 0, 'good')`.execute(
      tx,
    );
    await sql`insert into survey_answer (appointment_id, office_id, score, comment, at) values (${ids.old}, ${office}, 9, 'Sóc la Rosa', '2026-12-01')`.execute(
      tx,
    );
  });
});
afterAll(() => database.close());

const sweepAt = async (at: string) => {
  clock.set(at);
  const offices = createOffices(database.kysely);
  return testRetention({ db: database.kysely, offices, clock }).sweep();
};

test('what would be forgotten is counted as it is', async () => {
  await within(database.kysely, office, (tx) =>
    sql`insert into absence (office_id, desk_id, starts, ends, why)
      select office_id, desk_id, '2026-11-30 09:00', '2026-11-30 12:00', 'La Rosa és fora' from appointment where id = ${ids.old}`.execute(
      tx,
    ),
  );
  const { settings } = await createOffices(database.kysely).byId(office);
  const counted = (at: string) =>
    within(database.kysely, office, (tx) =>
      countForgettable(tx, office, boundsOf(settings, Temporal.Instant.from(at))),
    );
  const none = { contacts: 0, waiting: 0, notes: 0, words: 0, calls: 0, reasons: 0 };
  expect(await counted('2026-12-29T23:59:00+01:00')).toEqual(none);
  // Sixty days after the first of November: the comments of all of its appointments.
  expect(await counted('2026-12-31T00:00:00+01:00')).toEqual({
    ...none,
    ...{ contacts: 1, words: 1, reasons: 1 },
  });
  expect(await counted('2027-01-30T09:30:00+01:00')).toEqual({
    ...none,
    ...{ contacts: 2, notes: 1, words: 1, calls: 2, reasons: 1 },
  });
});

test('what is not due yet stays', async () => {
  expect(await sweepAt('2026-12-30T09:00:00+01:00')).toBe(0);
  expect(await everything()).toContain('grip');
});

test('who it was for is destroyed when its days are over, and nobody else', async () => {
  expect(await sweepAt('2026-12-31T09:00:00+01:00')).toBe(1);
  const left = await everything();
  expect(left).not.toMatch(/Rosa@|mare de Rosa|comentari de Rosa|sign_language|grip|samsung|Remei/);
  expect(left).not.toContain('"revoked_at":null');
  expect(left).toContain('Visc al carrer Nou');
  expect(left).toContain('capped');
  expect(left).toContain('comentari de Joan');
  expect(left).toContain('La Rosa ha plorat');
  expect(left).toMatch(/"appointment_id":null,"attempt":null,"direction":"out"/);
  expect(left).toMatch(/"encounter_id":null,"call_id":"[^"]+","side":"citizen"/);
});

test('what is kept of the addresses of whoever was forgotten tells no number, and stays for the others', async () => {
  const steps = await within(database.kysely, office, (tx) =>
    tx.selectFrom('proof_step').select(['appointment_id', 'hash', 'before']).execute(),
  );
  expect(steps).toHaveLength(2);
  for (const { appointment_id: of, hash, before } of steps)
    expect([hash === null, before === null]).toEqual(
      of === ids.old ? [true, true] : [false, false],
    );
});

test('a report that comes long after brings nobody back', async () => {
  const report = [
    'From: MAILER-DAEMON@mail.example',
    `To: finestreta+${sent}@cita.example`,
    '',
    '550 5.1.1 <Rosa@example.cat>: unknown user',
  ];
  expect(await noteBounce(database.kysely, report.join('\r\n'), clock.now())).toBe(false);
  expect(await everything()).not.toContain('Rosa@');
});

test('of an office that is closed for good, too', async () => {
  await within(database.kysely, '*', (tx) =>
    sql`update office set retired_at = '2026-12-31' where id = ${office}`.execute(tx),
  );
  expect(await sweepAt('2027-01-02T09:00:00+01:00')).toBe(1);
  expect(await everything()).not.toContain('comentari de Joan');
});

test('then what was written about it; the figures stay, and the destruction is on record', async () => {
  expect(await sweepAt('2027-01-30T09:00:00+01:00')).toBeGreaterThan(0);
  const left = await everything();
  expect(left).not.toContain('Rosa');
  expect(left).toContain('"score":9');
  expect(left).toContain('forgotten');
  expect(left).not.toContain('"direction":"out"');
  expect(left).not.toContain('carrer Nou');
  expect(left).not.toContain('call_id');
  expect(await sweepAt('2027-01-30T09:01:00+01:00')).toBe(0);
});

test('what surveys say in words is destroyed by whole months, of appointments that nobody attended too', async () => {
  const inAll = <T>(does: (tx: Tx) => Promise<T>) => within(database.kysely, office, does);
  const [one, other] = await inAll((tx) =>
    tx.selectFrom('appointment').select('id').orderBy('starts').execute(),
  );
  await inAll(async (tx) => {
    await sql`update call_quality set encounter_id = null`.execute(tx);
    await sql`delete from encounter`.execute(tx);
    for (const [id, starts, comment] of [
      [one?.id, '2026-12-01T00:00+01:00', 'Ningú no ha trucat'],
      [other?.id, '2026-12-31T23:45+01:00', 'Molt tard'],
    ]) {
      await sql`update appointment set status = 'cancelled', starts = ${starts}, ends = ${starts}::timestamptz + interval '15 minutes'
        where id = ${id}`.execute(tx);
      await sql`insert into survey_answer (appointment_id, office_id, comment, at) values (${id}, ${office}, ${comment}, '2026-12-31')
        on conflict (appointment_id) do update set comment = excluded.comment`.execute(tx);
    }
  });
  // The sixty days of the month's first appointments are over on the 30th of January.
  await sweepAt('2027-01-29T23:59:00+01:00');
  expect(await everything()).toContain('Ningú no ha trucat');
  expect(await everything()).toContain('Molt tard');
  await sweepAt('2027-01-30T00:00:00+01:00');
  expect(await everything()).not.toMatch(/Ningú no ha trucat|Molt tard/);
});

test('however many are due, one run destroys all of them', async () => {
  const inOffice = <T>(does: (tx: Tx) => Promise<T>) => within(database.kysely, office, does);
  const due = () =>
    inOffice((tx) =>
      tx.selectFrom('appointment').select('id').where('forgotten_at', 'is', null).execute(),
    );
  await inOffice((tx) =>
    sql`insert into appointment select (jsonb_populate_record(a, jsonb_build_object(
        'id', gen_random_uuid(), 'reference', 'M-' || n, 'forgotten_at', null))).*
      from appointment a, generate_series(1, ${2 * FORGOTTEN_AT_ONCE + 1}) n where a.id = ${ids.old}`.execute(
      tx,
    ),
  );
  expect(await due()).toHaveLength(2 * FORGOTTEN_AT_ONCE + 1);
  await sweepAt('2027-01-31T09:00:00+01:00');
  expect(await due()).toEqual([]);
});

test('what fails in one office doesn’t hold up its other steps, nor another office', async () => {
  const other = await testOffice(database.kysely, { code: 'hisenda' });
  const tried: string[] = [];
  const step = (name: string) => ({
    destroy: async ({ id }: { id: number }) => {
      tried.push(`${name} of ${id}`);
      if (id === office) throw Object.assign(new Error(name), { code: '57014' });
      return 1;
    },
  });
  clock.set('2027-02-01T09:00:00+01:00');
  await within(database.kysely, office, (tx) =>
    sql`update appointment set forgotten_at = null where id = ${ids.old}`.execute(tx),
  );
  const evidence = [step('acts'), step('documents')];
  const offices = createOffices(database.kysely);
  const retention = testRetention({ db: database.kysely, offices, clock, evidence });
  await expect(retention.sweep()).rejects.toMatchObject({ code: '57014' });
  const both = [office, other].flatMap((id) => [`acts of ${id}`, `documents of ${id}`]);
  expect(tried).toEqual(both);
  const left = await within(database.kysely, office, (tx) =>
    tx.selectFrom('appointment').select('id').where('forgotten_at', 'is', null).execute(),
  );
  expect(left).toEqual([]);
});

test('a clock that jumps ahead destroys nothing', async () => {
  clock.set('2026-12-01T09:00:00+01:00');
  const retention = testRetention({
    db: database.kysely,
    offices: createOffices(database.kysely),
    clock,
  });
  await retention.sweep();
  clock.set('2036-12-01T09:00:00+01:00');
  await expect(retention.sweep()).rejects.toThrow(ClockJumped);
});

test('of an event only the reason can be taken out', async () => {
  const change = "update event set actor = 'x'";
  await expect(database.asOwner(change)).rejects.toThrow(/append-only/);
  await expect(database.pool.query(change)).rejects.toThrow(/permission denied/);
});
