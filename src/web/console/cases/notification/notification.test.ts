import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
import { identifySomebody } from '../../../../features/foundation/identification/testing.ts';
import { sampleForm } from '../../../../features/service/cases/testing.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { LANGUAGES } from '../../../../lib/i18n/languages.ts';
import { installationKey } from '../../../../lib/secrets.ts';
import type { ApplicantViewer, PersonViewer } from '../../../../lib/viewer.ts';
import { faultsOf } from '../../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../../testing.ts';

const OPERATOR = { kind: 'system', why: 'operator' } as const;
const INBOX = '/console/oac/cases';
/** That of the people of all tests of the console. */
const KEY = installationKey(Buffer.alloc(32, 7));
let world: ConsoleWorld;
let office: Office;
let marta: string;
let nuria: string;
/** Of another office. */
let elsewhere: string;

beforeAll(async () => {
  world = await consoleWorld();
  office = (await world.offices.find('oac'))!;
  await world.forms.publish(OPERATOR, office, sampleForm());
  const en = (cookie: string) => `${cookie}; staff_language=en`;
  [marta, nuria] = [en(await world.signIn(MARTA)), en(await world.signIn(NURIA))];
  elsewhere = await world.signIn('david.torres@vilaclara.example');
});
afterAll(() => world.close());

const get = (path: string, cookie = nuria) => world.app.request(path, { headers: { cookie } });
const html = async (path: string, cookie = nuria) => (await get(path, cookie)).text();
const post = (path: string, fields: Record<string, string>, cookie = nuria) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
const words = (page: string) =>
  page
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&#39;', "'");
const field = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';

/** Hands in and decides a case, of somebody or of nobody known. Returns the address of its page. */
async function decided(person: PersonViewer | null): Promise<string> {
  const { cases } = world;
  const as = (id: string): ApplicantViewer => ({ kind: 'applicant', case: id, identified: person });
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(as(''), office, what))!;
  await cases.answer(as(id), office, id, {
    'qui.nom': 'Rosa Soler',
    'qui.correu': 'rosa@example.cat',
  });
  await cases.handIn(as(id), office, id);
  const path = `${INBOX}/${id}`;
  const seen = async () => field(await html(path, marta), 'seen');
  await post(`${path}/step`, { to: 'in-review', seen: await seen() }, marta);
  await post(`${path}/assignee`, { to: 'me', seen: await seen() }, marta);
  const fields = { seen: await seen(), text: 'Es concedeix.', reasons: '', appeal: 'Un mes.' };
  await post(`${path}/decide?to=granted`, fields, marta);
  const review = await html(`${path}/decision`);
  const issue = { seen: field(review, 'seen'), before: field(review, 'before') };
  const issued = await post(`${path}/decision`, issue);
  expect(issued.headers.get('Location')).toContain('?done=decided');
  return path;
}

test('what goes on paper is listed, printed and recorded, and what was typed wrong stays', async () => {
  expect(words(await html(`${INBOX}/notifications`))).toContain('There is nothing to notify.');
  const path = await decided(null);
  const page = words(await html(path));
  for (const each of [
    'Notification on paper: nobody identified',
    'Send it by',
    'Record what happened',
  ])
    expect(page).toContain(each);
  const list = await html(`${INBOX}/notifications`, marta);
  expect(list).toContain(`href="${path}"`);
  expect(await html(INBOX)).toContain('/cases/notifications"');
  const record = `${path}/notification`;
  const wrong = async (fields: Record<string, string>) => {
    const answer = await post(record, fields, marta);
    expect(answer.status).toBe(422);
    const shown = await answer.text();
    expect(await faultsOf(shown)).toEqual([]);
    return shown;
  };
  expect(await wrong({})).toContain('href="#result"');
  expect(await wrong({ result: 'delivered', on: '' })).toContain('href="#on"');
  const twice = { result: 'failed', first: '2026-11-30T10:00', second: 'x' };
  const shown = await wrong(twice);
  expect(shown).toContain('href="#second"');
  expect(shown).toContain('value="2026-11-30T10:00"');
  expect(words(await wrong({ result: 'delivered', on: '2020-01-01' }))).toContain('earlier than');
  const today = world.clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  const done = await post(record, { result: 'delivered', on: today }, marta);
  expect(done.headers.get('Location')).toBe(`${path}?done=recorded`);
  const after = words(await html(path));
  for (const each of [
    'Delivered on paper',
    'It counts as notified on',
    'An appeal to the town hall',
  ])
    expect(after).toContain(each);
  expect((await get(record)).status).toBe(303);
  expect((await post(record, { result: 'delivered', on: today }, marta)).status).toBe(409);
});

test('what waits in the folder shows until when, and its evidence is a sealed file', async () => {
  const person = await identifySomebody(world.database.kysely, KEY, world.clock.now());
  await world.notifications.choose(person, true);
  const path = await decided(person);
  const page = words(await html(path));
  expect(page).toContain('The person can open it until');
  expect(page).not.toContain('Record what happened');
  expect((await get(`${path}/notification`)).status).toBe(303);
  const file = await post(`${path}/notification/evidence`, {});
  expect(file.headers.get('Content-Type')).toBe('application/pdf');
  const [own] = (await world.notifications.own(person)).shown;
  await world.notifications.accept(person, own!.id);
  const after = words(await html(path));
  for (const each of ['Opened', 'The notification was opened.', 'was made available'])
    expect(after).toContain(each);
  for (const language of LANGUAGES)
    for (const each of [path, `${INBOX}/notifications`]) {
      const cookie = nuria.replace('staff_language=en', `staff_language=${language}`);
      expect(await faultsOf(await html(each, cookie)), each).toEqual([]);
    }
});

const run = (query: ReturnType<typeof sql>) =>
  within(world.database.kysely, INSTALLATION, (tx) => query.execute(tx));

/** A case whose decision is notified at e-NOTUM, as the town then does. Returns its page. */
async function decidedAtEnotum(): Promise<string> {
  const settings = { kind: 'enotum', page: 'https://enotum.example/' };
  await run(
    sql`update town set settings = settings || ${JSON.stringify({ notifications: settings })}::jsonb`,
  );
  const person = await identifySomebody(world.database.kysely, KEY, world.clock.now());
  await world.notifications.choose(person, true);
  return decided(person);
}

test('what e-NOTUM does not take is listed with its words, and notified in the folder after all', async () => {
  const path = await decidedAtEnotum();
  expect(words(await html(path))).toContain('It is not at e-NOTUM yet');
  const here = `${path}/notification/here`;
  const early = await post(here, {}, marta);
  expect(early.status).toBe(409);
  expect(words(await early.text())).toContain('Nothing was changed');
  await run(
    sql`update notification_handover set failing = 'refused', words = 'No es permet', attempts = 1`,
  );
  const page = await html(path, marta);
  for (const each of ['e-NOTUM does not take it: “No es permet”', 'Notify it in the folder'])
    expect(words(page)).toContain(each);
  expect(page).not.toContain('notification/enotum"');
  expect((await post(`${path}/notification/enotum`, {}, marta)).status).toBe(404);
  const list = words(await html(`${INBOX}/notifications`, marta));
  for (const each of ['At e-NOTUM', 'e-NOTUM does not take it']) expect(list).toContain(each);
  const faultless = async () => {
    for (const language of LANGUAGES)
      for (const each of [path, `${INBOX}/notifications`]) {
        const cookie = nuria.replace('staff_language=en', `staff_language=${language}`);
        expect(await faultsOf(await html(each, cookie)), each).toEqual([]);
      }
  };
  await faultless();
  for (const each of ['here', 'enotum'])
    expect((await post(`${path}/notification/${each}`, {}, elsewhere)).status).toBe(404);
  expect((await post(here, {}, marta)).headers.get('Location')).toBe(`${path}?done=taken-back`);
  const after = words(await html(`${path}?done=taken-back`, marta));
  for (const each of ['The notification is in the folder', 'It is in the folder since e-NOTUM'])
    expect(after).toContain(each);
  expect(after).toContain('The person can open it until');
  await faultless();
});

test.each(['failed', 'cancelled'])(
  'what is stopped at e-NOTUM (%s) is told, and handed over again or notified in the folder',
  async (state) => {
    const path = await decidedAtEnotum();
    const id = path.split('/').at(-1) ?? '';
    const stop = () =>
      run(
        sql`update notification set stopped = ${state}, stopped_at = made_at where case_id = ${id}`,
      );
    expect((await post(`${path}/notification/again`, {}, marta)).status).toBe(409);
    await stop();
    const page = words(await html(path, marta));
    for (const each of ['hoose how you notify it', 'Hand it over to e-NOTUM again'])
      expect(page).toContain(each);
    const list = words(await html(`${INBOX}/notifications`, marta));
    expect(list).toContain(state === 'failed' ? 'Error of e-NOTUM' : 'Cancelled at e-NOTUM');
    for (const language of LANGUAGES)
      for (const each of [path, `${INBOX}/notifications`]) {
        const cookie = nuria.replace('staff_language=en', `staff_language=${language}`);
        expect(await faultsOf(await html(each, cookie)), each).toEqual([]);
      }
    expect((await post(`${path}/notification/again`, {}, elsewhere)).status).toBe(404);
    const again = await post(`${path}/notification/again`, {}, marta);
    expect(again.headers.get('Location')).toBe(`${path}?done=handed-again`);
    expect(words(await html(`${path}?done=handed-again`, marta))).toContain(
      'It is not at e-NOTUM yet',
    );
    await stop();
    await post(`${path}/notification/here`, {}, marta);
    expect(words(await html(path, marta))).toContain('It is in the folder since');
  },
);

test('is nobody’s of another office', async () => {
  const path = await decided(null);
  for (const each of [`${INBOX}/notifications`, `${path}/notification`])
    expect((await get(each, elsewhere)).status).toBe(404);
  expect((await post(`${path}/notification/evidence`, {}, elsewhere)).status).toBe(404);
  expect((await post(`${path}/notification`, {}, '')).status).toBe(401);
});
