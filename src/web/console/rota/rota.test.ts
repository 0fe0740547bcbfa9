import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let coordinator: string;
let desk: string;
let desk1: string;
let desk2: string;
beforeAll(async () => {
  world = await consoleWorld();
  coordinator = await world.signIn(NURIA);
  desk = await world.signIn(MARTA);
  const { desks } = (await world.offices.find('oac'))!;
  [desk1, desk2] = ['taula-1', 'taula-2'].map(
    (code) => `${desks.find((each) => each.code === code)!.id}`,
  ) as [string, string];
});
afterAll(() => world.close());

const askAny = (path: string, cookie = coordinator) =>
  world.app.request(`/console/oac${path}`, { headers: { cookie, 'Accept-Language': 'ca' } });
const ask = (path: string, cookie = coordinator) => askAny(`/rota${path}`, cookie);
const read = async (path: string, cookie = coordinator) => (await ask(path, cookie)).text();
type Fields = Record<string, string | string[]>;
const send = (path: string, fields: Fields, cookie = coordinator) => {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const each of [value].flat()) body.append(name, each);
  return world.app.request(`/console/oac/rota${path}`, {
    method: 'POST',
    headers: {
      ...{ cookie, 'Accept-Language': 'ca' },
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: body.toString(),
  });
};
const text = (html: string) =>
  html
    .replaceAll(/<style[\s\S]*?<\/style>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
/** Returns the fields of the plan's form, with its defaults. */
const planned = (html: string): Fields => {
  const fields: Fields = {};
  const add = (name: string, value: string) => {
    fields[name] = name in fields ? [fields[name] ?? [], value].flat() : value;
  };
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const of = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1] ?? '';
    const isSent = of('type') === 'hidden' || / checked/.test(input);
    if (isSent && of('name') && !/class="fold|name="back"/.test(input))
      add(of('name'), of('value'));
  }
  return fields;
};
/** Shows the consequences, and applies the edit. Returns the page with the result. */
async function made(path: string, fields: Fields, more: Fields = {}): Promise<string> {
  const plan = await send(path, fields);
  expect(plan.status).toBe(200);
  const saved = await send(path, { ...planned(await plan.text()), ...more });
  expect(saved.status).toBe(303);
  const to = saved.headers.get('Location') ?? '';
  return text(await read(to.replace('/console/oac/rota', '')));
}

describe('the week', () => {
  test('is a table with a row for each desk and a column for each day, and the same as lists', async () => {
    const page = await read('?week=2026-W50');
    expect(page).toMatch(
      /<th scope="row">Taula 1<span class="desk-who"> Marta Soler<\/span><\/th>/,
    );
    expect(page.match(/<th scope="col"/g)).toHaveLength(8);
    expect(text(page)).toContain('Del dl. 7/12 al dg. 13/12');
    expect(page.match(/<h2 id="day-2026-12-/g)).toHaveLength(7);
    // A public holiday.
    expect(text(page)).toMatch(/dt\. 8\/12 Tancat/);
  });

  test('in the past is read-only, and no week is more than a year away', async () => {
    const past = await read('?week=2026-W48');
    expect(text(past)).toContain('Aquesta setmana ja ha passat');
    expect(past).not.toMatch(/rota\/(shift|absence)\?/);
    expect(text(await read('?week=2029-W01'))).toContain('Del dl. 30/11 al dg. 6/12');
  });

  test('shows the desks that match the search, a page of them', async () => {
    expect(text(await read('?q=TAULA+2'))).not.toMatch(/Taula 1\b.*Taula 2/);
    const table = /<table[\s\S]*<\/table>/.exec(await read('?q=taula 2'))?.[0] ?? '';
    expect(table.match(/scope="row"/g)).toHaveLength(1);
    expect(text(await read('?q=zzz'))).toContain('Cap taula no és com la busques');
  });

  test('is a coordinator’s; an agent reads their own', async () => {
    const laia = await world.signIn(LAIA);
    for (const path of ['', '/shift', '/absence', '/swap', '/copy', '/import', '/change/1'])
      for (const cookie of [desk, laia]) expect((await ask(path, cookie)).status).toBe(404);
    const own = text(await read('/mine', desk));
    expect(own).toMatch(/Els meus torns.*Taula 1/);
    expect(own).toMatch(/dimarts, 1 de desembre [\d:–]+ 15:00–18:00/);
    expect((await ask('/mine')).headers.get('Location')).toBe('/console/oac/rota');
  });
});

describe('a shift', () => {
  const fields = () => ({
    ...{ desk: desk2, day: '2026-12-12', from: '10:00', to: '13:00', once: 'yes' },
  });

  test('is added on a single day, then changed there, then removed', async () => {
    expect(await made('/shift', fields())).toContain('Canvi desat');
    const week = await read('?week=2026-W50');
    const href = /rota(\/shift\?day=2026-12-12&amp;shift=\d+)/
      .exec(week)?.[1]
      ?.replace('&amp;', '&');
    expect(text(week)).toMatch(/10:00–13:00 , Taula 2, dissabte, 12 de desembre només aquest dia/);
    const form = await read(href ?? '');
    expect(form).toMatch(/name="from"[^>]* value="10:00"/);
    const shift = /shift=(\d+)/.exec(href ?? '')?.[1] ?? '';
    await made('/shift', { ...fields(), shift, act: 'alter', from: '11:00' });
    expect(text(await read('?week=2026-W50'))).toContain('11:00–13:00');
    const now = /day=2026-12-12&amp;shift=(\d+)/.exec(await read('?week=2026-W50'))?.[1] ?? '';
    await made('/shift', { ...fields(), shift: now, act: 'drop' });
    expect(text(await read('?week=2026-W50'))).not.toContain('11:00–13:00');
    expect((await ask(`/shift?day=2026-12-12&shift=${now}`)).status).toBe(404);
  });

  test('of one day is repeated each week up to a day, which its form then shows', async () => {
    const far = { ...fields(), day: '2027-02-06' };
    await made('/shift', far);
    const idIn = async (week: string, day: string) =>
      new RegExp(`day=${day}&amp;shift=(\\d+)`).exec(await read(`?week=${week}`))?.[1] ?? '';
    const formOf = async (week: string, day: string) =>
      read(`/shift?day=${day}&shift=${await idIn(week, day)}`);
    expect(await formOf('2027-W05', '2027-02-06')).toMatch(/name="until" value type/);
    const shift = await idIn('2027-W05', '2027-02-06');
    const weekly = { ...far, shift, act: 'alter', once: 'no', weekdays: ['6', '7'] };
    await made('/shift', { ...weekly, until: '2027-02-14' });
    const last = await formOf('2027-W06', '2027-02-14');
    expect(last).toMatch(/name="until" value="2027-02-14"/);
    expect(await idIn('2027-W07', '2027-02-20')).toBe('');
  });

  test('with mistakes returns with the typed values, each mistake by its field', async () => {
    const wrong = await send('/shift', {
      ...fields(),
      ...{ desk: '', day: '2026-11-01', to: '10:00', once: 'no', until: '2026-10-01' },
    });
    expect(wrong.status).toBe(422);
    const page = await wrong.text();
    for (const field of ['desk', 'day', 'to', 'weekdays', 'until'])
      expect(page).toMatch(new RegExp(`href="#${field}"`));
    expect(page).toMatch(/id="to-error">[^<]*El final/);
    expect(page).toMatch(/name="day" value="2026-11-01"/);
    expect(page).toMatch(/value="no" checked/);
  });

  test('without any change isn’t saved', async () => {
    const swap = await send('/swap', { day: '2026-12-12', desk: desk1, other: desk2 });
    const page = await swap.text();
    expect(text(page)).toContain('no canviaria res');
    expect(text(page)).not.toContain('Desa el canvi');
    // The skills that only one of the two desks has.
    expect(text(page)).toMatch(
      /Taula 2 · Jordi Puig no atén el que sí que atén Taula 1 · Marta Soler: .* més\./,
    );
  });
});

describe('an absence', () => {
  test('shows the affected appointments, without names; the choices are applied', async () => {
    const citizen = { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000001' };
    const { id, reference } = await world.book('09:30', { citizen });
    const absence = {
      ...{ desk: desk1, from: '2026-11-30T09:00', to: '2026-11-30T12:00', why: 'Formació' },
    };
    const plan = await (await send('/absence', absence)).text();
    expect(text(plan)).toMatch(new RegExp(`Una cita es queda sense taula.*9:30.*${reference}`));
    expect(text(plan)).not.toContain('Rosa');
    expect(text(plan)).toContain('Cap altra taula no està lliure');
    const back = await send('/absence', { ...planned(plan), step: 'back' });
    expect(await back.text()).toMatch(/name="why"[^>]* value="Formació"|value="Formació"/);
    const done = await made('/absence', absence, { [`fate-${id}`]: 'leave' });
    expect(done).toMatch(/Fora del torn: Taula 1/);
    const week = await read('?week=2026-W49');
    expect(text(week)).toContain('9:30: cita fora del torn');
    // Today's lists show it too, and so does the desk's own.
    const days = async () => {
      const pages = [askAny('/board'), askAny(`?desk=${desk1}`), askAny('', desk)];
      return Promise.all(pages.map(async (each) => text(await (await each).text())));
    };
    for (const each of await days()) expect(each).toMatch(/Rosa Soler.*Fora del torn/);
    const own = text(await read('/mine', desk));
    expect(own).toContain('Absent 9:00–12:00');
    // The early end removes the rest of it.
    const path = /rota(\/absence\?absence=\d+)/.exec(week)?.[1] ?? '';
    expect(text(await read(path))).toContain('Formació');
    await made(path.replace(/\?.*/, ''), { absence: path.replace(/\D/g, '') });
    expect(text(await read('?week=2026-W49'))).not.toContain('cita fora del torn');
    for (const each of await days()) expect(each).not.toContain('Fora del torn');
  });

  test('ends when the desk returns, not only now', async () => {
    const absence = { desk: desk2, from: '2027-07-12T00:00', to: '2027-07-26T00:00', why: '' };
    await made('/absence', absence);
    const id = /absence\?absence=(\d+)/.exec(await read('?week=2027-W29'))?.[1] ?? '';
    const back = { ...absence, absence: id };
    const past = await send('/absence', { ...back, at: '2026-01-01T00:00' });
    expect(past.status).toBe(422);
    expect(await past.text()).toMatch(/href="#at"[\s\S]*id="at-error"/);
    expect(await made('/absence', { ...back, at: '2027-07-20T00:00' })).toContain('Canvi desat');
    expect(text(await read('?week=2027-W29'))).toContain(
      'Absent tot el dia , Taula 2, dilluns, 19',
    );
    expect(text(await read('?week=2027-W29'))).not.toContain(
      'Taula 2, dimarts, 20 de juliol Absent',
    );
  });

  test('that has changed since it was shown is shown again, with the choices', async () => {
    const absence = { desk: desk1, from: '2026-11-30T09:00', to: '2026-11-30T12:00', why: '' };
    const plan = planned(await (await send('/absence', absence)).text());
    await world.book('10:30', {});
    const again = await send('/absence', plan);
    expect(again.status).toBe(409);
    expect(text(await again.text())).toMatch(/Mentrestant hi ha hagut canvis.*10:30/);
  });
});

test.each(['shift', 'absence'])('a form (%s) may lack fields of its page', async (kind) => {
  const gone = { [kind]: '999999', day: 'x', from: 'x' };
  expect((await send(`/${kind}`, gone)).status).toBe(422);
  expect((await send(`/${kind}`, { ...gone, step: 'back' })).status).toBe(200);
});

test('a week is copied to others', async () => {
  const day = { desk: desk2, day: '2026-12-12', from: '10:00', to: '13:00', once: 'yes' };
  await made('/shift', day);
  const copy = { source: '2026-W50', target: '2027-W01', count: '2' };
  expect(await made('/copy', copy)).toContain('Canvi desat');
  for (const week of ['2027-W01', '2027-W02'])
    expect(text(await read(`?week=${week}`))).toMatch(/10:00–13:00 , Taula 2, dissabte/);
  const self = await send('/copy', { ...copy, target: '2026-W50' });
  expect(self.status).toBe(422);
  expect(await self.text()).toContain('href="#target"');
});

describe('a calendar file', () => {
  const calendar = (...events: string[]) =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n');
  const course = [
    ...['BEGIN:VEVENT', 'UID:course@example.cat', 'SUMMARY:Oncologist'],
    ...['DTSTART;TZID=Europe/Madrid:20261214T090000', 'DURATION:PT2H'],
    ...['RRULE:FREQ=WEEKLY;COUNT=2', 'END:VEVENT'],
  ].join('\r\n');
  const bad = ['BEGIN:VEVENT', 'UID:b', 'SUMMARY:Unknown', 'END:VEVENT'].join('\r\n');
  const upload = async (text: string | null, more: Fields = {}) => {
    const data = new FormData();
    for (const [name, value] of Object.entries({
      desk: desk2,
      as: 'absence',
      why: 'Curs',
      ...more,
    }))
      data.append(name, `${value}`);
    if (text !== null) data.append('file', new File([text], 'a.ics', { type: 'text/calendar' }));
    const request = new Request('http://localhost/console/oac/rota/import', {
      method: 'POST',
      body: data,
    });
    const body = await request.arrayBuffer();
    return world.app.request('/console/oac/rota/import', {
      method: 'POST',
      headers: {
        ...{ cookie: coordinator, 'Accept-Language': 'ca' },
        'Content-Type': request.headers.get('Content-Type') ?? '',
        'Content-Length': `${body.byteLength}`,
      },
      body,
    });
  };

  test('is read, shown with its omissions, and applied once, without its titles', async () => {
    const asksOfEarlier = async () => (await read('/import')).includes('name="replaces"');
    expect(await asksOfEarlier()).toBe(false);
    const plan = await (await upload(calendar(course, bad))).text();
    expect(text(plan)).toMatch(/No s’importa «Unknown»: no diu bé quan comença/);
    expect(text(plan)).toMatch(/dl\. 14\/12.*Absent 9:00–11:00.*dl\. 21\/12/);
    expect(plan).not.toMatch(/Oncologist|course@example/);
    const saved = await send('/import', planned(plan));
    expect(saved.status).toBe(303);
    expect(text(await read('?week=2026-W51'))).toContain('Absent 9:00–11:00');
    expect(text(await (await upload(calendar(course))).text())).toContain('no canviaria res');
    expect(await asksOfEarlier()).toBe(true);
  });

  test('stays with the form when something else is wrong', async () => {
    const free = course
      .replaceAll(/course|Oncologist/g, 'free')
      .replace('RRULE', 'TRANSP:TRANSPARENT\r\nRRULE');
    const refused = await upload(calendar(course, bad, free), { desk: '' });
    expect(refused.status).toBe(422);
    const form = await refused.text();
    expect(text(form)).toContain('Has triat un fitxer amb 2 esdeveniments');
    const kept = planned(form);
    const plan = text(await (await upload(null, { ...kept, desk: desk1 })).text());
    expect(plan).toMatch(/No s’importa «Unknown».*Un esdeveniment consta com a lliure/);
    expect(plan).toMatch(/Taula 1 · Marta Soler dl\. 14\/12.*Absent 9:00–11:00/);
    // A file that was read as absences has no shifts.
    expect((await upload(null, { ...kept, desk: desk1, as: 'shift' })).status).toBe(422);
  });

  test('is dropped where no file is chosen', async () => {
    const plan = await (await upload(calendar(course), { desk: desk1 })).text();
    await send('/import', planned(plan));
    const away = /Absent 9:00–11:00 , Taula 1/;
    expect(text(await read('?week=2026-W51'))).toMatch(away);
    const without = await (await upload(null, { desk: desk1, replaces: 'yes' })).text();
    expect(text(without)).toMatch(/dl\. 14\/12.*dl\. 21\/12/);
    expect((await send('/import', planned(without))).status).toBe(303);
    expect(text(await read('?week=2026-W51'))).not.toMatch(away);
  });

  test('of shifts is dropped too, whatever the form says about the calendar', async () => {
    const plan = await (await upload(calendar(course), { desk: desk1, as: 'shift' })).text();
    await send('/import', planned(plan));
    const shift = /9:00–11:00 , Taula 1, dilluns, 14/;
    expect(text(await read('?week=2026-W51'))).toMatch(shift);
    expect(text(await read('/import'))).toContain('no tornen soles');
    await made('/import', { desk: desk1, as: 'absence', replaces: 'yes' });
    expect(text(await read('?week=2026-W51'))).not.toMatch(shift);
  });

  test('of overlapping shifts is refused by the file’s field', async () => {
    const shifts = calendar(course, course.replace('course@', 'other@'));
    const refused = await upload(shifts, { as: 'shift' });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toMatch(/href="#file">Dos torns s’encavalquen/);
  });

  test('that is missing or invalid is reported by its field', async () => {
    for (const each of [null, 'hello']) {
      const refused = await upload(each);
      expect(refused.status).toBe(422);
      const page = await refused.text();
      expect(page).toContain('href="#file"');
      expect(page).toMatch(/value="Curs"/);
    }
  });
});
