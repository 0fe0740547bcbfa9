import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf, MARIA, type Page, startsIn, type TestTown, testTown } from '../testing.ts';

const say = translateTo('ca');
let town: TestTown;
let manage: string;
let start: Temporal.Instant;
/** The page of Nur, an interpreter. */
let nur: string;

beforeAll(async () => {
  town = await testTown();
  const times = '/ca/oac/volant-padro/times?channel=video&language=ca';
  const first = startsIn((await town.get(times)).html)[0] ?? '';
  start = Temporal.Instant.from(first);
  const details = await town.submit(times, { start: first });
  const check = await town.submit(details.path, {
    ...MARIA,
    anything: 'yes',
    needs: 'interpreter',
  });
  manage = (await town.post(check.path, {})).path.replace(/\/confirmed$/, '');
});
afterAll(() => town.close());

const linksIn = ({ html }: Page): string[] =>
  [...html.matchAll(/type="url" value="http:\/\/localhost([^"]+)"/g)].map(([, path = '']) => path);
const invite = (form: Record<string, string>) => town.submit(`${manage}/companions`, form);
const revokesIn = ({ html }: Page): string[] =>
  [...html.matchAll(/action="([^"]+\/revoke)"/g)].map(([, path = '']) => path);

describe('the citizen', () => {
  test('gets there from the need in their booking', async () => {
    for (const path of [manage, `${manage}/confirmed`]) {
      const { html } = await town.get(path);
      expect(html).toContain(say('companions.prepare.interpreter'));
      expect(html).toContain(`href="${manage}/companions"`);
    }
  });

  test('invites a companion, and gets a link to copy and to send', async () => {
    const page = await town.get(`${manage}/companions`);
    expect(await faultsOf(page.html)).toEqual([]);
    expect(page.headers.get('X-Robots-Tag')).toBe('noindex');
    const invited = await invite({ name: 'Nur <b>Haddad', role: 'interpreter' });
    expect(await faultsOf(invited.html)).toEqual([]);
    expect(invited.html).toContain(say('companions.done.invited'));
    expect(invited.html).toContain('Nur &lt;b>Haddad');
    [nur = ''] = linksIn(invited);
    expect(nur).toMatch(/^\/ca\/companion\/[\w-]{22,}$/);
    const mail = /href="(mailto:[^"]+)"/.exec(invited.html)?.[1] ?? '';
    const draft = new URL(mail.replaceAll('&amp;', '&')).searchParams;
    expect([...draft.keys()]).toEqual(['subject', 'body']);
    expect(draft.get('body')).toContain(`http://localhost${nur}\r\n`);
    expect((await town.get(manage)).html).toContain('Vindrà amb tu: Nur');
    expect((await town.get(manage)).html).not.toContain(say('companions.prepare.interpreter'));
  });

  test('loses nothing after a typo', async () => {
    const wrong = await invite({ name: 'x'.repeat(101), role: 'king' });
    expect(wrong.status).toBe(422);
    expect(await faultsOf(wrong.html)).toEqual([]);
    expect(wrong.html).toContain(`value="${'x'.repeat(101)}"`);
    expect(wrong.html).toContain('href="#name"');
    expect(wrong.html).toContain('href="#role"');
    const half = await invite({ name: '', role: 'relative' });
    expect(half.html).toMatch(/value="relative" checked/);
    expect(half.html).toContain(say('companions.wrong.name.missing'));
  });

  test('has at most two companions, and revokes a link to invite another', async () => {
    town.clock.set(town.deps.clock.now().add({ minutes: 1 }).toString());
    const full = await invite({ name: 'Tia Remei', role: 'relative' });
    expect(full.html).toContain(say('companions.full'));
    expect(full.html).not.toContain('name="role"');
    expect(await faultsOf(full.html)).toEqual([]);
    const third = await invite({ name: 'Pau', role: 'other' });
    expect(third.status).toBe(422);
    expect(linksIn(third)).toHaveLength(2);
    const [, aunt = ''] = linksIn(full);
    const [, theirs = ''] = revokesIn(full);
    const done = await town.submit(theirs, {});
    expect(done.html).toContain(say('companions.done.revoked'));
    expect(linksIn(done)).toEqual([nur]);
    const never = await town.get('/ca/companion/never-was');
    const gone = await town.get(aunt);
    expect([gone.status, gone.html]).toEqual([404, shape(never.html, aunt)]);
    expect((await town.submit(theirs, {})).status).toBe(200);
    expect((await town.get(manage)).html).toContain('Últim enllaç retirat');
  });

  test('can’t invite anybody to a telephone call', async () => {
    const times = '/ca/oac/volant-padro/times?channel=phone&language=ca';
    const details = await town.submit(times, { start: startsIn((await town.get(times)).html)[0]! });
    const other = { ...MARIA, email: 'joana@example.cat', phone: '612 345 679' };
    const check = await town.submit(details.path, other);
    const phone = (await town.post(check.path, {})).path.replace(/\/confirmed$/, '');
    expect((await town.get(phone)).html).not.toContain(`${phone}/companions`);
    expect((await town.get(`${phone}/companions`)).path).toBe(phone);
    await town.submit(`${phone}/companions`, { name: 'Nur', role: 'other' });
    expect((await town.get(manage)).html).toContain('Nur');
  });
});

/** Returns the page with the address replaced, to compare two pages. */
const shape = (html: string, path: string) =>
  html.replaceAll('/companion/never-was', path.slice(3));

describe('a companion', () => {
  test('reads the name, the time, their role and the opening of the room; no subject, no number', async () => {
    const page = await town.get(nur);
    expect(await faultsOf(page.html)).toEqual([]);
    expect(page.headers.get('X-Robots-Tag')).toBe('noindex');
    for (const each of ['Maria Puig', say('companions.role.interpreter'), 'La sala s’obre'])
      expect(page.html).toContain(each);
    expect(page.html).toContain(`<noscript><p>${say('companions.guest.plain')}`);
    const known = await town.deps.appointments.bySecret(manage.split('/').at(-1)!);
    for (const each of ['padró', 'maria@', known!.reference, known!.id, manage])
      expect(page.html.toLowerCase()).not.toContain(each.toLowerCase());
    expect(page.html).not.toMatch(/612[\s\u00a0]?34/);
    expect((await town.post(`${nur}/room/seat`, {})).status).toBe(409);
  });

  test('sees the room once it is open, and waits at its door', async () => {
    town.clock.set(start.subtract({ minutes: 10 }).toString());
    const page = await town.get(nur);
    expect(await faultsOf(page.html)).toEqual([]);
    expect(page.html).toContain('data-side="companion"');
    expect(page.html).toContain(`data-base="${nur}/room"`);
    expect(page.headers.get('Permissions-Policy')).toContain('camera=(self), microphone=(self)');
    const entered = await town.post(`${nur}/room/seat`, {});
    expect(entered.status).toBe(200);
    const { seat } = JSON.parse(entered.html);
    const written = { seat, id: crypto.randomUUID(), text: 'Hola' };
    expect((await town.post(`${nur}/room/say`, written)).status).toBe(409);
    expect((await town.post(`${manage}/room/leave`, { seat })).status).toBe(204);
    expect((await town.post(`${nur}/room/say`, written)).status).toBe(409); // still theirs
    expect((await town.post(`${nur}/room/phone`, {})).status).toBe(404);
  });

  test('learns that it is by phone, over or cancelled; then the page names nobody', async () => {
    const set = (to: Record<string, unknown>) =>
      within(town.database.kysely, INSTALLATION, (tx) =>
        tx.updateTable('appointment').set(to).where('name', '=', MARIA.name).execute(),
      );
    for (const [to, title] of [
      [{ channel: 'phone' }, 'companions.guest.by_phone.title'],
      [{ channel: 'video', status: 'fulfilled' }, 'companions.guest.over.title'],
      [{ status: 'cancelled', time_id: null }, 'companions.guest.cancelled.title'],
    ] as const) {
      await set(to);
      const page = await town.get(nur);
      expect(page.html).toContain(say(title));
      expect(page.html).not.toContain('Maria');
      expect(await faultsOf(page.html)).toEqual([]);
      expect((await town.get(`${manage}/companions`)).path).toBe(manage);
    }
  });

  test('finds as much of a forgotten appointment as of a missing one', async () => {
    await within(town.database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('appointment').set({ name: '' }).where('name', '=', MARIA.name).execute(),
    );
    const never = await town.get('/ca/companion/never-was');
    expect((await town.get(nur)).html).toBe(shape(never.html, nur));
    expect((await town.post(`${nur}/room/seat`, {})).status).toBe(404);
  });
});
