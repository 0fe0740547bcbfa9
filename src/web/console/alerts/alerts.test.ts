import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeskAlerts } from '../../../features/service/alerts/types.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

const t = translateTo('ca');

describe('alerts for whoever works in another window', () => {
  let world: ConsoleWorld;
  let marta = '';

  beforeAll(async () => {
    world = await consoleWorld();
    marta = await world.signIn(MARTA);
  });
  afterAll(() => world?.close());

  const request = (cookie: string, path: string, form?: Record<string, string>, language = 'ca') =>
    world.app.request(path, {
      headers: {
        Cookie: `${cookie}; staff_language=${language}`,
        ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
    });
  const see = async (cookie: string, path: string, language = 'ca') =>
    (await request(cookie, path, undefined, language)).text();
  const choose = (cookie: string, ...chosen: string[]) =>
    request(cookie, '/staff/alerts', Object.fromEntries(chosen.map((each) => [each, '1'])));
  const feed = async (cookie: string): Promise<DeskAlerts> =>
    (await request(cookie, '/console/oac/alerts')).json();

  test.each(LANGUAGES)('the page of the choices is sound HTML, in %s', async (language) => {
    const page = await see(marta, '/staff/alerts', language);
    expect(await faultsOf(page)).toEqual([]);
    expect(page).not.toMatch(/undefined|alerts\.\w+\./);
  });

  test('only the title is chosen at first; a choice is that person’s alone, at any desk', async () => {
    const chosenOf = async (cookie: string) =>
      /id="alerts"[^>]* data-chosen="([^"]*)"/.exec(await see(cookie, '/console/oac'))?.[1];
    expect(await chosenOf(marta)).toBe('title');
    expect((await choose(marta, 'notification', 'sound', 'other')).status).toBe(303);
    expect(await chosenOf(await world.signIn(MARTA))).toBe('notification sound');
    expect(await chosenOf(await world.signIn(LAIA))).toBe('title');
    // Keys and view stay as they are, and so do the alerts when those change.
    await request(marta, '/staff/keys', { do: 'off' });
    expect(await chosenOf(marta)).toBe('notification sound');
    await choose(marta);
    expect(await chosenOf(marta)).toBeUndefined();
    await choose(marta, 'title');
  });

  test('the feed has the own desk’s day, with names only where they are chosen', async () => {
    const booked = await world.book('09:50', {
      citizen: { name: 'Lluís Puig Serra', email: null, phone: '+34612345678' },
    });
    const { entries, now, isServing } = await feed(marta);
    expect({ now, isServing }).toEqual({
      now: world.clock.now().epochMilliseconds,
      isServing: false,
    });
    expect(entries).toEqual([
      {
        id: booked.id,
        href: `/console/oac/appointment/${booked.id}`,
        dueAt: Date.parse('2026-11-30T09:50:00+01:00'),
        arrivedAt: null,
        comes: false,
        tab: { waiting: 'Lluís espera', due: 'Lluís: és l’hora' },
        words: {
          arrived: t('alerts.said.arrived'),
          soon: t('alerts.said.soon', { time: '9:50' }),
          due: t('alerts.said.due', { time: '9:50' }),
        },
        detail: `9:50 · ${t('common.channel.phone')}`,
      },
    ]);
    await choose(marta, 'notification');
    expect(JSON.stringify(await feed(marta))).not.toContain('Lluís');
    await choose(marta, 'notification', 'names');
    expect((await feed(marta)).entries[0]?.words.arrived).toBe('Lluís Puig Serra espera');
  });

  test('no other desk hears of it, and nobody without a session or a desk', async () => {
    expect((await feed(await world.signIn(LAIA))).entries).toEqual([]);
    expect((await feed(await world.signIn(NURIA))).entries).toEqual([]);
    expect((await request('', '/console/oac/alerts')).status).toBe(303);
    expect((await request(marta, '/console/hisenda/alerts')).status).toBe(404);
  });

  test('who is being served is no news, and nothing is to be heard meanwhile', async () => {
    const [first] = (await feed(marta)).entries;
    const answer = await request(marta, `/console/oac/appointment/${first?.id}/start`, {});
    expect(answer.status).toBe(303);
    const { entries, isServing } = await feed(marta);
    expect({ entries, isServing }).toEqual({ entries: [], isServing: true });
  });
});
