import { once } from 'node:events';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Appointment } from '../../domain/appointment.ts';
import { viewerOf } from '../../features/foundation/staff/service.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { collected } from '../../lib/process/testing.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from './testing.ts';

interface Heard {
  event: string;
  id: number;
  data: { appointment?: string; kind?: string; text?: string; days?: string[] };
}

/** She works in the other office. */
const CARME = 'carme.bosch@vilaclara.example';

let world: ConsoleWorld;
const cookies = new Map<string, string>();
beforeAll(async () => {
  world = await consoleWorld();
  for (const email of [MARTA, NURIA, CARME]) cookies.set(email, await world.signIn(email));
});
afterAll(() => world.close());

const opened: { leave(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.leave();
});

const ask = (email: string, more: Record<string, string> = {}, office = 'oac', query = '') =>
  world.app.request(`/console/${office}/stream${query}`, {
    headers: { cookie: cookies.get(email) ?? '', Accept: 'text/event-stream', ...more },
  });

/** Opens a stream and waits for its hello. */
async function listen(email: string, more: Record<string, string> = {}, query = '') {
  const response = await ask(email, more, 'oac', query);
  expect(response.status).toBe(200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const heard: Heard[] = [];
  let hasEnded = false;
  const read = async () => {
    let left = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (left + part.value).split('\n\n');
      left = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\n').map((each) => each.split(/: (.*)/s)));
        if (fields.event)
          heard.push({ event: fields.event, id: +fields.id, data: JSON.parse(fields.data) });
      }
    }
    hasEnded = true;
  };
  let broken: unknown = null;
  const reading = read().catch((error) => {
    broken = error;
  });
  const listener = {
    heard,
    texts: () => heard.filter((each) => each.event === 'news').map((each) => each.data.text),
    news: (count: number) =>
      vi.waitFor(() => {
        const news = heard.filter((each) => each.event === 'news');
        expect(news.length).toBeGreaterThanOrEqual(count);
        return news;
      }, 10_000),
    hasEnded: () => hasEnded,
    leave: async () => {
      await reader.cancel().catch(() => {});
      await reading;
    },
  };
  opened.push(listener);
  await vi.waitFor(() => expect(broken ?? heard[0]?.event).toBe('hello'), 10_000);
  return listener;
}

const oac = async () => (await world.offices.find('oac'))!;
async function viewer(email: string): Promise<StaffViewer> {
  const session = await world.staff.session(new Headers({ cookie: cookies.get(email) ?? '' }));
  return viewerOf(session!, 'oac')!;
}
const cancel = async (appointment: Appointment, email?: string) => {
  const who = email
    ? await viewer(email)
    : ({ kind: 'citizen', appointment: appointment.id } as const);
  return world.appointments.cancel(who, await oac(), appointment.id, '');
};

test('a booking is sent at once, in the language of the listener', async () => {
  const said: Record<Language, string> = {
    ca: 'Nova cita: 9:10, Rosa Soler i Puig, Volant de padró',
    es: 'Nueva cita: 9:10, Rosa Soler i Puig, Volante de padrón',
    en: 'New appointment: 9:10, Rosa Soler i Puig, ',
    eu: 'Hitzordu berria: 9:10, Rosa Soler i Puig, ',
  };
  const languages = Object.keys(said) as Language[];
  const listeners = await Promise.all(
    languages.map((language) =>
      listen(MARTA, { cookie: `${cookies.get(MARTA)}; staff_language=${language}` }),
    ),
  );
  const { id } = await world.book('09:10');
  for (const [index, language] of languages.entries()) {
    const [news] = (await listeners[index]?.news(1)) ?? [];
    expect(news?.data).toMatchObject({ appointment: id, kind: 'booked', days: ['2026-11-30'] });
    expect(news?.data.text).toContain(said[language]);
    expect(news?.id).toBeGreaterThan(listeners[index]?.heard[0]?.id ?? Number.NaN);
  }
});

test('a move to another day shows in both lists, with the new day', async () => {
  const appointment = await world.book('09:30');
  const marta = await listen(MARTA);
  const start = Temporal.Instant.from('2026-12-01T10:10:00+01:00');
  const citizen = { kind: 'citizen', appointment: appointment.id } as const;
  const moved = await world.appointments.move(citizen, await oac(), appointment.id, { start });
  expect(moved).toMatchObject({ ok: true });
  const [news] = await marta.news(1);
  expect(news?.data).toMatchObject({ kind: 'moved', days: ['2026-12-01', '2026-11-30'] });
  expect(news?.data.text).toContain('Rosa Soler i Puig, Volant de padró, ara dt. 1/12 10:10');
});

test('an agent gets the events of their own desk; a coordinator all; and none of their own actions', async () => {
  const [marta, nuria] = [await listen(MARTA), await listen(NURIA)];
  const [first, second] = [await world.book('09:50'), await world.book('10:10')];
  await Promise.all([marta.news(2), nuria.news(2)]);
  const office = await oac();
  const elsewhere = office.desks.find((each) => each.id !== second.desk)!;
  await within(world.database.kysely, office.id, (tx) =>
    tx
      .updateTable('appointment')
      .set({ desk_id: elsewhere.id })
      .where('id', '=', second.id)
      .execute(),
  );
  await cancel(second);
  await nuria.news(3);
  await cancel(first, NURIA);
  await marta.news(3);
  const third = await world.book('10:30');
  await cancel(third, MARTA);
  await nuria.news(5);
  expect(marta.texts().map((each) => each?.split(':')[0])).toEqual([
    ...['Nova cita', 'Nova cita', 'Cita anul·lada', 'Nova cita'],
  ]);
  expect(nuria.texts().map((each) => each?.split(':')[0])).toEqual([
    ...['Nova cita', 'Nova cita', 'Cita anul·lada', 'Nova cita', 'Cita anul·lada'],
  ]);
});

test('an appointment that leaves an agent’s desk doesn’t show its new desk', async () => {
  const appointment = await world.book('10:50');
  const marta = await listen(MARTA);
  const { desk } = await viewer(MARTA);
  const office = await oac();
  const elsewhere = office.desks.find((each) => each.id !== desk)!;
  await within(world.database.kysely, office.id, async (tx) => {
    await tx
      .updateTable('appointment')
      .set({ desk_id: elsewhere.id })
      .where('id', '=', appointment.id)
      .execute();
    await tx
      .insertInto('event')
      .values({
        ...{
          office_id: office.id,
          appointment_id: appointment.id,
          kind: 'moved',
          actor: 'citizen',
        },
        ...{ at: world.clock.now().toString(), data: JSON.stringify({ leftDesk: desk }) },
      })
      .execute();
  });
  world.notifier.notify(office.id);
  await marta.news(1);
  expect(marta.texts()).toEqual(['Rosa Soler i Puig, Volant de padró: ja no és a la teva taula']);
});

test('a move names the previous desk', async () => {
  const appointment = await world.book('11:10');
  const start = Temporal.Instant.from('2026-12-01T11:10:00+01:00');
  const citizen = { kind: 'citizen', appointment: appointment.id } as const;
  await world.appointments.move(citizen, await oac(), appointment.id, { start });
  const [event] = await within(world.database.kysely, (await oac()).id, (tx) =>
    tx
      .selectFrom('event')
      .select('data')
      .where('appointment_id', '=', appointment.id)
      .where('kind', '=', 'moved')
      .execute(),
  );
  expect(event?.data).toMatchObject({ leftDesk: appointment.desk });
});

test('a reconnected page gets the missed events, once', async () => {
  const before = await listen(MARTA);
  const last = before.heard[0]?.id;
  await before.leave();
  await world.book('11:30');
  const again = await listen(MARTA, { 'Last-Event-ID': String(last) });
  await again.news(1);
  await world.book('11:50');
  await again.news(2);
  expect(again.texts().map((each) => each?.slice(0, 16))).toEqual([
    ...['Nova cita: 11:30', 'Nova cita: 11:50'],
  ]);
});

test('a newly opened page gets all events since its reading', async () => {
  const { id } = await world.book('12:10');
  const cookie = cookies.get(MARTA) ?? '';
  for (const path of ['', `/appointment/${id}`]) {
    const page = await world.app.request(`/console/oac${path}`, { headers: { cookie } });
    const after = /data-after="(\d+)"/.exec(await page.text())?.[1] ?? '';
    await cancel(await world.book('12:30'));
    const marta = await listen(MARTA, {}, `?after=${after}`);
    await marta.news(2);
    expect(marta.texts().map((each) => each?.split(':')[0])).toEqual([
      ...['Nova cita', 'Cita anul·lada'],
    ]);
  }
});

test('a stream needs a session and a role in the office', async () => {
  const elsewhere = await ask(CARME);
  const nowhere = await ask(CARME, {}, 'no-such-office');
  expect([elsewhere.status, nowhere.status]).toEqual([404, 404]);
  expect(await elsewhere.text()).toBe(await nowhere.text());
  const stranger = await world.app.request('/console/oac/stream');
  expect([stranger.status, stranger.headers.get('Location')]).toEqual([
    303,
    '/staff/sign-in?next=%2Fconsole%2Foac%2Fstream',
  ]);
});

test('a broken read is reported to coordinators, and nobody else makes extra queries', async () => {
  const [marta, nuria] = [await listen(MARTA), await listen(NURIA)];
  const notified = vi.fn();
  const stop = world.notifier.listen(notified);
  const told = () => nuria.heard.filter((each) => each.event === 'presence').length;
  const before = told();
  const session = await viewer(MARTA);
  await world.presence.say(session, await oac(), 'break');
  await vi.waitFor(() => expect(told()).toBeGreaterThan(before), 10_000);
  expect(notified).not.toHaveBeenCalled();
  expect(marta.heard.map((each) => each.event)).toEqual(['hello']);
  stop();
});

test('it ends with the session, and with the role', async () => {
  const marta = await listen(MARTA);
  const nuria = await listen(NURIA);
  await world.staff.retire(MARTA, world.clock.now());
  await vi.waitFor(() => expect(marta.hasEnded()).toBe(true), 10_000);
  expect(nuria.hasEnded()).toBe(false);
  const { id } = await oac();
  await within(world.database.kysely, INSTALLATION, (tx) =>
    tx.deleteFrom('staff_role').where('office_id', '=', id).execute(),
  );
  await vi.waitFor(() => expect(nuria.hasEnded()).toBe(true), 10_000);
});

test('an open stream doesn’t keep its request in memory', async () => {
  const open = async () => {
    const headers = { cookie: cookies.get(CARME) ?? '' };
    const request = new Request('http://localhost/console/hisenda/stream', { headers });
    const { body } = await world.app.fetch(request);
    return { body: body!, request: new WeakRef(request) };
  };
  const { body, request } = await open();
  const hears = async () => (await body.getReader().read()).done === false;
  expect(await hears()).toBe(true);
  await vi.waitFor(() => expect(collected(request)).toBe(true), 10_000);
});

test('a stopping server doesn’t wait for open streams', async () => {
  const server = serve({ fetch: world.app.fetch, port: 0 }) as Server;
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/console/hisenda/stream`, {
    headers: { cookie: cookies.get(CARME) ?? '' },
  });
  expect(answer.status).toBe(200);
  const text = answer.text();
  world.streams.close();
  await new Promise((resolve) => server.close(resolve));
  expect(await text).toContain('event: hello');
});
