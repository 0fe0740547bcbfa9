import { Hono } from 'hono';
import ICAL from 'ical.js';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { noSecurityLog } from '../../../lib/security-events.ts';
import { calendarFeeds } from '../../calendars/feed.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, JORDI, LAIA, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let feeds: Hono;
let marta: string;
let albert: string;
const PAGE = '/console/oac/calendars';

const get = (path: string, cookie: string) => world.app.request(path, { headers: { cookie } });
const html = async (path: string, cookie: string, language = 'en') =>
  (await get(path, `${cookie}; staff_language=${language}`)).text();
const send = (fields: Record<string, string>, cookie = marta) =>
  world.app.request(PAGE, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
/** Makes a feed; returns its path. */
async function make(fields: Record<string, string> = {}, cookie = marta): Promise<string> {
  const answer = await send({ act: 'make', desk: 'taula-1', ...fields }, cookie);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  const [, path = ''] =
    /http:\/\/localhost:3000(\/calendar\/[\w-]{32}\.ics)/.exec(await answer.text()) ?? [];
  return path;
}
const read = (path: string) => feeds.request(path);
/** Reads a feed with a library of others. */
async function eventsOf(path: string): Promise<ICAL.Component[]> {
  const calendar = new ICAL.Component(ICAL.parse(await (await read(path)).text()));
  return calendar.getAllSubcomponents('vevent');
}
const sql_ = (statement: ReturnType<typeof sql>) =>
  within(world.database.kysely, INSTALLATION, (tx) => statement.execute(tx));
const allowNames = (citizens: string) =>
  sql_(
    sql`update office set settings = jsonb_set(settings, '{calendars}', ${JSON.stringify({ citizens })}::jsonb), revision = revision + 1`,
  );
const idOf = (page: string) => /name="feed" value="([^"]+)"/.exec(page)?.[1] ?? '';

beforeAll(async () => {
  world = await consoleWorld();
  feeds = new Hono().route(
    '/',
    calendarFeeds({
      calendarFeeds: world.calendarFeeds,
      clock: world.clock,
      security: noSecurityLog,
      addressOf: () => '192.0.2.1',
    }),
  );
  marta = await world.signIn(MARTA);
  albert = await world.signIn(ALBERT);
});
afterAll(() => world.close());

describe('the calendar feed of a desk', () => {
  test('has its appointments, as they are now, and nothing of who the citizens are', async () => {
    const path = await make();
    const appointment = await world.book('10:30');
    const answer = await read(path);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    });
    const text = await answer.text();
    for (const each of ['Rosa', 'Soler', 'rosa@', '600123456']) expect(text).not.toContain(each);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(text).toMatch(
      /^BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:[^\r]+\r\nUID:[\da-f-]{36}@localhost\r\nLAST-MODIFIED:20261130T060000Z\r\n/,
    );
    expect(text).toContain('\r\nREFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n');
    expect(text).toContain('\r\nNAME:Taula 1\r\n');
    const [event] = await eventsOf(path);
    expect(event?.getFirstPropertyValue('uid')).toBe(`desk.${appointment.id}@localhost`);
    expect(String(event?.getFirstPropertyValue('dtstart'))).toBe('2026-11-30T09:30:00Z');
    expect(event?.getFirstPropertyValue('summary')).toBe('Volant de padró, per telèfon');
    expect(event?.getFirstPropertyValue('description')).toContain(
      `http://localhost:3000/console/oac/appointment/${appointment.id}`,
    );
    await sql_(sql`update appointment set displaced_at = now() where id = ${appointment.id}`);
    expect(await eventsOf(path)).toHaveLength(0);
    await sql_(
      sql`update appointment set displaced_at = null, status = 'cancelled', time_id = null where id = ${appointment.id}`,
    );
    expect(await eventsOf(path)).toHaveLength(0);
  });

  test('is shown once, made again, and ended; the earlier address opens nothing', async () => {
    const first = await make();
    expect(await html(PAGE, marta)).not.toContain(first);
    const second = await make();
    expect((await read(first)).status).toBe(404);
    expect((await read(second)).status).toBe(200);
    const page = await html(PAGE, marta);
    expect(page).toContain('Mon 30 Nov');
    expect(page.match(/name="feed"/g)).toHaveLength(1);
    const ended = await send({ act: 'end', feed: idOf(page) });
    expect(ended.headers.get('Location')).toBe(`${PAGE}?done=ended`);
    expect((await read(second)).status).toBe(404);
    expect((await send({ act: 'end', feed: idOf(page) })).status).toBe(404);
    expect((await read(`/calendar/${'x'.repeat(32)}.ics`)).status).toBe(404);
  });

  test('has names only where the office allows them, the person asks, and as long as it does', async () => {
    await world.book('09:10');
    const without = await make({ names: 'yes' });
    expect(await (await read(without)).text()).not.toContain('Rosa');
    await allowNames('chosen');
    expect(await (await read(without)).text()).not.toContain('Rosa');
    const named = await make({ names: 'yes' });
    expect(await (await read(named)).text()).toContain('SUMMARY:Rosa Soler i Puig');
    expect(await (await read(await make())).text()).not.toContain('Rosa');
    const again = await make({ names: 'yes' });
    await allowNames('never');
    expect(await (await read(again)).text()).not.toContain('Rosa');
  });

  test('an agent has their own desk’s only; whoever coordinates, any; other offices, none', async () => {
    expect((await send({ act: 'make', desk: 'taula-2' })).status).toBe(404);
    expect((await send({ act: 'make', desk: 'nowhere' })).status).toBe(404);
    const nuria = await world.signIn(NURIA);
    expect(await make({ desk: 'taula-2' }, nuria)).not.toBe('');
    const own = await make();
    expect(await html(PAGE, marta)).not.toContain('Núria');
    const everybody = await html(PAGE, nuria);
    expect(everybody).toContain('Marta Soler');
    // A coordinator sees a colleague's feed, and can't end it; an administrator can.
    const ids = [...everybody.matchAll(/name="feed" value="([^"]+)"/g)].map((each) => each[1]);
    expect(new Set(ids).size).toBe(1);
    expect((await read(own)).status).toBe(200);
    const martas = idOf(await html(PAGE, marta));
    expect((await send({ act: 'end', feed: martas }, nuria)).status).toBe(404);
    expect((await send({ act: 'end', feed: martas }, await world.signIn(JORDI))).status).toBe(404);
    expect((await send({ act: 'end', feed: martas }, albert)).status).toBe(303);
    expect((await get(PAGE, await world.signIn(LAIA))).status).not.toBe(500);
  });

  test('of somebody who left the desk, or the office, opens nothing, also when they come back', async () => {
    const path = await make();
    const { rows } = (await sql_(
      sql`update staff_role set desk_id = (select id from desk where code = 'taula-2' and office_id = staff_role.office_id)
        where staff_id = (select id from staff where email = ${MARTA}) returning id`,
    )) as { rows: unknown[] };
    expect(rows).toHaveLength(1);
    expect((await read(path)).status).toBe(404);
    const back = sql`update staff_role set desk_id = (select id from desk where code = 'taula-1' and office_id = staff_role.office_id)
        where staff_id = (select id from staff where email = ${MARTA})`;
    await sql_(back);
    expect((await read(path)).status).toBe(200);
    await sql_(sql`update staff set retired_at = now() where email = ${MARTA}`);
    expect((await read(path)).status).toBe(404);
    expect(await world.calendarFeeds.sweep()).toBe(1);
    await sql_(sql`update staff set retired_at = null where email = ${MARTA}`);
    expect((await read(path)).status).toBe(404);
    const { rows: left } = (await sql_(
      sql`select from opening where opens = 'calendar_feed' and subject not in (select id from calendar_feed)`,
    )) as { rows: unknown[] };
    expect(left).toEqual([]);
  });

  test('is not given more often than programs need it', async () => {
    const path = await make();
    const answers = await Promise.all(Array.from({ length: 12 }, () => read(path)));
    const refused = answers.filter((each) => each.status === 429);
    expect(refused).toHaveLength(2);
    expect(Number(refused[0]?.headers.get('Retry-After'))).toBeGreaterThan(0);
  });

  test.each(LANGUAGES)('has a page without faults in %s', async (language) => {
    await allowNames('chosen');
    expect(await faultsOf(await html(PAGE, marta, language))).toEqual([]);
    expect(await faultsOf(await html(PAGE, albert, language))).toEqual([]);
  });
});
