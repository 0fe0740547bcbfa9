import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { within } from '../../../lib/db/database.ts';
import { MONDAY } from '../coordination/testing.ts';
import { MOST_LINES } from './rules.ts';
import { asked, begun, type ChatWorld, chatWorld, TEST_CHAT, trailOf, words } from './testing.ts';
import { readChat } from './views.ts';

let chat: ChatWorld;
beforeAll(async () => {
  chat = await chatWorld();
});
afterAll(() => chat.close());

type Opened = Awaited<ReturnType<ChatWorld['open']>>;
const stateOf = ({ office }: Pick<Opened, 'office'>, id: string) =>
  within(chat.db, office.id, async (tx) => (await readChat(tx, id))?.state);
const said = async (office: Opened['office'], viewer: { kind: 'chatting'; chat: string }) =>
  (await chat.chats.look(viewer, office))!.entries.map(
    ({ side, text, what }) => `${side}: ${what ?? text}`,
  );

describe('a form that is sent again', () => {
  test('says so when its other words can’t be added, and loses none of those that were', async () => {
    const { office, marta, come } = await chat.open();
    await come(marta);
    const form = asked();
    const first = await chat.chats.begin(office, form);
    for (let nth = 1; nth < MOST_LINES.lines; nth++)
      expect(await chat.chats.begin(office, { ...form, text: `Línia ${nth}` })).toEqual(first);
    expect(await chat.chats.begin(office, { ...form, text: 'Una més' })).toEqual({
      ...{ ok: false, reason: 'many' },
    });
    expect(await chat.chats.begin(office, form)).toEqual(first);
  });
});

describe('a conversation', () => {
  test('is offered, taken, written on both sides, and ended; all of it is recorded', async () => {
    const at = await chat.open();
    const { office, marta, come } = at;
    await come(marta);
    const rosa = await begun(chat, office);
    expect(await stateOf(at, rosa.chat)).toBe('offered');
    const taken = await chat.desk.take(marta, office, rosa.chat);
    expect(taken).toMatchObject({ ok: true, encounter: expect.any(String) });
    await chat.desk.write(marta, office, rosa.chat, words('Digui’m'));
    await chat.chats.write(rosa, office, words('Vull un volant'));
    expect(await said(office, rosa)).toEqual([
      ...['system: begun', 'person: Bon dia', 'system: taken'],
      ...['office: Digui’m', 'person: Vull un volant'],
    ]);
    expect(await chat.desk.end(marta, office, rosa.chat)).toEqual({ ok: true });
    const { chat: over } = (await chat.chats.look(rosa, office))!;
    expect([over.state, over.endedWhy, over.name]).toEqual(['ended', 'desk', 'Rosa']);
    expect(await chat.chats.write(rosa, office, words('Encara hi és?'))).toMatchObject({
      reason: 'over',
    });
    const trail = await trailOf(chat, office.id);
    expect(trail).toEqual(
      expect.arrayContaining([
        ...['citizen chat_begun', 'staff chat_taken', 'staff started'],
        ...['staff chat_written', 'citizen chat_written', 'staff chat_ended'],
      ]),
    );
    const encounter = await within(chat.db, office.id, (tx) =>
      tx.selectFrom('encounter').select(['channel', 'language', 'name']).executeTakeFirstOrThrow(),
    );
    expect(encounter).toEqual({ channel: 'chat', language: 'ca', name: null });
  });

  test('is kept sealed: no word of it is in the tables', async () => {
    const { office, marta, come } = await chat.open();
    await come(marta);
    await begun(chat, office, { name: 'Rosamunda', text: 'Paraula secreta' });
    const kept = await within(chat.db, office.id, async (tx) => [
      await tx.selectFrom('chat').selectAll().execute(),
      await tx.selectFrom('chat_entry').selectAll().execute(),
      await tx.selectFrom('audit').selectAll().execute(),
    ]);
    const text = JSON.stringify(kept, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    expect(text).not.toMatch(/Rosamunda|Paraula/);
  });

  test('sent twice, it begins once, and each line is kept once', async () => {
    const { office, marta, come } = await chat.open();
    await come(marta);
    const first = asked();
    const one = await chat.chats.begin(office, first);
    expect(await chat.chats.begin(office, first)).toEqual(one);
    const rosa = { kind: 'chatting', chat: one.ok ? one.id : '' } as const;
    const line = words('Hola?', randomUUID());
    const written = await chat.chats.write(rosa, office, line);
    expect(await chat.chats.write(rosa, office, line)).toEqual(written);
    expect((await said(office, rosa)).filter((each) => each === 'person: Hola?')).toHaveLength(1);
  });

  test('begins only while somebody can answer the topic in the language', async () => {
    const { office, marta, come } = await chat.open(
      {},
      { 'taula-1': { languages: ['ca'] }, 'taula-2': {} },
    );
    expect(await chat.chats.begin(office, asked())).toMatchObject({ reason: 'closed' });
    await come(marta);
    expect(await chat.chats.begin(office, asked({ language: 'eu' }))).toMatchObject({
      reason: 'closed',
    });
    expect(await chat.chats.begin(office, asked({ topic: 'res' }))).toMatchObject({
      reason: 'topic',
    });
    expect(await chat.chats.begin(office, asked())).toMatchObject({ ok: true });
    await chat.presence.say(marta, office, 'break');
    expect(await chat.chats.begin(office, asked())).toMatchObject({ reason: 'closed' });
  });

  test('no more wait than may', async () => {
    const { office, marta, come } = await chat.open({ atOnce: 1, waiting: 2 });
    await come(marta);
    await begun(chat, office);
    await begun(chat, office);
    expect(await chat.chats.begin(office, asked())).toMatchObject({ reason: 'full' });
  });

  test('no sender has more than a share of the line, and none is remembered who waits no more', async () => {
    const { office, marta, come } = await chat.open({ atOnce: 1, waiting: 16 });
    await come(marta);
    const [library, home] = [Buffer.from('library'), Buffer.from('home')];
    const begin = (sender: Buffer) => chat.chats.begin(office, asked(), { sender });
    const one = await begin(library);
    expect(await begin(library)).toMatchObject({ ok: true });
    expect(await begin(library)).toMatchObject({ reason: 'share' });
    expect(await begin(home)).toMatchObject({ ok: true });
    await chat.chats.end({ kind: 'chatting', chat: one.ok ? one.id : '' }, office);
    expect(await begin(library)).toMatchObject({ ok: true });
    const rows = await within(chat.db, office.id, (tx) =>
      tx.selectFrom('chat').select(['state', 'sender']).execute(),
    );
    for (const { state, sender } of rows)
      expect([state, sender === null]).toEqual([state, state === 'left']);
  });

  test('other words of the same form are added while it goes on, and begin another when it is over', async () => {
    const { office, marta, come } = await chat.open();
    await come(marta);
    const form = asked();
    const one = await chat.chats.begin(office, form);
    const rosa = { kind: 'chatting', chat: one.ok ? one.id : '' } as const;
    const more = { ...form, text: 'I una altra cosa' };
    expect(await chat.chats.begin(office, more)).toEqual(one);
    expect(await chat.chats.begin(office, more)).toEqual(one);
    const persons = ['person: Bon dia', 'person: I una altra cosa'];
    expect(await said(office, rosa)).toEqual(['system: begun', ...persons]);
    await chat.chats.end(rosa, office);
    const next = await chat.chats.begin(office, { ...form, text: 'Una altra pregunta' });
    expect(next).toMatchObject({ ok: true });
    expect(next).not.toEqual(one);
    expect(await chat.chats.begin(office, { ...form, text: 'Una altra pregunta' })).toEqual(next);
    const viewer = { kind: 'chatting', chat: next.ok ? next.id : '' } as const;
    expect(await said(office, viewer)).toEqual(['system: begun', 'person: Una altra pregunta']);
    await chat.chats.end(viewer, office);
    expect(await chat.chats.begin(office, form)).toMatchObject({ ok: true });
    // The key of a form counts in one office.
    const other = await chat.open();
    await other.come(other.marta);
    expect(await chat.chats.begin(other.office, form)).toMatchObject({ ok: true });
  });

  test('what nobody can see is no text', async () => {
    const { office, marta, come } = await chat.open();
    await come(marta);
    const rosa = await begun(chat, office, { text: '\u200b\u2060' });
    expect(await said(office, rosa)).toEqual(['system: begun']);
    expect(await chat.chats.write(rosa, office, words('\ufeff\u00ad'))).toMatchObject({
      reason: 'empty',
    });
  });

  test('is nobody else’s: another link, another desk, another office', async () => {
    const { office, marta, joan, come } = await chat.open();
    const other = await chat.open();
    await come(marta);
    const rosa = await begun(chat, office);
    const pere = await begun(chat, office);
    expect(await chat.chats.look({ ...rosa, chat: randomUUID() }, office)).toBeNull();
    expect(await chat.files.open(pere, office, rosa.chat, randomUUID())).toBeNull();
    expect(await chat.desk.look(joan, office, rosa.chat)).toBeNull();
    expect(await chat.desk.look(other.nuria, other.office, rosa.chat)).toBeNull();
    expect(await chat.desk.look(other.nuria, office, rosa.chat)).toBeNull();
    const stranger = await chat.desk.write(joan, office, rosa.chat, words('Sóc jo'));
    expect(stranger).toEqual({ ok: false, reason: 'not_found' });
    for (const act of [
      chat.desk.take(joan, office, rosa.chat),
      chat.desk.end(joan, office, rosa.chat),
      chat.desk.handOver(joan, office, rosa.chat, 'line', ''),
      chat.desk.take(other.marta, office, rosa.chat),
    ])
      expect(await act).toMatchObject({ ok: false });
    expect((await chat.desk.list(joan, office))!.own).toEqual([]);
  });
});

describe('what somebody reads whom it is not offered to', () => {
  const opened = async (office: number) =>
    (await trailOf(chat, office)).filter((each) => each.endsWith('chat_opened')).length;

  test('is recorded whichever lines they ask for, once for half an hour', async () => {
    const { office, marta, nuria, come } = await chat.open();
    await come(marta);
    const rosa = await begun(chat, office);
    await chat.desk.take(marta, office, rosa.chat);
    await chat.desk.look(marta, office, rosa.chat);
    expect(await opened(office.id)).toBe(0);
    for (const after of [0, undefined, 2, Number.MAX_SAFE_INTEGER])
      expect(await chat.desk.look(nuria, office, rosa.chat, after)).not.toBeNull();
    expect(await opened(office.id)).toBe(1);
    chat.clock.advance({ minutes: 31 });
    await chat.desk.look(nuria, office, rosa.chat, 0);
    expect(await opened(office.id)).toBe(2);
  });

  test('a message, too; what it is alone is no look', async () => {
    const { office, marta } = await chat.open();
    const left = { ...asked(), email: 'rosa@example.cat', phone: null };
    const done = await chat.chats.leaveMessage(office, left);
    const id = done.ok ? done.id : '';
    expect(await chat.desk.find(marta, office, id)).toEqual({
      ...{ id, topic: 'padro', language: 'ca', state: 'message' },
    });
    expect(await opened(office.id)).toBe(0);
    await chat.desk.look(marta, office, id, 1);
    expect(await opened(office.id)).toBe(1);
  });

  test('is nothing of who waits, for anybody', async () => {
    const { office, marta, nuria, come } = await chat.open({ atOnce: 1 });
    await come(marta);
    await begun(chat, office);
    const pere = await begun(chat, office);
    expect(await chat.desk.look(nuria, office, pere.chat)).toBeNull();
    expect(await chat.desk.find(nuria, office, pere.chat)).toBeNull();
    expect(await chat.desk.look(marta, office, pere.chat)).toBeNull();
  });
});

describe('the line', () => {
  test('what nobody takes goes back, and the desk is left in peace until somebody is there', async () => {
    const at = await chat.open();
    const { office, marta, joan, come } = at;
    await come(marta);
    const rosa = await begun(chat, office);
    chat.clock.advance({ seconds: 45 });
    await chat.line.settle();
    expect(await stateOf(at, rosa.chat)).toBe('waiting');
    await come(joan);
    await chat.line.settle();
    expect((await chat.desk.list(joan, office))!.own.map(({ id }) => id)).toEqual([rosa.chat]);
    await chat.desk.decline(joan, office, rosa.chat);
    expect(await stateOf(at, rosa.chat)).toBe('waiting');
    chat.clock.advance({ seconds: 1 });
    await chat.desk.comeBack(marta, office);
    expect((await chat.desk.list(marta, office))!.own.map(({ id }) => id)).toEqual([rosa.chat]);
  });

  test('a desk that vanishes gives back what it had, at the head; the encounter goes on elsewhere', async () => {
    const at = await chat.open({ atOnce: 1 });
    const { office, marta, joan, come } = at;
    await come(marta);
    const rosa = await begun(chat, office);
    const { encounter } = (await chat.desk.take(marta, office, rosa.chat)) as { encounter: string };
    const pere = await begun(chat, office);
    await chat.presence.leave(marta, office);
    await chat.line.settle();
    expect(await said(office, rosa)).toContain('system: returned');
    await come(joan);
    await chat.line.settle();
    expect(await stateOf(at, rosa.chat)).toBe('offered');
    expect(await stateOf(at, pere.chat)).toBe('waiting');
    expect(await chat.desk.take(joan, office, rosa.chat)).toEqual({ ok: true, encounter });
    expect(await chat.desk.write(marta, office, rosa.chat, words('Ja hi sóc'))).toMatchObject({
      ok: false,
    });
  });

  test('hands over with a note that its person never sees, to a colleague first', async () => {
    const at = await chat.open();
    const { office, marta, joan, come } = at;
    await come(marta);
    const rosa = await begun(chat, office);
    await chat.desk.take(marta, office, rosa.chat);
    await come(joan);
    const to = { desk: joan.desk! };
    expect(await chat.desk.handOver(marta, office, rosa.chat, to, 'Té pressa')).toEqual({
      ok: true,
    });
    const look = (await chat.desk.look(joan, office, rosa.chat))!;
    expect(look.entries.map(({ kind, text }) => `${kind} ${text}`)).toContain('note Té pressa');
    expect((await said(office, rosa)).join()).not.toContain('Té pressa');
    expect(await chat.desk.take(joan, office, rosa.chat)).toMatchObject({ ok: true });
  });

  test('says where one stands, and how long it may be once something is known', async () => {
    const { office, marta, come } = await chat.open({ atOnce: 1 });
    await come(marta);
    for (let nth = 0; nth < 3; nth++) {
      await come(marta);
      const one = await begun(chat, office);
      await chat.desk.take(marta, office, one.chat);
      chat.clock.advance({ minutes: 6 });
      await chat.chats.write(one, office, words('Gràcies'));
      await chat.desk.end(marta, office, one.chat);
    }
    await come(marta);
    const talking = await begun(chat, office);
    await chat.desk.take(marta, office, talking.chat);
    const next = await begun(chat, office);
    const last = await begun(chat, office);
    expect((await chat.chats.look(next, office))!.place).toEqual({
      ...{ position: 1, isNobody: false },
      wait: { from: 3, to: 12 },
    });
    expect((await chat.chats.look(last, office))!.place).toMatchObject({ position: 2 });
  });

  test('two processes that settle at once never offer one to two desks', async () => {
    const { office, marta, joan, come } = await chat.open({ atOnce: 1 });
    await come(marta);
    await come(joan);
    await chat.presence.say(joan, office, 'break');
    const some = [await begun(chat, office), await begun(chat, office), await begun(chat, office)];
    await chat.presence.say(joan, office, 'available');
    await Promise.all(Array.from({ length: 8 }, () => chat.line.settle()));
    const rows = await within(chat.db, office.id, (tx) =>
      tx
        .selectFrom('chat_event')
        .select(['chat_id', 'desk_id'])
        .where('kind', '=', 'offered')
        .execute(),
    );
    expect(new Set(rows.map((each) => each.chat_id)).size).toBe(rows.length);
    expect(rows).toHaveLength(2);
    expect(some).toHaveLength(3);
  });

  test('whoever is silent is asked, then it ends; keys are enough to stay', async () => {
    const at = await chat.open();
    const { office, marta, come } = at;
    await come(marta);
    const rosa = await begun(chat, office);
    await chat.desk.take(marta, office, rosa.chat);
    await chat.desk.write(marta, office, rosa.chat, words('Digui’m'));
    const wait = async (minutes: number) => {
      for (let nth = 0; nth < minutes; nth++) {
        chat.clock.advance({ minutes: 1 });
        await chat.presence.visit(marta, office, { isIdle: false });
        await chat.line.settle();
      }
    };
    await wait(10);
    expect(await said(office, rosa)).toContain('system: asked');
    await wait(9);
    await chat.chats.sign(rosa, office);
    await wait(9);
    expect(await stateOf(at, rosa.chat)).toBe('talking');
    await wait(11);
    expect(await said(office, rosa)).toContain('system: ended.silent');
  });

  test('an agent who writes a long answer is not silent; one who does nothing is', async () => {
    const at = await chat.open();
    const { office, marta, come } = at;
    await come(marta);
    const rosa = await begun(chat, office);
    await chat.desk.take(marta, office, rosa.chat);
    const wait = async (minutes: number) => {
      chat.clock.advance({ minutes });
      await come(marta);
      await chat.line.settle();
    };
    await wait(9);
    await chat.desk.sign(marta, office, rosa.chat);
    await wait(9);
    expect(await stateOf(at, rosa.chat)).toBe('talking');
    await wait(2);
    expect(await said(office, rosa)).toContain('system: returned');
  });

  test('whoever leaves it, or isn’t there, reads which of both it was', async () => {
    const at = await chat.open({ atOnce: 1 });
    const { office, marta, come } = at;
    await come(marta);
    await chat.desk.take(marta, office, (await begun(chat, office)).chat);
    const [rosa, pere, aina] = [
      await begun(chat, office),
      await begun(chat, office),
      await begun(chat, office),
    ];
    await chat.chats.end(rosa, office);
    expect(await said(office, rosa)).toContain('system: ended.left');
    // Aina's page is loaded again every nine minutes; nobody loads Pere's.
    for (let nth = 0; nth < 4; nth++) {
      chat.clock.advance({ minutes: 9 });
      await come(marta);
      await chat.chats.look(aina, office);
      await chat.line.settle();
    }
    expect(await said(office, pere)).toContain('system: ended.gone');
    expect(['waiting', 'offered', 'talking']).toContain(await stateOf(at, aina.chat));
  });
});

describe('when the topic closes and nobody is there any more', () => {
  const hours = [{ weekdays: ['mon' as const], from: '09:00', to: '10:00' }];
  const topics = [{ ...TEST_CHAT.topics[0]!, hours }];

  test('who wrote and said where to answer has left a message; the others are told', async () => {
    const at = await chat.open({ topics, atOnce: 1 });
    const { office, marta, come } = at;
    await come(marta);
    const talking = await begun(chat, office);
    await chat.desk.take(marta, office, talking.chat);
    const email = 'rosa@example.cat';
    const begin = async (of: object) => {
      const done = await chat.chats.begin(office, asked(of), { email });
      return { kind: 'chatting', chat: done.ok ? done.id : '' } as const;
    };
    const [rosa, silent, pau] = [
      await begin({}),
      await begin({ text: '' }),
      await begun(chat, office),
    ];
    chat.clock.set(`${MONDAY}T10:05:00+01:00`);
    await come(marta);
    for (const each of [rosa, silent, pau]) await chat.chats.stay(each, office);
    await chat.line.settle();
    expect(await stateOf(at, rosa.chat)).toBe('waiting');
    await chat.presence.leave(marta, office);
    await chat.line.settle();
    expect(await stateOf(at, rosa.chat)).toBe('message');
    expect(await said(office, rosa)).toContain('system: closed.message');
    for (const each of [silent, pau]) {
      expect(await stateOf(at, each.chat)).toBe('left');
      expect(await said(office, each)).toContain('system: ended.closed');
    }
    expect((await chat.desk.look(marta, office, rosa.chat))?.contact).toEqual({
      ...{ email, phone: null, by: 'email' },
    });
  });

  test('without hours it is the next day; until then the page says that nobody is there', async () => {
    const at = await chat.open();
    const { office, marta, come } = at;
    await come(marta);
    const rosa = await begun(chat, office);
    await chat.presence.leave(marta, office);
    await chat.line.settle();
    expect((await chat.chats.look(rosa, office))!.place).toMatchObject({ isNobody: true });
    for (const time of ['12:00', '15:00', '20:00', '23:59']) {
      chat.clock.set(`${MONDAY}T${time}:00+01:00`);
      await chat.chats.stay(rosa, office);
      await chat.line.settle();
      expect(await stateOf(at, rosa.chat)).toBe('waiting');
    }
    chat.clock.advance({ minutes: 2 });
    await chat.line.settle();
    expect(await stateOf(at, rosa.chat)).toBe('left');
  });
});

describe('a message', () => {
  test('that was answered by telephone says so on its page', async () => {
    const { office, marta } = await chat.open();
    const form = { ...asked(), email: null, phone: '612 345 678' };
    const done = await chat.chats.leaveMessage(office, form);
    const rosa = { kind: 'chatting', chat: done.ok ? done.id : '' } as const;
    expect(await chat.chats.leaveMessage(office, form)).toEqual(done);
    const other = await chat.chats.leaveMessage(office, { ...form, text: 'Una altra cosa' });
    expect(other).not.toEqual(done);
    await chat.desk.end(marta, office, rosa.chat);
    expect(await said(office, rosa)).toEqual(['person: Bon dia', 'system: ended.answered']);
  });

  const left = { email: 'rosa@example.cat', phone: null };

  test('is left where nobody answers, and answered on its own page', async () => {
    const { office, marta } = await chat.open();
    const done = await chat.chats.leaveMessage(office, { ...asked(), ...left });
    expect(done).toMatchObject({ ok: true });
    const rosa = { kind: 'chatting', chat: done.ok ? done.id : '' } as const;
    const { messages } = (await chat.desk.list(marta, office))!;
    expect(messages.map(({ name }) => name)).toEqual(['Rosa']);
    const look = (await chat.desk.look(marta, office, rosa.chat))!;
    expect(look.contact).toEqual({ ...left, by: 'email' });
    const answer = words('De nou a dues');
    expect(await chat.desk.answerMessage(marta, office, rosa.chat, answer)).toMatchObject({
      ok: true,
    });
    const again = await chat.desk.answerMessage(marta, office, rosa.chat, answer);
    expect(again).toMatchObject({ ok: true });
    expect(await said(office, rosa)).toEqual(['person: Bon dia', 'office: De nou a dues']);
    const notices = await within(chat.db, office.id, (tx) =>
      tx.selectFrom('notice').select(['kind', 'recipient', 'facts']).execute(),
    );
    expect(notices).toMatchObject([{ kind: 'chat', recipient: left.email }]);
    expect(JSON.stringify(notices)).not.toMatch(/Bon dia|De nou|Rosa/);
  });

  test('needs words and an address that can be one', async () => {
    const { office } = await chat.open();
    const leave = (of: object) => chat.chats.leaveMessage(office, { ...asked(), ...left, ...of });
    expect(await leave({ text: ' ' })).toMatchObject({ reason: 'text' });
    expect(await leave({ email: null })).toMatchObject({ reason: 'contact' });
    expect(await leave({ email: 'rosa' })).toMatchObject({ reason: 'email' });
    expect(await leave({ email: null, phone: '12' })).toMatchObject({ reason: 'phone' });
    expect(await leave({ email: null, phone: '612 345 678' })).toMatchObject({ ok: true });
  });

  test('takes the place of waiting, with what was written', async () => {
    const at = await chat.open({ atOnce: 1 });
    const { office, marta, come } = at;
    await come(marta);
    await begun(chat, office);
    const rosa = await begun(chat, office);
    expect(await chat.chats.turnIntoMessage(rosa, office, { text: '', ...left })).toEqual({
      ok: true,
    });
    expect(await stateOf(at, rosa.chat)).toBe('message');
  });
});

describe('files', () => {
  const file = (name: string) => ({
    ...{ key: randomUUID(), name, type: 'application/pdf', bytes: Buffer.from('%PDF-1.7') },
  });

  test('go both ways once they are checked; what is refused is opened by nobody', async () => {
    const { office, marta, joan, come } = await chat.open();
    await come(marta);
    const rosa = await begun(chat, office);
    expect(await chat.files.send(rosa, office, rosa.chat, file('abans.pdf'))).toMatchObject({
      reason: 'over',
    });
    await chat.desk.take(marta, office, rosa.chat);
    const sent = await chat.files.send(rosa, office, rosa.chat, file('rebut.pdf'));
    expect(sent).toMatchObject({ ok: true, state: 'clean' });
    const id = sent.ok ? sent.id : '';
    const opened = await chat.files.open(marta, office, rosa.chat, id);
    expect([opened?.name, opened?.bytes.toString()]).toEqual(['rebut.pdf', '%PDF-1.7']);
    expect(await chat.files.open(joan, office, rosa.chat, id)).toBeNull();
    // A file is of its conversation: by another, to which they have the link or which they answer, it is not found.
    const pere = await begun(chat, office);
    await chat.desk.take(marta, office, pere.chat);
    for (const viewer of [pere, marta])
      expect(await chat.files.open(viewer, office, pere.chat, id)).toBeNull();
    const bad = await chat.files.send(marta, office, rosa.chat, file('virus.pdf'));
    expect(bad).toMatchObject({ ok: true, state: 'infected' });
    expect(await chat.files.open(rosa, office, rosa.chat, bad.ok ? bad.id : '')).toBeNull();
    const { entries } = (await chat.chats.look(rosa, office))!;
    expect(entries.flatMap((each) => each.file?.state ?? [])).toEqual(['clean', 'infected']);
    const large = { ...file('gran.pdf'), bytes: Buffer.alloc(7_999_999, 1) };
    const more = async () =>
      chat.files.send(rosa, office, rosa.chat, { ...large, key: randomUUID() });
    expect([await more(), await more()]).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await more()).toMatchObject({ reason: 'many' });
  });
});

describe('retention', () => {
  test('destroys what was written after its days, and keeps the times', async () => {
    const { office, marta, come } = await chat.open({ keepDays: 2 });
    await come(marta);
    const email = 'rosa@example.cat';
    const begins = await chat.chats.begin(office, asked(), { email });
    const rosa = { kind: 'chatting', chat: begins.ok ? begins.id : '' } as const;
    await chat.chats.end(rosa, office);
    chat.clock.advance({ hours: 47 });
    expect(await chat.forgetting.forget(office)).toBe(0);
    chat.clock.advance({ hours: 2 });
    expect(await chat.forgetting.forget(office)).toBe(1);
    const look = (await chat.chats.look(rosa, office))!;
    expect([look.chat.name, look.chat.isForgotten, look.entries]).toEqual(['', true, []]);
    const keys = await within(chat.db, office.id, (tx) =>
      tx.selectFrom('space_key').select('space_id').execute(),
    );
    expect(keys).toEqual([]);
    const row = await within(chat.db, office.id, (tx) =>
      tx.selectFrom('chat').select(['name', 'contact', 'staff_id']).executeTakeFirstOrThrow(),
    );
    expect(row).toEqual({ name: null, contact: null, staff_id: null });
  });
});
