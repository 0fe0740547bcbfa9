import { afterAll, beforeAll, expect, test } from 'vitest';
import { identified } from '../../../testing/identified.ts';
import { faultsOf, MARIA, startsIn, type TestTown, testTown, withCookie } from '../../testing.ts';
import { APPLY, fileOf, formOf, linkTo, PROCEDURE, publish, sendFiles } from '../testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
  const asked = (id: string) => ({ id, type: 'text', required: true, label: { ca: id } });
  await publish(town, formOf({ steps: [{ id: 'qui', questions: ['nom', 'ofici'].map(asked) }] }));
});
afterAll(() => town.close());

/** Books an appointment from the page of a case, as its links lead. Returns the addresses of its check and of the appointment. */
async function bookFrom(at: string, who = town, { person = MARIA, confirm = {} } = {}) {
  const link = linkTo((await who.get(at)).html, /Demana una cita per parlar-ne|Parla amb/)!;
  const procedure = await who.get(link.split('#')[0]!);
  const about = /name="about" value="([^"]+)"/.exec(procedure.html)?.[1] ?? '';
  const times = `/ca/oac/${PROCEDURE}/times?channel=phone&language=ca&about=${about}`;
  const { html } = await who.get(times);
  const details = await who.submit(times, { start: startsIn(html)[0]! });
  const check = await who.submit(details.path, person);
  const needs = check.path.endsWith('/check') ? check : await who.submit(check.path, person);
  const confirmed = await who.submit(needs.path, confirm);
  const ending = (await who.get(confirmed.path)).html;
  const booked = confirmed.path.replace('/confirmed', '');
  return { procedure, times: html, check: needs, confirmed: ending, at: booked };
}

const LOST = 'no es pot lligar al teu expedient';

test('who is stuck in a form books an appointment about it, which says so', async () => {
  const { path } = await town.post(`/ca/oac/${PROCEDURE}/apply`, {});
  await town.post(`${path}/qui/nom`, { 'q-nom_': 'Rosa' });
  const booked = await bookFrom(path);
  const said = 'Demanes una cita sobre el teu expedient';
  expect(booked.procedure.html).toContain(said);
  expect(booked.times).toContain(said);
  expect(booked.times).toMatch(/href="[^"]*about=/);
  expect(booked.confirmed).toContain('Aquesta cita és sobre');
  expect(booked.confirmed).not.toContain(LOST);
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
  const late = await town.submit(`${path}/show`, { appointment: crypto.randomUUID() });
  expect([late.status, late.html.includes('Ningú no veu el formulari')]).toEqual([409, true]);
  expect(await faultsOf(late.html)).toEqual([]);
});

test('an appointment that is booked without it, or about what is no case, is about none', async () => {
  const { path } = await town.post(`/ca/oac/${PROCEDURE}/apply`, {});
  const times = `/ca/oac/${PROCEDURE}/times?channel=phone&language=ca`;
  const id = crypto.randomUUID();
  for (const about of ['', `${id}.${'x'.repeat(32)}`, 'x']) {
    const address = `${times}${about && `&about=${about}`}`;
    const { html } = await town.get(address);
    expect(html.includes(LOST)).toBe(about.length > 1);
    expect(html).not.toContain('Demanes una cita sobre');
    const details = await town.submit(address, { start: startsIn(html)[0]! });
    const check = await town.submit(details.path, MARIA);
    expect(check.html).not.toContain('Sobre l’expedient');
    expect(check.html.includes(LOST)).toBe(about.length > 1);
    const confirmed = await town.submit(check.path, {});
    const page = await town.get(confirmed.path.replace('/confirmed', ''));
    expect(page.html).not.toContain('Aquesta cita és sobre');
  }
  expect((await town.get(path)).html).not.toContain('Demana una altra cita');
});

test('what was given at the booking is filled in where its person is identified, and says so', async () => {
  const asked = (id: string, type: string) => ({
    ...{ id, type, label: { ca: id } },
    from: `contact.${id}`,
  });
  const questions = [asked('name', 'text'), asked('phone', 'phone'), asked('email', 'email')];
  const qui = { id: 'qui', together: true, questions };
  await publish(town, formOf({ identity: 'low', sign: 'session', steps: [qui] }));
  const rosa = await identified(town, '12345678Z');
  const { path } = await rosa.post(APPLY);
  const page = `${path}/qui`;
  const said = 'És el que vas donar quan vas demanar la cita';
  expect((await rosa.get(page)).html).not.toContain(said);
  const { cases, offices, appointments } = town.deps;
  const office = (await offices.find('oac'))!;
  const found = (await cases.bySecret(path.split('/')[3]!))!;
  const { at } = await bookFrom(path, withCookie(town, rosa.cookie()));
  const { html } = await rosa.get(page);
  expect(html).toContain(said);
  expect(html).toContain('value="Maria Puig"');
  expect(html).toContain('value="maria@example.cat"');
  expect(html).toMatch(/value="\+?(34 ?)?612 ?3/);
  expect(await faultsOf(html)).toEqual([]);
  // Nobody but its person, who is identified.
  const booked = (await appointments.bySecret(at.split('/')[3]!))!;
  const viewer = { kind: 'applicant', case: found.id, identified: null } as const;
  expect(await cases.bookedContact(viewer, office, found.id)).toBeNull();
  expect(booked.citizen.name).toBe('Maria Puig');
  // What they empty stays empty.
  await rosa.post(page, { 'q-name_': '', 'q-email_': 'altra@example.cat' });
  const after = (await rosa.get(page)).html;
  expect(after).not.toContain('value="Maria Puig"');
  expect(after).toContain('value="altra@example.cat"');
});

test('whose identification ends before the booking is told that it is not about the case', async () => {
  const qui = { id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] };
  await publish(town, formOf({ identity: 'low', sign: 'session', steps: [qui] }));
  const rosa = await identified(town, '12345678Z');
  const { path } = await rosa.post(APPLY);
  const who = withCookie(town, rosa.cookie());
  const link = linkTo((await who.get(path)).html, /Demana una cita per parlar-ne|Parla amb/)!;
  const procedure = link.split('#')[0]!;
  expect((await who.get(procedure)).html).toContain('Demanes una cita sobre');
  const { html } = await town.get(procedure);
  expect(html).toContain(LOST);
  expect(html).not.toContain('Demanes una cita sobre');
  expect(await faultsOf(html)).toEqual([]);
  const times = `/ca/oac/${PROCEDURE}/times?channel=phone&language=ca&${procedure.split('?')[1]}`;
  const details = await who.submit(times, { start: startsIn((await who.get(times)).html)[0]! });
  const check = await who.submit(details.path, MARIA);
  expect(check.html).toContain('Sobre l’expedient');
  // Here their session ends.
  const again = await town.get(check.path);
  expect(again.html).toContain(LOST);
  expect(again.html).not.toContain('Sobre l’expedient');
  expect(await faultsOf(again.html)).toEqual([]);
  const confirmed = await town.submit(check.path, {});
  const ending = (await town.get(confirmed.path)).html;
  expect(ending).toContain('no s’ha lligat al teu expedient');
  expect(ending).not.toContain('Aquesta cita és sobre');
  expect(await faultsOf(ending)).toEqual([]);
});

test('a file that is brought to an appointment says that it is there, or why it is not', async () => {
  const planol = { id: 'planol', type: 'file', megabytes: 1, label: { ca: 'El plànol' } };
  const steps = [{ id: 'local', questions: [planol] }];
  await publish(town, formOf({ identity: 'low', sign: 'session', steps }));
  const rosa = await identified(town, '12345678Z');
  const { path } = await rosa.post(APPLY);
  const person = { ...MARIA, name: 'Rosa Soler Vidal' };
  const confirm = { folder: 'yes' };
  await bookFrom(path, withCookie(town, rosa.cookie()), { person, confirm });
  const at = `${path}/local/planol`;
  const file = { field: 'q-planol_', name: 'Plànol.pdf', bytes: fileOf('pdf') };
  await sendFiles(rosa, at, { attach: 'planol' }, [file]);
  await town.deps.documents.pass();
  const [, bring = ''] = /name="bring" value="([^"]+)"/.exec((await rosa.get(at)).html) ?? [];
  expect(bring).not.toBe('');
  const brought = await sendFiles(rosa, at, { bring }, []);
  expect(brought.status).toBe(303);
  const { html } = await rosa.get(brought.path);
  expect(html).toMatch(/role="status"[^>]*>[^<]*També és a la teva cita/);
  expect(html).not.toContain('name="bring"');
  expect(await faultsOf(html)).toEqual([]);
  // Without the press nothing is announced.
  expect((await rosa.get(at)).html).not.toMatch(/role="status"[^>]*>[^<]*També és/);
  const gone = bring.replace(/ [^ ]+ /, ` ${crypto.randomUUID()} `);
  const sent = await sendFiles(rosa, at, { bring: gone }, []);
  const refused = await rosa.get(sent.path);
  expect(refused.html).toContain('no s’ha pogut dur a la cita');
  expect(refused.html).toContain('href="#q-planol_"');
  expect(await faultsOf(refused.html)).toEqual([]);
});
