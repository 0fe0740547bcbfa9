import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOf, MARIA, startsIn, type TestTown, testTown } from '../../testing.ts';
import { formOf, linkTo, PROCEDURE, publish } from '../testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
  const asked = (id: string) => ({ id, type: 'text', required: true, label: { ca: id } });
  await publish(town, formOf({ steps: [{ id: 'qui', questions: ['nom', 'ofici'].map(asked) }] }));
});
afterAll(() => town.close());

/** Books an appointment from the page of a case, as its links lead. Returns the addresses of its check and of the appointment. */
async function bookFrom(at: string) {
  const link = linkTo((await town.get(at)).html, /Demana una cita per parlar-ne|Parla amb/)!;
  const procedure = await town.get(link.split('#')[0]!);
  const about = /name="about" value="([^"]+)"/.exec(procedure.html)?.[1] ?? '';
  const times = `/ca/oac/${PROCEDURE}/times?channel=phone&language=ca&about=${about}`;
  const { html } = await town.get(times);
  const details = await town.submit(times, { start: startsIn(html)[0]! });
  const check = await town.submit(details.path, MARIA);
  const needs = check.path.endsWith('/check') ? check : await town.submit(check.path, MARIA);
  const confirmed = await town.submit(needs.path, {});
  return { procedure, times: html, check: needs, at: confirmed.path.replace('/confirmed', '') };
}

test('who is stuck in a form books an appointment about it, which says so', async () => {
  const { path } = await town.post(`/ca/oac/${PROCEDURE}/apply`, {});
  await town.post(`${path}/qui/nom`, { 'q-nom_': 'Rosa' });
  const booked = await bookFrom(path);
  const said = 'Demanes una cita sobre el teu expedient';
  expect(booked.procedure.html).toContain(said);
  expect(booked.times).toContain(said);
  expect(booked.times).toMatch(/href="[^"]*about=/);
  const { html } = await town.get(path);
  const [, reference = ''] = />Sobre l’expedient<[\s\S]*?([A-Z0-9]{3}-[A-Z0-9]{3,4})/.exec(
    booked.check.html,
  )!;
  expect(html).toContain('Trucada telefònica');
  expect(await faultsOf(html)).toEqual([]);
  // The link of the appointment alone is none of the case, which opens to whoever has its own.
  const appointment = await town.get(booked.at);
  expect(appointment.html).toContain(reference);
  expect(appointment.html).not.toContain(path);
  expect(appointment.html).toContain('documents/code?next=form');
  expect(await faultsOf(appointment.html)).toEqual([]);
  expect((await town.get(`${booked.at}/form`)).path).toContain('documents/code?next=form');
  // Nothing goes on yet.
  expect((await town.get(`${path}/show`)).path).toBe(path);
});

test('an appointment that is booked without it, or about what is no case, is about none', async () => {
  const { path } = await town.post(`/ca/oac/${PROCEDURE}/apply`, {});
  const times = `/ca/oac/${PROCEDURE}/times?channel=phone&language=ca`;
  const id = crypto.randomUUID();
  for (const about of ['', `${id}.${'x'.repeat(32)}`, 'x']) {
    const address = `${times}${about && `&about=${about}`}`;
    const { html } = await town.get(address);
    const details = await town.submit(address, { start: startsIn(html)[0]! });
    const check = await town.submit(details.path, MARIA);
    expect(check.html).not.toContain('Sobre l’expedient');
    const confirmed = await town.submit(check.path, {});
    const page = await town.get(confirmed.path.replace('/confirmed', ''));
    expect(page.html).not.toContain('Aquesta cita és sobre');
  }
  expect((await town.get(path)).html).not.toContain('Demana una altra cita');
});
