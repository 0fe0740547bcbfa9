import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Tx, within } from '../../../lib/db/database.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, JORDI, MARTA, NURIA } from '../testing.ts';

const t = translateTo('ca');
let world: ConsoleWorld;
let marta: string;
let nuria: string;

beforeAll(async () => {
  world = await consoleWorld();
  marta = await world.signIn(MARTA);
  nuria = await world.signIn(NURIA);
});
afterAll(() => world.close());

const officeOf = async () => {
  const office = await world.offices.find('oac');
  if (!office) throw new Error('no office');
  return office;
};
const inOffice = async <T>(read: (tx: Tx) => Promise<T>): Promise<T> =>
  within(world.database.kysely, (await officeOf()).id, read);
const ask = (path: string, cookie: string, init: RequestInit = {}) =>
  world.app.request(`http://localhost:3000/console/oac${path}`, {
    ...init,
    headers: { cookie, 'Accept-Language': 'ca', Origin: 'http://localhost:3000', ...init.headers },
  });
const page = async (path: string, cookie = marta) => (await ask(path, cookie)).text();
const send = (path: string, cookie: string, fields: Record<string, string> = {}) =>
  ask(path, cookie, { method: 'POST', body: new URLSearchParams(fields) });

/** Somebody writes about a topic, while Marta is there: it is offered to her. */
async function written(text = 'On empadrono el meu fill?', topic = 'padro') {
  await page('');
  const begun = await world.chats.begin(await officeOf(), {
    ...{ key: randomUUID(), topic, language: 'ca', name: 'Mercè', text },
  });
  if (!begun.ok) throw new Error(begun.reason);
  return begun.id;
}
async function taken(text?: string) {
  const id = await written(text);
  const answer = await send(`/chats/${id}/take`, marta);
  expect(answer.headers.get('location')).toBe(`/console/oac/chats/${id}`);
  return id;
}
/** Ends all that is open, so that each test begins with an empty desk. */
beforeEach(async () => {
  const list = await page('/chats');
  for (const [, id] of list.matchAll(/\/chats\/([\w-]{36})"/g))
    await world.chats.end({ kind: 'chatting', chat: id ?? '' }, await officeOf());
});

describe('what is offered', () => {
  it('is at the foot of every page, with its time, and answered in one press', async () => {
    const id = await written();
    const day = await page('');
    expect(day).toContain(t('chatDesk.offer'));
    expect(day).toContain(`/console/oac/chats/${id}/take`);
    expect(day).toContain('data-seconds="45"');
    expect(day).toContain('Padró i cens');
    expect(await page('/chats')).toContain(`/console/oac/chats/${id}/decline`);
    await send(`/chats/${id}/take`, marta);
    expect(await page('')).not.toContain(`/console/oac/chats/${id}/take`);
    expect(await page(`/chats/${id}`)).toContain('On empadrono el meu fill?');
  });

  it('that was left to colleagues is no longer there', async () => {
    const id = await written();
    const left = await send(`/chats/${id}/decline`, marta, { back: '/console/oac' });
    expect(left.headers.get('location')).toBe('/console/oac');
    expect(await page('')).not.toContain(`/chats/${id}/take`);
  });

  it('is taken once: a second press says that it is over', async () => {
    const id = await written();
    await world.chats.end({ kind: 'chatting', chat: id }, await officeOf());
    const late = await send(`/chats/${id}/take`, marta);
    expect(late.headers.get('location')).toBe('/console/oac/chats?done=gone');
  });
});

describe('a conversation', () => {
  it('has a log that speaks additions, its state apart, and both sides', async () => {
    const id = await taken();
    const body = await page(`/chats/${id}`);
    expect(body).toMatch(/role="log"[^>]*aria-relevant="additions"/);
    expect(body).toMatch(/id="chat-state" role="status"/);
    const sent = await send(`/chats/${id}/write`, marta, {
      ...{ action: 'send', text: 'Amb el llibre de família.', language: 'ca', key: randomUUID() },
    });
    expect(sent.headers.get('location')).toBe(`/console/oac/chats/${id}#text`);
    const look = await world.chats.look({ kind: 'chatting', chat: id }, await officeOf());
    expect(look?.entries.map(({ text }) => text)).toContain('Amb el llibre de família.');
  });

  it('keeps what was sent twice once', async () => {
    const id = await taken();
    const fields = { action: 'send', text: 'Una vegada', language: 'ca', key: randomUUID() };
    for (const _ of [1, 2]) await send(`/chats/${id}/write`, marta, fields);
    expect((await page(`/chats/${id}`)).match(/Una vegada/g)).toHaveLength(1);
  });

  it('refuses nothing and too much, and loses nothing that was typed', async () => {
    const id = await taken();
    const empty = await send(`/chats/${id}/write`, marta, { action: 'send', text: '  ' });
    expect(empty.status).toBe(422);
    expect(await empty.text()).toContain(t('chatDesk.wrong.empty'));
    const long = await send(`/chats/${id}/write`, marta, {
      ...{ action: 'send', text: 'x'.repeat(2001), language: 'ca' },
    });
    expect(long.status).toBe(422);
    expect(await long.text()).toContain('x'.repeat(2001));
  });

  it.each([
    ['write', { action: 'send', text: 'Les meves paraules', language: 'ca' }],
    ['note', { note: 'La meva nota' }],
  ])('shows what was typed again when it is over or gone by then: %s', async (action, fields) => {
    const typed = Object.values(fields).find((each) => each.includes('me')) ?? '';
    const id = await taken();
    await world.chats.end({ kind: 'chatting', chat: id }, await officeOf());
    const over = await send(`/chats/${id}/${action}`, marta, { ...fields, key: randomUUID() });
    expect(over.status).toBe(409);
    expect(await over.text()).toContain(typed);
    const gone = await send(`/chats/${randomUUID()}/${action}`, marta, fields);
    expect(gone.status).toBe(404);
    expect(await gone.text()).toContain(typed);
  });

  it('shows hostile words as words: only addresses of the town are links', async () => {
    const id = await taken(
      '<img src=x onerror=alert(1)> javascript:alert(1) https://ok.example/a.',
    );
    const body = await page(`/chats/${id}`);
    expect(body).toContain('&lt;img src=x onerror=alert(1)');
    expect(body).not.toContain('href="javascript:');
    expect(body).not.toContain('href="https://ok.example');
    expect(body).toContain(' https://ok.example/a.');
  });

  it('has a list of its own, which opens no conversation', async () => {
    const id = await taken();
    const list = await page(`/chats/list?chat=${id}`);
    expect(list).toMatch(/^<section[^>]* id="chat-list"/);
    expect(list).toContain(`data-from="/console/oac/chats/list?chat=${id}"`);
    expect(list).not.toContain('chat-log');
  });

  it('puts a prepared answer with its source after what was typed, and finds others by words', async () => {
    const id = await taken();
    expect(await page(`/chats/${id}`)).toContain('value="answer:volant"');
    const put = await send(`/chats/${id}/write`, marta, {
      ...{ action: 'answer:volant', text: 'Bon dia,', language: 'ca', key: randomUUID() },
    });
    const body = await put.text();
    expect(body).toMatch(/<textarea[^>]*>Bon dia,\n\nEl volant de padró diu/);
    expect(body).toContain('http://localhost:3000/ca/oac/volant-padro</textarea>');
    expect(await page(`/chats/${id}/answers?find=certificat`)).toContain('answer:sense-certificat');
    expect(await page(`/chats/${id}/answers?find=xyzzy`)).toContain(t('chatDesk.answers.none'));
  });

  it('puts a link to a procedure at a step', async () => {
    const id = await taken();
    const put = await send(`/chats/${id}/write`, marta, {
      ...{ action: 'link', procedure: 'alta-padro', step: 'times', text: '', language: 'ca' },
    });
    expect(await put.text()).toContain('http://localhost:3000/ca/oac/alta-padro/times</textarea>');
  });

  it('has notes that its person never reads', async () => {
    const id = await taken();
    await send(`/chats/${id}/note`, marta, { note: 'Ja va trucar ahir' });
    expect(await page(`/chats/${id}`)).toContain('Ja va trucar ahir');
    const look = await world.chats.look({ kind: 'chatting', chat: id }, await officeOf());
    expect(JSON.stringify(look?.entries)).not.toContain('Ja va trucar ahir');
    expect((await send(`/chats/${id}/note`, marta, { note: ' ' })).status).toBe(422);
  });

  it('gets files through their check', async () => {
    const id = await taken();
    const form = new FormData();
    form.append('file', new File(['%PDF-1.7 hola'], 'infected.pdf', { type: 'application/pdf' }));
    const length = String((await new Response(form).arrayBuffer()).byteLength);
    const sent = await ask(`/chats/${id}/file`, marta, {
      ...{ method: 'POST', body: form, headers: { 'Content-Length': length } },
    });
    expect(sent.status).toBe(303);
    expect(await page(`/chats/${id}`)).toContain('infected.pdf');
  });

  it('is written in at its own desk alone', async () => {
    const id = await taken();
    const fields = { action: 'send', text: 'No és meu', language: 'ca', key: randomUUID() };
    for (const other of [nuria, await world.signIn(JORDI)])
      expect((await send(`/chats/${id}/write`, other, fields)).status).toBe(404);
    expect(await page(`/chats/${id}`)).not.toContain('No és meu');
  });

  it('sends only the lines that are new', async () => {
    const id = await taken('La primera');
    const all = await page(`/chats/${id}/lines?after=0`);
    expect(all).toContain('La primera');
    const last = Math.max(...[...all.matchAll(/data-number="(\d+)"/g)].map(([, n]) => Number(n)));
    expect(await page(`/chats/${id}/lines?after=${last}`)).toBe('');
    expect((await ask(`/chats/${id}/lines?after=x`, marta)).status).toBe(404);
  });
});

describe('a message', () => {
  const leave = async (contact: { email: string | null; phone: string | null }) => {
    const done = await world.chats.leaveMessage(await officeOf(), {
      ...{ key: randomUUID(), topic: 'padro', language: 'ca', name: 'Pau', text: 'Em truqueu?' },
      ...contact,
    });
    if (!done.ok) throw new Error(done.reason);
    return done.id;
  };

  it('says how its person is told', async () => {
    const byMail = await leave({ email: 'pau@example.cat', phone: null });
    expect(await page(`/chats/${byMail}`)).toContain(t('chatDesk.told.email'));
    const byPhone = await leave({ email: null, phone: '612 345 678' });
    expect(await page(`/chats/${byPhone}`)).toContain(t('chatDesk.told.sms'));
    const atHome = await leave({ email: null, phone: '93 123 45 67' });
    expect(await page(`/chats/${atHome}`)).toContain(t('chatDesk.told.page'));
  });
});

describe('handing it over', () => {
  it('goes back to the line with a note, and keeps its place', async () => {
    const id = await taken();
    const done = await send(`/chats/${id}/hand-over`, marta, {
      ...{ to: 'line', note: 'Parla anglès millor' },
    });
    expect(done.headers.get('location')).toBe('/console/oac/chats?done=returned');
    expect(await page('/chats')).toContain(t('chatDesk.returned'));
  });

  it('is refused to a desk that can’t answer, or where nobody is', async () => {
    const id = await taken();
    const office = await officeOf();
    const jordi = office.rota.desks.find(({ code }) => code === 'taula-2');
    const refused = await send(`/chats/${id}/hand-over`, marta, { to: `desk:${jordi?.id}` });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain(t('chatDesk.wrong.target'));
  });
});

describe('the end', () => {
  it('writes down what was done as in any other encounter, and ends the conversation', async () => {
    const id = await taken();
    const form = await page(`/chats/${id}/end`);
    expect(form).toContain('name="wrapUp"');
    const version = /name="version" value="(\d+)"/.exec(form)?.[1] ?? '';
    const missing = await send(`/chats/${id}/end`, marta, { action: 'end', version, rows: '0' });
    expect(missing.status).toBe(422);
    const fields = {
      ...{ action: 'end', version, rows: '1', identity: 'none', notes: 'Tot clar' },
      ...{ 'item-0-what': 'p:volant-padro', 'item-0-kind': 'query', 'item-0-outcome': 'answered' },
      wrapUp: 'solved',
    };
    const done = await send(`/chats/${id}/end`, marta, fields);
    expect(done.headers.get('location')).toBe('/console/oac/chats?done=ended');
    const look = await world.chats.look({ kind: 'chatting', chat: id }, await officeOf());
    expect(look?.chat).toMatchObject({ state: 'ended', endedWhy: 'desk' });
    // Twice does no harm.
    expect((await send(`/chats/${id}/end`, marta, fields)).status).toBe(303);
  });

  it('that the person brings leaves it to be written down', async () => {
    const id = await taken();
    await world.chats.end({ kind: 'chatting', chat: id }, await officeOf());
    expect(await page('/chats')).toContain(t('chatDesk.unwritten'));
    expect(await page(`/chats/${id}/end`)).toContain('name="wrapUp"');
  });
});

describe('going on elsewhere', () => {
  it('by video sends the link and ends there, in one press', async () => {
    const id = await taken('Vull empadronar el meu fill');
    const done = await send(`/chats/${id}/move`, marta, {
      ...{ to: 'video', procedure: 'volant-padro', name: 'Mercè' },
    });
    const to = done.headers.get('location') ?? '';
    expect(to).toMatch(/^\/console\/oac\/appointment\/[\w-]{36}$/);
    expect(await page(to.replace('/console/oac', ''))).toContain('Vull empadronar el meu fill');
    const look = await world.chats.look({ kind: 'chatting', chat: id }, await officeOf());
    expect(look?.chat).toMatchObject({ state: 'ended', endedWhy: 'moved' });
    expect(look?.entries.some(({ text }) => /\/ca\/appointment\/[\w-]+\/room$/.test(text))).toBe(
      true,
    );
  });

  it('by telephone needs a number', async () => {
    const id = await taken();
    const fields = { to: 'phone', procedure: 'volant-padro', name: 'Mercè' };
    const refused = await send(`/chats/${id}/move`, marta, fields);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain(t('chatDesk.wrong.number'));
    const done = await send(`/chats/${id}/move`, marta, { ...fields, phone: '612 345 678' });
    expect(done.headers.get('location')).toMatch(/\/appointment\//);
  });

  it('with the form of a procedure goes on meanwhile', async () => {
    const id = await taken();
    const done = await send(`/chats/${id}/move`, marta, { to: 'case', procedure: 'volant-padro' });
    expect(done.headers.get('location')).toBe(`/console/oac/chats/${id}`);
    expect(await page(`/chats/${id}`)).toContain('/ca/oac/volant-padro/apply');
  });
});

describe('a request', () => {
  const NEW = { type: 'suggeriment', door: 'chat', language: 'ca', tellBy: 'page' };
  const write = (chat: string, cookie: string, key: string = randomUUID()) =>
    send('/requests/new', cookie, { ...NEW, chat, key, name: 'Mercè', text: 'Més bancs' });
  const moves = (chat: string) =>
    inOffice((tx) =>
      tx
        .selectFrom('chat_event')
        .select('data')
        .where('chat_id', '=', chat)
        .where('kind', '=', 'moved')
        .execute(),
    );

  it('begins with what was written, is of the chat’s encounter, and is told in it once', async () => {
    const id = await taken('Hi falten bancs');
    expect(await page(`/chats/${id}`)).toContain(`/console/oac/requests/new?chat=${id}`);
    const form = await page(`/requests/new?chat=${id}&type=suggeriment`);
    expect(form).toContain('Hi falten bancs');
    const key = randomUUID();
    for (const _ of ['once', 'twice']) {
      const done = await write(id, marta, key);
      expect(done.headers.get('location')).toContain(`/console/oac/requests/${key}`);
    }
    expect(await moves(id)).toEqual([{ data: { to: 'request', request: key } }]);
    const { encounter, reference } = await inOffice((tx) =>
      tx
        .selectFrom('request')
        .innerJoin('chat', 'chat.encounter_id', 'request.encounter_id')
        .select(['request.encounter_id as encounter', 'reference'])
        .where('request.id', '=', key)
        .executeTakeFirstOrThrow(),
    );
    expect(encounter).not.toBeNull();
    const look = await world.chats.look({ kind: 'chatting', chat: id }, await officeOf());
    expect(look?.chat.state).toBe('talking');
    expect(look?.entries.filter(({ text }) => text.includes(reference))).toHaveLength(1);
  });

  it('is nobody else’s to write from a chat', async () => {
    const id = await taken();
    for (const who of [JORDI, NURIA, ALBERT]) {
      const cookie = await world.signIn(who);
      const form = await ask(`/requests/new?chat=${id}&type=suggeriment`, cookie);
      expect([who, form.status]).toEqual([who, 404]);
      expect([who, (await write(id, cookie)).status]).toEqual([who, 404]);
    }
    expect((await write('x', marta)).status).toBe(404);
    expect(await moves(id)).toEqual([]);
  });
});

describe('who else could', () => {
  it('a colleague’s conversation is not another agent’s to read, write, hand over or end', async () => {
    const id = await taken();
    const jordi = await world.signIn(JORDI);
    for (const path of ['', '/lines?after=0', '/answers', '/end'])
      expect([path, (await ask(`/chats/${id}${path}`, jordi)).status]).toEqual([path, 404]);
    for (const act of ['write', 'note', 'hand-over', 'move', 'end', 'assign'])
      expect([
        act,
        (await send(`/chats/${id}/${act}`, jordi, { action: 'send', text: 'x' })).status,
      ]).toEqual([act, 404]);
    const late = await send(`/chats/${id}/take`, jordi);
    expect(late.headers.get('location')).toBe('/console/oac/chats?done=gone');
  });

  it('whoever coordinates reads it, and gives it to a desk; they write in none', async () => {
    const id = await taken();
    expect(await page(`/chats/${id}`, nuria)).toContain(t('chatDesk.notYours'));
    for (const action of ['send', 'find', 'link', 'answer:volant']) {
      const written = await send(`/chats/${id}/write`, nuria, { action, text: 'x' });
      expect([action, written.status]).toEqual([action, 404]);
    }
    const office = await officeOf();
    const own = office.rota.desks.find(({ code }) => code === 'taula-1');
    const same = await send(`/chats/${id}/assign`, nuria, { desk: String(own?.id) });
    expect(same.headers.get('location')).toBe('/console/oac/chats?done=gone');
  });

  it('whoever reads it without answering it is recorded, whichever lines they ask for', async () => {
    const looks = () =>
      inOffice(async (tx) => {
        const rows = await tx
          .selectFrom('audit')
          .select(['actor', 'data'])
          .where('action', '=', 'chat_opened')
          .execute();
        return rows.filter(({ data }) => (data as { chat: string }).chat === id).length;
      });
    const id = await taken('Un secret');
    const before = await looks();
    expect(await page(`/chats/${id}/lines?after=0`, marta)).toContain('Un secret');
    expect(await looks()).toBe(before);
    expect(await page(`/chats/${id}/lines?after=0`, nuria)).toContain('Un secret');
    expect(await looks()).toBe(before + 1);
    const last = Number.MAX_SAFE_INTEGER;
    const albert = await world.signIn(ALBERT);
    expect((await ask(`/chats/${id}/lines?after=${last}`, albert)).status).toBe(404);
    expect((await ask(`/chats/${id}/lines?after=999999`, albert)).status).toBe(200);
    expect(await looks()).toBe(before + 2);
  });

  it('an administrator of the office reads, as those who coordinate do; another office’s has no such page', async () => {
    const id = await taken();
    const albert = await world.signIn(ALBERT);
    expect((await ask(`/chats/${id}`, albert)).status).toBe(200);
    expect((await send(`/chats/${id}/write`, albert, { action: 'send', text: 'x' })).status).toBe(
      404,
    );
    const elsewhere = await world.app.request(`http://localhost:3000/console/hisenda/chats/${id}`, {
      headers: { cookie: marta },
    });
    expect(elsewhere.status).toBe(404);
  });
});

it('alerts tell of an offer, and of words without an answer, without names', async () => {
  const id = await written();
  const offered = (await (await ask('/alerts', marta)).json()) as {
    entries: { id: string; href: string }[];
  };
  expect(offered.entries).toContainEqual(
    expect.objectContaining({ id, href: `/console/oac/chats/${id}` }),
  );
  expect(JSON.stringify(offered)).not.toContain('Mercè');
});
