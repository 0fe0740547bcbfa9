import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../domain/appointment.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { type ConsoleWorld, codeOf, consoleWorld, jar, LAIA, MARTA, NURIA } from './testing.ts';
import { localPath } from './visit.tsx';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    'void-style': 'off',
    'long-title': 'off', // a person's whole name, even a long one
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit'] }],
  },
});

let world: ConsoleWorld;
let marta: string;
let nuria: string;
let addresses = 0;

/** Each request has its own client address by default, so that one test's limits don't affect another. */
const request = (
  path: string,
  cookie = '',
  form?: Record<string, string>,
  address = `198.51.100.${++addresses % 250}`,
) =>
  world.app.request(path, {
    headers: {
      cookie,
      'X-Forwarded-For': address,
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
  });

async function text(answer: Response | Promise<Response>, status = 200): Promise<string> {
  const response = await answer;
  expect(response.status).toBe(status);
  return response.text();
}

const whereTo = async (answer: Response | Promise<Response>): Promise<string> => {
  const response = await answer;
  expect(response.status).toBe(303);
  return response.headers.get('Location') ?? '';
};

const statusOf = async ({ id }: Appointment) => {
  const oac = await world.offices.find('oac');
  return oac && (await world.appointments.byId(oac, id))?.status;
};

/** Times that no test has taken yet; volant de padró lasts 15 minutes and 5 stay free. */
const TIMES = ['08:30', '08:50', '09:10', '09:30', '09:50', '10:10', '10:30', '10:50', '11:10'];
const MORE = ['11:30', '11:50', '12:10', '12:30', '12:50', '13:10', '13:30', '13:50'];
let taken = 0;
const book = () => {
  const time = [...TIMES, ...MORE][taken++];
  if (!time) throw new Error('the day is full');
  return world.book(time);
};
const at = ({ id }: Appointment, rest = '') => `/console/oac/appointment/${id}${rest}`;

const filled = {
  rows: '1',
  'item-0-kind': 'procedure',
  'item-0-what': 'p:volant-padro',
  'item-0-label': '',
  'item-0-outcome': 'done',
  identity: 'shown',
  identityNote: '',
  notes: 'Ho rebrà per correu.',
  wrapUp: 'solved',
};

beforeAll(async () => {
  world = await consoleWorld();
  marta = await world.signIn(MARTA);
  nuria = await world.signIn(NURIA);
});
afterAll(() => world.close());
beforeEach(() => world.clock.set('2026-11-30T07:00:00+01:00'));

describe('signing in', () => {
  const codeAgain = async (email: string, step: number) => {
    const found = world.access.find((each) => each.email === email);
    if (!found) throw new Error('no access');
    return { password: found.password, code: codeOf(found.totpSecret, step) };
  };

  test('takes the password, then the code, and leads to the requested page', async () => {
    expect(await whereTo(request('/console/hisenda?day=2026-12-01'))).toBe(
      '/staff/sign-in?next=%2Fconsole%2Fhisenda%3Fday%3D2026-12-01',
    );
    const { password, code } = await codeAgain(LAIA, 1);
    const next = '/console/hisenda?day=2026-12-01';
    const first = await request('/staff/sign-in', '', { email: LAIA, password, next });
    expect(await whereTo(first)).toBe(`/staff/code?next=${encodeURIComponent(next)}`);
    const challenge = jar(first.headers.getSetCookie());
    expect(await text(request('/staff/code', challenge))).toContain('name="code"');
    // The challenge alone opens nothing.
    expect(await whereTo(request('/console', challenge))).toMatch(/^\/staff\/sign-in/);
    const second = await request('/staff/code', challenge, { code, next });
    expect(await whereTo(second)).toBe(next);
    const session = jar(second.headers.getSetCookie());
    expect(await text(request('/console', session))).toContain('href="/console/oac?entered=1"');
    expect((await request(next, session)).status).toBe(200);
    const out = await request('/staff/sign-out', session, {});
    expect(await whereTo(out)).toBe('/staff/sign-in');
    expect(await whereTo(request('/console/oac', session))).toMatch(/^\/staff\/sign-in/);
  });

  test('keeps the typed address and answers alike for a wrong password and an unknown address', async () => {
    const password = 'wrong wrong wrong';
    const known = await text(request('/staff/sign-in', '', { email: MARTA, password }), 401);
    const nobody = await text(request('/staff/sign-in', '', { email: 'x@y.cat', password }), 401);
    expect(known).toContain(`value="${MARTA}"`);
    expect(known.replaceAll(MARTA, '')).toBe(nobody.replaceAll('x@y.cat', ''));
  });

  test('the second page without the first leads back to it', async () => {
    expect(await whereTo(request('/staff/code'))).toBe('/staff/sign-in');
    expect(await whereTo(request('/staff/code', '', { code: '123456' }))).toBe(
      '/staff/sign-in?again',
    );
  });

  test('too many wrong passwords: the page and the header say when to return', async () => {
    const form = { email: 'tired@example.cat', password: 'wrong wrong wrong' };
    const same = '203.0.113.7';
    for (let i = 0; i < 10; i++) await request('/staff/sign-in', '', form, same);
    const answer = await request('/staff/sign-in', '', form, same);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
  });

  test("the library's own endpoints are not reachable", async () => {
    for (const path of ['/staff/auth/sign-in/email', '/staff/auth/sign-up/email', '/api/auth/ok'])
      expect((await request(path, '', {})).status).toBe(404);
  });

  test('an invited person sets up both factors and signs in', async () => {
    const invited = await world.staff.invite(
      {
        email: 'anna@vilaclara.example',
        name: 'Anna Nova',
        roles: [{ office: 'oac', role: 'agent' }],
      },
      world.clock.now(),
    );
    if (!invited.ok) throw new Error(invited.reason);
    const path = new URL(invited.url).pathname;
    const password = 'tres gats al terrat';
    expect(await text(request(path, '', { password, repeat: 'un altre' }), 422)).toContain(
      'aria-invalid="true"',
    );
    expect(await text(request(path, '', { password: 'curta', repeat: 'curta' }), 422)).toContain(
      '12 caràcters',
    );
    expect(await whereTo(request(path, '', { password, repeat: password }))).toBe(path);
    const page = await text(request(path));
    const secret = /class="secret">([^<]+)</.exec(page)?.[1]?.replaceAll(' ', '') ?? '';
    expect(page).toContain('role="img"');
    expect(await text(request(path, '', { code: codeOf(secret, 300) }), 422)).toContain(
      'aria-invalid="true"',
    );
    const done = await text(request(path, '', { code: codeOf(secret) }));
    expect(done.match(/<code>[A-Z2-9]{5}-[A-Z2-9]{5}<\/code>/g)).toHaveLength(10);
    await text(request(path), 404);
    const first = await request('/staff/sign-in', '', {
      email: 'anna@vilaclara.example',
      password,
    });
    const challenge = jar(first.headers.getSetCookie());
    const second = await request('/staff/code', challenge, { code: codeOf(secret, 1) });
    expect(await whereTo(second)).toBe('/console');
  });

  test.each([
    ['/console/oac?day=2026-12-01', '/console/oac?day=2026-12-01'],
    ['//evil.example', '/console'],
    ['https://evil.example', '/console'],
    ['/console/../x', '/console'],
    ['/\\evil.example', '/console'],
    ['', '/console'],
  ])('after signing in, %s leads to %s', (given, expected) => {
    expect(localPath(given)).toBe(expected);
  });
});

describe('a call', () => {
  test('is found through next, logged twice, served and closed', async () => {
    const appointment = await book();
    world.clock.set('2026-11-30T08:31:00+01:00');
    expect(await whereTo(request('/console/oac/next', marta))).toBe(at(appointment));
    const card = await text(request(at(appointment), marta));
    expect(card).toContain('href="tel:0600123456"');
    expect(card).toContain('Rosa Soler i Puig');
    expect(card).toContain('Intent 1 de 3');

    const log = (number: number, outcome: string) =>
      request(at(appointment, '/attempt'), marta, { number: `${number}`, outcome, note: 'nota' });
    expect(await whereTo(log(1, 'busy'))).toBe(at(appointment));
    expect(await text(request(at(appointment), marta))).toContain('Intent 2 de 3');
    await log(2, 'answered');
    expect(await statusOf(appointment)).toBe('in_progress');
    const form = await text(request(at(appointment), marta));
    expect(form).toMatch(/name="item-0-what" value="p:volant-padro"/);

    const save = (more: Record<string, string>) =>
      request(at(appointment, '/save'), marta, { ...filled, version: '1', ...more });
    const added = await text(save({ action: 'add', notes: 'Encara escric' }));
    expect(added).toContain('name="item-1-what"');
    expect(added).toContain('Encara escric');
    const refused = await text(save({ action: 'close', wrapUp: '', notes: 'No es perd' }), 422);
    expect(refused).toContain('href="#wrapUp"');
    expect(refused).toContain('No es perd');
    await whereTo(save({ action: 'close' }));
    expect(await statusOf(appointment)).toBe('fulfilled');
    expect(await text(request(at(appointment), marta))).toContain('Atenció tancada');
  });

  test('before its time is asked about, and the last one is taken back by one press', async () => {
    const appointment = await book();
    const log = (number: string, anyway: Record<string, string> = {}) =>
      request(at(appointment, '/attempt'), marta, {
        ...{ number, outcome: 'no_answer', note: 'El fill diu que treballa' },
        ...anyway,
      });
    const asked = await text(log('1'), 409);
    expect(asked).toContain('Encara no és l’hora de trucar');
    expect(asked).toContain('name="note" value="El fill diu que treballa"');
    for (const number of ['1', '2', '3']) await whereTo(log(number, { anyway: '1' }));
    expect(await statusOf(appointment)).toBe('booked');
    const ending = await text(request(at(appointment), marta));
    expect(ending).toContain('No l’hem localitzat');
    expect(ending).toContain('Desfés l’última trucada');
    const back = request(at(appointment, '/undo'), marta, { step: 'attempt' });
    expect(await whereTo(back)).toBe(`${at(appointment)}?done=undone`);
    expect(await text(request(at(appointment), marta))).toContain('Intent 3 de 3');
  });

  test('a second encounter at once is asked about, and its beginning undone', async () => {
    const [one, two] = [await book(), await book()];
    await whereTo(request(at(one, '/start'), marta, { anyway: '1' }));
    const asked = await text(request(at(two, '/start'), marta, {}), 409);
    expect(asked).toContain('Ja tens una atenció oberta');
    expect(asked).toContain(`href="${at(one)}"`);
    expect(await statusOf(two)).toBe('booked');
    await whereTo(request(at(two, '/start'), marta, { anyway: '1' }));
    expect(await statusOf(two)).toBe('in_progress');
    await whereTo(request(at(two, '/undo'), marta, { step: 'begin' }));
    expect(await statusOf(two)).toBe('booked');
    const late = await text(request(at(two, '/undo'), marta, { step: 'begin' }), 409);
    expect(late).toContain('Ja no es pot desfer.');
  });

  test('the address of a form leads back to its page when it is loaded again', async () => {
    const appointment = await book();
    for (const path of ['/attempt', '/save', '/undo'])
      expect(await whereTo(request(at(appointment, path), marta))).toBe(at(appointment));
    const asked = request(at(appointment, '/colleague/1/end'), marta);
    expect(await whereTo(asked)).toBe(at(appointment, '/colleague'));
  });

  test('a closed record is corrected by whoever attended, with what was typed kept', async () => {
    const appointment = await book();
    await whereTo(request(at(appointment, '/start'), marta, { anyway: '1' }));
    const send = (path: string, version: string, more: Record<string, string>) =>
      request(at(appointment, path), marta, { ...filled, version, ...more });
    await whereTo(send('/save', '1', { action: 'close' }));
    expect(await text(request(at(appointment), marta))).toContain(
      `href="${at(appointment)}/correct"`,
    );
    const form = await text(request(at(appointment, '/correct'), marta));
    expect(form).toContain(`action="${at(appointment)}/correct"`);
    const refused = await text(send('/correct', '2', { notes: 'Queda', identity: '' }), 422);
    expect(refused).toContain('Queda');
    expect(refused).toContain('href="#identity"');
    const done = await whereTo(send('/correct', '2', { notes: 'Ha de tornar', action: 'correct' }));
    expect(done).toBe(`${at(appointment)}?done=corrected`);
    expect(await text(request(done, marta))).toContain('Ha de tornar');
  });

  test('that another person logged meanwhile: a conflict, with the note kept', async () => {
    const appointment = await book();
    const noted = { number: '1', outcome: 'busy', anyway: '1' };
    await request(at(appointment, '/attempt'), nuria, noted);
    const form = { number: '1', outcome: 'no_answer', note: 'He parlat amb el fill' };
    const page = await text(request(at(appointment, '/attempt'), marta, form), 409);
    expect(page).toContain('value="He parlat amb el fill"');
    expect(page).toContain('Intent 2 de 3');
  });
});

describe('an encounter that two people write', () => {
  test('shows both versions, and continues from the saved state', async () => {
    const appointment = await book();
    await request(at(appointment, '/start'), marta, { anyway: '1' });
    const save = (cookie: string, version: string, notes: string) =>
      request(at(appointment, '/save'), cookie, { ...filled, version, notes, action: 'save' });
    await whereTo(save(nuria, '1', 'De la Núria'));
    const page = await text(save(marta, '1', 'De la Marta'), 409);
    expect(page).toContain('De la Núria');
    expect(page).toMatch(/<textarea[^>]*>De la Marta<\/textarea>/);
    expect(page).toContain('name="version" value="2"');
    await whereTo(save(marta, '2', 'De les dues'));
    expect(await text(request(at(appointment), marta))).toContain('De les dues');
  });

  test('is not lost when the session ended meanwhile', async () => {
    const appointment = await book();
    const texts = { notes: 'Una nota <llarga>', 'item-1-label': 'Una pregunta estranya' };
    const form = { ...filled, version: '1', action: 'save', ...texts };
    const page = await text(request(at(appointment, '/save'), '', form), 401);
    expect(page).toContain('Una nota &lt;llarga>');
    expect(page).toContain('Una pregunta estranya');
    expect(page).not.toContain('>save<');
  });
});

describe('a form that is sent after the session ended', () => {
  const CASE = '/console/oac/cases/00000000-0000-4000-8000-000000000000';
  /** Secrets, and what a page fills in itself. */
  const OTHERS = { password: 'el meu secret', code: 'codi secret', was: 'el d’abans' };
  const ENDED = 'La teva sessió s’ha acabat';
  const DECISION = {
    text: 'Es resol que sí.\r\nDemà.',
    reasons: 'Fonaments <de dret>',
    appeal: 'Hi pots recórrer',
  };
  const long = `Falta la signatura. ${'ç'.repeat(70 * 1024)}`;

  test.each<[string, string, Record<string, string>]>([
    ['a decision', `${CASE}/decide?to=granted`, DECISION],
    ['a long call to amend', `${CASE}/amend`, { 'point-qui--nom': long, 'point-': 'Incomplet' }],
    ['a message about a case', `${CASE}/message`, { message: 'Rebut' }],
    ['a line of a chat', '/console/oac/chats/x/write', { text: 'Hola' }],
    ['a step of a request', '/console/oac/requests/x/step', { words: 'Fet', forAll: 'Arreglat' }],
    [
      'why an authorisation is refused',
      '/console/oac/appointment/x/representation',
      { 'reason-12': 'Borrós' },
    ],
    ['a sheet', '/console/oac/admin/office', { 'name-ca': 'Tràmits', 'name-es': 'La nueva' }],
  ])('is not lost: %s', async (_, path, texts) => {
    const fields = { ...OTHERS, act: 'save', ...texts };
    const page = await text(request(path, '', fields), 401);
    expect(page).toContain(ENDED);
    for (const each of Object.values(texts)) expect(page).toContain(each.replaceAll('<', '&lt;'));
    for (const each of Object.values(OTHERS)) expect(page).not.toContain(each);
  });

  const sendFiles = async (body: FormData | string, type?: string) => {
    const encoded = new Response(body);
    const bytes = Buffer.from(await encoded.arrayBuffer());
    return world.app.request('/console/oac/admin/look', {
      method: 'POST',
      headers: {
        'X-Forwarded-For': '198.51.100.251',
        'Content-Type': type ?? encoded.headers.get('Content-Type') ?? '',
        'Content-Length': String(bytes.length),
      },
      body: bytes,
    });
  };

  test('is not lost with a file in it, whose bytes are left out', async () => {
    const body = new FormData();
    const texts = { ...OTHERS, 'look-logo-alt-ca': 'Escut de la vila' };
    for (const [name, value] of Object.entries(texts)) body.append(name, value);
    body.append('file', new Blob(['<svg> el dibuix </svg>']), 'escut.svg');
    const page = await text(sendFiles(body), 401);
    expect(page).toContain(ENDED);
    expect(page).toContain('Escut de la vila');
    for (const each of [...Object.values(OTHERS), 'dibuix']) expect(page).not.toContain(each);
  });

  test.each([
    ['is larger than any form', 'x'.repeat(1100 * 1024), 'application/x-www-form-urlencoded'],
    ['is of another kind', '{}', 'application/json'],
    ['is cut off', '--a', 'multipart/form-data; boundary=a'],
  ])('says so too where what was sent %s', async (_, body, type) => {
    const page = await text(sendFiles(body, type), 401);
    expect(page).toContain(ENDED);
    expect(page).not.toContain('id="typed"');
  });
});

test('a citizen gets the reason of a cancellation; without a reason nothing is cancelled', async () => {
  const appointment = await book();
  const cancel = (reason: string) => request(at(appointment, '/cancel'), marta, { reason });
  expect(await text(cancel(' '), 422)).toContain('href="#reason"');
  expect(await statusOf(appointment)).toBe('booked');
  await whereTo(cancel('Avaria a l’oficina'));
  expect(await statusOf(appointment)).toBe('cancelled');
  expect(await text(cancel('Avaria'), 409)).toContain('Avaria');
});

test('the list shows the requested day; an invalid day means today', async () => {
  const appointment = await book();
  expect(await text(request('/console/oac', marta))).toContain(appointment.id);
  expect(await text(request('/console/oac?day=2026-12-01', marta))).not.toContain(appointment.id);
  // An invalid day, or one too far away for calculations, means today.
  for (const day of ['nonsense', '-271821-04-19', '%2B275760-09-13', '0000-01-01', '-000001-01-01'])
    expect(await text(request(`/console/oac?day=${day}&desk=x`, marta))).toContain(appointment.id);
});

describe('tenancy', () => {
  test('every page of the console checks its viewer, and another office’s answers like a missing one', async () => {
    const appointment = await book();
    const laia = await world.signIn(LAIA);
    const paths = [
      '',
      '/attempt',
      '/start',
      '/save',
      '/give-up',
      '/cancel',
      '/move',
      '/contact',
      '/print',
    ];
    for (const rest of paths) {
      const isPage = ['', '/cancel', '/move', '/contact', '/print'].includes(rest);
      const form = { number: '1', outcome: 'answered', version: '1', reason: 'x', ...filled };
      const ask = (path: string, cookie: string) =>
        request(path, cookie, isPage ? undefined : form);
      // Laia coordinates hisenda; desk.test.ts shows her rights at the OAC, from another desk.
      const elsewhere = await ask(`/console/hisenda/appointment/${appointment.id}${rest}`, laia);
      const nowhere = await ask(
        `/console/oac/appointment/00000000-0000-4000-8000-000000000000${rest}`,
        laia,
      );
      const noOffice = await ask(`/console/nope/appointment/${appointment.id}${rest}`, laia);
      for (const answer of [elsewhere, noOffice]) {
        expect(answer.status).toBe(404);
        expect(await answer.clone().text()).toBe(await nowhere.clone().text());
      }
      const nobody = await ask(at(appointment, rest), '');
      expect(nobody.status).toBe(isPage ? 303 : 401);
    }
    expect(await statusOf(appointment)).toBe('booked');
    expect((await request('/console/hisenda', marta)).status).toBe(404);
  });
});

describe('every page in every language', () => {
  const pages = new Map<string, () => Promise<Response> | Response>();

  test('is sound HTML and speaks its language', async () => {
    const open = await book();
    const attended = await book();
    await request(at(attended, '/start'), marta, { anyway: '1' });
    const invited = await world.staff.invite(
      {
        email: 'berta@vilaclara.example',
        name: 'Berta',
        roles: [{ office: 'oac', role: 'agent' }],
      },
      world.clock.now(),
    );
    if (!invited.ok) throw new Error(invited.reason);
    const setup = new URL(invited.url).pathname;
    const appointments = await world.appointments.search({
      office: (await world.offices.find('oac'))?.id ?? 0,
      limit: 50,
    });
    await within(world.database.kysely, INSTALLATION, (tx) =>
      tx
        .updateTable('notice')
        .set({ failed_at: '2026-11-30T08:00:00Z' })
        .where('appointment_id', '=', open.id)
        .execute(),
    );
    for (const language of LANGUAGES) {
      const speaking = (cookie: string) => `${cookie}; staff_language=${language}`;
      const page = (path: string, cookie: string, form?: Record<string, string>) =>
        pages.set(`${language} ${path} ${JSON.stringify(form ?? '')}`, () =>
          request(path, speaking(cookie), form),
        );
      page('/staff/sign-in', '');
      page('/staff/sign-in?again', '');
      page('/staff/sign-in', '', { email: 'a', password: 'b' });
      page('/staff/code', 'finestreta.two_factor=x');
      page(setup, '');
      page(setup, '', { password: 'curta', repeat: 'curta' });
      page('/staff/setup/nothing', '');
      page('/console', nuria);
      page('/staff/keys?done=1', marta);
      page('/staff/keys', marta, { 'key-next': 'x', 'key-book': 'x', 'key-day': 'ctrl+w' });
      page('/console/oac', marta);
      page('/console/oac', nuria);
      page('/console/oac?day=2026-12-06', nuria);
      page(at(open, '/save'), '', { notes: 'x' });
      page(at(open, '/cancel'), marta);
      page(at(open, '/cancel'), marta, { reason: '' });
      page(at(open, '/attempt'), marta, { number: '3', outcome: 'busy', note: 'x' });
      page(at(attended, '/save'), marta, {
        version: '1',
        rows: '2',
        action: 'close',
        notes: '12345678Z',
      });
      page(at(attended, '/save'), marta, { version: '1', rows: '2', action: 'add' });
      page(at(attended, '/save'), marta, { ...filled, version: '9', action: 'save' });
      for (const status of new Set(appointments.map((each) => each.status))) {
        const one = appointments.find((each) => each.status === status);
        if (one) page(at(one), marta);
      }
    }
    expect(pages.size).toBeGreaterThan(80);
    for (const [name, ask] of pages) {
      const answer = await ask();
      const html = await answer.text();
      if (answer.status === 303) continue;
      const report = await validator.validateString(html);
      const faults = report.results.flatMap((each) =>
        each.messages.map((one) => `${one.ruleId}: ${one.message} (${one.selector})`),
      );
      expect({ name, faults }).toEqual({ name, faults: [] });
      expect(html).toMatch(new RegExp(`<html lang="${name.slice(0, 2)}"`));
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
      expect(html).not.toMatch(/undefined|\[object|staff\.\w+\./);
    }
  });
});
