import { afterAll, beforeAll, expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { countTry, insertCode } from '../../../features/booking/proof/service.ts';
import { identifySomebody } from '../../../features/foundation/identification/testing.ts';
import { within } from '../../../lib/db/database.ts';
import type { ApplicantViewer, CitizenProof } from '../../../lib/viewer.ts';
import { DRAFT, openWorld, type World } from '../../testing/recorded/world.ts';

/* A draft that was begun at home is seen by those who attend its person when, and while, they show it: docs/adr/0108. */

let world: World;
let office: Office;

beforeAll(async () => {
  world = await openWorld();
  office = await world.office();
  const asked = (id: string) => ({ id, type: 'text', label: { ca: id }, required: true });
  const steps = [{ id: 'qui', questions: [asked('nom'), asked('ofici')] }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps });
  await world.context.forms.publish({ kind: 'system', why: 'operator' }, office, form);
}, 120_000);
afterAll(() => world.close());

const holder = (id: string, proof: CitizenProof | null = null): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified: null,
  proof,
});

/** A draft of one answer, begun at home. */
async function begun(): Promise<string> {
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const { cases } = world.context;
  const id = (await cases.begin(holder(''), office, what))!;
  await cases.answer(holder(id), office, id, { 'qui.nom': 'Rosa' });
  return id;
}

/** The same with an appointment about it, whose encounter goes on. */
async function attended(id = '') {
  const { cases } = world.context;
  const made = id || (await begun());
  const appointment = await world.attend('phone');
  expect(await cases.tie(holder(made), office, made, appointment.id)).toBe(true);
  const show = () => cases.show(holder(made), office, made, appointment.id);
  const seen = () => cases.open(world.staff(), office, made);
  const type = () => cases.answer(world.staff(), office, made, { 'qui.ofici': 'Fuster' });
  const atConsole = async () =>
    (await cases.casesAt(world.staff(), office, appointment.id))?.find((each) => each.id === made);
  return { id: made, appointment, show, seen, type, atConsole };
}

/** Ends the encounter of an appointment. */
async function end(appointment: string): Promise<void> {
  const { outcomes, wrapUpCodes } = office.settings;
  const outcome = outcomes[0]?.code ?? '';
  const items = [
    { kind: 'procedure' as const, procedure: 'volant-padro', query: null, label: '', outcome },
  ];
  const draft = { ...DRAFT, items, wrapUp: wrapUpCodes[0]?.code ?? null };
  const { encounter } = world.context;
  const { encounter: now } = (await encounter.open(world.staff(), office, appointment))!;
  const how = { anyway: true };
  const of = { appointment };
  const viewer = world.staff();
  const done = await encounter.close(viewer, office, of, now?.version ?? 0, draft, how);
  expect(done).toMatchObject({ ok: true });
}

test('whoever attends sees how far it is, and its answers once its person shows it', async () => {
  const { id, appointment, show, seen, type, atConsole } = await attended();
  expect(await atConsole()).toMatchObject({ isShown: false, progress: { answered: 1, asked: 2 } });
  expect(await seen()).toBeNull();
  expect(await type()).toEqual({ ok: false, reason: 'not_found' });
  expect(await show()).toEqual({ ok: true });
  expect((await seen())?.draft.answers).toEqual({ qui: { nom: 'Rosa' } });
  expect(await type()).toMatchObject({ ok: true });
  expect(await atConsole()).toMatchObject({ isShown: true, progress: null });
  const events = await world.context.appointments.events(appointment);
  expect(events.map(({ kind }) => kind)).toContain('case_shown');
  expect(await world.context.cases.hide(holder(id), office, id)).toBe(true);
  expect(await seen()).toBeNull();
  expect(await type()).toEqual({ ok: false, reason: 'not_found' });
});

test('nobody shows what is not theirs, what has no appointment, or after the encounter', async () => {
  const { cases } = world.context;
  const { id, appointment, show } = await attended();
  const other = await begun();
  expect(await cases.show(holder(other), office, id, appointment.id)).toMatchObject({ ok: false });
  expect(await cases.show(holder(other), office, other, appointment.id)).toEqual({
    ok: false,
    reason: 'not_found',
  });
  expect(await cases.tie(holder(other), office, id, appointment.id)).toBe(false);
  const hisenda = (await world.context.offices.find('hisenda'))!;
  expect(await cases.tie(holder(id), hisenda, id, appointment.id)).toBe(false);
  const coming = await world.book('phone');
  await cases.tie(holder(id), office, id, coming.id);
  expect(await cases.show(holder(id), office, id, coming.id)).toMatchObject({ reason: 'not_open' });
  expect(await show()).toEqual({ ok: true });
});

test('what is shown is seen until the encounter ends, and no longer', async () => {
  const { appointment, show, seen, type } = await attended();
  await show();
  await end(appointment.id);
  expect((await world.context.appointments.byId(office, appointment.id))?.status).toBe('fulfilled');
  expect(await seen()).toBeNull();
  expect(await type()).toEqual({ ok: false, reason: 'not_found' });
  expect(await show()).toMatchObject({ ok: false });
});

/** Returns the proof of a code for a case that was typed just now, at an appointment. */
async function proved(id: string, of: Awaited<ReturnType<World['book']>>): Promise<CitizenProof> {
  const at = world.clock.now();
  const { proof } = world.citizen(of);
  const code = crypto.randomUUID();
  await within(world.house.database.kysely, office.id, async (tx) => {
    const on = { office: office.id, appointment: of.id, purpose: `case ${id}` } as const;
    const { masked, setBy } = proof!;
    const expiresAt = at.add({ minutes: 10 });
    const made = { id: code, madeAt: at, expiresAt, channel: 'sms' as const, masked, setBy };
    await insertCode({ tx }, on, made);
    await countTry({ tx }, code, { tries: 1, ended: at });
  });
  return { ...proof!, channel: 'sms', at };
}

test('once an official has typed, the citizen of that appointment confirms it, and nobody who books another', async () => {
  const { cases } = world.context;
  const first = await attended();
  const { id } = first;
  await first.show();
  await first.type();
  expect(await cases.handIn(holder(id), office, id)).toEqual({ ok: false, reason: 'not_citizen' });
  const second = await attended(id);
  expect(await second.show()).toEqual({ ok: true });
  expect((await second.seen())?.draft.answers).toMatchObject({ qui: { ofici: 'Fuster' } });
  const another = holder(id, await proved(id, second.appointment));
  expect(await cases.handIn(another, office, id)).toEqual({ ok: false, reason: 'not_citizen' });
  const theirs = holder(id, await proved(id, first.appointment));
  expect(await cases.handIn(theirs, office, id)).toMatchObject({ ok: true });
});

test('what was only looked at is handed in as before', async () => {
  const { cases } = world.context;
  const { id, show, seen } = await attended();
  await show();
  await seen();
  await cases.answer(holder(id), office, id, { 'qui.ofici': 'Fuster' });
  expect(await cases.handIn(holder(id), office, id)).toMatchObject({ ok: true });
  const { record } = (await cases.open(holder(id), office, id))!;
  expect(record?.assisted).toBeUndefined();
});

test('the text of an address is about the case of its link alone', async () => {
  const { cases } = world.context;
  const [id, other] = [await begun(), await begun()];
  const about = cases.aboutOf({ id, link: 0 });
  expect((await cases.ofAbout(office, about, null))?.id).toBe(id);
  const forged = `${other}.${about.split('.')[1]}`;
  expect(await cases.ofAbout(office, forged, null)).toBeNull();
  expect(await cases.ofAbout(office, id, null)).toBeNull();
  expect(await cases.ofAbout(office, cases.aboutOf({ id, link: 1 }), null)).toBeNull();
  const hisenda = (await world.context.offices.find('hisenda'))!;
  expect(await cases.ofAbout(hisenda, about, null)).toBeNull();
});

/** A draft that Marta has begun with the citizen of an encounter. */
async function begunTogether() {
  const { cases } = world.context;
  const appointment = await world.attend('phone');
  const of = { appointment: appointment.id };
  const done = await cases.beginIn(world.staff(), office, of, 'volant-padro');
  if (!done.ok) throw new Error(done.reason);
  return { id: done.id, appointment };
}

/** Returns the messages that tell of a form to finish. */
const told = async () => {
  const rows = await within(world.house.database.kysely, office.id, (tx) =>
    tx
      .selectFrom('notice')
      .select(['recipient', 'facts', 'appointment_id as appointment'])
      .where('kind', '=', 'unfinished')
      .execute(),
  );
  return rows;
};

test('what was begun together is sent home once, also after the encounter, and to nobody else', async () => {
  const { cases } = world.context;
  const { id, appointment } = await begunTogether();
  await end(appointment.id);
  const send = (viewer = world.staff()) => cases.sendHome(viewer, office, id, appointment.id);
  expect(await send()).toEqual({ ok: true, isTold: true });
  expect(await send()).toEqual({ ok: true, isTold: true });
  const [notice, ...more] = await told();
  expect(more).toEqual([]);
  expect(notice).toMatchObject({
    recipient: appointment.citizen.email,
    appointment: appointment.id,
    facts: { until: expect.stringMatching(/^2/) },
  });
  const [seen] = (await cases.casesAt(world.staff(), office, appointment.id))!;
  expect(seen?.sentAt).not.toBeNull();
  expect(await send(world.staff('agent', { desk: null }))).toEqual({
    ok: false,
    reason: 'not_found',
  });
  const other = await world.book('phone');
  expect(await cases.sendHome(world.staff(), office, id, other.id)).toMatchObject({ ok: false });
  const own = await attended();
  expect(await cases.sendHome(world.staff(), office, own.id, own.appointment.id)).toMatchObject({
    ok: false,
  });
});

test('what was begun together is in the folder of whoever has the appointment there', async () => {
  const { cases, folder, keys, database } = world.context;
  const { id, appointment } = await begunTogether();
  const who = await identifySomebody(database.kysely, keys.people, world.clock.now());
  const person = { ...who, kind: 'person' } as const;
  expect(await cases.begunWith(person)).toEqual([]);
  await folder.take(person, office, appointment.id, 'link');
  expect((await cases.begunWith(person)).map((each) => each.id)).toEqual([id]);
});
