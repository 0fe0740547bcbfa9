import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import {
  createIdentification,
  type Identification,
} from '../../foundation/identification/service.ts';
import { identifySomebody } from '../../foundation/identification/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createFolder, type Folder } from './service.ts';

const MORNING = '2026-12-01T09:00:00Z';
const clock = handClock(MORNING);
let database: TestDatabase;
let office: Office;
let folder: Folder;
let identification: Identification;
let book: () => Promise<string>;
/** Makes one more folder, with this instead of deleting a person. */
let folderThatErasesBy: (erase: Identification['erase']) => Folder;

beforeAll(async () => {
  database = await testDatabase();
  const db = database.kysely;
  const { offices, bookVideo, unit } = testAppointments(database, clock);
  office = await offices.byId(await testOffice(db));
  book = async () => (await bookVideo(office)).id;
  identification = createIdentification({
    db,
    clock,
    baseUrl: 'http://localhost',
    forms: key,
    people: key,
    declared: async () => [],
    adapt: () => null,
  });
  const representations = { erase: async () => {} };
  const deps = { db, clock, unit, identification, representations };
  folder = createFolder(deps);
  folderThatErasesBy = (erase) =>
    createFolder({ ...deps, identification: { ...identification, erase } });
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

const installation = <T>(work: Parameters<typeof within<T>>[2]) =>
  within(database.kysely, INSTALLATION, work);

const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
/** A person who was identified now. */
const somebody = (): Promise<PersonViewer> => identifySomebody(database.kysely, key, clock.now());

const isThere = async ({ person }: PersonViewer) =>
  (
    await installation((tx) =>
      tx.selectFrom('person').where('id', '=', person).select('id').execute(),
    )
  ).length === 1;

const forget = (appointment: string) =>
  installation((tx) =>
    tx
      .updateTable('appointment')
      .set({ forgotten_at: clock.now().toString(), name: '' })
      .where('id', '=', appointment)
      .execute(),
  );

const documentOf = async (appointment: string) => {
  const id = randomUUID();
  const at = clock.now().toString();
  await installation((tx) =>
    tx
      .insertInto('document')
      .values({
        id,
        office_id: office.id,
        appointment_id: appointment,
        kind: 'outbox',
        shelf: 'evidence',
        state: 'clean',
        state_at: at,
        declared: 'application/pdf',
        size: 1,
        made_at: at,
        made_by: 'staff:1',
      })
      .execute(),
  );
  return id;
};

/** Keeps an act to which a person consented by identifying. */
const consentBy = ({ identification }: PersonViewer, appointment: string) => {
  const at = clock.now().toString();
  return installation((tx) =>
    tx
      .insertInto('act')
      .values({
        id: randomUUID(),
        office_id: office.id,
        appointment_id: appointment,
        template: 'alta',
        language: 'ca',
        state: 'consented',
        prepared_at: at,
        prepared_by: 'staff:1',
        expires_at: at,
        settled_at: at,
        method: 'identified',
        record: Buffer.alloc(40),
        copy_id: randomUUID(),
        identification_id: identification,
      })
      .execute(),
  );
};

describe('what is left of a person', () => {
  test('is forgotten after 400 days without an identification, when their folder is empty', async () => {
    const rosa = await somebody();
    clock.advance({ hours: 399 * 24 });
    await folder.tidy();
    expect(await isThere(rosa)).toBe(true);
    clock.advance({ hours: 2 * 24 });
    expect(await folder.tidy()).toBeGreaterThan(0);
    expect(await isThere(rosa)).toBe(false);
  });

  test('is forgotten though nobody can open what is sealed of them', async () => {
    const rosa = await somebody();
    await installation((tx) =>
      tx
        .updateTable('person')
        .set({ wrapped: Buffer.alloc(60), identity: Buffer.alloc(40) })
        .where('id', '=', rosa.person)
        .execute(),
    );
    clock.advance({ hours: 401 * 24 });
    await folder.tidy();
    expect(await isThere(rosa)).toBe(false);
  });

  test('stays with an act that they confirmed, and is not looked at again', async () => {
    const rosa = await identifySomebody(database.kysely, key, clock.now(), 'act');
    await consentBy(rosa, await book());
    await identification.wish(rosa.person, { called: 'Rosa' });
    clock.advance({ hours: 401 * 24 });
    await folder.tidy();
    expect(await folder.tidy()).toBe(0);
    expect(await isThere(rosa)).toBe(true);
    expect(await identification.person(rosa.person)).toMatchObject({ wishes: { called: 'Rosa' } });
  });

  test('is erased once where a request keeps them, and not looked at again', async () => {
    const [rosa, amina] = [await somebody(), await somebody()];
    await identification.wish(rosa.person, { called: 'Rosa' });
    await database.asOwner(`insert into request (id, office_id, reference, type, kind, door, language, made_at, made_by, changed_at, state, state_at, person_id)
      values (gen_random_uuid(), ${office.id}, 'kept', 'soroll', 'incident', 'online', 'ca', now(), 'citizen', now(), 'received', now(), '${rosa.person}')`);
    const asked: string[] = [];
    const looking = folderThatErasesBy((person) => {
      asked.push(person);
      return identification.erase(person);
    });
    clock.advance({ hours: 401 * 24 });
    await looking.tidy();
    expect(asked).toEqual(expect.arrayContaining([amina.person, rosa.person]));
    expect(await isThere(amina)).toBe(false);
    expect(await identification.person(rosa.person)).toMatchObject({ wishes: { called: null } });
    const evidence = await installation((tx) =>
      tx.selectFrom('identification').select('id').where('person_id', '=', rosa.person).execute(),
    );
    expect(evidence).toEqual([]);
    asked.length = 0;
    expect(await looking.tidy()).toBe(0);
    expect(asked).toEqual([]);
    await database.asOwner(`delete from request where reference = 'kept'`);
    await folder.tidy();
    expect(await isThere(rosa)).toBe(false);
  });

  test('holds up no other when they can’t be forgotten', async () => {
    const rosa = await somebody();
    await database.asOwner(
      `insert into person select gen_random_uuid(), 'stuck' || n, wrapped, key_version, identity, wishes, first_seen_at, last_seen_at - interval '1 day'
        from person, generate_series(1, 201) n where id = '${rosa.person}'`,
    );
    const asked = new Set<string>();
    const stuck = folderThatErasesBy(async (person) => {
      asked.add(person);
      if (person !== rosa.person) throw new Error('A bug');
      return true;
    });
    clock.advance({ hours: 401 * 24 });
    await expect(stuck.tidy()).rejects.toThrow('Some people could not be forgotten');
    expect(asked).toContain(rosa.person);
    await database.asOwner(`delete from person where lookup like 'stuck%'`);
  });

  test('stays as long as their folder has something', async () => {
    const rosa = await somebody();
    const id = await book();
    await folder.take(rosa, office, id, 'link');
    clock.advance({ hours: 500 * 24 });
    await folder.tidy();
    expect(await isThere(rosa)).toBe(true);
    await forget(id);
    await folder.tidy();
    expect(await isThere(rosa)).toBe(false);
  });

  test('is whose an appointment was, until nothing of it is kept', async () => {
    const rosa = await somebody();
    const id = await book();
    await folder.take(rosa, office, id, 'booked');
    const document = await documentOf(id);
    await forget(id);
    await folder.tidy();
    expect((await folder.overview(rosa)).counts).toMatchObject({ appointments: 1, documents: 1 });
    await installation((tx) =>
      tx
        .updateTable('document')
        .set({ destroyed_at: clock.now().toString() })
        .where('id', '=', document)
        .execute(),
    );
    await folder.tidy();
    expect((await folder.overview(rosa)).counts.appointments).toBe(0);
  });
});

describe('an appointment', () => {
  test('is taken by one of two people who press at once', async () => {
    const [rosa, amina] = [await somebody(), await somebody()];
    const id = await book();
    const taken = await Promise.all(
      [rosa, amina].map((each) => folder.take(each, office, id, 'link')),
    );
    expect(taken.filter((each) => each.ok)).toHaveLength(1);
  });

  test('goes to whoever typed the code, from whoever had its link alone', async () => {
    const [thief, rosa] = [await somebody(), await somebody()];
    const id = await book();
    await folder.take(thief, office, id, 'link');
    expect((await folder.take(rosa, office, id, 'link')).ok).toBe(false);
    expect((await folder.take(rosa, office, id, 'link', true)).ok).toBe(true);
    expect(await folder.standing(thief, office, id)).toBe('others');
    expect(await folder.standing(rosa, office, id)).toBe('mine');
    expect((await folder.take(thief, office, id, 'link', true)).ok).toBe(true);
  });

  test('that was booked while identified is taken by nobody else', async () => {
    const [rosa, other] = [await somebody(), await somebody()];
    const id = await book();
    await folder.take(rosa, office, id, 'booked');
    expect((await folder.take(other, office, id, 'link', true)).ok).toBe(false);
  });

  test('that was booked while identified is shown by its name to be theirs, and not in another name', async () => {
    const rosa = await somebody();
    const booked = async (name: string) => {
      const id = await book();
      await installation((tx) =>
        tx.updateTable('appointment').set({ name }).where('id', '=', id).execute(),
      );
      await folder.take(rosa, office, id, 'booked');
      const row = await installation((tx) =>
        tx
          .selectFrom('person_appointment')
          .select('shown_by')
          .where('appointment_id', '=', id)
          .executeTakeFirstOrThrow(),
      );
      return row.shown_by;
    };
    expect(await booked('Rosa Soler')).toBe('name');
    expect(await booked('Teresa Vidal')).toBeNull();
  });

  test('shows what was typed to whoever is shown to be its citizen, and to no other', async () => {
    const typedBy = async (how: 'booked' | 'link', isProved: boolean, name = 'Maria Puig') => {
      const rosa = await somebody();
      const id = await book();
      await installation((tx) =>
        tx.updateTable('appointment').set({ name }).where('id', '=', id).execute(),
      );
      await folder.take(rosa, office, id, how, isProved);
      const { entries } = await folder.list(rosa, 'appointments', { kind: null, page: 1 });
      return entries[0]!.typed;
    };
    const named = await typedBy('booked', false, 'Rosa Soler');
    expect(named).toMatchObject({ name: 'Rosa Soler', needs: [] });
    // Who booked for another person does not read the address that this one gave later.
    expect(await typedBy('booked', false)).toBeNull();
    expect(await typedBy('link', true)).toMatchObject({ phone: expect.stringMatching(/^\+34/) });
    expect(await typedBy('link', false)).toBeNull();
  });

  test('that was booked while identified stays in the folder when its link is replaced, if it was in their name', async () => {
    const afterwards = async (name: string) => {
      const rosa = await somebody();
      const id = await book();
      const set = (to: { name: string } | { link: number }) =>
        installation((tx) => tx.updateTable('appointment').set(to).where('id', '=', id).execute());
      await set({ name });
      await folder.take(rosa, office, id, 'booked');
      await set({ link: 1 });
      return (await folder.overview(rosa)).counts.appointments;
    };
    expect(await afterwards('Rosa Soler')).toBe(1);
    expect(await afterwards('Teresa Vidal')).toBe(0);
  });

  test('that another program was given is among the looks', async () => {
    const rosa = await somebody();
    const id = await book();
    await folder.take(rosa, office, id, 'booked');
    const looked = (actor: string, action: string) =>
      within(database.kysely, office.id, (tx) =>
        tx
          .insertInto('audit')
          .values({
            ...{ office_id: office.id, appointment_id: id, actor, action },
            at: clock.now().toString(),
            data: JSON.stringify({}),
          })
          .execute(),
      );
    await looked('system', 'hub_read');
    await looked('system', 'displaced');
    const { entries } = await folder.list(rosa, 'looks', { kind: 'seen', page: 1 });
    expect(entries.map(({ by, action }) => [by, action])).toEqual([['hub', 'hub_read']]);
  });

  test('is told from what waits to be fetched', async () => {
    const rosa = await somebody();
    const id = await book();
    await folder.take(rosa, office, id, 'booked');
    const document = await documentOf(id);
    expect((await folder.overview(rosa)).toFetch).toBe(1);
    await within(database.kysely, office.id, (tx) =>
      tx
        .insertInto('audit')
        .values({
          office_id: office.id,
          appointment_id: id,
          actor: 'citizen',
          action: 'document_opened',
          at: clock.now().toString(),
          data: JSON.stringify({ document }),
        })
        .execute(),
    );
    expect((await folder.overview(rosa)).toFetch).toBe(0);
  });
});
