import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type IdentifiedBrowser, identified, identifyIn } from '../../testing/identified.ts';
import {
  bookThrough,
  faultsOf,
  MARIA,
  startsIn,
  type TestTown,
  TIMES,
  testTown,
  WEDNESDAY,
} from '../testing.ts';
import { filesIn } from './testing.ts';

const ROSA = '12345678Z';
const AMINA = 'X0000000T';

let town: TestTown;
let oac: Office;
beforeAll(async () => {
  town = await testTown();
  oac = (await town.deps.offices.find('oac'))!;
});
afterAll(() => town.close());
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await within(town.database.kysely, INSTALLATION, (tx) => tx.deleteFrom('person').execute());
});

let booked = 0;
/** Books an appointment of somebody new by its link alone. */
const book = async () => {
  booked++;
  const phone = `612 345 ${String(booked).padStart(3, '0')}`;
  const person = { ...MARIA, phone, email: `maria${booked}@example.cat` };
  return (await bookThrough(town, person, { nth: booked })).manage;
};

const appointmentOf = async (manage: string) =>
  (await town.deps.appointments.bySecret(manage.split('/').at(-1) ?? ''))!;

const take = async (browser: IdentifiedBrowser, manage: string) => {
  const answer = await browser.post(`${manage}/folder`, { do: 'take' });
  expect(answer.status).toBe(303);
};

describe('a folder', () => {
  test('asks whoever is not identified to identify, and leads back', async () => {
    const answer = await town.get('/ca/folder/documents?kind=sent');
    expect(answer.status).toBe(303);
    const to = new URL(answer.path, 'http://localhost');
    expect(to.pathname).toBe('/ca/identify');
    expect(to.searchParams.get('next')).toBe('/ca/folder/documents?kind=sent');
  });

  test('is right while it is empty, on every page and in every language', async () => {
    const rosa = await identified(town, ROSA);
    const pages = ['', '/appointments', '/documents', '/consents', '/notices', '/looks'];
    for (const page of [...pages, '/identifications', '/preferences', '/data', '/data/erase'])
      for (const language of ['ca', 'en']) {
        const { status, html } = await rosa.get(`/${language}/folder${page}`);
        expect(status, page).toBe(200);
        expect(await faultsOf(html), page).toEqual([]);
      }
    expect((await rosa.get('/en/folder')).html).toContain('You have no appointment to come');
    expect((await rosa.get('/zz/folder')).status).toBe(404);
  });

  test('takes in an appointment by its link, by a button and not by opening it', async () => {
    const manage = await book();
    const { reference } = await appointmentOf(manage);
    const rosa = await identified(town, ROSA);
    const page = await rosa.get(manage);
    expect(page.html).toContain('Posa-la a la meva carpeta');
    expect((await rosa.get('/ca/folder')).html).not.toContain(reference);
    await take(rosa, manage);
    const folder = await rosa.get('/ca/folder');
    expect(folder.html).toContain(reference);
    expect(folder.html).toContain(`href="${manage}"`);
    const added = await rosa.get(`${manage}?folder=added`);
    expect(added.html).toContain('Ja és a la teva carpeta');
    expect(await faultsOf(added.html)).toEqual([]);
    expect((await town.get(manage)).html).not.toContain('carpeta');
  });

  test('is of one person: another holder of the link sees that, and not whose it is', async () => {
    const manage = await book();
    const { reference } = await appointmentOf(manage);
    await take(await identified(town, ROSA), manage);
    const amina = await identified(town, AMINA);
    const page = await amina.get(manage);
    expect(page.html).toContain('carpeta d’una altra persona');
    expect(page.html).not.toContain('Soler');
    await take(amina, manage);
    expect((await amina.get('/ca/folder')).html).not.toContain(reference);
    expect(page.html).toContain('/cancel');
  });

  test('lets an appointment go, which stays', async () => {
    const manage = await book();
    const rosa = await identified(town, ROSA);
    await take(rosa, manage);
    await rosa.post(`${manage}/folder`, { do: 'remove' });
    const { reference, status } = await appointmentOf(manage);
    expect((await rosa.get('/ca/folder')).html).not.toContain(reference);
    expect(status).toBe('booked');
  });

  test('loses what was taken in by a link that was replaced since', async () => {
    const manage = await book();
    const { id, reference } = await appointmentOf(manage);
    const rosa = await identified(town, ROSA);
    await take(rosa, manage);
    await within(town.database.kysely, oac.id, (tx) =>
      tx.updateTable('appointment').set({ link: 1 }).where('id', '=', id).execute(),
    );
    expect((await rosa.get('/ca/folder')).html).not.toContain(reference);
  });

  test('keeps what was taken in by the link when its citizen changes the address themselves', async () => {
    const manage = await book();
    const { id, reference } = await appointmentOf(manage);
    const [rosa, amina] = [await identified(town, ROSA), await identified(town, AMINA)];
    await take(rosa, manage);
    const contact = { ...MARIA, email: 'rosa.nova@example.org' };
    const changed = await rosa.post(`${manage}/contact`, contact);
    expect(changed.path).not.toContain(manage);
    expect((await rosa.get('/ca/folder')).html).toContain(reference);
    const other = { ...contact, email: 'amina@example.org' };
    await amina.post(`${changed.path.split('?')[0]}/contact`, other);
    const link = await within(town.database.kysely, oac.id, (tx) =>
      tx.selectFrom('person_appointment').selectAll().where('appointment_id', '=', id).execute(),
    );
    expect(link).toEqual([]);
  });

  test('asks whoever presses the button without being identified to identify', async () => {
    const manage = await book();
    const answer = await town.post(`${manage}/folder`, { do: 'take' });
    expect(answer.path).toContain('/ca/identify?');
  });
});

describe('a booking of somebody identified', () => {
  /** Books as far as the summary. */
  async function asFar(browser: IdentifiedBrowser, nth: number) {
    const start = startsIn((await town.get(TIMES)).html).at(nth) ?? '';
    const asked = await browser.post(TIMES, { start });
    const details = await browser.get(asked.path);
    const phone = `613 345 ${String(nth).padStart(3, '0')}`;
    const typed = { ...MARIA, name: 'Rosa Soler', phone, email: `rosa${nth}@example.cat` };
    const check = await browser.post(asked.path, typed);
    return { details, path: check.path, check: await browser.get(check.path) };
  }

  test('has their name, and goes into their folder', async () => {
    const rosa = await identified(town, ROSA);
    const { details, path, check } = await asFar(rosa, 40);
    expect(details.html).toContain('value="Rosa Soler Vidal"');
    expect(check.html).toMatch(/name="folder"[^>]*checked/);
    const done = await rosa.post(path, { folder: 'yes' });
    const manage = done.path.replace('/confirmed', '');
    const { reference } = await appointmentOf(manage);
    expect((await rosa.get('/ca/folder')).html).toContain(reference);
  });

  test('stays out of it where they say so', async () => {
    const rosa = await identified(town, ROSA);
    const { path } = await asFar(rosa, 41);
    const done = await rosa.post(path, {});
    const { reference } = await appointmentOf(done.path.replace('/confirmed', ''));
    expect((await rosa.get('/ca/folder')).html).not.toContain(reference);
  });

  test('is written to in the language that they chose', async () => {
    const rosa = await identified(town, ROSA);
    await rosa.post('/ca/folder/preferences', { called: 'Roseta', language: 'eu' });
    const { path } = await asFar(rosa, 42);
    const done = await rosa.post(path, {});
    const { noticeLanguage } = await appointmentOf(done.path.replace('/confirmed', ''));
    expect(noticeLanguage).toBe('eu');
  });
});

describe('a long folder', () => {
  test('has pages of twenty, the newest first, narrowed by kind', async () => {
    const manage = await book();
    const { id } = await appointmentOf(manage);
    const rosa = await identified(town, ROSA);
    await take(rosa, manage);
    await within(town.database.kysely, oac.id, (tx) =>
      sql`insert into notice (id, office_id, appointment_id, kind, channel, recipient, language, facts, created_at, not_before, next_try_at, sent_at)
        select gen_random_uuid(), ${oac.id}, ${id}, 'reminder', case when n % 2 = 0 then 'sms' else 'email' end,
          case when n % 2 = 0 then '+34612345678' else 'maria@example.cat' end, 'ca', '{}', at, at, at, at
        from generate_series(1, 200) n, lateral (select timestamptz '2026-01-01' + n * interval '1 hour' as at)`.execute(
        tx,
      ),
    );
    const first = await rosa.get('/ca/folder/notices');
    expect(first.html.match(/Un recordatori/g)).toHaveLength(20);
    expect(first.html).toContain('Pàgina 1 de 10');
    expect(await faultsOf(first.html)).toEqual([]);
    const last = await rosa.get('/ca/folder/notices?kind=sms&page=99');
    expect(last.html).toContain('Pàgina 5 de 5');
    expect(last.html).toContain('acabat en 678');
    expect(last.html).not.toContain('612345678');
    expect(first.html).toContain('m•••@example.cat');
  });
});

test('how somebody identified says the provider, the level, and for whom they acted', async () => {
  const acting = await identified(town, '00000000T', 'high');
  const { html } = await acting.get('/ca/folder/identifications');
  expect(html).toContain('Identitat de demostració');
  expect(html).toContain('Nivell alt · en nom de Persona jurídica fictícia');
  expect((await acting.get('/ca/folder')).html).toContain('Aquesta carpeta és la teva');
});

describe('preferences', () => {
  test('change what a person is called, and can be taken back', async () => {
    const rosa = await identified(town, ROSA);
    await rosa.post('/ca/folder/preferences', { called: 'Roseta', language: '' });
    const page = await rosa.get('/ca/folder/preferences?done');
    expect(page.html).toContain('T’has identificat com a Roseta');
    expect(await faultsOf(page.html)).toEqual([]);
    await rosa.post('/ca/folder/preferences', { called: ' ', language: '' });
    expect((await rosa.get('/ca/folder')).html).toContain('com a Rosa Soler Vidal');
  });

  test('refuse a name that is too long, and keep what was typed', async () => {
    const rosa = await identified(town, ROSA);
    const typed = { called: 'R'.repeat(121), language: 'es' };
    const answer = await rosa.post('/ca/folder/preferences', typed);
    const page = answer.status === 303 ? await rosa.get(answer.path) : answer;
    expect(page.html).toContain('R'.repeat(121));
    expect(page.html).toMatch(/value="es"[^>]*checked/);
  });
});

describe('an erased folder', () => {
  test('is gone with who the person is, and leaves the appointments', async () => {
    const manage = await book();
    const rosa = await identified(town, ROSA);
    await take(rosa, manage);
    await identifyIn(rosa, ROSA, { to: 'erasure' });
    const page = await rosa.get('/ca/folder/data/erase');
    expect(page.html).toContain(`${manage}/cancel`);
    expect(await faultsOf(page.html)).toEqual([]);
    const answer = await rosa.post('/ca/folder/data/erase');
    expect(answer.path).toBe('/ca/identify/leave?erased');
    expect((await rosa.get(answer.path)).html).toContain('Hem esborrat la carpeta');
    expect((await rosa.get('/ca/folder')).status).toBe(303);
    expect((await appointmentOf(manage)).status).toBe('booked');
    const left = await within(town.database.kysely, INSTALLATION, async (tx) => ({
      people: await tx.selectFrom('person').select('id').execute(),
      identifications: await tx.selectFrom('identification').select('id').execute(),
      links: await tx.selectFrom('person_appointment').select('appointment_id').execute(),
    }));
    expect(left).toEqual({ people: [], identifications: [], links: [] });
  });

  test('needs an identification of the last ten minutes', async () => {
    const rosa = await identified(town, ROSA);
    await identifyIn(rosa, ROSA, { to: 'erasure' });
    town.clock.advance({ minutes: 11 });
    const page = await rosa.get('/ca/folder/data/erase');
    expect(page.html).toContain('next=%2Fca%2Ffolder%2Fdata%2Ferase');
    expect(page.html).not.toContain('button grave');
    await rosa.post('/ca/folder/data/erase');
    expect((await rosa.get('/ca/folder')).status).toBe(200);
  });
});

describe('a folder that was left open', () => {
  test('is not erased by a session for which the provider was not made to ask again', async () => {
    const rosa = await identified(town, ROSA);
    const page = await rosa.get('/ca/folder/data/erase');
    expect(page.html).toContain('for=erasure');
    expect(page.html).not.toContain('button grave');
    await rosa.post('/ca/folder/data/erase');
    expect((await rosa.get('/ca/folder')).status).toBe(200);
  });
});

describe('everything', () => {
  test('can be taken away as one file, which other programs can read', async () => {
    const manage = await book();
    const { id, reference } = await appointmentOf(manage);
    const rosa = await identified(town, ROSA);
    await take(rosa, manage);
    const viewer = { kind: 'citizen', appointment: id } as const;
    const paper = {
      kind: 'inbox',
      requested: null,
      name: 'nota.pdf',
      type: 'application/pdf',
    } as const;
    await town.deps.documents.keep(viewer, oac, id, paper, Buffer.from('nota'));
    const other = { name: 'Jordi Pons', identifier: '99999999R' };
    const typed = { ...other, until: '2027-11-30', scope: 'all' };
    await rosa.post('/ca/folder/representations/give?office=oac', typed);
    await identifyIn(rosa, ROSA, { to: 'export' });
    const url = new Request('http://localhost/ca/folder/data/file', {
      method: 'POST',
      headers: { Cookie: rosa.cookie() },
    });
    const answer = await town.fetch(url);
    expect(answer.headers.get('Content-Disposition')).toContain('carpeta-2026-11-25.zip');
    const files = await filesIn(Buffer.from(await answer.arrayBuffer()));
    const file = JSON.parse(files['carpeta.json'] ?? '');
    expect(file).toMatchObject({
      form: 'finestreta-folder',
      person: { scheme: 'dni', identifier: ROSA, name: { full: 'Rosa Soler Vidal' } },
      identifications: [
        { provider: 'demo', level: 'substantial', represents: null },
        { provider: 'demo' },
      ],
      // Nothing shows that the booked name is hers: what was typed may be somebody else's.
      appointments: [
        { reference, office: { code: 'oac' }, procedures: ['volant-padro'], typed: null },
      ],
      // Without the code nobody opens a document, in the folder neither.
      documents: [{ kind: 'inbox', file: null }],
      authorisations: [
        {
          ...{
            side: 'represented',
            askedBy: 'represented',
            state: 'valid',
            procedures: [],
            opens: false,
          },
          ...{ office: { code: 'oac' }, other: { name: 'Jordi Pons', masked: '***9999**' } },
          endsAt: '2027-11-30T23:00:00Z',
        },
      ],
    });
    expect(JSON.stringify(file)).not.toContain('99999999R');
    expect(Object.keys(files)).toEqual(['carpeta.json']);
    expect(JSON.stringify(file)).not.toContain('staff:');
    const trail = await within(town.database.kysely, oac.id, (tx) =>
      tx.selectFrom('audit').select('action').where('actor', 'like', 'person:%').execute(),
    );
    expect(trail.map((each) => each.action)).toContain('folder_exported');
  });

  test('needs that the provider asked again in the last ten minutes, and says so', async () => {
    const rosa = await identified(town, ROSA);
    const refused = async () => {
      const page = await rosa.get('/ca/folder/data');
      expect(page.html).toContain('for=export');
      expect(await faultsOf(page.html)).toEqual([]);
      const answer = await rosa.post('/ca/folder/data/file');
      expect([answer.status, answer.path]).toEqual([303, '/ca/folder/data']);
    };
    await refused();
    await identifyIn(rosa, ROSA, { to: 'export' });
    expect((await rosa.get('/ca/folder/data')).html).not.toContain('for=export');
    town.clock.advance({ minutes: 11 });
    await refused();
  });
});
