import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import {
  faultsOf,
  type Page,
  startsIn,
  type TestTown,
  TIMES,
  testTown,
  WEDNESDAY,
} from '../testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

const MARIA = {
  name: 'Maria Puig',
  phone: '612345678',
  email: 'maria@example.cat',
  whom: 'self',
  anything: 'no',
};

type Typed = Record<string, string | string[]>;

/** Holds the nth free time. Returns the details page. */
async function begin(path = TIMES, nth = 0): Promise<Page> {
  const start = startsIn((await town.get(path)).html)[nth] ?? '';
  return town.submit(path, { start });
}

/** Sends the details; returns the following page. */
const answer = async (typed: Typed, path?: string): Promise<Page> =>
  town.submit(path ?? (await begin()).path, { ...MARIA, ...typed });

const confirm = (check: Page) => town.submit(check.path, { seen: seenIn(check) });
const seenIn = ({ html }: Page) => /name="seen" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** Returns the newest appointment. */
const lastAppointment = () =>
  within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('appointment')
      .innerJoin('event', 'event.appointment_id', 'appointment.id')
      .selectAll('appointment')
      .where('event.kind', '=', 'booked')
      .orderBy('event.id', 'desc')
      .executeTakeFirstOrThrow(),
  );

describe('the person of the appointment, and the person to call', () => {
  test('the booker is called about another person', async () => {
    const check = await answer({ whom: 'other', onBehalfOf: 'Josep Pi' });
    expect(check.html).toContain('Trucarem a Maria Puig, al 612');
    expect(check.html).toContain('La cita és per a Josep Pi.');
    await confirm(check);
    expect(await lastAppointment()).toMatchObject({ name: 'Maria Puig', on_behalf_of: 'Josep Pi' });
  });

  test('the other person is called, and a name in the unused field isn’t taken', async () => {
    const check = await answer({ whom: 'theirs', name: 'Josep Pi', onBehalfOf: 'Nobody' });
    expect(check.html).toContain('Trucarem a Josep Pi, al 612');
    expect(check.html).not.toContain('La cita és per a');
    await confirm(check);
    expect(await lastAppointment()).toMatchObject({ name: 'Josep Pi', on_behalf_of: null });
  });

  test('by video the page says so, and describes the fallback', async () => {
    const details = await begin(TIMES.replace('phone', 'video'));
    const check = await answer({}, details.path);
    expect(check.html).toContain('Farem una videotrucada amb Maria Puig. Si falla, trucarem al');
  });
});

describe('needs', () => {
  test('the need “other” requires a text, which the agent reads first', async () => {
    const asked = await answer({ anything: 'yes', needs: 'other', comment: 'Vinc de fora' });
    expect(asked.status).toBe(422);
    expect(asked.html).toContain('<a href="#needOther">Escriu què et cal');
    const check = await answer(
      { anything: 'yes', needs: 'other', needOther: ' bucle magnètic ', comment: 'Vinc de fora' },
      asked.path,
    );
    expect(check.html).toContain('bucle magnètic');
    expect(check.html).not.toContain('Em cal:');
    await confirm(check);
    expect(await lastAppointment()).toMatchObject({
      needs: ['other'],
      comment: 'Em cal: bucle magnètic\nVinc de fora',
    });
  });

  test('writing by telephone is a stop: one press makes it a video call at the same time, with every answer', async () => {
    const byVideo = startsIn((await town.get(TIMES.replace('phone', 'video'))).html);
    const byPhone = startsIn((await town.get(TIMES)).html);
    const nth = byPhone.findIndex((each) => byVideo.includes(each));
    const details = await begin(TIMES, nth);
    const needed = await town.get(details.path.replace('details', 'needs'));
    expect(needed.html).toContain('Per telèfon no es pot: cal una videotrucada');
    const typed = { anything: 'yes', needs: 'real_time_text', comment: 'Hola' };
    const stop = await answer(typed, details.path);
    expect(stop.status).toBe(409);
    expect(stop.html).toContain('Per telèfon no et podem escriure');
    expect(await faultsOf(stop.html)).toEqual([]);
    const [, place = '', start = ''] =
      /action="([^"]+time\?channel=video)".*?name="start" value="([^"]+)"/s.exec(stop.html) ?? [];
    const check = await town.submit(place, { start });
    expect(check.html).toContain('Farem una videotrucada amb Maria Puig');
    await confirm(check);
    expect(await lastAppointment()).toMatchObject({
      channel: 'video',
      needs: ['real_time_text'],
      comment: 'Hola',
      starts: Temporal.Instant.from(start),
    });
  });

  test('where the same time is not free by video, the stop leads to the times of video calls', async () => {
    const details = await begin();
    await within(town.database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('journey').set({ starts: '2026-11-29T07:00:00Z' }).execute(),
    );
    const stop = await answer({ anything: 'yes', needs: 'real_time_text' }, details.path);
    expect(stop.html).toMatch(/<a[^>]+href="[^"]+time\?channel=video"/);
    expect(stop.html).not.toContain('name="start"');
  });

  test('a relay service lets the call be by telephone', async () => {
    const needs = ['real_time_text', 'companion'];
    const stop = await answer({ anything: 'yes', needs, comment: 'Hola' });
    const [, relay = ''] = /action="([^"]+\/relay)"/.exec(stop.html) ?? [];
    const check = await town.submit(relay, {});
    expect(check.html).toContain('Trucarem a Maria Puig');
    await confirm(check);
    expect(await lastAppointment()).toMatchObject({
      channel: 'phone',
      needs: ['companion', 'relay_service'],
      comment: 'Hola',
    });
  });

  test('a need that was met by video stops a change back to the telephone', async () => {
    const details = await begin('/ca/oac/volant-padro/times?channel=video&language=ca');
    const check = await answer({ anything: 'yes', needs: 'real_time_text' }, details.path);
    const time = check.path.replace('/check', '/time?channel=phone');
    const start = startsIn((await town.get(time)).html)[0] ?? '';
    const stop = await town.submit(time, { start });
    expect(stop.html).toContain('Per telèfon no et podem escriure');
    expect((await town.get(check.path)).path).toMatch(/needs\?mend$/);
    expect((await town.post(check.path, {})).path).toMatch(/needs\?mend$/);
  });

  test('the language of an interpreter is chosen from those of the office', async () => {
    const details = await begin();
    const needed = await town.get(details.path.replace('details', 'needs'));
    expect(needed.html).toContain('العربية (àrab)');
    const spoken = { anything: 'yes', needs: 'interpreter', interpreter: 'ar' };
    const check = await answer(spoken, details.path);
    expect(check.html).toContain('Intèrpret: àrab');
    const confirmed = await confirm(check);
    expect(confirmed.html).toContain('àrab (<bdi lang="ar">العربية</bdi>)');
    expect(await lastAppointment()).toMatchObject({ needs: ['interpreter'], interpreter: 'ar' });
    const unticked = await answer({ ...spoken, needs: 'companion' });
    await confirm(unticked);
    expect(await lastAppointment()).toMatchObject({ needs: ['companion'], interpreter: null });
  });

  test('a sign-language encounter doesn’t offer an interpreter', async () => {
    const details = await begin();
    const needs = details.path.replace('details', 'needs');
    expect((await town.get(needs)).html).toContain('value="sign_language"');
    await within(town.database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('journey').set({ language: 'csc' }).execute(),
    );
    expect((await town.get(needs)).html).not.toContain('value="sign_language"');
  });
});

describe('an address that looks like a typo', () => {
  const SLIP = { email: 'maria@gmial.com' };

  test('is questioned once, without a refusal, and can be corrected', async () => {
    const asked = await answer(SLIP);
    expect(asked.status).toBe(200);
    expect(asked.html).toContain('És correcta l’adreça maria@gmial.com?');
    expect(asked.html).not.toContain('id="errors"');
    expect(await faultsOf(asked.html)).toEqual([]);
    // Enter presses the form's first button: the one that changes nothing.
    expect(/<button[^>]*type="submit"[^>]*name="(\w+)"/.exec(asked.html)?.[1]).toBe('keepEmail');
    const mended = { ...SLIP, emailAsked: 'maria@gmial.com', useEmail: 'maria@gmail.com' };
    const check = await answer(mended, asked.path);
    expect(check.html).toContain('maria@gmail.com');
  });

  test('or kept as it is, and isn’t questioned again', async () => {
    const asked = await answer(SLIP);
    const kept = { ...SLIP, emailAsked: 'maria@gmial.com', keepEmail: '1' };
    const check = await answer(kept, asked.path);
    expect(check.path).toMatch(/check$/);
    const details = await town.get(asked.path);
    expect(details.html).toContain('name="emailAsked" value="maria@gmial.com"');
    expect((await confirm(check)).html).toContain('Ja tens hora');
  });

  test('another typo is questioned again, and mistakes come first', async () => {
    const wrong = await answer({ ...SLIP, phone: '1' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).not.toContain('És correcta l’adreça');
    const other = { email: 'maria@hotmail.con', emailAsked: 'maria@gmial.com' };
    expect((await answer(other, wrong.path)).html).toContain('Potser volies dir maria@hotmail.com');
  });

  test('on the page of an appointment too', async () => {
    const confirmed = await confirm(await answer({}));
    const contact = confirmed.path.replace('confirmed', 'contact');
    const asked = await town.post(contact, { ...MARIA, ...SLIP });
    expect(asked.html).toContain('És correcta l’adreça maria@gmial.com?');
    const mended = { ...MARIA, ...SLIP, emailAsked: SLIP.email, useEmail: 'maria@gmail.com' };
    await town.submit(contact, mended);
    expect(await lastAppointment()).toMatchObject({ email: 'maria@gmail.com' });
  });
});

test('an answer that is too long is reported with its excess, and nothing of it is lost', async () => {
  const comment = `${'é'.repeat(1003)}`;
  const wrong = await answer({ comment, name: 'M'.repeat(121) });
  expect(wrong.html).toContain('<a href="#name">Hi sobra 1 caràcter: n’hi caben 120');
  const needs = await answer({}, wrong.path.replace(/details.*/, 'details')).then(({ path }) =>
    town.post(path.replace(/\/\w+$/, '/needs'), { anything: 'no', comment }),
  );
  expect(needs.html).toContain('<a href="#comment">Hi sobren 3 caràcters: n’hi caben 1000');
  expect(needs.html).toContain(`${comment}</textarea>`);
  const long = await town.post(needs.path, { anything: 'no', comment: 'a'.repeat(30_000) });
  expect(long.html).toContain(`${'a'.repeat(30_000)}</textarea>`);
});

describe('while the citizen types', () => {
  test('it is saved without a page, and the booking then lasts four hours', async () => {
    const details = await begin();
    town.clock.advance({ hours: 3 });
    const saved = await town.post(details.path, { ...MARIA, name: 'Mar', phone: '', save: '1' });
    expect([saved.status, saved.html]).toEqual([204, '']);
    town.clock.advance({ hours: 3 });
    expect((await town.get(details.path)).html).toContain('value="Mar"');
    town.clock.advance({ hours: 4 });
    expect((await town.get(details.path)).status).toBe(404);
  });

  test('it doesn’t extend the hold, and remembers an earlier extension', async () => {
    const details = await begin();
    await town.submit(details.path, { ...MARIA, extend: '1' });
    await town.post(details.path, { ...MARIA, save: '1' });
    expect((await town.get(details.path)).html).not.toContain('name="extend"');
    town.clock.advance({ minutes: 11 });
    await town.post(details.path, { ...MARIA, save: '1' });
    expect((await town.get(details.path)).html).toContain('Ja no et guardem l’hora');
  });
});

describe('the hold', () => {
  const state = async (path: string) => {
    const { status, html } = await town.get(path);
    return { status, ...(JSON.parse(html) as Record<string, unknown>) };
  };

  test('is shown in seconds and in words, and extended once', async () => {
    const hold = (await begin()).path.replace('details', 'hold');
    town.clock.advance({ minutes: 8, seconds: 30 });
    expect(await state(hold)).toMatchObject({ status: 200, seconds: 90, mayExtend: true });
    expect(JSON.parse((await town.post(hold, {})).html)).toMatchObject({
      seconds: 600,
      mayExtend: false,
      said: expect.stringContaining('fins a les 7:48'),
    });
    town.clock.advance({ minutes: 5 });
    expect(JSON.parse((await town.post(hold, {})).html)).toMatchObject({ seconds: 300 });
    town.clock.advance({ minutes: 5 });
    expect(await state(hold)).toMatchObject({ seconds: 0, mayExtend: false });
  });

  test('is renewed without a message when the time is still free, and may be extended again', async () => {
    const details = await begin();
    await town.submit(details.path, { ...MARIA, extend: '1' });
    town.clock.advance({ minutes: 11 });
    const check = await answer({}, details.path);
    expect(check.html).toContain('Tens fins a les');
    expect(check.html).toContain('name="extend"');
  });

  test('after the booking every request leads to the appointment', async () => {
    const check = await answer({});
    const confirmed = await confirm(check);
    const hold = await town.get(check.path.replace('check', 'hold'));
    expect(hold.path).toBe(confirmed.path);
  });
});

describe('two tabs', () => {
  test('a change in the other tab is shown before the confirmation', async () => {
    const check = await answer({});
    const details = check.path.replace('check', 'details');
    await answer({ phone: '699 111 222' }, details);
    const shown = await town.post(check.path, { seen: seenIn(check) });
    expect(shown.status).toBe(409);
    expect(shown.html).toContain('Has canviat les dades en una altra finestra');
    expect(shown.html).toContain('699');
    expect(await faultsOf(shown.html)).toEqual([]);
    expect((await confirm({ ...shown, path: check.path })).html).toContain('Ja tens hora');
    expect(await lastAppointment()).toMatchObject({ phone: '+34699111222' });
  });

  test('an extended hold in the other tab changes nothing in the confirmation', async () => {
    const check = await answer({});
    await town.submit(check.path, { extend: '1' });
    expect((await confirm(check)).html).toContain('Ja tens hora');
  });

  test('two parallel bookings don’t mix', async () => {
    const [one, two] = [await begin(TIMES, 0), await begin(TIMES, 1)];
    const [first, second] = [
      await answer({ name: 'Anna Una' }, one.path),
      await answer({ name: 'Berta Dues' }, two.path),
    ];
    expect((await confirm(first)).html).toContain('Anna Una');
    expect((await confirm(second)).html).toContain('Berta Dues');
  });
});

test('a town in another country reads and writes numbers in its own format', async () => {
  const setCountry = (country: string) =>
    within(town.database.kysely, INSTALLATION, async (tx) => {
      for (const row of await tx.selectFrom('office').select(['id', 'settings']).execute()) {
        const settings = JSON.stringify({ ...(row.settings as object), country });
        await tx
          .updateTable('office')
          .set((eb) => ({ settings, revision: eb('revision', '+', 1) }))
          .where('id', '=', row.id)
          .execute();
      }
    });
  await setCountry('AD');
  const check = await answer({ phone: '312 345' });
  expect(check.html).toContain('al 312\u00a0345.');
  await confirm(check);
  expect(await lastAppointment()).toMatchObject({ phone: '+376312345' });
  await setCountry('ES');
});

test('the papers of who acts for somebody else are asked only of them, while the procedure’s page lists them', async () => {
  const permit = 'Autorització signada';
  const page = await town.get(TIMES.replace(/\/times.*$/, ''));
  expect(page.html).toContain(`${permit} i DNI de l’altra persona (només si ho fas`);
  const asked = async (typed: Typed) => {
    const { path, html } = await confirm(await answer(typed));
    const papers = await town.get(`${path.replace(/\/confirmed.*$/, '')}/documents`);
    return [html.includes(permit), papers.html.includes(permit)];
  };
  expect(await asked({ whom: 'other', onBehalfOf: 'Josep Pi' })).toEqual([true, true]);
  expect(await asked({ whom: 'self' })).toEqual([false, false]);
  expect(await asked({ whom: 'theirs' })).toEqual([false, false]);
});
