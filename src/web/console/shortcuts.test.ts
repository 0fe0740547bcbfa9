import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA } from './testing.ts';

const t = translateTo('ca');

describe('each person’s own console', () => {
  let world: ConsoleWorld;
  let marta = '';
  let laia = '';

  beforeAll(async () => {
    world = await consoleWorld();
    marta = await world.signIn(MARTA);
    laia = await world.signIn(LAIA);
  });
  afterAll(() => world?.close());

  const request = (cookie: string, path: string, form?: Record<string, string>) =>
    world.app.request(path, {
      headers: {
        Cookie: `${cookie}; staff_language=ca`,
        ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
    });
  const see = async (cookie: string, path = '/console/oac') => (await request(cookie, path)).text();
  const pressOf = (html: string, action: string) =>
    new RegExp(`data-for="${action}" data-press(?:="([^"]*)")?>`).exec(html)?.[1] ?? '';
  /** Returns the page's fields as a browser would send them. */
  const typedIn = async (cookie: string) =>
    Object.fromEntries(
      [...(await see(cookie, '/staff/keys')).matchAll(/name="(key-\w+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value],
      ),
    );
  const choose = async (cookie: string, more: Record<string, string>) =>
    request(cookie, '/staff/keys', { ...(await typedIn(cookie)), do: 'save', ...more });

  test('a chosen key is on every page of that person, and on no other person’s', async () => {
    expect(pressOf(await see(marta), 'next')).toBe('n');
    const answer = await choose(marta, { 'key-next': 'Alt+Maj+J', 'key-book': '' });
    expect(answer.status).toBe(303);
    const page = await see(marta);
    expect(pressOf(page, 'next')).toBe('alt+shift+j');
    expect(pressOf(page, 'book')).toBe('');
    expect(page).toContain('<kbd class="key">Alt+Shift+J</kbd>');
    expect(pressOf(await see(laia), 'next')).toBe('n');
    // At another desk: another session of the same person.
    expect(pressOf(await see(await world.signIn(MARTA)), 'next')).toBe('alt+shift+j');
  });

  test('a key for two actions is refused in words, and the typed values stay', async () => {
    const before = pressOf(await see(marta), 'day');
    const answer = await choose(marta, { 'key-day': 's', 'key-search': 'Ctrl+W' });
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toContain(t('shortcuts.wrong.taken', { key: 'S', action: t('staff.place.day') }));
    expect(page).toContain(t('shortcuts.wrong.browser', { key: 'Ctrl+W' }));
    expect(page).toContain('value="Ctrl+W"');
    expect(page).toContain('href="#key-search"');
    expect(pressOf(await see(marta), 'day')).toBe(before);
  });

  test('all off, on again with the earlier choice, and the defaults', async () => {
    await request(marta, '/staff/keys', { do: 'off' });
    const off = await see(marta);
    expect(pressOf(off, 'next')).toBe('');
    expect(off).not.toMatch(/data-press="[^"]/);
    expect(off).toContain(t('shortcuts.off.text'));
    await request(marta, '/staff/keys', { do: 'on' });
    expect(pressOf(await see(marta), 'next')).toBe('alt+shift+j');
    await request(marta, '/staff/keys', { do: 'alt' });
    expect(await see(marta)).not.toMatch(/data-press="."/);
    await request(marta, '/staff/keys', { do: 'delivered' });
    expect(pressOf(await see(marta), 'next')).toBe('n');
  });

  test('the time line is a lasting choice, and has the same entries as the list', async () => {
    const booked = await world.book('09:50');
    expect(await see(laia)).not.toContain('class="line"');
    const to = await request(marta, '/console/oac/view', {
      view: 'line',
      back: '/console/oac?day=2026-11-30',
    });
    expect(to.headers.get('Location')).toBe('/console/oac?day=2026-11-30');
    const page = await see(marta, '/console/oac?day=2026-11-30');
    expect(page).toContain('class="line"');
    expect(page).toContain(`href="/console/oac/appointment/${booked.id}"`);
    expect(page).toContain(t('shortcuts.line.end'));
    expect(page).toMatch(/Lliure, /);
    expect(await see(laia)).not.toContain('class="line"');
    // Other values are refused, and lead nowhere else.
    const odd = await request(marta, '/console/oac/view', {
      view: 'x',
      back: 'https://example.com/',
    });
    expect(odd.headers.get('Location')).toBe('/console');
    expect(await see(marta)).toContain('class="line"');
    await request(marta, '/console/oac/view', { view: 'list', back: '/console/oac' });
    expect(await see(marta)).not.toContain('class="line"');
  });

  test('a day that a page reloads is recorded once a quarter of an hour', async () => {
    const rows = () =>
      within(world.database.kysely, INSTALLATION, (tx) =>
        tx
          .selectFrom('audit')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('action', '=', 'day')
          .executeTakeFirstOrThrow(),
      );
    world.clock.advance({ minutes: 15 });
    const before = Number((await rows()).count);
    for (let nth = 0; nth < 5; nth++) await see(marta);
    expect(Number((await rows()).count)).toBe(before + 1);
    world.clock.advance({ minutes: 15 });
    await see(marta);
    expect(Number((await rows()).count)).toBe(before + 2);
  });

  test('a person with two offices sees the present one and the role, and a change of it', async () => {
    const oac = await see(laia);
    expect(oac).toMatch(/<title>[^<]* – Oficina d’Atenció Ciutadana – /);
    expect(oac).toContain('href="/console/hisenda?entered=1"');
    expect(oac).not.toContain(t('shortcuts.role.administrator'));
    const there = await see(laia, '/console/hisenda?entered=1');
    const words = { office: 'Institut d’Hisenda', role: t('shortcuts.role.coordinator') };
    expect(there).toContain(t('shortcuts.entered', words));
    expect(there).toMatch(/<title>[^<]* – Institut d’Hisenda – /);
    expect(await see(laia, '/console/hisenda')).not.toContain(t('shortcuts.entered', words));
    const choice = await see(laia, '/console');
    expect(choice).toContain(t('shortcuts.role.agent'));
    expect(choice).toContain(t('shortcuts.role.coordinator'));
    // A person with one office has no switch.
    const only = await see(marta, '/console/oac?entered=1');
    expect(only).not.toContain('class="menu posts"');
    expect(only).not.toContain('role="status" id="done"');
    expect(only).toMatch(/<title>La meva jornada – Finestreta/);
  });

  test('a person’s choices are deleted when they retire', async () => {
    const rows = () =>
      within(world.database.kysely, INSTALLATION, (tx) =>
        tx.selectFrom('staff_preference').selectAll().execute(),
      );
    await request(laia, '/staff/keys', { do: 'off' });
    const before = (await rows()).length;
    expect(await world.staff.retire(LAIA, world.clock.now())).toBe(true);
    expect((await rows()).length).toBe(before - 1);
  });
});
