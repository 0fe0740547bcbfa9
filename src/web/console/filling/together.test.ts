import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { ApplicantViewer, CitizenProof, Viewer } from '../../../lib/viewer.ts';
import { openWorld, type World } from '../../testing/recorded/world.ts';

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
const handIn = (viewer: Viewer, id: string) =>
  world.context.cases.handIn(viewer as ApplicantViewer, office, id);

test('the link alone hands in nothing, and the code of its citizen does, once', async () => {
  const { id, appointment } = await begun();
  expect(await handIn(holder(id), id)).toEqual({ ok: false, reason: 'not_citizen' });
  const { proof } = world.citizen(appointment);
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
  const { proof } = world.citizen(appointment);
  const theirs = { ...proof!, setBy: `staff:${world.staff().staff}` };
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
  const viewer = holder(id, world.citizen(appointment).proof);
  expect(await cases.handIn(viewer, office, id, 1)).toEqual({ ok: false, reason: 'changed' });
  expect(await cases.handIn(viewer, office, id, 2)).toMatchObject({ ok: true });
});
