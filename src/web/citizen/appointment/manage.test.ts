import ICAL from 'ical.js';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import {
  bookThrough,
  faultsOf,
  type Page,
  startsIn,
  type TestTown,
  testTown,
  WEDNESDAY,
} from '../testing.ts';

const say = translateTo('ca');
let town: TestTown;
let nth = 0;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  // Empties the calendar: each test has all desks for itself.
  await inAll(async (tx) => {
    await tx.updateTable('appointment').set({ status: 'cancelled', time_id: null }).execute();
    await tx.deleteFrom('desk_time').execute();
  });
});

const PHONE = '/ca/oac/volant-padro/times?channel=phone&language=ca';
const VIDEO = '/ca/oac/volant-padro/times?channel=video&language=ca';

interface Booked {
  manage: string;
  /** RFC 3339. */
  start: string;
  email: string;
  phone: string;
}

/** Books the first free time for a new person. */
async function book(
  path = PHONE,
  without: Partial<Record<'email' | 'phone', true>> = {},
): Promise<Booked> {
  nth++;
  const email = without.email ? '' : `maria-${nth}@example.cat`;
  const phone = without.phone ? '' : `612 34 ${String(1000 + nth)}`;
  const details = { name: 'Maria Puig', phone, email, whom: 'self', anything: 'no' };
  return { ...(await bookThrough(town, details, { times: path })), email, phone };
}

const inAll = <T>(work: (tx: Tx) => Promise<T>) => within(town.database.kysely, INSTALLATION, work);

/** Returns the row of an appointment, found by its link. */
async function rowOf({ start, email, phone }: Booked) {
  return inAll(async (tx) => {
    const rows = await tx.selectFrom('appointment').selectAll().execute();
    const found = rows.find(
      (each) => (email && each.email === email) || each.phone === `+34${phone.replaceAll(' ', '')}`,
    );
    if (!found) throw new Error(`No appointment at ${start}`);
    return found;
  });
}

const kindsOf = (id: string) =>
  inAll(async (tx) => {
    const rows = await tx
      .selectFrom('notice')
      .select(['kind', 'channel'])
      .where('appointment_id', '=', id)
      .orderBy('created_at')
      .execute();
    return rows.map((each) => `${each.kind} ${each.channel}`);
  });

const TABLES = sql<{ name: string }>`
  select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;

/** Returns the whole database as one text. */
const fingerprint = () =>
  inAll(async (tx) => {
    const { rows } = await TABLES.execute(tx);
    const sums = rows.map(async ({ name }) => {
      const all = sql<{ sum: string }>`
        select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${sql.table(name)} t`;
      return `${name} ${(await all.execute(tx)).rows[0]?.sum}`;
    });
    return (await Promise.all(sums)).sort().join('\n');
  });

const PAGES = [
  '',
  '/confirmed',
  '/change',
  '/change?channel=video',
  '/change?channel=video&other=1',
].concat([
  '/contact',
  '/cancel',
  '/survey',
  '/thanks',
  '/calendar.ics',
  '?done=cancelled',
  '?done=moved',
]);

test('opening pages changes nothing, whatever the page and the time', async () => {
  const booked = await book();
  const cancelled = await book();
  await town.post(`${cancelled.manage}/cancel`, {});
  const look = async () => {
    const before = await fingerprint();
    for (const { manage } of [booked, cancelled])
      for (const page of PAGES) expect((await town.get(manage + page)).status).toBeLessThan(400);
    expect(await fingerprint()).toBe(before);
  };
  await look();
  town.clock.set(booked.start);
  town.clock.advance({ minutes: 12 });
  await look();
  town.clock.advance({ hours: 3 });
  await look();
});

test('after a move the page shows the new time and says so', async () => {
  const { manage } = await book();
  const other = startsIn((await town.get(`${manage}/change`)).html).at(-1) ?? '';
  const moved = await town.submit(`${manage}/change`, { start: other });
  expect(moved.path).toBe(`${manage}?done=moved`);
  expect(moved.html).toContain(`datetime="${other}"`);
  expect(moved.html).toMatch(/role="status"[^>]*autofocus[^>]*>.*Fet\. Ara la tens/);
  expect(moved.html).toContain('Últim canvi');
  expect((await town.get(manage)).html).not.toContain('role="status"');
  expect((await town.get(`${manage}?done=cancelled`)).html).not.toContain('role="status"');
  expect((await town.get(`${manage}?done=<b>`)).html).not.toContain('role="status"');
});

test('the choice of a language keeps the place', async () => {
  const { manage } = await book();
  const page = (await town.get(`${manage}/change?channel=video`)).html;
  expect(page).toContain(`href="${manage.replace('/ca/', '/eu/')}/change?channel=video"`);
});

/** Sets the channels of all desks. */
const desksAttend = (channels: string[]) =>
  inAll(async (tx) => {
    await tx.updateTable('desk').set({ channels }).execute();
    await tx
      .updateTable('office')
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .execute();
  });

describe('another channel', () => {
  test('at the same time, where possible: one button, and everybody gets a notice', async () => {
    const booked = await book();
    const page = await town.get(`${booked.manage}/change?channel=video`);
    expect(page.html).toContain('També pot ser per videotrucada a la mateixa hora');
    expect(page.html).toContain('Dura uns 20 minuts');
    expect(page.html).not.toContain('name="email"');
    const moved = await town.submit(`${booked.manage}/change?channel=video`, {
      start: booked.start,
    });
    expect(moved.html).toContain('role="status"');
    const row = await rowOf(booked);
    expect([row.channel, row.starts.toString(), row.sequence]).toEqual(['video', booked.start, 1]);
    expect((await kindsOf(row.id)).filter((each) => /^(conf|chan)/.test(each))).toEqual([
      'confirmation email',
      'change email',
    ]);
  });

  test('to video without an e-mail, which is part of the same form', async () => {
    const booked = await book(PHONE, { email: true });
    const address = `${booked.manage}/change?channel=video`;
    expect((await town.get(booked.manage)).html).toContain('Prefereixo una videotrucada');
    expect((await town.get(address)).html).toContain('name="email"');
    const wrong = await town.post(address, { start: booked.start, email: 'maria@' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('<a href="#email">Escriu una adreça electrònica completa');
    expect(wrong.html).toContain('value="maria@"');
    expect((await town.post(address, { start: booked.start })).html).toContain(
      '<a href="#email">Escriu la teva adreça electrònica',
    );
    expect((await rowOf(booked)).channel).toBe('phone');

    const email = `nova-${nth}@example.cat`;
    await town.submit(address, { start: booked.start, email });
    expect(await rowOf({ ...booked, email })).toMatchObject({ channel: 'video', email });
  });

  test('at another time, with the e-mail in the form of the times', async () => {
    const booked = await book(PHONE, { email: true });
    const address = `${booked.manage}/change?channel=video&other=1`;
    const page = await town.get(address);
    expect(page.html.match(/<form[^>]*method="post"/g)).toHaveLength(1);
    const start = startsIn(page.html).at(-1) ?? '';
    const email = `altra-${nth}@example.cat`;
    const noTime = await town.post(address, { email });
    expect(noTime.html).toContain('<a href="#start">Tria una hora');
    expect(noTime.html).toContain(`value="${email}"`);
    const noMail = await town.post(address, { start, email: 'x' });
    expect(noMail.html).toContain('<a href="#email">');
    // The chosen time stays chosen.
    const chosen = /<input[^>]*name="start"[^>]*checked[^>]*>/.exec(noMail.html)?.[0];
    expect(chosen).toContain(`value="${start}"`);
    await town.submit(address, { start, email });
    const row = await rowOf({ ...booked, email });
    expect([row.channel, row.starts.toString()]).toEqual(['video', start]);
  });

  test('to the telephone without a number', async () => {
    const booked = await book(VIDEO, { phone: true });
    const address = `${booked.manage}/change?channel=phone`;
    const page = await town.get(address);
    expect(page.html).toContain('name="phone"');
    expect((await town.post(address, { start: booked.start, phone: '12' })).status).toBe(422);
    await town.submit(address, { start: booked.start, phone: '+33 6 12 34 56 78' });
    expect(await rowOf(booked)).toMatchObject({ channel: 'phone', phone: '+33612345678' });
  });

  test('shows its times at once when the same time is taken', async () => {
    const booked = await book();
    const row = await rowOf(booked);
    await desksAttend(['phone']);
    const page = await town.get(`${booked.manage}/change?channel=video`);
    expect(page.status).toBe(200);
    expect(page.html).toContain('Fes-la per videotrucada</h1>');
    expect(page.html).not.toContain('a la mateixa hora');
    expect(
      (await town.post(`${booked.manage}/change?channel=video`, { start: booked.start })).status,
    ).toBe(409);
    expect((await rowOf(booked)).sequence).toBe(row.sequence);
    await desksAttend(['phone', 'video', 'in_person']);
  });

  test('the present time isn’t offered, and taking it changes nothing and is told so', async () => {
    const booked = await book();
    const row = await rowOf(booked);
    const path = `${booked.manage}/change`;
    const page = await town.get(path);
    expect(startsIn(page.html)).not.toContain(booked.start);
    expect(page.html).not.toContain(' checked');
    const same = await town.post(path, { start: booked.start });
    expect(same.status).toBe(409);
    expect(same.html).toContain('Ja tens aquesta hora');
    expect((await rowOf(booked)).sequence).toBe(row.sequence);
    const [other = ''] = startsIn(page.html);
    expect((await town.submit(path, { start: other })).html).toContain('Ara la tens');
    expect((await rowOf(booked)).sequence).toBe(row.sequence + 1);
  });

  test('sign language excludes the telephone', async () => {
    const booked = await book(VIDEO);
    expect((await town.get(booked.manage)).html).toContain('Prefereixo una trucada telefònica');
    const { id } = await rowOf(booked);
    await inAll((tx) =>
      tx.updateTable('appointment').set({ language: 'csc' }).where('id', '=', id).execute(),
    );
    const page = (await town.get(booked.manage)).html;
    expect(page).toContain('Llengua de signes catalana');
    expect(page).not.toContain('Prefereixo una trucada telefònica');
    // The page doesn't promise a voice call either.
    expect(page).toContain('Farem una videotrucada amb Maria Puig.');
    expect(page).not.toContain('trucarem al');
    expect((await town.get(`${booked.manage}/contact`)).html).not.toContain('quan truquem');
  });
});

test('an earlier time on the appointment’s own day is offered when no earlier day is left', async () => {
  await book(PHONE);
  const starts = startsIn((await town.get(PHONE)).html);
  const { manage } = await book(PHONE);
  expect((await town.get(`${manage}/earlier`)).html).toContain('tampoc no hi ha cap hora abans');
  const later = starts.findLast((each) => each.slice(0, 10) === starts[0]?.slice(0, 10)) ?? '';
  await town.submit(`${manage}/change`, { start: later });
  const page = (await town.get(`${manage}/earlier`)).html;
  expect(page).toContain('el mateix dia hi ha una hora lliure abans');
});

test('contact: mistakes are shown, and later notices go to the corrected address', async () => {
  const booked = await book();
  const wrong = await town.post(`${booked.manage}/contact`, {
    name: 'Maria',
    phone: '5',
    email: 'a',
  });
  expect(wrong.status).toBe(422);
  const mended = await town.submit(`${booked.manage}/contact`, {
    name: 'Maria Puig',
    phone: '+33 6 12 34 56 78',
    email: booked.email,
  });
  expect(mended.path).toBe(`${booked.manage}?done=contact`);
  expect(mended.html).toContain('Hem desat les teves dades');
  expect(mended.html).toContain('+33\u00a06\u00a012');
  expect((await town.get(`${booked.manage}/contact`)).html).toContain('value="+33 6 12 34 56 78"');
});

describe('cancelled', () => {
  test('a reason that is too long is reported, and returned', async () => {
    const { manage } = await book();
    const reason = `${'a'.repeat(499)}bc`;
    const page = await town.post(`${manage}/cancel`, { reason });
    expect(page.status).toBe(422);
    expect(page.html).toContain('<a href="#reason">');
    expect(page.html).toContain(`${reason}</textarea>`);
    expect((await town.get(manage)).html).toContain('La teva cita');
    expect((await town.submit(`${manage}/cancel`, { reason: reason.slice(1) })).path).toBe(
      `${manage}?done=cancelled`,
    );
  });

  test('frees the time at once, and leads to the survey', async () => {
    const { manage, start } = await book();
    const count = async () =>
      startsIn((await town.get(PHONE)).html).filter((each) => each === start).length;
    const free = await count();
    const page = await town.submit(`${manage}/cancel`, { reason: '' });
    expect(page.html).toContain('La cita està anul·lada');
    expect(page.html).toContain('L’hora ja està lliure');
    expect(await count()).toBeGreaterThanOrEqual(free);
    expect(startsIn((await town.get(PHONE)).html)[0]).toBe(start);
    expect((await town.post(`${manage}/survey`, { score: '11' })).status).toBe(422);
    expect((await town.post(`${manage}/survey`, { comment: 'a'.repeat(2001) })).html).toContain(
      '2000',
    );
    const answer = { score: '9', comment: 'Bé' };
    expect((await town.submit(`${manage}/survey`, answer)).path).toBe(`${manage}/thanks`);
    expect((await town.get(`${manage}/survey`)).html).toMatch(/value="9" checked/);
  });
});

test('the calendar file is the same entry, newer each time, and is cancelled in the end', async () => {
  const { manage } = await book();
  const entry = async () => {
    const file = await town.get(`${manage}/calendar.ics`);
    expect(file.headers.get('Content-Disposition')).toMatch(/^attachment; filename="[\w-]+\.ics"$/);
    const calendar = new ICAL.Component(ICAL.parse(file.html));
    const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined);
    const method = calendar.getFirstPropertyValue('method');
    return { uid: event.uid, sequence: event.sequence, method };
  };
  const { uid, ...first } = await entry();
  expect(first).toEqual({ sequence: 0, method: 'PUBLISH' });
  const other = startsIn((await town.get(`${manage}/change`)).html).at(-1) ?? '';
  await town.post(`${manage}/change`, { start: other });
  expect(await entry()).toEqual({ uid, sequence: 1, method: 'PUBLISH' });
  const cancelled = await town.submit(`${manage}/cancel`, {});
  expect(cancelled.html).toContain('Treu-la del calendari');
  expect(await entry()).toEqual({ uid, sequence: 2, method: 'CANCEL' });
});

test('a procedure that is no longer offered has no other times, and the appointment stands', async () => {
  const { manage } = await book();
  const offer = (retired: string | null) =>
    inAll(async (tx) => {
      await tx
        .updateTable('procedure')
        .set({ retired_at: retired })
        .where('code', '=', 'volant-padro')
        .execute();
      await tx
        .updateTable('office')
        .set((eb) => ({ revision: eb('revision', '+', 1) }))
        .execute();
    });
  await offer(town.clock.now().toString());
  const page = await town.get(`${manage}/change`);
  expect(page.status).toBe(200);
  expect(page.html).toContain('Ara mateix no queda cap hora lliure');
  expect((await town.post(`${manage}/change`, { start: '2026-12-09T09:20:00Z' })).status).toBe(409);
  expect((await town.get(manage)).html).toContain('La teva cita');
  await offer(null);
});

describe('at its hour', () => {
  test('the call is near, then late by some minutes, then overdue; and nothing can be changed any more', async () => {
    const { manage, start } = await book();
    town.clock.set(start);
    const due = (await town.get(manage)).html;
    expect(due).toContain('Estem a punt de trucar-te');
    expect(due).toContain('Tingues el telèfon a mà.');
    expect(due).toContain(`${say('line.minutes', { count: 0 })} ${say('line.next')}`);
    expect((await town.get(`${manage}/confirmed`)).path).toBe(manage);

    town.clock.advance({ minutes: 12 });
    const late = (await town.get(manage)).html;
    expect(late).toContain('Anem amb retard</h1>');
    expect(late).toContain('uns 15 minuts de retard');
    expect(late).not.toContain('Estem a punt');
    expect(late).toContain(say('line.next'));
    expect(late).not.toContain(say('line.minutes', { count: 0 }));

    const refused = await town.post(`${manage}/cancel`, {});
    expect(refused.path).toBe(`${manage}?done=too_late`);
    const told = (await town.get(refused.path)).html;
    expect(told).toContain('Ja és tard per canviar-ho per internet');
    expect(told).toContain('tel:+34930100010');
    expect((await town.get(`${manage}/change?channel=video`)).path).toBe(refused.path);

    town.clock.advance({ hours: 2 });
    expect((await town.get(manage)).html).toContain('Et devem una trucada');
  });

  test('somebody who has said that they are at the site reads their turn', async () => {
    const times = '/ca/oac/cens-electoral/times?channel=in_person.centre&language=ca';
    const person = { name: 'Maria Puig', phone: '612 345 678', email: 'aqui@example.cat' };
    const { manage, start } = await bookThrough(town, { ...person, anything: 'no' }, { times });
    town.clock.set(Temporal.Instant.from(start).subtract({ minutes: 8 }).toString());
    expect((await town.get(manage)).html).not.toContain(say('line.next'));
    const { html } = await town.submit(`${manage}/check-in`, {});
    expect(await faultsOf(html)).toEqual([]);
    expect(html).toContain(`${say('line.minutes', { count: 8 })} ${say('line.next')}`);
  });

  test('the next citizen learns of a delay before their hour', async () => {
    const booked = await book();
    const { id, starts } = await rowOf(booked);
    town.clock.set(starts.subtract({ minutes: 10 }).toString());
    expect((await town.get(booked.manage)).html).not.toContain('Anem amb retard');
    // The desk has just begun an encounter of half an hour.
    await inAll((tx) =>
      sql`insert into appointment (id, office_id, reference, procedure_id, channel, language, notice_language, desk_id, starts, ends,
          status, name, needs, comment, created_at, updated_at)
        select gen_random_uuid(), office_id, 'AAA-AAA', procedure_id, channel, language, notice_language, desk_id,
          ${starts.subtract({ minutes: 30 }).toString()}, ${starts.toString()}, 'in_progress', 'Joan', '{}', '', now(), now()
        from appointment where id = ${id}`.execute(tx),
    );
    const page = (await town.get(booked.manage)).html;
    expect(page).toContain('Anem amb retard');
    expect(page).toContain('uns 25 minuts de retard');
    expect(page).toContain('Anul·la la cita');
    await town.database.asOwner("delete from appointment where reference = 'AAA-AAA'");
  });
});

test('a page without personal data says so, and an unknown link leads to the lost link', async () => {
  const booked = await book();
  const { id } = await rowOf(booked);
  town.clock.set('2027-01-20T09:00:00+01:00');
  await inAll((tx) =>
    tx
      .updateTable('appointment')
      .set({ name: '', email: null, phone: null, forgotten_at: town.clock.now().toString() })
      .where('id', '=', id)
      .execute(),
  );
  const page = await town.get(booked.manage);
  expect(page.status).toBe(200);
  expect(page.html).toContain('ja no en guardem ni el teu nom');
  expect(page.html).not.toContain('class="card');
  const unknown = await town.get('/ca/appointment/unknown');
  expect(unknown.status).toBe(404);
  expect(unknown.html).toContain('href="/ca/lost-link"');
});

describe('a lost link', () => {
  const ask = async (contact: string) => {
    const connect = vi.spyOn(town.database.pool, 'connect');
    const body = new URLSearchParams({ contact });
    const answer = await town.send('/ca/lost-link', { method: 'POST', body });
    const asked = connect.mock.calls.length;
    connect.mockRestore();
    await town.deps.linkRecovery.settled();
    return { answer, asked };
  };
  const seen = ({ status, path, html, headers }: Page) => ({
    status,
    path,
    html,
    headers: [...headers],
  });

  test('the answer is the same for known and unknown people, before any look-up', async () => {
    const booked = await book();
    const there = await ask(booked.email);
    const nobody = await ask('ningu@example.cat');
    expect(there.answer.path).toBe('/ca/lost-link?sent=1');
    expect(seen(there.answer)).toEqual(seen(nobody.answer));
    expect(there.asked).toBe(nobody.asked);
    const { id } = await rowOf(booked);
    expect(await kindsOf(id)).toContain('link email');
    const after = await town.get(there.answer.path);
    expect(after.html).toContain('Si hi ha alguna cita pendent');
    expect(after.html).toContain('tel:+34930100010');
  });

  test('by telephone it goes by SMS', async () => {
    const booked = await book();
    await ask(booked.phone);
    expect(await kindsOf((await rowOf(booked)).id)).toContain('link sms');
  });

  test.each(['', 'maria', 'maria@', '12', 'a'.repeat(999)])(
    '“%s” is refused as an address',
    async (contact) => {
      const answer = await town.get((await ask(contact)).answer.path);
      expect(answer.status).toBe(422);
      expect(answer.html).toContain('<a href="#contact">');
      const kept = contact.slice(0, 400);
      expect(answer.html).toMatch(kept ? `value="${kept}"` : /value(="")?[ />]/);
    },
  );

  test('without SMS the form asks for an e-mail only', async () => {
    const bySms = vi.spyOn(town.deps.linkRecovery, 'bySms', 'get').mockReturnValue(false);
    expect((await town.get('/ca/lost-link')).html).not.toContain('telèfon');
    expect((await town.post('/ca/lost-link', { contact: '612 345 678' })).status).toBe(422);
    bySms.mockRestore();
  });
});

describe.each(LANGUAGES)('in %s', (language) => {
  test('every state is good HTML with one title', async () => {
    const pages: Page[] = [];
    const see = async (page: Promise<Page>) => pages.push(await page);
    const in_ = (path: string) => path.replace('/ca/', `/${language}/`);
    const booked = await book(PHONE, { email: true });
    const manage = in_(booked.manage);
    await see(town.get(manage));
    await see(town.get(`${manage}?done=moved`));
    await see(town.get(`${manage}?done=contact`));
    await see(town.get(`${manage}/change?channel=video`));
    await see(town.get(`${manage}/change?channel=video&other=1`));
    await see(town.post(`${manage}/change?channel=video`, { start: booked.start, email: 'x' }));
    await see(town.post(`${manage}/cancel`, { reason: 'a'.repeat(501) }));
    await see(town.get(`/${language}/lost-link`));
    await see(town.post(`/${language}/lost-link`, { contact: 'x' }));
    await see(town.get(`/${language}/lost-link?sent=1`));
    const other = await book();
    await town.post(`${other.manage}/cancel`, {});
    await see(town.get(`${in_(other.manage)}?done=cancelled`));
    town.clock.set(booked.start);
    await see(town.get(manage));
    town.clock.advance({ minutes: 12 });
    await see(town.get(`${manage}?done=too_late`));
    for (const page of pages) {
      expect(page.html, page.path).toContain(`<html lang="${language}"`);
      expect(page.html.match(/<h1>/g), page.path).toHaveLength(1);
      expect({ path: page.path, faults: await faultsOf(page.html) }).toEqual({
        path: page.path,
        faults: [],
      });
    }
  });
});

test('whom nobody called reads that it was our fault, and chooses another hour', async () => {
  const booked = await book();
  const { id } = await rowOf(booked);
  const lost = (minutes: number) =>
    inAll((tx) =>
      tx
        .updateTable('appointment')
        .set({
          time_id: null,
          displaced_at: Temporal.Instant.from(booked.start).add({ minutes }).toString(),
        })
        .where('id', '=', id)
        .execute(),
    );
  await lost(-60);
  expect((await town.get(booked.manage)).html).toContain(say('manage.displaced.title'));
  await lost(30);
  town.clock.set(Temporal.Instant.from(booked.start).add({ minutes: 40 }).toString());
  for (const language of LANGUAGES) {
    const page = await town.get(booked.manage.replace('/ca/', `/${language}/`));
    expect(page.html).toContain(translateTo(language)('manage.uncalled.title'));
    expect(page.html).toContain(translateTo(language)('manage.displaced.choose'));
    expect(await faultsOf(page.html)).toEqual([]);
  }
});
