import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Kept, Pickings } from '../../../features/service/encounter/types.ts';
import { within } from '../../../lib/db/database.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

const say = translateTo('ca');
let world: ConsoleWorld;
let marta: string;
let nuria: string;
let laia: string;

beforeAll(async () => {
  world = await consoleWorld();
  marta = await world.signIn(MARTA);
  nuria = await world.signIn(NURIA);
  laia = await world.signIn(LAIA);
});
afterAll(() => world.close());

const at = ({ id }: Appointment, rest = '') => `/console/oac/appointment/${id}${rest}`;

const ask = (path: string, cookie: string, form?: Record<string, string>, isIsland = false) =>
  world.app.request(path, {
    headers: {
      Cookie: cookie,
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ...(isIsland && { Accept: 'application/json' }),
    },
    ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
  });
const page = async (path: string, cookie = marta) =>
  (await ask(path, cookie)).text().then((html) => html.replaceAll('\u00a0', ' '));

/** Returns the answer to the island. */
async function autosave(of: Appointment, cookie: string, form: Record<string, string>) {
  const answer = await ask(at(of, '/save'), cookie, { action: 'auto', ...form }, true);
  return { status: answer.status, kept: (await answer.json()) as Kept };
}

async function begun(time: string): Promise<{ of: Appointment; first: Record<string, string> }> {
  const of = await world.book(time);
  await ask(at(of, '/start'), marta, { anyway: '1' });
  const html = await page(at(of));
  const base = /name="base" value="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '';
  return { of, first: { version: '1', rows: '0', booked: 'volant-padro', base } };
}

test('the island gets the present state; a viewer without permission, or a closed encounter, gets a page’s answer', async () => {
  const { of, first } = await begun('08:30');
  const saved = await autosave(of, marta, { ...first, notes: 'Una nota' });
  expect(saved).toMatchObject({
    status: 200,
    kept: { state: 'saved', version: 2, at: '7:00', shown: null, said: '' },
  });
  const picked = await autosave(of, marta, {
    ...first,
    version: '2',
    notes: 'Una nota',
    action: 'pick-p:cens-electoral',
  });
  expect(picked.kept).toMatchObject({ state: 'saved', said: 'Afegit: Cens electoral.' });
  const { shown } = picked.kept as Extract<Kept, { state: 'saved' }>;
  expect(shown?.items).toMatch(/value="p:cens-electoral"[\s\S]*<option value="done" selected/);
  expect(shown?.checks).toContain('Per comprovar: Cens electoral');

  const hers = await autosave(of, nuria, { ...first, notes: 'De la Núria' });
  expect(hers).toMatchObject({ status: 409, kept: { state: 'conflict', version: 3 } });
  const { panel } = hers.kept as Extract<Kept, { state: 'conflict' }>;
  expect(panel).toContain('Marta Soler');
  expect(panel).toContain('Una nota');

  expect((await ask(at(of, '/save'), '', first, true)).status).toBe(401);
  const elsewhere = at(of, '/save').replace('oac', 'hisenda');
  expect((await ask(elsewhere, laia, first, true)).status).toBe(404);
  const long = await autosave(of, marta, { ...first, version: '3', notes: 'x'.repeat(4001) });
  expect(long).toMatchObject({ status: 422, kept: { state: 'invalid' } });
  const done = { version: '3', rows: '1', 'item-0-what': 'p:cens-electoral' };
  const ended = { 'item-0-outcome': 'done', identity: 'none', wrapUp: 'solved', action: 'close' };
  await ask(at(of, '/save'), marta, { ...done, ...ended });
  expect(await autosave(of, marta, { ...first, version: '4' })).toEqual({
    status: 409,
    kept: { state: 'over' },
  });
});

test('a few letters find everything in any language; the reader’s language comes first where words are missing', async () => {
  const find = async (sought: string) =>
    (await (await ask(`/console/oac/what?q=${sought}`, marta)).json()) as Pickings;
  for (const sought of ['electoral', 'polling', 'elecciones', 'hauteskun'])
    expect((await find(sought)).picks[0]).toMatchObject({ value: 'p:cens-electoral' });
  expect((await find('horarios')).picks[0]).toMatchObject({ value: 'q:horaris', kind: 'Consulta' });
  expect((await find('informacio')).picks[0]?.value).toBe('ap:informacio-tramits');
  expect(await find('electoral zzz')).toMatchObject({ isPartial: true });
});

test('shows the duration, the planned end, and the next citizen', async () => {
  const { of } = await begun('09:10');
  await world.book('09:30');
  world.clock.set('2026-11-30T09:24:00+01:00');
  // The encounter began when the clock stood at seven.
  expect(await page(at(of))).toContain('Fa 2 h 24 min. Fins a les 9:25.');
  expect(await page(at(of))).toContain('Després: Rosa Soler i Puig, a les 9:30.');
  world.clock.set('2026-11-30T09:31:00+01:00');
  const late = await page(at(of));
  expect(late).toContain('Havia d’acabar a les 9:25.');
  expect(late).toContain('Ja passen de les 9:30: Rosa Soler i Puig s’espera.');
  world.clock.set('2026-11-30T07:00:00+01:00');
});

test('a wrong number leads to the citizen’s address, not to another call, and can be given up', async () => {
  const of = await world.book('10:10');
  await ask(at(of, '/attempt'), marta, { number: '1', outcome: 'wrong_number', anyway: '1' });
  const html = await page(at(of));
  expect(html).toContain(say('attending.number.title'));
  expect(html).toContain('rosa@example.cat');
  expect(html).not.toContain('href="tel:');
  expect(html).toContain(`href="${at(of, '/contact')}"`);
  expect(await page('/console/oac')).toContain(say('staff.situation.number'));
  expect((await ask(at(of, '/give-up'), marta, {})).status).toBe(303);
  expect(await page(at(of))).toContain(say('staff.noshow.title'));
  expect((await ask(at(of, '/give-up'), marta, {})).status).toBe(409);
});

test('whoever cannot telephone is not rung by the largest button of the page', async () => {
  const html = await page(
    at(await world.book('11:50', { channel: 'video', needs: ['real_time_text'] })),
  );
  expect(html).toContain('href="tel:');
  expect(html).not.toContain('class="button call"');
  expect(html).toContain(say('staff.call.unmet'));
});

test('the same person’s earlier appointments are shown, and the viewer is recorded', async () => {
  const of = await world.book('10:30');
  const html = await page(at(of));
  expect(html).toContain(say('attending.earlier.how'));
  expect(html).toContain('mateix correu');
  expect(html).not.toContain('Una nota');
  expect(await page('/console/oac/audit', nuria)).toContain(say('audit.action.history'));
});

test('the time line has the documents of earlier appointments for whoever may see them, without their names', async () => {
  const before = await world.book('11:30');
  await within(world.database.kysely, before.office, (tx) =>
    tx
      .insertInto('document')
      .values({
        ...{ id: randomUUID(), office_id: before.office, appointment_id: before.id },
        ...{ kind: 'inbox', shelf: 'working', state: 'clean', declared: 'application/pdf' },
        ...{ size: 1, received: 1, name: Buffer.from('sealed'), made_by: 'citizen' },
        state_at: '2026-11-30T06:30:00Z',
        made_at: '2026-11-30T06:30:00Z',
      })
      .execute(),
  );
  const of = await world.book('12:30');
  expect(await page(at(of))).toMatch(/Ens va enviar un document/);
  expect(await page(at(of), nuria)).toMatch(/Ens va enviar un document/);
  expect(await page(at(of), laia)).not.toMatch(/Ens va enviar un document/);
});
