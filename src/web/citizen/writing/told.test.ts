import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { bookThrough, MARIA, startsIn, type TestTown, TIMES, testTown } from '../testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

const LANDLINE = '931 234 567';
const owed = () =>
  within(town.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('notice').select(['channel', 'recipient', 'kind']).execute(),
  );
let nth = 0;
/** Each person is another one, since a person can have few appointments. */
const someone = (details: Partial<typeof MARIA>) => ({
  ...MARIA,
  phone: `612 34 ${1000 + ++nth}`,
  email: `maria-${nth}@example.cat`,
  ...details,
});
const book = (details: Partial<typeof MARIA>) => bookThrough(town, someone(details), { nth: -1 });
const confirmation = async (details: Partial<typeof MARIA>) =>
  (await town.get(`${(await book(details)).manage}/confirmed`)).html;

test('the confirmation says that an SMS comes to a mobile, and with an e-mail address that a mail does', async () => {
  expect(await confirmation({ email: '' })).toContain('T’enviem un SMS al 612');
  const mailed = await confirmation({});
  expect(mailed).toContain('T’ho hem enviat tot a maria-');
  expect(mailed).not.toMatch(/(?<![\w./-])SMS/);
});

test('a landline alone is sent nothing, and the pages say so before and after booking', async () => {
  const before = await owed();
  const [start = ''] = startsIn((await town.get(TIMES)).html);
  const asked = await town.submit(TIMES, { start });
  const check = await town.submit(asked.path, someone({ email: '', phone: LANDLINE }));
  expect(check.html).toContain('No et podrem escriure: al 931');
  expect(check.html).toContain(`href="${asked.path}#email"`);
  const booked = await book({ email: '', phone: LANDLINE });
  expect(await owed()).toEqual(before);
  const html = (await town.get(`${booked.manage}/confirmed`)).html;
  expect(html).toContain('No et podrem escriure: al 931');
  expect(html).toContain(`href="${booked.manage}/contact"`);
  expect(html).not.toContain('T’enviem un SMS');
});

test('without a gateway no SMS is promised', async () => {
  const none = vi.spyOn(town.deps.linkRecovery, 'isReached').mockReturnValue(false);
  expect(await confirmation({ email: '', phone: '612 345 699' })).toContain(
    'No et podrem escriure',
  );
  none.mockRestore();
});

test('a lost link isn’t sent to a landline: the form says so at once', async () => {
  const answer = await town.post('/ca/lost-link', { contact: LANDLINE });
  expect(answer.status).toBe(422);
  expect(answer.html).toContain('A aquest telèfon no hi podem enviar SMS');
});

test('nobody waits for an offer that can’t be sent', async () => {
  const { manage } = await book({ email: '', phone: '931 234 568' });
  const earlier = await town.post(`${manage}/earlier`, { part: 'any' });
  expect(earlier.html).toContain('Per oferir-te una hora t’hem de poder escriure');
  expect((await town.get(`${manage}/earlier`)).html).not.toContain('name="part"');
  const wait = TIMES.replace('/times', '/waiting');
  const form = { ...MARIA, email: '', phone: LANDLINE, ...untilDay(town) };
  const answer = await town.post(wait, form);
  expect(answer.html).toContain('Escriu una adreça electrònica o un mòbil');
  const rows = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('wait_list').select('id').execute(),
  );
  expect(rows).toEqual([]);
});

/** A day until which one waits, in the fields of the form. */
function untilDay({ clock }: TestTown): Record<string, string> {
  const { day, month, year } = clock.now().toZonedDateTimeISO('Europe/Madrid').add({ days: 14 });
  return { 'day-day': `${day}`, 'day-month': `${month}`, 'day-year': `${year}` };
}
