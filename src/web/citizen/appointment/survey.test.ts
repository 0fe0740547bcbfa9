import { afterAll, beforeAll, expect, test } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf, MARIA, startsIn, type TestTown, testTown } from '../testing.ts';

let town: TestTown;
const manage: Record<string, string> = {};

/** Books an appointment and ends it with this status. */
async function ended(channel: 'phone' | 'video', status: 'fulfilled' | 'noshow'): Promise<string> {
  const times = `/ca/oac/volant-padro/times?channel=${channel}&language=ca`;
  const start = startsIn((await town.get(times)).html)[0] ?? '';
  const details = await town.submit(times, { start });
  const email = `${channel}-${status}@example.cat`;
  const check = await town.submit(details.path, { ...MARIA, email });
  const path = (await town.post(check.path, {})).path.replace(/\/confirmed$/, '');
  const found = await town.deps.appointments.bySecret(path.split('/').at(-1) ?? '');
  await town.database.pool.query(
    `begin; select set_config('app.office', '*', true); update appointment set status = '${status}' where id = '${found?.id}'; commit;`,
  );
  return `${path}/survey`;
}

beforeAll(async () => {
  town = await testTown();
  manage.phone = await ended('phone', 'fulfilled');
  manage.video = await ended('video', 'fulfilled');
  manage.noshow = await ended('phone', 'noshow');
});
afterAll(() => town.close());

test('the survey asks citizens whether the sides could hear each other, and see each other by video', async () => {
  const [phone, video] = [await town.get(manage.phone!), await town.get(manage.video!)];
  expect(phone.html).toContain('Es va sentir bé la trucada?');
  expect(video.html).toContain('Es va veure i sentir bé la videotrucada?');
  for (const language of LANGUAGES) {
    const page = await town.get(manage.video!.replace(/^\/ca/, `/${language}`));
    expect(await faultsOf(page.html)).toEqual([]);
  }
});

test('a citizen who wasn’t reached gets no such question, and a sent answer isn’t kept', async () => {
  const page = await town.get(manage.noshow!);
  expect(page.html).not.toContain('Es va sentir bé');
  expect((await town.post(manage.noshow!, { heard: 'yes' })).status).toBe(422);
});

test('one answer alone is enough, is kept, and can be changed', async () => {
  expect((await town.submit(manage.phone!, { heard: 'partly' })).path).toMatch(/\/thanks$/);
  expect((await town.get(manage.phone!)).html).toMatch(/name="heard" value="partly" checked/);
  await town.submit(manage.phone!, { heard: 'no', comment: 'Es tallava' });
  expect((await town.get(manage.phone!)).html).toMatch(/name="heard" value="no" checked/);
});

test('an unknown answer is asked for again, and the typed text stays', async () => {
  const page = await town.post(manage.video!, { heard: 'maybe', comment: 'Es tallava' });
  expect(page.status).toBe(422);
  expect(page.html).toContain('href="#heard"');
  expect(page.html).toContain('Es tallava');
});
