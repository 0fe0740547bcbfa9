import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { recordForgotten } from '../../../features/booking/appointments/forgetting/store.ts';
import { countTry, insertCode } from '../../../features/booking/proof/service.ts';
import { identifiedPerson } from '../../../features/foundation/identification/testing.ts';
import type { PersonName } from '../../../features/foundation/identification/types.ts';
import { within } from '../../../lib/db/database.ts';
import type { ApplicantViewer, CitizenProof, Viewer } from '../../../lib/viewer.ts';
import { openWorld, staffOf, type World } from '../../testing/recorded/world.ts';

/* Nobody hands in what an official helped with, except its citizen: docs/adr/0101. */

let world: World;
let office: Office;

beforeAll(async () => {
  world = await openWorld();
  office = await world.office();
  const steps = [{ id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps });
  await world.context.forms.publish({ kind: 'system', why: 'operator' }, office, form);
}, 120_000);
afterAll(() => world.close());

const CODE = 'volant-padro';
const ANNA: PersonName = { full: 'Anna Puig Serra', given: 'Anna', family: 'Puig Serra' };

/** A case that Marta has filled in with the citizen of a call. */
async function begun(): Promise<{ id: string; appointment: Appointment }> {
  const { cases } = world.context;
  const appointment = await world.attend();
  const of = { appointment: appointment.id };
  const done = await cases.beginIn(world.staff(), office, of, 'volant-padro');
  if (!done.ok) throw new Error(done.reason);
  await cases.answer(world.staff(), office, done.id, { 'qui.nom': 'Rosa' });
  return { id: done.id, appointment };
}

const holder = (id: string, proof: CitizenProof | null = null): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified: null,
  proof,
});
/** Returns the proof of a code that was typed for a case, as long ago as this. */
async function proved(id: string, of: Appointment, minutes = 0): Promise<CitizenProof> {
  const { kysely } = world.house.database;
  const at = world.clock.now().subtract({ minutes });
  const { proof } = world.citizen(of);
  const code = crypto.randomUUID();
  await within(kysely, office.id, async (tx) => {
    const on = { office: office.id, appointment: of.id, purpose: `case ${id}` } as const;
    const { channel, masked, setBy } = { ...proof!, channel: 'sms' as const };
    const expiresAt = at.add({ minutes: 10 });
    await insertCode({ tx }, on, { id: code, madeAt: at, expiresAt, channel, masked, setBy });
    await countTry({ tx }, code, { tries: 1, ended: at });
  });
  return { ...proof!, at };
}

/** Returns somebody with the link of a case who has identified, to this level. */
async function identified(id: string, name: PersonName): Promise<ApplicantViewer> {
  const { database, keys } = world.context;
  const on = [database.kysely, keys.people, '87654321X', world.clock.now(), { name }] as const;
  return {
    ...holder(id),
    identified: { ...(await identifiedPerson(...on)), level: 'substantial' },
  };
}

const handIn = (viewer: Viewer, id: string) =>
  world.context.cases.handIn(viewer as ApplicantViewer, office, id);

test('the link alone hands in nothing, and the code of its citizen does, once', async () => {
  const { id, appointment } = await begun();
  expect(await handIn(holder(id), id)).toEqual({ ok: false, reason: 'not_citizen' });
  const proof = await proved(id, appointment);
  expect(await handIn(holder(id, proof), id)).toMatchObject({ ok: true });
  expect(await handIn(holder(id, proof), id)).toMatchObject({ reason: 'handed_in' });
  const { record } = (await world.context.cases.open(holder(id), office, id))!;
  expect(record?.assisted).toMatchObject({
    officials: [{ staff: world.staff().staff }],
    appointment: appointment.id,
    asked: null,
    confirmed: { by: 'code', shownBy: 'code' },
  });
  expect(record?.hands['qui.nom']?.by).toBe(`staff:${world.staff().staff}`);
});

test('a code that the official could have got is no confirmation', async () => {
  const { id, appointment } = await begun();
  const proof = await proved(id, appointment);
  const theirs = { ...proof, setBy: `staff:${world.staff().staff}` };
  expect(await handIn(holder(id, theirs), id)).toEqual({ ok: false, reason: 'not_citizen' });
});

test('no agent, coordinator, colleague, companion or token hands in, whatever they send', async () => {
  const { id, appointment } = await begun();
  const { staff } = world.staff();
  const others: Viewer[] = [
    world.staff(),
    world.staff('coordinator'),
    world.staff('administrator'),
    { kind: 'colleague', staff, office: office.id, appointment: appointment.id, request: 'x' },
    { kind: 'companion', companion: 'x', appointment: appointment.id },
    {
      kind: 'citizen',
      appointment: appointment.id,
      proof: world.citizen(appointment).proof ?? null,
    },
    { kind: 'token', token: 1, office: office.id, scopes: new Set(['cases:write']) },
  ];
  for (const each of others) expect(await handIn(each, id), each.kind).toMatchObject({ ok: false });
  const { case: of } = (await world.context.cases.open(holder(id), office, id))!;
  expect(of.state).toBe('draft');
});

test('who asks to confirm has seen the answers, and a change after it voids it', async () => {
  const { id, appointment } = await begun();
  const { cases } = world.context;
  const opened = async () => (await cases.open(holder(id), office, id))!.case;
  expect(await cases.askConfirmation(world.staff(), office, id, 0)).toMatchObject({
    reason: 'changed',
  });
  expect(await cases.askConfirmation(world.staff(), office, id, 1)).toEqual({ ok: true });
  await cases.answer(world.staff(), office, id, { 'qui.nom': 'Rosa Soler' });
  const { confirmation, version } = await opened();
  expect([confirmation?.version, version]).toEqual([1, 2]);
  const viewer = holder(id, await proved(id, appointment));
  expect(await cases.handIn(viewer, office, id, 1)).toEqual({ ok: false, reason: 'changed' });
  expect(await cases.handIn(viewer, office, id, 2)).toMatchObject({ ok: true });
});

test('a code counts that was typed lately, for this case', async () => {
  const { id, appointment } = await begun();
  const no = { ok: false, reason: 'not_citizen' };
  expect(await handIn(holder(id, world.citizen(appointment).proof), id)).toEqual(no);
  const other = await proved(crypto.randomUUID(), appointment);
  expect(await handIn(holder(id, other), id)).toEqual(no);
  expect(await handIn(holder(id, await proved(id, appointment, 31)), id)).toEqual(no);
  expect(await handIn(holder(id, await proved(id, appointment, 29)), id)).toMatchObject({
    ok: true,
  });
});

test('who identifies with another name than the booked one shows it by a code', async () => {
  const { id, appointment } = await begun();
  const { cases } = world.context;
  const stranger = await identified(id, ANNA);
  expect(await handIn(stranger, id)).toEqual({ ok: false, reason: 'not_citizen' });
  const { case: of } = (await cases.open(stranger, office, id))!;
  expect(await cases.confirming(stranger, office, of)).toEqual({
    isShown: false,
    codeFor: appointment.id,
  });
  const shown = { ...stranger, proof: await proved(id, appointment) };
  expect(await cases.confirming(shown, office, of)).toEqual({ isShown: true, codeFor: null });
  expect(await handIn(shown, id)).toMatchObject({ ok: true });
  const { record } = (await cases.open(shown, office, id))!;
  expect(record?.assisted?.confirmed).toMatchObject({ by: 'identity', shownBy: 'code' });
  // It is theirs alone from now on.
  expect(await cases.open(holder(id), office, id)).toBeNull();
});

test('after what was booked is forgotten, an identification alone confirms it, and the record says so', async () => {
  const { id, appointment } = await begun();
  const now = world.clock.now();
  await within(world.house.database.kysely, office.id, (tx) =>
    recordForgotten(
      { tx },
      { office: office.id, appointments: [appointment.id], what: 'contact' },
      now,
    ),
  );
  expect(await handIn(holder(id, await proved(id, appointment)), id)).toMatchObject({
    reason: 'not_citizen',
  });
  const anna = await identified(id, ANNA);
  expect(await handIn(anna, id)).toMatchObject({ ok: true });
  const { record } = (await world.context.cases.open(anna, office, id))!;
  expect(record?.assisted).toMatchObject({
    appointment: appointment.id,
    confirmed: { shownBy: 'forgotten', code: null },
  });
});

test('who helped is on record though the citizen typed each answer again', async () => {
  const { id, appointment } = await begun();
  const { cases } = world.context;
  const other = {
    ...world.staff('coordinator'),
    staff: await staffOf(world.house, 'nuria.roca@vilaclara.example'),
  };
  await cases.answer(other, office, id, { 'qui.nom': 'Rosa S.' });
  await cases.answer(holder(id), office, id, { 'qui.nom': 'Rosa Soler' });
  const viewer = holder(id, await proved(id, appointment));
  expect(await handIn(viewer, id)).toMatchObject({ ok: true });
  const { record } = (await cases.open(holder(id), office, id))!;
  const ids = record?.assisted?.officials.map(({ staff }) => staff);
  expect(ids?.toSorted()).toEqual([world.staff().staff, other.staff].toSorted());
  expect(record?.assisted?.confirmed.version).toBe(3);
});

/** A form that was begun in an encounter a moment ago, in which nothing else was written. */
async function justBegun(): Promise<{ id: string; appointment: Appointment }> {
  const { cases, encounter } = world.context;
  const appointment = await world.book('video');
  world.until(appointment.start);
  await encounter.start(world.staff(), office, appointment.id, { anyway: true });
  const done = await cases.beginIn(world.staff(), office, { appointment: appointment.id }, CODE);
  if (!done.ok) throw new Error(done.reason);
  return { id: done.id, appointment };
}

test('the beginning of an encounter is not taken back once a form of it has answers', async () => {
  const { id, appointment } = await justBegun();
  const { cases, encounter } = world.context;
  await cases.answer(world.staff(), office, id, { 'qui.nom': 'Rosa' });
  expect(await encounter.undo(world.staff(), office, appointment.id, 'begin')).toEqual({
    ok: false,
    reason: 'not_open',
  });
  const { case: of } = (await world.context.cases.open(holder(id), office, id))!;
  expect(of.encounter).not.toBeNull();
});

test('an empty form of an encounter that was taken back is handed in by no link alone', async () => {
  const { cases, encounter } = world.context;
  const { id, appointment } = await justBegun();
  expect(await encounter.undo(world.staff(), office, appointment.id, 'begin')).toEqual({
    ok: true,
  });
  await cases.answer(holder(id), office, id, { 'qui.nom': 'Rosa' });
  expect(await handIn(holder(id), id)).toEqual({ ok: false, reason: 'not_citizen' });
  expect(await handIn(await identified(id, ANNA), id)).toMatchObject({ reason: 'not_citizen' });
  expect(await handIn(holder(id, await proved(id, appointment)), id)).toMatchObject({ ok: true });
});
