import { afterAll, describe, expect, test } from 'vitest';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { adminWorld, decoded, fieldsIn } from '../testing.ts';

const say = translateTo('ca');
const { world, albert, oac, page, formOf, send } = await adminWorld();
await world.book('10:30');
afterAll(() => world.close());

describe('the words of the notices', () => {
  const LATE = '/wording?kind=late';
  const CANCELLATION = '/wording?kind=cancellation';
  const own = { 'byOffice-ca': 'Ho sentim de debò: <b>el {day}</b> no hi serem.' };
  const sms = 'Ho sentim: el {day} a les {time} no podrem atendre’t.';

  test('are previewed with the next booked time, without a name, before they are saved', async () => {
    await world.book('12:30', {
      citizen: { name: 'Rosa Secreta', email: 'r@example.org', phone: null },
    } as never);
    const typed = { 'note-ca': 'Porta el paper del {day}.' };
    const { status, html } = await send(LATE, await formOf(LATE), { ...typed, act: 'look-at' });
    expect(status).toBe(200);
    expect(html).toMatch(/Porta el paper del \S+, 30 de novembre/);
    expect(html).toContain('30 de novembre del 2026, 10:45');
    expect(html).not.toContain('Rosa Secreta');
    expect((await oac()).wording).toBeUndefined();
  });

  test('are refused with an unknown placeholder, or without a required one', async () => {
    const wrong = { 'phone-ca': 'Trucarem més tard.', 'note-es': 'Hola, {nom}' };
    const { status, html } = await send(LATE, await formOf(LATE), wrong);
    expect(status).toBe(422);
    expect(html).toContain(say('admin.slip.needed_blank', { blank: '{time}' }));
    expect(html).toContain('{nom}');
  });

  test('are in the town file after a save, and no longer after they are emptied', async () => {
    const form = await formOf(LATE);
    expect((await send(LATE, form, { 'phone-ca': 'Et truquem a les {time}.' })).status).toBe(303);
    expect((await oac()).wording).toEqual({ late: { phone: { ca: 'Et truquem a les {time}.' } } });
    expect((await send(LATE, await formOf(LATE), { 'phone-ca': '' })).status).toBe(303);
    expect((await oac()).wording).toBeUndefined();
  });

  test('are previewed as a mail in an inert frame, and as an SMS with its length', async () => {
    const typed = { ...own, 'sms-byOffice-ca': sms, act: 'look-at' };
    const { html } = await send(CANCELLATION, await formOf(CANCELLATION), typed);
    expect(html).toMatch(
      /Ho sentim: el dl. 30\/11 a les 10:30 no podrem atendre(?:&#39;|')t. http\S+\/ca\/oac/,
    );
    const frames = [...html.matchAll(/<iframe src="([^"]+)"/g)].map((each) => decoded(each[1]!));
    const framed = await Promise.all(
      frames.map((src) => world.app.request(src, { headers: { cookie: albert } })),
    );
    const mails = await Promise.all(framed.map((each) => each.text()));
    const [policy] = framed.map((each) => each.headers.get('Content-Security-Policy'));
    expect(policy).toMatch(/default-src 'none'.*sandbox/);
    const mine = mails.filter((each) => each.includes('Ho sentim de debò: &lt;b&gt;el dilluns'));
    expect([mails.length, mine.length]).toEqual([8, 1]);
    expect(mails.join()).not.toContain('<b>');
    expect((await oac()).wording).toBeUndefined();
  });

  test('are refused as an SMS that is too long, with its length, and nothing is lost', async () => {
    const typed = { ...own, 'sms-byOffice-ca': `${sms} ${'Disculpa’ns. '.repeat(30)}` };
    for (const act of ['save', 'look-at']) {
      const { status, html } = await send(CANCELLATION, await formOf(CANCELLATION), {
        ...typed,
        act,
      });
      expect(status).toBe(422);
      expect(html).toMatch(
        /id="sms-byOffice-ca-error"[^>]*>És massa llarg[^<]* 4 SMS[^<]* ocupar 3/,
      );
      expect(html).toContain(typed['sms-byOffice-ca'].trim());
      expect(html).toContain('Ho sentim de debò: &lt;b>');
    }
  });

  test('return to the defaults after a save', async () => {
    await send(CANCELLATION, await formOf(CANCELLATION), { ...own, 'sms-byOffice-ca': sms });
    const kept = { byOffice: { ca: own['byOffice-ca'] }, sms: { byOffice: { ca: sms } } };
    expect((await oac()).wording).toEqual({ cancellation: kept });
    const lacking = say('admin.wording.lacks', { languages: 'Castellano, English, Euskara' });
    expect(await page('/wording')).toContain(lacking);
    const cleared = await send(CANCELLATION, await formOf(CANCELLATION), { act: 'clear' });
    expect(cleared.html).not.toContain('Ho sentim de debò');
    expect((await oac()).wording).toEqual({ cancellation: kept });
    expect((await send(CANCELLATION, fieldsIn(cleared.html))).status).toBe(303);
    expect((await oac()).wording).toBeUndefined();
  });
});
