import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testSeal } from '../../../lib/seal/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testDocuments } from '../documents/testing.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { createJobs } from './jobs.ts';
import type { ConsentDeps } from './keeping.ts';
import { createConsent } from './service.ts';
import { testConsentDeps } from './testing.ts';

const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
const clock = handClock('2026-11-30T07:00:00+01:00');
const act = { code: 'alta', name: named('Alta'), text: named('Jo, {citizen}'), handsIn: false };
const settings = {
  acts: [{ ...act, level: 'substantial' as const }],
  habilitated: [
    {
      ...{ email: 'nuria@vila.cat', name: 'Núria', post: 'Cap', order: 'Decret 1' },
      since: '2026-01-01',
    },
  ],
};
let database: TestDatabase;
let deps: ConsentDeps;
/** Has an act consented to, and returns its appointment. */
let consented: () => Promise<string>;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { offices, bookVideo } = testAppointments(database, clock);
  const desks = { 'taula-1': {}, 'taula-2': {} };
  const office: Office = await offices.byId(await testOffice(db, { settings, desks }));
  const { id: staff } = await within(db, INSTALLATION, (tx) =>
    tx
      .insertInto('staff')
      .values({ email: 'nuria@vila.cat', name: 'Núria' })
      .returning('id')
      .executeTakeFirstOrThrow(),
  );
  const documents = testDocuments(database, clock);
  deps = testConsentDeps(database, clock, { offices, documents, seal: await testSeal(clock) });
  const consent = createConsent(deps);
  const encounter = testEncounter(database, clock);
  const who = { kind: 'staff', staff, name: '', office: office.id, role: 'coordinator' };
  const official = { ...who, desk: null } as StaffViewer;
  consented = async () => {
    const { id } = await bookVideo(office);
    await encounter.start(official, office, id, { anyway: true });
    const draft = { items: [], identity: 'shown', identityNote: '', notes: '', wrapUp: null };
    await encounter.save(official, office, { appointment: id }, 1, {
      ...draft,
      points: [],
    } as never);
    const wanted = { template: 'alta', language: 'ca', details: '', documents: [] } as const;
    const made = await consent.prepare(official, office, id, { ...wanted, mayBeAttended: true });
    if (!made.ok) throw new Error(made.reason);
    await consent.hear(official, office, id, made.id);
    expect(await consent.confirm(provedCitizen(id), office, id, made.id)).toMatchObject({
      ok: true,
    });
    return id;
  };
});
afterAll(() => database.close());

const hasCopy = (appointment: string) =>
  within(database.kysely, INSTALLATION, async (tx) => {
    const row = tx
      .selectFrom('act')
      .select('copied_at')
      .where('appointment_id', '=', appointment)
      .executeTakeFirstOrThrow();
    return (await row).copied_at !== null;
  });

test('an act whose record can’t be opened keeps nobody else from the copy of theirs', async () => {
  const broken = await consented();
  clock.advance({ minutes: 1 });
  const sound = await consented();
  await within(database.kysely, INSTALLATION, (tx) =>
    tx.deleteFrom('space_key').where('space_id', '=', broken).execute(),
  );
  const { pass } = createJobs(deps, 1);
  const failed = await pass().catch((error: AggregateError) => error);
  expect([await hasCopy(broken), await hasCopy(sound)]).toEqual([false, true]);
  expect((failed as AggregateError).errors).toMatchObject([
    { message: expect.stringContaining('its key is gone') },
  ]);
});
