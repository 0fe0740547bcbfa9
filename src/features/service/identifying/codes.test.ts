import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import type { CitizenViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createIdentification } from '../../foundation/identification/service.ts';
import {
  identifiedAs,
  identifiedPerson,
  providerSaying,
  settingsOf,
} from '../../foundation/identification/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { createFolder, type Folder } from '../folder/service.ts';
import { CODE_MINUTES, MOST_MISSES, TAKEN_MINUTES, TYPED } from './code-rules.ts';
import { browserHash, createIdentityCodes, type IdentityCodes } from './codes.ts';
import { createIdentifying, type Identifying } from './service.ts';
import type { AskedFrom } from './types.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const baseUrl = 'https://cita.vila.example';
const FROM: AskedFrom = { family: 'firefox', system: 'windows', sender: Buffer.from('her desk') };
const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
const other = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 2), isActive: true }]);
const ROSA = '12345678Z';

let database: TestDatabase;
let office: Office;
let elsewhere: Office;
let of: Appointment;
let codes: IdentityCodes;
let identifying: Identifying;
let folder: Folder;
let book: (name: string) => Promise<Appointment>;
let appointments: ReturnType<typeof testAppointments>['appointments'];

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const made = testAppointments(database, clock);
  appointments = made.appointments;
  office = await made.offices.byId(await testOffice(db, {}));
  elsewhere = await made.offices.byId(await testOffice(db, { code: 'hisenda' }));
  book = (name) => made.bookVideo(office, appointments, name);
  const unit = testUnit(db, clock);
  const identification = createIdentification({
    ...{ db, clock, baseUrl, forms: key, people: key },
    declared: async () => [settingsOf('valid')],
    adapt: () => providerSaying(() => identifiedAs(ROSA)),
  });
  identifying = createIdentifying({ db, clock, unit, identification });
  const representations = { erase: async () => {} };
  folder = createFolder({ db, clock, unit, identification, representations });
});
afterAll(() => database.close());
beforeEach(async () => {
  of = await book('Rosa Soler');
  codes = createIdentityCodes({ db: database.kysely, clock, key, baseUrl });
});

/** Returns what a browser sends after it was given a cookie. */
const jar = (setCookie: string): string => setCookie.split(';')[0] ?? '';

/** Asks for a code in a new browser. Returns the code, and that browser's cookie. */
async function asked(appointment = of): Promise<{ code: string; desk: string }> {
  const desk = jar(await codes.make(appointment, '', FROM));
  return { code: (await codes.shown(appointment, desk))?.code ?? '', desk };
}

/** Types a code in a new browser and confirms it. Returns that browser's cookie, and the code's id. */
async function typedIn(code: string, isTheirs: boolean | null = true) {
  const entered = await codes.enter(code, '');
  if (!entered.ok) throw new Error(entered.reason);
  const phone = jar(entered.cookie);
  const found = await codes.typed(phone);
  if (found && isTheirs !== null) await codes.answer(found.id, phone, isTheirs);
  return { phone, id: found?.id ?? '' };
}

const identified = (number = ROSA) => identifiedPerson(database.kysely, key, number, clock.now());
const citizen = (): CitizenViewer => ({ kind: 'citizen', appointment: of.id });
const by = (id: string, cookie: string) => ({
  id,
  browser: browserHash(cookie, baseUrl) ?? Buffer.alloc(0),
});
const wrong = (code: string) => `${code.slice(0, 7)}${code.endsWith('B') ? 'C' : 'B'}`;

describe('a code for another device', () => {
  test('goes from the page of the appointment to a browser without its link, and the first one learns it', async () => {
    const { code, desk } = await asked();
    expect(code).toMatch(/^[BCDFGHJKLMNPQRSTXZ]{8}$/);
    expect(await codes.shown(of, desk)).toMatchObject({ state: 'open', code });
    const { phone, id } = await typedIn(
      ` ${code.slice(0, 4)} - ${code.slice(4).toLowerCase()}`,
      null,
    );
    expect(await codes.typed(phone)).toMatchObject({
      ...{ id, state: 'taken', family: 'firefox', system: 'windows', sender: FROM.sender },
      appointment: { id: of.id },
    });
    expect(await codes.shown(of, desk)).toMatchObject({ state: 'taken', code: '' });
    await codes.answer(id, phone, true);
    const { identification, person } = await identified();
    const settled = await identifying.settle(citizen(), office, identification, by(id, phone));
    expect(settled).toEqual({ ok: true, isCitizen: true });
    expect(await codes.shown(of, desk)).toMatchObject({ state: 'done', code: '' });
    const { people } = await identifying.standing(of);
    expect(people).toMatchObject([{ person, how: 'code', shownBy: 'name', isByCode: true }]);
  });

  test('is on record as one, without the person’s data', async () => {
    const { phone, id } = await typedIn((await asked()).code);
    const { identification } = await identified();
    await identifying.settle(citizen(), office, identification, by(id, phone));
    const records = await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('audit')
        .select(['action', 'data'])
        .where('appointment_id', '=', of.id)
        .where('action', '=', 'identified')
        .execute(),
    );
    expect(records).toMatchObject([{ data: { by: 'code', level: 'substantial' } }]);
    expect(JSON.stringify(records)).not.toContain(ROSA);
  });

  test('leaves the identity of the encounter to whoever attends, also with the booked name', async () => {
    const agent = {
      ...({ kind: 'staff', staff: 1, name: 'Núria', office: office.id, role: 'agent' } as const),
      desk: of.desk,
    };
    await testEncounter(database, clock).start(agent, office, of.id, { anyway: true });
    await identifying.ask(agent, office, of.id, 'low');
    const { phone, id } = await typedIn((await asked()).code);
    const { identification } = await identified();
    await identifying.settle(citizen(), office, identification, by(id, phone));
    expect((await identifying.standing(of)).asking?.state).toBe('identified');
    const { identity } = await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('encounter')
        .select('identity')
        .where('appointment_id', '=', of.id)
        .executeTakeFirstOrThrow(),
    );
    expect(identity).not.toBe('electronic');
  });

  test('is nowhere in the database, and nobody computes it without the browser that asked', async () => {
    const { code } = await asked();
    const rows = await within(database.kysely, INSTALLATION, (tx) =>
      tx.selectFrom('identification_code').selectAll().execute(),
    );
    const all = rows
      .flatMap((row) => Object.values(row))
      .map((each) => (Buffer.isBuffer(each) ? each.toString('latin1') : String(each)))
      .join(' ');
    expect(all).not.toContain(code);
    expect(all).not.toContain(code.slice(0, 4));
    expect(await codes.shown(of, '')).toBeNull();
    expect(await codes.shown(of, jar(await codes.make(await book('Pau'), '', FROM)))).toBeNull();
    const stranger = createIdentityCodes({ db: database.kysely, clock, key: other, baseUrl });
    expect(await stranger.enter(code, '')).toMatchObject({ ok: false, reason: 'unknown' });
  });
});

describe('a code is refused', () => {
  const refused = async (code: string) => {
    const entered = await codes.enter(code, '');
    return entered.ok ? 'taken' : entered.reason;
  };

  test('that was typed in another browser, or a second time', async () => {
    const { code } = await asked();
    const { phone, id } = await typedIn(code);
    expect(await refused(code)).toBe('used');
    const { identification } = await identified();
    const another = jar(await codes.make(await book('Pau'), '', FROM));
    const settle = (cookie: string) =>
      identifying.settle(citizen(), office, identification, by(id, cookie));
    expect(await settle(another)).toEqual({ ok: false, reason: 'code_over' });
    expect(await settle('')).toEqual({ ok: false, reason: 'code_over' });
    expect(await settle(phone)).toMatchObject({ ok: true });
    expect(await settle(phone)).toEqual({ ok: false, reason: 'code_over' });
    expect(await refused(code)).toBe('used');
  });

  test('of which nobody said that they asked for it, or somebody that they did not', async () => {
    const first = await typedIn((await asked()).code, null);
    const { identification } = await identified();
    const settle = (id: string, cookie: string) =>
      identifying.settle(citizen(), office, identification, by(id, cookie));
    expect(await settle(first.id, first.phone)).toEqual({ ok: false, reason: 'code_over' });
    const { code, desk } = await asked();
    const { phone, id } = await typedIn(code, false);
    expect(await settle(id, phone)).toEqual({ ok: false, reason: 'code_over' });
    expect(await codes.answer(id, phone, true)).toBe(false);
    expect(await codes.shown(of, desk)).toMatchObject({ state: 'denied' });
    expect((await identifying.standing(of)).people).toEqual([]);
  });

  test('once its minutes are over, also between typing and identifying', async () => {
    const { code } = await asked();
    clock.advance({ minutes: CODE_MINUTES });
    expect(await refused(code)).toBe('unknown');
    const { phone, id } = await typedIn((await asked()).code);
    clock.advance({ minutes: TAKEN_MINUTES });
    const { identification } = await identified();
    expect(await codes.typed(phone)).toBeNull();
    expect(await identifying.settle(citizen(), office, identification, by(id, phone))).toEqual({
      ok: false,
      reason: 'code_over',
    });
    await codes.sweep();
    const left = await within(database.kysely, INSTALLATION, (tx) =>
      tx.selectFrom('identification_code').select('id').where('id', '=', id).execute(),
    );
    expect(left).toEqual([]);
  });

  test('after some misses, which lock it alone; another one works', async () => {
    const pau = await book('Pau');
    const { code } = await asked(pau);
    const { code: hers, desk } = await asked();
    for (let miss = 1; miss < MOST_MISSES; miss++) expect(await refused(wrong(hers))).toBe('miss');
    expect(await refused(wrong(hers))).toBe('locked');
    expect(await refused(hers)).toBe('locked');
    expect(await codes.shown(of, desk)).toMatchObject({ state: 'locked', code: '' });
    expect(await refused(code)).toBe('taken');
    expect(await refused((await asked()).code)).toBe('taken');
  });

  test('when another one was asked for, in whichever browser', async () => {
    const { code, desk } = await asked();
    const { phone, id } = await typedIn(code);
    await asked();
    expect(await codes.shown(of, desk)).toBeNull();
    const { identification } = await identified();
    expect(await identifying.settle(citizen(), office, identification, by(id, phone))).toEqual({
      ok: false,
      reason: 'code_over',
    });
  });

  test('whose link was replaced since, also after it was typed', async () => {
    const { code } = await asked();
    const { phone, id } = await typedIn(code);
    const relink = () =>
      within(database.kysely, office.id, (tx) =>
        tx
          .updateTable('appointment')
          .set((eb) => ({ link: eb('link', '+', 1) }))
          .where('id', '=', of.id)
          .execute(),
      );
    await relink();
    const { identification } = await identified();
    expect(await codes.typed(phone)).toBeNull();
    expect(await identifying.settle(citizen(), office, identification, by(id, phone))).toEqual({
      ok: false,
      reason: 'code_over',
    });
    const again = await asked({ ...of, link: of.link });
    expect(again.code).not.toBe('');
    expect(await refused(again.code)).toBe('over');
  });

  test('whose appointment was cancelled since, also after it was typed', async () => {
    const { code } = await asked();
    const { phone, id } = await typedIn(code);
    const cancelled = await book('Pau Riba');
    const { code: second } = await asked(cancelled);
    for (const each of [of, cancelled])
      await appointments.cancel(citizenOf(each), office, each.id, '');
    const { identification } = await identified();
    expect(await codes.typed(phone)).toBeNull();
    expect(await identifying.settle(citizen(), office, identification, by(id, phone))).toEqual({
      ok: false,
      reason: 'code_over',
    });
    expect(await refused(second)).toBe('over');
  });

  test('for another appointment, or in another office', async () => {
    const pau = await book('Pau');
    const { phone, id } = await typedIn((await asked(pau)).code);
    const { identification } = await identified();
    const settle = (where: Office) =>
      identifying.settle(citizen(), where, identification, by(id, phone));
    expect(await settle(office)).toEqual({ ok: false, reason: 'code_over' });
    expect(await settle(elsewhere)).toEqual({ ok: false, reason: 'not_found' });
    expect(await codes.typed(phone)).toMatchObject({ state: 'confirmed' });
  });

  test('like any other text, once too many are typed in the town, until a while later', async () => {
    const { code } = await asked();
    const other = code.startsWith('K') ? 'LMNP QRST' : 'KLMN PQRS';
    const guesses = Array.from({ length: TYPED.burst }, () => refused(other));
    expect(new Set(await Promise.all(guesses))).toEqual(new Set(['unknown']));
    expect(await refused(code)).toBe('too_many');
    clock.advance({ minutes: 1 });
    expect(await refused(code)).toBe('taken');
  });
});

const citizenOf = ({ id }: Appointment): CitizenViewer => ({ kind: 'citizen', appointment: id });

describe('who overheard a code', () => {
  const viewer = (each: { person: string; identification: string }) =>
    ({ kind: 'person', ...each, level: 'substantial' }) as const;
  const isInFolder = async (each: { person: string; identification: string }) => {
    const { entries } = await folder.list(viewer(each), 'appointments', { kind: null, page: 1 });
    return entries.some(({ reference }) => reference === of.reference);
  };
  const identifyByCode = async () => {
    const { phone, id } = await typedIn((await asked()).code);
    const said = await identified();
    await identifying.settle(citizen(), office, said.identification, by(id, phone));
    return said;
  };

  test('gets nothing of the appointment into their folder, until they open its link', async () => {
    of = await book('Jordi Pons');
    const rosa = await identifyByCode();
    const { people } = await identifying.standing(of);
    expect(people).toMatchObject([{ isOther: true, shownBy: null, how: 'code' }]);
    expect(await isInFolder(rosa)).toBe(false);
    expect(await folder.take(viewer(rosa), office, of.id, 'link')).toEqual({ ok: true });
    expect(await isInFolder(rosa)).toBe(true);
  });

  test('and the citizen of that name has it there', async () =>
    expect(await isInFolder(await identifyByCode())).toBe(true));
});
