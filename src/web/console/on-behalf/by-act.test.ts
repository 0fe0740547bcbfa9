import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { aboutApplication } from '../../../features/service/cases/rules.ts';
import { type AskedAct, createDescribing } from '../../../features/service/cases/service.ts';
import { createKeyring } from '../../../features/service/documents/service.ts';
import { within } from '../../../lib/db/database.ts';
import { documentKeys } from '../../../lib/envelope/keys.ts';
import type { ApplicantViewer, StaffViewer } from '../../../lib/viewer.ts';
import { digitsFor } from '../../testing/recorded/rooms.ts';
import { openWorld, staffOf, type World } from '../../testing/recorded/world.ts';

/* A habilitated official hands in a form for whoever consents to it, and nobody else does: docs/adr/0106. */

let world: World;
let office: Office;
let colleague: StaffViewer;

const form = (more: object = {}) =>
  formSchema.parse({
    procedure: 'volant-padro',
    identity: 'low',
    steps: [
      {
        id: 'qui',
        questions: [
          { id: 'nom', type: 'text', label: { ca: 'Nom' }, required: true },
          {
            id: 'nif',
            type: 'nif',
            label: { ca: 'DNI' },
            required: false,
            from: 'identity.nif',
            accept: ['dni', 'nie'],
          },
          {
            id: 'de',
            type: 'text',
            label: { ca: 'De qui' },
            required: false,
            from: 'represented.name',
          },
        ],
      },
    ],
    declarations: [
      { id: 'veritat', text: { ca: 'És cert.' } },
      { id: 'novetats', text: { ca: 'Vull novetats.' }, required: false },
    ],
    ...more,
  });

const publish = (more?: object) =>
  world.context.forms.publish({ kind: 'system', why: 'operator' }, office, form(more));

beforeAll(async () => {
  world = await openWorld();
  office = await world.office();
  colleague = world.staff('coordinator', {
    staff: await staffOf(world.house, 'nuria.roca@vilaclara.example'),
    name: 'Núria',
  });
}, 120_000);
afterAll(() => world.close());
beforeEach(async () => {
  await publish();
});

/** A form that Marta has filled in with a citizen: of a call, unless it says otherwise. */
async function filledIn(by: Channel = 'phone'): Promise<{ id: string; of: Appointment }> {
  const { cases } = world.context;
  const of = await world.attend(by);
  const begun = await cases.beginIn(world.staff(), office, { appointment: of.id }, 'volant-padro');
  if (!begun.ok) throw new Error(begun.reason);
  await cases.answer(world.staff(), office, begun.id, { 'qui.nom': 'Rosa Soler Puig' });
  return { id: begun.id, of };
}

const ASKED: AskedAct = {
  seen: 1,
  template: 'formulari',
  language: 'ca',
  name: 'Rosa Soler Puig',
  nif: '12345678Z',
  document: 'nif',
  country: '',
  declared: ['veritat'],
  mayBeAttended: true,
};

const ask = (id: string, more: Partial<AskedAct> = {}, viewer: StaffViewer = world.staff()) =>
  world.context.casesByAct.prepareAct(viewer, office, id, { ...ASKED, ...more });

async function asked(): Promise<{ id: string; of: Appointment; act: string }> {
  const { id, of } = await filledIn();
  const done = await ask(id);
  if (!done.ok) throw new Error(JSON.stringify(done));
  return { id, of, act: done.act };
}

/** Has the citizen read the code out, which Marta types. */
async function consentByPhone(of: Appointment, act: string): Promise<void> {
  const { consent } = world.context;
  const sent = await consent.sendCode(world.staff(), office, of.id, act);
  if (!sent.ok) throw new Error(sent.reason);
  const digits = await digitsFor(world, office, of, `act ${act}`);
  const done = await consent.consentByCode(world.staff(), office, of.id, act, digits);
  if (!done.ok) throw new Error(done.reason);
}

async function consented(): Promise<{ id: string; of: Appointment; act: string }> {
  const made = await asked();
  await consentByPhone(made.of, made.act);
  return made;
}

const handIn = (id: string, act: string, viewer: StaffViewer = world.staff()) =>
  world.context.casesByAct.handInFor(viewer, office, id, act);

const holder = (id: string): ApplicantViewer => ({ kind: 'applicant', case: id, identified: null });

const stateOf = (id: string) =>
  within(world.house.database.kysely, office.id, (tx) =>
    tx
      .selectFrom('case_file')
      .select(['state', 'level', 'person_id'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  );

test('a form is handed in by the act of a caller, and names official, citizen and consent', async () => {
  const { id, of, act } = await consented();
  const done = await handIn(id, act);
  expect(done).toMatchObject({ ok: true });
  const { record } = (await world.context.cases.open(colleague, office, id))!;
  expect(record).toMatchObject({
    applicant: null,
    answers: { declarations: { veritat: true } },
    handedInFor: {
      act,
      official: { staff: world.staff().staff, name: 'Marta Soler Vila', post: expect.any(String) },
      consent: {
        consent: { method: 'code_by_phone' },
        case: {
          case: id,
          answered: [
            { label: 'Nom', text: 'Rosa Soler Puig' },
            expect.anything(),
            expect.anything(),
          ],
          declared: [{ id: 'veritat', text: 'És cert.' }],
          person: { scheme: 'dni', identifier: '12345678Z' },
        },
      },
    },
  });
  const kept = await world.context.consent.read(world.staff(), office, of.id, act);
  expect(record?.handedInFor?.hash).toBe(kept?.hash);
  const who = await world.context.cases.applicant(colleague, office, id);
  expect(who).toMatchObject({ name: 'Rosa Soler Puig', masked: '***4567**', represents: null });
  const { keys, database, identification } = world.context;
  const keyring = createKeyring(documentKeys(keys.documents));
  const describing = createDescribing({ db: database.kysely, keyring, identification });
  expect((await describing(office, aboutApplication(id)))?.person).toEqual({
    id: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
    ...{ name: 'Rosa Soler Puig', given: null, family: null },
  });
  // It is theirs alone, once they identify; the link alone opens nothing.
  const dni = { scheme: 'dni', country: 'ES', identifier: '12345678Z' } as const;
  expect(await stateOf(id)).toEqual({
    ...{ state: 'registered', level: 'low' },
    person_id: await world.context.identification.named(dni),
  });
  expect(await world.context.cases.open(holder(id), office, id)).toBeNull();
  expect(await handIn(id, act)).toMatchObject({ ok: false, reason: 'handed_in' });
});

test('nothing is handed in before the citizen has consented, or after they declined', async () => {
  const { id, of, act } = await asked();
  expect(await handIn(id, act)).toMatchObject({ reason: 'not_consented' });
  await world.context.consent.decline(world.citizen(of), office, of.id, act);
  expect(await handIn(id, act)).toMatchObject({ reason: 'not_consented' });
  expect(await stateOf(id)).toMatchObject({ state: 'draft' });
});

test('the consent is of the answers as they were: a change voids it', async () => {
  const { id, act } = await consented();
  const { cases } = world.context;
  await cases.answer(world.staff(), office, id, { 'qui.nom': 'Anna Puig' });
  expect(await handIn(id, act)).toEqual({ ok: false, reason: 'changed' });
  // Typed back it is another version all the same.
  await cases.answer(world.staff(), office, id, { 'qui.nom': 'Rosa Soler Puig' });
  expect(await handIn(id, act)).toEqual({ ok: false, reason: 'changed' });
  expect(await ask(id)).toEqual({ ok: false, reason: 'changed' });
});

test('only the official who prepared it carries it out, and only for that case', async () => {
  const other = await consented();
  const { id, act } = await consented();
  expect(await handIn(id, other.act)).toMatchObject({ reason: 'not_consented' });
  expect(await handIn(id, act, colleague)).toMatchObject({ reason: 'not_consented' });
  for (const viewer of [
    { ...world.staff(), office: office.id + 1 },
    { ...world.staff(), desk: null },
  ] satisfies StaffViewer[])
    expect(await handIn(id, act, viewer)).toMatchObject({ ok: false, reason: 'not_found' });
  for (const kind of ['citizen', 'companion', 'token', 'colleague'] as const)
    expect(
      await handIn(id, act, { ...world.staff(), kind } as unknown as StaffViewer),
    ).toMatchObject({ ok: false });
  expect(await stateOf(id)).toMatchObject({ state: 'draft' });
  expect(await handIn(id, act)).toMatchObject({ ok: true });
});

test('whoever is not habilitated prepares nothing, and a habilitation that ended hands in nothing', async () => {
  const { id: fresh } = await filledIn();
  const { id, act } = await consented();
  const register = (await world.office()).settings.habilitated;
  const kept = [...register];
  register.splice(0);
  try {
    const stripped = await world.office();
    expect(await world.context.casesByAct.handInFor(world.staff(), stripped, id, act)).toEqual({
      ok: false,
      reason: 'not_habilitated',
    });
    expect(
      await world.context.casesByAct.prepareAct(world.staff(), stripped, fresh, ASKED),
    ).toEqual({ ok: false, reason: 'not_habilitated' });
  } finally {
    register.push(...kept);
  }
  const none = world.staff('agent', {
    staff: await staffOf(world.house, 'jordi.puig@vilaclara.example'),
  });
  expect(await ask(fresh, {}, none)).toEqual({ ok: false, reason: 'not_habilitated' });
});

test('an official hands in nothing of their own, nor of a name that may be theirs', async () => {
  const { id } = await filledIn();
  expect(await ask(id, { name: 'Marta Soler Vila' })).toEqual({ ok: false, reason: 'own' });
  expect(await ask(id, { name: 'Marta' })).toEqual({ ok: false, reason: 'own' });
});

test('it is for people, with the document of the form and what they declare', async () => {
  const { id } = await filledIn();
  const mistakesOf = async (more: Partial<AskedAct>) => {
    const done = await ask(id, more);
    return !done.ok && done.reason === 'invalid' ? done.mistakes : done;
  };
  expect(await mistakesOf({ nif: 'A58818501' })).toEqual({ nif: 'company' });
  expect(await mistakesOf({ nif: '12345678A' })).toEqual({ nif: 'not_known' });
  expect(await mistakesOf({ nif: '', name: '' })).toEqual({ nif: 'missing', name: 'missing' });
  expect(await mistakesOf({ declared: [] })).toEqual({ declared: 'missing' });
  expect(await mistakesOf({ mayBeAttended: false })).toEqual({ mayBeAttended: 'missing' });
  expect(await mistakesOf({ template: 'volant' })).toEqual({ template: 'not_known' });
  await world.context.cases.answer(world.staff(), office, id, { 'qui.nif': '87654321X' });
  expect(await mistakesOf({ seen: 2 })).toEqual({ nif: 'differs' });
});

test('what is for somebody else, incomplete, signed by the citizen or to be paid is not handed in so', async () => {
  const { cases } = world.context;
  const { id } = await filledIn();
  await cases.answer(world.staff(), office, id, { 'qui.de': 'Joan Puig' });
  expect(await ask(id, { seen: 2 })).toEqual({ ok: false, reason: 'acts_for' });
  await cases.answer(world.staff(), office, id, { 'qui.nom': '' });
  expect(await ask(id, { seen: 3 })).toEqual({ ok: false, reason: 'incomplete' });
  await publish({ fee: 12.5 });
  expect(await ask((await filledIn()).id)).toEqual({ ok: false, reason: 'payment' });
  await publish({ sign: 'valid' });
  expect(await ask((await filledIn()).id)).toEqual({ ok: false, reason: 'signature' });
});

test('it is handed in on the day of the consent, also after the call has ended, and on no other', async () => {
  const late = await consented();
  const { id, of, act } = await consented();
  const ended = world.clock.now().toString();
  await within(world.house.database.kysely, office.id, (tx) =>
    tx
      .updateTable('encounter')
      .set({ ended_at: ended })
      .where('appointment_id', '=', of.id)
      .execute(),
  );
  expect(await handIn(id, act)).toMatchObject({ ok: true });
  expect(await handIn(late.id, late.act)).toEqual({ ok: false, reason: 'over' });
});

test('somebody who hears the citizen too makes it a consent, at a counter without a telephone', async () => {
  const { id, of, act } = await asked();
  const { consent } = world.context;
  expect(await consent.hear(world.staff(), office, of.id, act)).toEqual({ ok: true });
  expect(await handIn(id, act)).toMatchObject({ ok: false });
  expect(await consent.witness(colleague, office, of.id, act)).toMatchObject({ ok: true });
  expect(await handIn(id, act)).toMatchObject({ ok: true });
});

test('a residence certificate is not issued at once for a caller, whose document nobody saw', async () => {
  const { cases, atOnce, residents } = world.context;
  const { bringDemoResidents } = await import('../../../demo-residents.ts');
  await bringDemoResidents({ residents, clock: world.clock });
  await publish({ atOnce: { issues: 'residence' } });
  const answered = async (by: Channel) => {
    const { id, of } = await filledIn(by);
    const done = await ask(id, { name: 'Rosa Soler Vidal' });
    if (!done.ok) throw new Error(done.reason);
    await consentByPhone(of, done.act);
    expect(await handIn(id, done.act)).toMatchObject({ ok: true });
    await atOnce.answer(office, id);
    const { case: row, obstacle } = (await cases.open(colleague, office, id))!;
    return { atOnce: row.atOnce, obstacle };
  };
  expect(await answered('phone')).toEqual({ atOnce: 'left', obstacle: 'not_seen' });
  expect(await answered('video')).toMatchObject({ atOnce: 'issued' });
});

test('the link of the appointment alone reads nothing of whose form is handed in', async () => {
  const { of, act } = await asked();
  const { consent } = world.context;
  const citizen = world.citizen(of);
  const whole = (await consent.read(citizen, office, of.id, act))!;
  expect(JSON.stringify(whole.record)).toContain('Rosa Soler Puig');
  const { proof: _, ...link } = citizen as typeof citizen & { proof?: unknown };
  const seen = (await consent.read(link as typeof citizen, office, of.id, act))!;
  expect(seen.record).toMatchObject({ act, title: whole.record?.title });
  expect(seen.record).not.toHaveProperty('case');
  expect(JSON.stringify(seen.record)).not.toMatch(/Rosa Soler Puig|12345678Z|És cert/);
});

/** What is kept of an act: the row, the record as its official reads it, and the name of the copy. */
async function keptOf({ of, act }: { of: Appointment; act: string }) {
  const seen = (await world.context.consent.read(world.staff(), office, of.id, act))!;
  const copy = await within(world.house.database.kysely, office.id, (tx) =>
    tx
      .selectFrom('document')
      .select(['name', 'destroyed_at'])
      .where('id', '=', seen.copy)
      .executeTakeFirst(),
  );
  return { record: seen.record, state: seen.state, hash: seen.hash, copy };
}

/** Lets the jobs make the copies, and end what is over. */
async function pass(): Promise<void> {
  const { consent, archive } = world.context;
  await consent.pass();
  await archive.destroy(office);
  await consent.destroy(office);
}

test('a consent by which nothing was handed in ends with its draft, and so does its copy', async () => {
  const { id, of, act } = await consented();
  await pass();
  const before = await keptOf({ of, act });
  expect(before).toMatchObject({ record: { case: { case: id } }, copy: { destroyed_at: null } });
  expect(await world.context.cases.discard(holder(id), office, id)).toBe(true);
  await pass();
  expect(await keptOf({ of, act })).toEqual({
    ...{ record: null, hash: null, state: 'consented' },
    copy: { name: null, destroyed_at: expect.anything() },
  });
  // What was consented to is on the trail by its hash, and nothing is missing.
  expect(await world.context.consent.verify(office.id)).toMatchObject({ ok: true });
});

test('a consent to answers that changed ends a day later, though its draft goes on; one that was used stays', async () => {
  const used = await consented();
  expect(await handIn(used.id, used.act)).toMatchObject({ ok: true });
  const unused = await consented();
  await world.context.cases.answer(holder(unused.id), office, unused.id, { 'qui.nom': 'Rosa S.' });
  await pass();
  expect((await keptOf(unused)).record?.case).toMatchObject({ case: unused.id });
  world.until(world.clock.now().add({ hours: 25 }));
  await pass();
  expect(await keptOf(unused)).toEqual({
    ...{ record: null, hash: null, state: 'consented' },
    copy: { name: null, destroyed_at: expect.anything() },
  });
  expect((await keptOf(used)).record?.case).toMatchObject({ case: used.id });
  expect(await world.context.cases.open(holder(unused.id), office, unused.id)).not.toBeNull();
  expect(await world.context.consent.verify(office.id)).toMatchObject({ ok: true });
});

test('the archive leaves none of the answers in the act by which a case was handed in', async () => {
  const { id, of, act } = await consented();
  expect(await handIn(id, act)).toMatchObject({ ok: true });
  await pass();
  expect((await keptOf({ of, act })).record?.case?.answered).toHaveLength(3);
  const at = world.clock.now().toString();
  await within(world.house.database.kysely, office.id, (tx) =>
    tx
      .updateTable('case_file')
      .set({ closed_at: at, ends_on: '2020-01-01' })
      .where('id', '=', id)
      .execute(),
  );
  await pass();
  expect(await keptOf({ of, act })).toMatchObject({ record: null, copy: { name: null } });
  expect(await world.context.consent.verify(office.id)).toMatchObject({ ok: true });
});

test('colleagues read the answers of a consent no more, once it was given', async () => {
  const { of, act } = await consented();
  const { consent } = world.context;
  const other = world.staff('agent', { staff: colleague.staff, desk: world.staff().desk });
  const seen = await consent.read(other, office, of.id, act);
  expect(seen?.record).toMatchObject({ act });
  expect(seen?.record).not.toHaveProperty('case');
  expect((await consent.read(colleague, office, of.id, act))?.record).toHaveProperty('case');
});
