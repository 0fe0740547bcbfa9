import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OfficeSettings } from '../../../domain/office/types.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import {
  faultsOf,
  MARIA,
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

/** Sets the office's policy and removes all begun bookings. */
async function policy(booking: OfficeSettings['booking']): Promise<void> {
  await within(town.database.kysely, INSTALLATION, async (tx) => {
    await tx.deleteFrom('journey').execute();
    await tx.deleteFrom('desk_time').where('hold_until', 'is not', null).execute();
    await sql`update office set revision = revision + 1,
      settings = jsonb_set(settings, '{booking}', ${JSON.stringify(booking)}::jsonb)`.execute(tx);
  });
}
const LOOSE = { openPerPerson: 50, holdsPerAddress: 50, challenge: 'never' } as const;

beforeEach(() => {
  town.clock.set(WEDNESDAY);
  return policy(LOOSE);
});

/** Not the very first ones, which are gone a minute later. */
const freeStart = async (nth = 5): Promise<string> => {
  const start = startsIn((await town.get(TIMES)).html).at(nth);
  if (!start) throw new Error('No free time');
  return start;
};
const holds = () =>
  within(town.database.kysely, INSTALLATION, async (tx) => {
    const held = tx.selectFrom('desk_time').where('hold_until', 'is not', null);
    const row = await held.select(tx.fn.countAll<string>().as('n')).executeTakeFirstOrThrow();
    return Number(row.n);
  });

/** Returns the fields of the page's form, and the script's challenge. */
function formOf({ html }: Page) {
  const fields = [...html.matchAll(/<input type="hidden" name="(\w+)" value(?:="([^"]*)")?/g)];
  const data = (name: string) => new RegExp(`data-${name}="([^"]*)"`).exec(html)?.[1] ?? '';
  return {
    fields: Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
    target: data('challenge'),
    salt: data('salt'),
    below: Number(data('below')),
  };
}

function solve({ target, salt, below }: ReturnType<typeof formOf>): string {
  for (let number = 0; number < below; number++)
    if (createHash('sha256').update(`${salt}.${number}`).digest('hex') === target)
      return String(number);
  throw new Error('Nothing to find');
}

describe('a challenge', () => {
  beforeEach(() => policy({ ...LOOSE, challenge: 'always' }));

  test('comes before a hold; once it is solved, the booking goes on normally', async () => {
    const challenge = await town.post(TIMES, { start: await freeStart() });
    expect(challenge.status).toBe(200);
    expect(challenge.html).toContain('Espera 20 segons i prem «Continua»');
    expect(challenge.headers.get('Cache-Control')).toBe('no-store');
    expect(await holds()).toBe(0);
    const form = formOf(challenge);
    const details = await town.post(TIMES, { ...form.fields, answer: solve(form) });
    expect(details.path).toMatch(/\/booking\/[\w-]{32}\/details$/);
    expect(await holds()).toBe(1);
    const check = await town.submit(details.path, MARIA);
    expect((await town.submit(check.path, {})).html).toContain('Ja tens hora');
  });

  test('is a wait without scripts: too early it says how long, then it works the same', async () => {
    const form = formOf(await town.post(TIMES, { start: await freeStart() }));
    town.clock.advance({ seconds: 15 });
    const early = await town.post(TIMES, form.fields);
    expect(early.status).toBe(429);
    expect(early.headers.get('Retry-After')).toBe('5');
    expect(early.html).toContain('Espera 5 segons més');
    expect(formOf(early)).toEqual(form);
    town.clock.advance({ seconds: 5 });
    expect((await town.post(TIMES, form.fields)).status).toBe(303);
  });

  test('sent again it is the same booking, also simultaneously and after the end', async () => {
    const form = formOf(await town.post(TIMES, { start: await freeStart() }));
    town.clock.advance({ seconds: 20 });
    const sent = await Promise.all(Array.from({ length: 8 }, () => town.post(TIMES, form.fields)));
    const details = sent[0]?.path ?? '';
    expect(sent.map(({ status, path }) => ({ status, path }))).toEqual(
      Array(8).fill({ status: 303, path: details }),
    );
    expect(await holds()).toBe(1);
    const check = await town.submit(details, MARIA);
    const confirmed = await town.submit(check.path, {});
    const late = await town.post(TIMES, form.fields);
    expect((await town.get(late.path)).path).toBe(confirmed.path);
    expect(await holds()).toBe(0);
  });

  test('is valid neither for another time nor after its end: then there is a new one', async () => {
    const form = formOf(await town.post(TIMES, { start: await freeStart() }));
    const answer = solve(form);
    const other = await town.post(TIMES, { ...form.fields, answer, start: await freeStart(-1) });
    town.clock.advance({ minutes: 10 });
    const late = await town.post(TIMES, { ...form.fields, answer });
    for (const page of [other, late]) {
      expect(page.status).toBe(200);
      expect(formOf(page).fields.ticket).not.toBe(form.fields.ticket);
    }
    expect(await holds()).toBe(0);
  });

  test('the normal times appear when the time was lost meanwhile', async () => {
    const start = await freeStart();
    const form = formOf(await town.post(TIMES, { start }));
    const fields = { ...form.fields, answer: solve(form) };
    town.clock.set(start);
    const late = await town.post(TIMES, fields); // its time has come: it is no longer offered
    expect(late.status).toBe(200);
    town.clock.set(WEDNESDAY);
    await within(town.database.kysely, INSTALLATION, (tx) =>
      sql`update office set revision = revision + 1,
        settings = jsonb_set(settings, '{slots,leadMinutes}', '10080')`.execute(tx),
    );
    const lost = await town.post(TIMES, fields);
    expect(lost.status).toBe(409);
    expect(lost.html).toContain('ja no està lliure');
    await within(town.database.kysely, INSTALLATION, (tx) =>
      sql`update office set revision = revision + 1,
        settings = jsonb_set(settings, '{slots,leadMinutes}', '60')`.execute(tx),
    );
  });
});

test('under load, only clients that begin much and book little get a challenge', async () => {
  await policy({ ...LOOSE, challenge: 'busy' });
  const begin = async () => town.post(TIMES, { start: await freeStart(-1) });
  const [first] = [await begin(), await begin(), await begin()];
  expect((await begin()).status).toBe(200);
  const check = await town.submit(first.path, MARIA);
  await town.submit(check.path, {});
  expect((await begin()).status).toBe(303); // they have booked one of them
  expect((await begin()).status).toBe(200);
  town.clock.advance({ minutes: 61 });
  expect((await begin()).status).toBe(303);
});

test('an address has a limit of holds, with a polite refusal; the same booking may choose another', async () => {
  await policy({ ...LOOSE, holdsPerAddress: 2 });
  const first = await town.post(TIMES, { start: await freeStart(-1) });
  town.clock.advance({ minutes: 4 });
  await town.post(TIMES, { start: await freeStart(-1) });
  const refused = await town.post(TIMES, { start: await freeStart(-1) });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('Retry-After')).toBe('360');
  for (const words of ['es guarden 2 hores', 'a les 7:40', 'venir en persona', 'href="tel:'])
    expect(refused.html).toContain(words);
  const time = first.path.replace('details', 'time');
  expect((await town.post(time, { start: await freeStart(2) })).status).toBe(303);
  expect(await holds()).toBe(2);
});

describe('a person with the maximum of appointments', () => {
  const check = async (details: Record<string, string>) => {
    const chosen = await town.post(TIMES, { start: await freeStart() });
    return (await town.post(chosen.path, details)).path;
  };
  const book = async (details: Record<string, string>) => town.post(await check(details), {});
  /** Books the maximum for a new person. */
  const busyPerson = async (name: string) => {
    await policy({ ...LOOSE, openPerPerson: 2 });
    const details = { ...MARIA, email: `${name}@example.cat`, phone: '' };
    const phone = `6${String(10_000_000 + ([...name].reduce((sum, each) => sum * 31 + each.charCodeAt(0), 7) % 89_999_999))}`;
    for (let nth = 0; nth < 2; nth++) expect((await book({ ...details, phone })).status).toBe(303);
    return { ...details, phone };
  };

  test('gets the same answer for a known e-mail and a known telephone, without details', async () => {
    const rosa = await busyPerson('rosa');
    const byEmail = await book({ ...rosa, phone: '612 000 001' });
    const byPhone = await book({ ...rosa, email: 'somebody@example.cat' });
    const words = (page: Page) =>
      /<main.*<\/main>/s.exec(page.html)?.[0].replaceAll(/\/booking\/[\w-]+|\d+:\d+/g, '');
    expect(byEmail.status).toBe(409);
    expect(words(byPhone)).toBe(words(byEmail));
    expect(byEmail.html).toContain('com en pot tenir una persona: 2');
    expect(byEmail.html).not.toContain('rosa@');
    expect(await holds()).toBe(2); // they may still correct what they typed
  });

  test('corrects a typo and gets the appointment; many other tries reveal nothing more', async () => {
    const pere = await busyPerson('pere');
    const path = await check(pere);
    const details = path.replace('check', 'details');
    expect((await town.post(path, {})).status).toBe(409);
    const other = { ...pere, email: 'pere.vila@example.cat', phone: '612 000 002' };
    await town.post(details, other);
    expect((await town.post(path, {})).status).toBe(303);

    const nosy = await check(pere);
    for (let nth = 0; nth < 3; nth++) expect((await town.post(nosy, {})).status).toBe(409);
    await town.post(nosy.replace('check', 'details'), {
      ...other,
      email: 'nobody@example.cat',
      phone: '612 000 003',
    });
    expect((await town.post(nosy, {})).status).toBe(409);
  });

  test('can’t give one of their appointments another person’s address', async () => {
    const anna = await busyPerson('anna');
    const mine = await book({ ...anna, email: 'mine@example.cat', phone: '612 000 004' });
    const contact = mine.path.replace('confirmed', 'contact');
    const refused = await town.post(contact, { ...anna, phone: '612 000 004' });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('ja hi ha massa cites pendents');
    expect(refused.html).toContain('value="anna@example.cat"');
    expect(
      (await town.post(contact, { ...anna, phone: '612 000 004', email: 'mine2@example.cat' }))
        .status,
    ).toBe(303);
  });
});

describe.each(LANGUAGES)('in %s', (language) => {
  test('each of these pages is good HTML', async () => {
    const times = TIMES.replace('/ca/', `/${language}/`);
    await policy({ ...LOOSE, challenge: 'always' });
    const challenge = await town.post(times, { start: await freeStart() });
    const early = await town.post(times, formOf(challenge).fields);
    await policy({ ...LOOSE, holdsPerAddress: 1, openPerPerson: 1 });
    const details = {
      ...MARIA,
      email: `${language}@example.cat`,
      phone: `612 000 10${LANGUAGES.indexOf(language)}`,
    };
    const book = async () => {
      const chosen = await town.post(times, { start: await freeStart(-1) });
      return town.post((await town.post(chosen.path, details)).path, {});
    };
    await book();
    const enough = await book();
    const held = await town.post(times, { start: await freeStart() });
    expect([challenge, early, enough, held].map((each) => each.status)).toEqual([
      200, 429, 409, 429,
    ]);
    for (const page of [challenge, early, enough, held]) {
      expect(page.html).toContain(`<html lang="${language}"`);
      expect(page.html.match(/<h1>/g)).toHaveLength(1);
      expect(await faultsOf(page.html)).toEqual([]);
    }
  });
});
