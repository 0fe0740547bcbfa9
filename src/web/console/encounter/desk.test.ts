import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let marta: string;
/** Nuria coordinates the same office; the other one serves at another desk. */
let nuria: string;
let laia: string;
let carme: string;
/** Rosa's appointment. */
let rosa: Appointment;
let joan: Appointment;

type Fields = Record<string, string>;
const send = (path: string, cookie: string, form?: Fields) =>
  world.app.request(path, {
    headers: {
      cookie,
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
  });
const html = async (path: string, cookie = marta, form?: Fields, status = 200) => {
  const answer = await send(path, cookie, form);
  expect(answer.status).toBe(status);
  return answer.text();
};
const whereTo = async (path: string, cookie = marta, form?: Fields) => {
  const answer = await send(path, cookie, form);
  expect(answer.status).toBe(303);
  return answer.headers.get('Location') ?? '';
};
const at = ({ id }: { id: string }, rest = '') => `/console/oac/appointment/${id}${rest}`;
const search = (typed: string) => `/console/oac/search?q=${encodeURIComponent(typed)}`;
const idIn = (path: string) => /appointment\/([\w-]+)/.exec(path)?.[1] ?? '';
const start = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`).toString();
const found = async (id: string) => {
  const oac = await world.offices.find('oac');
  return oac && world.appointments.byId(oac, id);
};
/** Returns the trail of an action, newest first. */
const trail = (action: string) =>
  within(world.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('audit')
      .select(['actor', 'appointment_id', 'data'])
      .where('action', '=', action)
      .orderBy('id', 'desc')
      .execute(),
  );

const booking: Fields = {
  action: 'book',
  procedure: 'volant-padro',
  channel: 'phone',
  language: 'ca',
  noticeLanguage: 'es',
  name: 'Pere Mas',
  phone: '612 345 678',
  email: '',
};
let keys = 0;
const bookForm = (more: Fields) => ({ ...booking, key: `form-number-${++keys}`, ...more });

beforeAll(async () => {
  world = await consoleWorld();
  [marta, nuria] = [await world.signIn(MARTA), await world.signIn(NURIA)];
  [laia, carme] = [await world.signIn(LAIA), await world.signIn('carme.bosch@vilaclara.example')];
  rosa = await world.book('08:30', {
    citizen: { name: 'Rosa Güell i Núñez', email: 'Rosa.G@example.cat', phone: '+34600123456' },
  });
  joan = await world.book('08:50', {
    citizen: { name: 'Joan Prat', email: null, phone: '+34611222333' },
    onBehalfOf: 'Conxa Güell',
  });
});
afterAll(() => world.close());
beforeEach(() => world.clock.set('2026-11-30T07:00:00+01:00'));

describe('a returning caller', () => {
  test.each([
    'guell',
    'NUNEZ rosa',
    '600 12 34 56',
    '+34600123456',
    '3456',
    'rosa.g@EXAMPLE.cat',
    'rosa.g@',
  ])('is found by %s', async (typed) => {
    const page = await html(search(typed));
    expect(page).toContain('Rosa Güell i Núñez');
    expect(page).toContain(at(rosa));
  });

  test('is found by the name of the other person of an appointment', async () => {
    expect(await html(search('conxa'))).toContain('Joan Prat');
  });

  test('a whole reference opens the appointment', async () => {
    const bare = rosa.reference.replace('-', '').toLowerCase();
    for (const typed of [rosa.reference, bare]) expect(await whereTo(search(typed))).toBe(at(rosa));
  });

  test.each(['%', '_', '.*', 'Ros[a]', '600999999', '(('])('%s finds nothing', async (typed) => {
    expect(await html(search(typed))).not.toContain('Rosa Güell');
  });

  test('future appointments come before past ones, with a note if there are more', async () => {
    const oac = await world.offices.find('oac');
    await within(world.database.kysely, INSTALLATION, async (tx) => {
      const row = await tx
        .selectFrom('appointment')
        .selectAll()
        .where('id', '=', rosa.id)
        .executeTakeFirstOrThrow();
      for (let i = 0; i < 51; i++)
        await tx
          .insertInto('appointment')
          .values({
            ...row,
            id: crypto.randomUUID(),
            reference: `ZZZ-${i}`,
            time_id: null,
            status: i === 50 ? 'booked' : 'fulfilled',
            name: `Zoe ${i}`,
            idempotency_key: null,
            starts: rosa.start.subtract({ hours: 24 * (i + 1) }).toString(),
            ends: rosa.end.subtract({ hours: 24 * (i + 1) }).toString(),
            created_at: rosa.createdAt.toString(),
            updated_at: rosa.createdAt.toString(),
          } as never)
          .execute();
    });
    expect(oac).toBeDefined();
    const page = await html(search('zoe'));
    const names = [...page.matchAll(/class="who">\s*Zoe (\d+)/g)].map((match) => Number(match[1]));
    expect(names).toHaveLength(50);
    expect(names.slice(0, 3)).toEqual([50, 0, 1]);
    expect(page).toContain('més de 50');
  });

  test('the trail keeps the number of results, and nothing of the search text', async () => {
    await html(search('guell'));
    const [last] = await trail('searched');
    expect(last).toMatchObject({ appointment_id: null, data: { count: 2 } });
    expect(JSON.stringify(last)).not.toMatch(/guell/i);
  });

  test('a text that is too short isn’t searched', async () => {
    const before = (await trail('searched')).length;
    expect(await html(search('a'))).toContain('massa curt');
    expect(await html('/console/oac/search')).toContain('Escriu a dalt');
    expect(await trail('searched')).toHaveLength(before);
  });
});

describe('booking for a citizen', () => {
  test('first the subject, then the time and the person; typed values stay after a mistake', async () => {
    const first = await html('/console/oac/book');
    expect(first).toContain('<option value="volant-padro">');
    const second = await html('/console/oac/book?procedure=volant-padro&channel=phone&language=ca');
    expect(second).toContain(`value="${start('09:10')}"`);
    expect(second).not.toContain(`value="${start('08:30')}"`);
    const wrong = await html('/console/oac/book', marta, bookForm({ phone: '12' }), 422);
    expect(wrong).toContain('href="#start"');
    expect(wrong).toContain('href="#phone"');
    expect(wrong).toContain('value="Pere Mas"');
    const more = await html('/console/oac/book', marta, bookForm({ more: '2026-12-02' }));
    expect(more).toContain('value="Pere Mas"');
    expect(more).not.toContain(`value="${start('09:10')}"`);
  });

  test('begins with the number: who has it, what they have booked, then the subject and the times', async () => {
    const number = encodeURIComponent('+34 600 11 22 33');
    const citizen = { name: 'Neus Truca', email: 'neus@example.cat', phone: '+34600112233' };
    const { id } = await world.book('13:10', { citizen });
    const before = (await trail('searched')).length;
    const known = await html(`/console/oac/book?phone=${number}`);
    expect(known).toContain('<strong>Neus Truca</strong>');
    expect(known).toContain(`href="/console/oac/appointment/${id}"`);
    expect(known).toContain('name="procedure" value="volant-padro"');
    expect(await trail('searched')).toHaveLength(before + 1);
    const times = await html(`/console/oac/book?phone=${number}&who=${id}&procedure=volant-padro`);
    expect(times).toContain('value="neus@example.cat"');
    expect(times).toContain('class="times-grid"');
    // Somebody else with the same telephone.
    const other = await html(`/console/oac/book?phone=${number}&who=new&procedure=volant-padro`);
    expect(other).not.toContain('value="neus@example.cat"');
    expect(other).toContain('value="+34 600 11 22 33"');
    // Nobody has it, and what is no number.
    expect(await html('/console/oac/book?phone=699998877')).toContain('Encara no la coneixem');
    const wrong = await html('/console/oac/book?phone=12', marta, undefined, 422);
    expect(wrong).toContain('href="#phone"');
    expect(wrong).toContain('value="12"');
  });

  test('books once, however often it is sent', async () => {
    const form = bookForm({ start: start('09:10') });
    const first = await whereTo('/console/oac/book', marta, form);
    expect(await whereTo('/console/oac/book', marta, form)).toBe(first);
    const appointment = await found(idIn(first));
    expect(appointment).toMatchObject({
      citizen: { name: 'Pere Mas', email: null, phone: '+34612345678' },
      noticeLanguage: 'es',
    });
    const events = appointment ? await world.appointments.events(appointment) : [];
    expect(events.map((each) => [each.kind, each.actor.split(':')[0]])).toEqual([
      ['booked', 'staff'],
    ]);
    const booked = await trail('booked');
    expect(booked.filter((each) => each.appointment_id === appointment?.id)).toHaveLength(1);
    const page = await html(first);
    expect(page).toContain('Reservada: dilluns');
    expect(page).toContain('/print"');
    // The same form with another person is another booking.
    const other = await html('/console/oac/book', marta, { ...form, name: 'Un altre' }, 409);
    expect(other).toContain(appointment?.reference ?? 'no reference');
    expect(other).toContain('value="Un altre"');
  });

  test('a time that was taken meanwhile is reported, and typed values stay', async () => {
    const form = bookForm({ start: start('08:30') });
    const page = await html('/console/oac/book', marta, form, 409);
    expect(page).toContain('ja no està lliure');
    expect(page).toContain('value="612 345 678"');
  });

  test('an address that looks like a typo is questioned once', async () => {
    const form = bookForm({ start: start('09:30'), email: 'pere@gmial.com' });
    const asked = await html('/console/oac/book', marta, form, 422);
    expect(asked).toContain('pere@gmail.com');
    expect(asked).toContain('name="emailAsked" value="pere@gmial.com"');
    const again = { ...form, emailAsked: 'pere@gmial.com' };
    expect(
      (await found(idIn(await whereTo('/console/oac/book', marta, again))))?.citizen.email,
    ).toBe('pere@gmial.com');
  });

  test('a person’s limits don’t apply to the agent who serves them', async () => {
    const oac = await world.offices.find('oac');
    if (!oac) throw new Error('no office');
    const most = (value: number) =>
      within(world.database.kysely, INSTALLATION, async (tx) => {
        await sql`update office set settings = jsonb_set(settings, '{booking,openPerPerson}', ${String(value)}::jsonb)
          where id = ${oac.id}`.execute(tx);
        world.offices.forget(oac.id);
      });
    await most(1);
    const citizen = { name: 'Molt Ocupada', email: null, phone: '+34633444555' };
    await world.book('09:50', { citizen });
    await expect(world.book('10:10', { citizen })).rejects.toThrow('too_many');
    const form = bookForm({ start: start('10:10'), phone: '633 444 555', name: 'Molt Ocupada' });
    await whereTo('/console/oac/book', marta, form);
    await most(oac.settings.booking.openPerPerson);
  });

  test('without a procedure there are no times: the page says what to choose', async () => {
    for (const like of ['', `&like=${rosa.id}`]) {
      const page = await html(`/console/oac/book?procedure=${like}`, marta, undefined, 422);
      expect(page).toContain('href="#procedure"');
      expect(page).toContain('id="procedure-error"');
    }
  });

  test('a returning citizen’s details are filled in, and on the trail', async () => {
    const like = `/console/oac/book?like=${rosa.id}`;
    expect(await html(like)).toContain(`name="like" value="${rosa.id}"`);
    const page = await html(`${like}&procedure=volant-padro`);
    expect(page).toContain('value="Rosa Güell i Núñez"');
    expect(page).toContain('value="Rosa.G@example.cat"');
    expect((await trail('copied'))[0]?.appointment_id).toBe(rosa.id);
  });
});

describe('moving', () => {
  test('to another time, with a notice; a taken one is refused', async () => {
    const one = await world.book('12:10');
    expect(await html(at(one, '/move'))).toContain(`value="${start('12:30')}"`);
    const form = { channel: 'phone', start: start('12:30') };
    expect(await whereTo(at(one, '/move'), marta, form)).toBe(`${at(one)}?done=moved`);
    expect((await found(one.id))?.start.toString()).toBe(start('12:30'));
    expect(await html(`${at(one)}?done=moved`)).toContain('Canviada: dilluns');
    expect((await trail('moved'))[0]).toMatchObject({ appointment_id: one.id });
    const notices = await within(world.database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('notice')
        .select('kind')
        .where('appointment_id', '=', one.id)
        .where('kind', '=', 'change')
        .execute(),
    );
    expect(notices).toHaveLength(1);
    const taken = { channel: 'phone', start: rosa.start.toString() };
    expect(await html(at(one, '/move'), marta, taken, 409)).toContain('ja no està lliure');
    expect(await html(at(one, '/move'), marta, { channel: 'phone' }, 422)).toContain('#start');
  });

  test('an appointment that can’t be moved says so', async () => {
    const one = await world.book('12:50');
    await send(at(one, '/start'), marta, { anyway: '1' });
    const form = { channel: 'phone', start: start('13:10') };
    await html(at(one, '/move'), marta, form, 409);
    expect((await found(one.id))?.start.toString()).toBe(start('12:50'));
    expect(await html(at(one, '/move'))).not.toContain('id="move"');
  });
});

test('an address is corrected, and pending notices go to the new one', async () => {
  const one = await world.book('13:30');
  expect(await html(at(one, '/contact'))).toContain('value="600 12 34 56"');
  const form = { name: 'Rosa Soler', phone: '', email: 'rosa@example.org' };
  expect(await html(at(one, '/contact'), marta, form, 422)).toContain('href="#phone"');
  const good = { ...form, phone: '644 555 666' };
  expect(await whereTo(at(one, '/contact'), marta, good)).toBe(`${at(one)}?done=contact`);
  expect((await found(one.id))?.citizen).toEqual({
    name: 'Rosa Soler',
    phone: '+34644555666',
    email: 'rosa@example.org',
  });
  expect((await trail('contact_changed'))[0]?.appointment_id).toBe(one.id);
});

test('the printed sheet has the address of the citizen’s page, in their language', async () => {
  const page = await html(at(rosa, '/print'));
  expect(page).toContain(world.appointments.manageUrl(rosa));
  expect(page).toContain('role="img"');
  expect(page).toContain('<article class="sheet stack" lang="ca">');
  expect((await trail('printed'))[0]?.appointment_id).toBe(rosa.id);
});

test('the papers of who acts for somebody else are asked only in such an appointment', async () => {
  const permit = 'Autorització signada';
  for (const path of ['', '/print']) {
    expect(await html(at(rosa, path))).not.toContain(permit);
    expect(await html(at(joan, path))).toContain(permit);
  }
});

describe('permissions', () => {
  const pages = () => [
    at(rosa),
    at(rosa, '/move'),
    at(rosa, '/contact'),
    at(rosa, '/print'),
    search('guell'),
    '/console/oac/book',
    `/console/oac/book?like=${rosa.id}`,
  ];
  const forms = () =>
    [
      [at(rosa, '/move'), { channel: 'phone', start: rosa.start.toString() }],
      [at(rosa, '/contact'), { name: 'X Y', phone: '600123456', email: '' }],
      ['/console/oac/book', bookForm({})],
    ] as const;

  test.each(['agent of the desk', 'agent of another desk', 'coordinator'])(
    '%s: everything',
    async (who) => {
      const cookie = who === 'coordinator' ? nuria : who === 'agent of another desk' ? laia : marta;
      for (const path of pages()) await html(path, cookie);
    },
  );

  test('the trail distinguishes an agent of another desk, who opens and prints', async () => {
    await html(at(rosa), laia);
    await html(at(rosa, '/print'), laia);
    const page = await html('/console/oac/audit?foreign=1', nuria);
    const rows = page.split('<tbody>')[1]?.match(/<tr>/g) ?? [];
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(page).toContain('Laia');
    expect(page).not.toContain('Marta Soler</a>');
  });

  test('another office’s staff and people without a session are refused', async () => {
    const elsewhere = (path: string) => path.replace('/console/oac', '/console/hisenda');
    for (const path of pages()) {
      expect([path, (await send(path, carme)).status]).toEqual([path, 404]);
      expect((await send(path, '')).status).toBe(303);
      if (path.includes(rosa.id)) expect((await send(elsewhere(path), laia)).status).toBe(404);
    }
    expect(await html(elsewhere(search('guell')), laia)).not.toContain('Rosa');
    for (const [path, form] of forms()) {
      expect((await send(path, carme, form)).status).toBe(404);
      expect((await send(path, '', form)).status).toBe(401);
      if (path.includes(rosa.id))
        expect((await send(elsewhere(path), laia, form)).status).toBe(404);
    }
    expect((await found(rosa.id))?.citizen.name).toBe('Rosa Güell i Núñez');
  });
});

test('every page is sound and speaks its language', async () => {
  const second = '/console/oac/book?procedure=volant-padro';
  for (const language of LANGUAGES) {
    const cookie = `${marta}; staff_language=${language}`;
    const pages: [string, Fields?][] = [
      [search('guell')],
      [search('nobody at all')],
      [search('a')],
      ['/console/oac/search'],
      ['/console/oac/book'],
      [second],
      [`${second}&like=${rosa.id}`],
      ['/console/oac/book', bookForm({ phone: '1', email: 'x', name: '' })],
      ['/console/oac/book', bookForm({ start: start('08:30') })],
      [at(rosa, '/move')],
      [at(rosa, '/move?channel=video')],
      [at(rosa, '/move'), { channel: 'phone' }],
      [at(rosa, '/contact')],
      [at(rosa, '/contact'), { name: '', phone: '112', email: 'x@gmial.com' }],
      [at(rosa, '/print')],
      [at(rosa, '?done=booked')],
    ];
    for (const [path, form] of pages) {
      const page = await (await send(path, cookie, form)).text();
      expect({ path, language, faults: await faultsOf(page) }).toEqual({
        path,
        language,
        faults: [],
      });
      expect(page).toContain(`<html lang="${language}"`);
      expect(page).not.toMatch(/undefined|\[object|desk\.\w+\./);
    }
  }
});
