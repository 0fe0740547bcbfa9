import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { unitOf } from '../../../features/foundation/audit/service.ts';
import { createCompanions } from '../../../features/service/companions/service.ts';
import { createRoom } from '../../../features/service/room/service.ts';
import type { Seat } from '../../../features/service/room/types.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

const say = translateTo('ca');
let world: ConsoleWorld;
let marta: string;
let nuria: string;
let laia: string;
/** Made as the other pages do it. */
let companions: ReturnType<typeof createCompanions>;
let room: ReturnType<typeof createRoom>;
let of: Appointment;

beforeAll(async () => {
  world = await consoleWorld();
  [marta, nuria, laia] = [
    await world.signIn(MARTA),
    await world.signIn(NURIA),
    await world.signIn(LAIA),
  ];
  const { database, clock, notifier } = world;
  const deps = { db: database.kysely, clock, notifier };
  const unit = unitOf(deps);
  companions = createCompanions({ ...deps, unit, key: installationKey(Buffer.alloc(32, 7)) });
  room = createRoom({
    ...deps,
    unit,
    attendants: { ofAll: async () => new Map(), showsNames: async () => true },
  });
});
afterAll(async () => {
  room.close();
  await world.close();
});

const TIMES = ['08:30', '09:20', '10:10', '11:00', '11:50', '12:40', '13:05'];
beforeEach(async () => {
  world.clock.set('2026-11-30T07:00:00+01:00');
  of = await world.book(TIMES.shift()!, { channel: 'video' });
  world.clock.set(of.start.subtract({ minutes: 5 }).toString());
});

const at = (rest = '', { id } = of) => `/console/oac/appointment/${id}${rest}`;
/** Returns the same path in another office. */
const foreign = (path: string) => path.replace('/oac/', '/hisenda/');
const ask = (
  path: string,
  form?: Record<string, string>,
  { cookie = marta, accept = 'text/html' } = {},
) =>
  world.app.request(path, {
    headers: {
      Cookie: cookie,
      Accept: accept,
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
  });
const page = async (path = at()) => (await ask(path)).text();

const citizen = (): Viewer => ({ kind: 'citizen', appointment: of.id });
async function invited(name = 'Nur Haddad') {
  const made = await companions.invite(citizen(), of.office, of.id, { name, role: 'interpreter' });
  if (!made.ok) throw new Error(made.reason);
  const { id } = made.companion;
  return { kind: 'companion', companion: id, appointment: of.id } as const;
}
async function enter(who: Viewer): Promise<Seat> {
  const entered = await room.enter(who, of.office, of.id);
  if (!entered.ok) throw new Error(entered.reason);
  return entered.seat;
}

test('an agent invites a companion and gets the link to send', async () => {
  expect(await page()).toContain(say('companions.desk.none'));
  const wrong = await ask(at('/companion'), { name: '', role: 'relative' });
  expect(wrong.status).toBe(422);
  const html = await wrong.text();
  expect(await faultsOf(html)).toEqual([]);
  expect(html).toContain(say('companions.wrong.name.missing'));
  expect(html).toMatch(/<option value="relative" selected/);
  expect(html).toMatch(/<details class="more" id="invite" open/);

  const made = await ask(at('/companion'), { name: 'Pau <i>', role: 'sign_language' });
  expect([made.status, made.headers.get('Location')]).toEqual([303, at()]);
  const after = await page();
  expect(await faultsOf(after)).toEqual([]);
  expect(after).toContain('Pau &lt;i>');
  expect(after).toContain(say('companions.desk.away'));
  const secret = /value="http:\/\/localhost:3000\/ca\/companion\/([\w-]+)"/.exec(after)?.[1] ?? '';
  expect(await companions.bySecret(secret)).toMatchObject({ name: 'Pau <i>' });

  await invited();
  const full = await ask(at('/companion'), { name: 'Tres', role: 'other' });
  expect(full.status).toBe(422);
  expect(await full.text()).toContain(say('companions.full'));
});

test('a waiting companion is shown, and let in by the agent of the call, once it is running', async () => {
  const nur = await invited();
  const seat = await enter(nur);
  const admit = at(`/companion/${nur.companion}/admit`);
  expect(await page()).toContain(say('companions.desk.waiting'));
  expect(await page()).not.toContain(admit);
  expect((await ask(admit, {})).status).toBe(409);

  await ask(at('/start'), { anyway: '1' });
  expect(await page()).toContain(`action="${admit}"`);
  expect(await faultsOf(await page())).toEqual([]);
  const nurias = await ask(at(), undefined, { cookie: nuria });
  expect(await nurias.text()).not.toContain(admit);
  expect((await ask(admit, {}, { cookie: nuria })).status).toBe(409);
  expect((await ask(foreign(admit), {}, { cookie: laia })).status).toBe(404);

  expect((await ask(admit, {}, { accept: 'application/json' })).status).toBe(204);
  expect(await page()).toContain(say('companions.desk.in'));
  expect((await ask(admit, {})).status).toBe(303);
  await room.leave(seat);
  const left = await page();
  expect(left).toContain(say('companions.desk.left'));
  for (const kind of ['invited', 'companion_arrived', 'admitted', 'companion_left'] as const)
    expect(left).toContain(say(`staff.event.${kind}`));
  expect(left).toContain(`(${say('staff.actor.companion')})`);
});

test('an open day page gets the events of an invitation and of a waiting companion', async () => {
  const accept = 'text/event-stream';
  const stream = await ask('/console/oac/stream', undefined, { accept });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let told = '';
  const until = async (text: string) => {
    while (!told.includes(text)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`The stream ended before “${text}”: ${told}`);
      told += value;
    }
  };
  await until('event: hello');
  await enter(await invited());
  await until('Rosa Soler i Puig ha convidat algú');
  await until('Qui acompanya Rosa Soler i Puig és a la porta');
  expect(told).not.toContain('Nur');
  await reader.cancel();
});

test('a revoked link disappears from the page; revoking it twice is a conflict, not a fault', async () => {
  const nur = await invited();
  const revoke = at(`/companion/${nur.companion}/revoke`);
  expect(await page()).toContain(`action="${revoke}"`);
  expect((await ask(foreign(revoke), {}, { cookie: laia })).status).toBe(404);
  expect((await ask(revoke, {})).status).toBe(303);
  expect(await page()).not.toContain('Nur Haddad');
  expect((await ask(revoke, {})).status).toBe(409);
  const asked = await ask(revoke, {}, { accept: 'application/json' });
  expect(asked.status).toBe(404);
});

test('a reload at the door is announced once', async () => {
  const nur = await invited();
  await enter(nur);
  await enter(nur);
  const arrived = say('staff.event.companion_arrived');
  expect((await page()).split(arrived)).toHaveLength(2);
});

test('the messages of a call are shown during it and after, as text', async () => {
  const nur = await invited('Nur <b>');
  const hers = await enter(nur);
  const theirs = await enter(citizen());
  await ask(at('/start'), { anyway: '1' });
  await ask(at(`/companion/${nur.companion}/admit`), {});
  const { seat } = await (await ask(at('/room/seat'), {})).json();
  await ask(at('/room/say'), { seat, id: randomUUID(), text: 'El seu número?' });
  await room.say(citizen(), theirs, randomUUID(), '612 <script>');
  await room.say(nur, hers, randomUUID(), 'Ho tradueixo');
  const during = await page();
  expect(during).toContain(say('companions.written.title'));
  const said = [...during.matchAll(/<b>([^<]*)<\/b> <span class="said">([^<]*)<\/span>/g)];
  expect(said.map(([, name, text]) => [name, text])).toEqual([
    ['Marta Soler', 'El seu número?'],
    ['Rosa Soler i Puig', '612 &lt;script>'],
    ['Nur &lt;b>', 'Ho tradueixo'],
  ]);
  world.clock.set(of.end.add({ hours: 3 }).toString());
  const form = { version: '1', rows: '1', booked: 'volant-padro', 'item-0-what': 'p:volant-padro' };
  const end = { 'item-0-outcome': 'done', identity: 'none', wrapUp: 'solved', action: 'close' };
  await ask(at('/save'), { ...form, ...end });
  const after = await page();
  expect(after).toContain(say('staff.fulfilled.title'));
  expect(after).toContain('Ho tradueixo');
  expect(after).not.toContain('id="company"');
});

test('a telephone call has no companions', async () => {
  world.clock.set('2026-11-30T07:00:00+01:00');
  const phone = await world.book('13:30');
  expect(await page(at('', phone))).not.toContain('id="company"');
  expect((await ask(at('/companion', phone), { name: 'Nur', role: 'other' })).status).toBe(409);
});
