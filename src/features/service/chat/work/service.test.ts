import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { within } from '../../../../lib/db/database.ts';
import { MONDAY } from '../../coordination/testing.ts';
import { CHAT_LENGTHS, MOST_NOTES } from '../rules.ts';
import { begun, type ChatWorld, chatWorld, trailOf, words } from '../testing.ts';
import { readChat } from '../views.ts';
import { type ChatWork, createChatWork } from './service.ts';

let chat: ChatWorld;
let work: ChatWork;
beforeAll(async () => {
  chat = await chatWorld();
  work = createChatWork(chat);
});
afterAll(() => chat.close());

const BOTH = { 'taula-1': {}, 'taula-2': {}, 'taula-3': { skills: [] } };

describe('what goes on at a desk', () => {
  test('is what is offered, answered and not written down yet, with what waits for an answer', async () => {
    const { office, marta, come } = await chat.open({ atOnce: 3 });
    await come(marta);
    const rosa = await begun(chat, office);
    await chat.desk.take(marta, office, rosa.chat);
    await chat.desk.write(marta, office, rosa.chat, words('Digui’m'));
    await chat.chats.write(rosa, office, words('Una cosa'));
    await chat.chats.write(rosa, office, words('I una altra'));
    await work.note(marta, office, rosa.chat, { key: randomUUID(), text: 'Per a mi' });
    const pau = await begun(chat, office);
    const there = await work.atDesk(marta, office);
    expect(there?.offer).toMatchObject({ id: pau.chat, state: 'offered' });
    expect(there?.talking).toMatchObject([{ id: rosa.chat, unanswered: 2, name: 'Rosa' }]);
    await chat.chats.end(rosa, office);
    const after = await work.atDesk(marta, office);
    expect([after?.talking, after?.unwritten.map(({ id }) => id)]).toEqual([[], [rosa.chat]]);
  });

  test('is nobody’s without a desk, nor of an office without topics', async () => {
    const { office, nuria, marta } = await chat.open();
    expect(await work.atDesk(nuria, office)).toBeNull();
    const silent = await chat.open({ topics: [] });
    expect(await work.atDesk(silent.marta, silent.office)).toBeNull();
    expect(await work.atDesk(marta, silent.office)).toBeNull();
  });
});

describe('a note', () => {
  test('is kept once, for colleagues alone; nobody else can write one', async () => {
    const { office, marta, joan, nuria, come } = await chat.open();
    await come(marta);
    const rosa = await begun(chat, office);
    const note = { key: randomUUID(), text: 'Té pressa' };
    expect(await work.note(marta, office, rosa.chat, note)).toMatchObject({ reason: 'over' });
    await chat.desk.take(marta, office, rosa.chat);
    const kept = await work.note(marta, office, rosa.chat, note);
    expect(kept).toMatchObject({ ok: true });
    expect(await work.note(marta, office, rosa.chat, note)).toEqual(kept);
    expect(await work.note(joan, office, rosa.chat, note)).toMatchObject({ reason: 'not_found' });
    expect(await work.note(nuria, office, rosa.chat, note)).toMatchObject({ reason: 'over' });
    const seen = await chat.chats.look(rosa, office);
    expect(seen?.entries.some(({ text }) => text.includes('pressa'))).toBe(false);
  });

  test('has a limit of length, and there are so many at most, those of handing over among them', async () => {
    const { office, marta, come } = await chat.open();
    await come(marta);
    const rosa = await begun(chat, office);
    await chat.desk.take(marta, office, rosa.chat);
    const note = (text: string) => work.note(marta, office, rosa.chat, { key: randomUUID(), text });
    expect(await note('x'.repeat(CHAT_LENGTHS.note + 1))).toMatchObject({ reason: 'long' });
    for (let nth = 0; nth < MOST_NOTES; nth++)
      expect(await note(`Nota ${nth}`)).toMatchObject({ ok: true });
    expect(await note('Una més')).toMatchObject({ reason: 'many' });
    const hand = (text: string) => chat.desk.handOver(marta, office, rosa.chat, 'line', text);
    expect(await hand('Una més')).toMatchObject({ reason: 'many' });
    expect(await hand('')).toMatchObject({ ok: true });
  });
});

describe('what is written down of a conversation', () => {
  test('is read by whoever answers or answered it, and by nobody else', async () => {
    const { office, marta, joan, nuria, come } = await chat.open();
    await come(marta);
    const rosa = await begun(chat, office);
    expect(await work.record(marta, office, rosa.chat)).toBeNull();
    await chat.desk.take(marta, office, rosa.chat);
    expect(await work.record(marta, office, rosa.chat)).toMatchObject({ chat: { name: 'Rosa' } });
    await chat.desk.end(marta, office, rosa.chat);
    expect(await work.record(marta, office, rosa.chat)).toMatchObject({ chat: { name: 'Rosa' } });
    for (const other of [
      { ...joan, staff: 999 },
      { ...nuria, staff: 999 },
    ])
      expect(await work.record(other, office, rosa.chat)).toBeNull();
  });
});

describe('giving a conversation to a desk', () => {
  test('offers it there, ahead of all others, and is recorded', async () => {
    const { office, marta, joan, nuria, come } = await chat.open({ atOnce: 1 }, BOTH);
    await come(marta);
    const [rosa, pau] = [await begun(chat, office), await begun(chat, office)];
    await come(joan);
    expect(await work.assign(nuria, office, pau.chat, joan.desk!)).toEqual({ ok: true });
    const look = (id: string) => within(chat.db, office.id, (tx) => readChat(tx, id));
    expect(await look(pau.chat)).toMatchObject({ state: 'offered', desk: joan.desk });
    expect(await look(rosa.chat)).toMatchObject({ state: 'offered', desk: marta.desk });
    expect(await trailOf(chat, office.id)).toContain('staff chat_handed');
  });

  test('takes it from the desk that answers, which is not the next to get it', async () => {
    const { office, marta, joan, nuria, come } = await chat.open({}, BOTH);
    await come(marta);
    const rosa = await begun(chat, office);
    await chat.desk.take(marta, office, rosa.chat);
    await come(joan);
    await work.assign(nuria, office, rosa.chat, joan.desk!);
    await chat.desk.decline(joan, office, rosa.chat);
    const row = await within(chat.db, office.id, (tx) => readChat(tx, rosa.chat));
    expect(row).toMatchObject({ state: 'waiting', desk: null });
  });

  test('is for those who coordinate, and to a desk that can answer and where somebody is', async () => {
    const { office, marta, joan, nuria, come } = await chat.open({}, BOTH);
    await come(marta);
    const rosa = await begun(chat, office);
    expect(await work.assign(marta, office, rosa.chat, joan.desk!)).toMatchObject({
      reason: 'not_found',
    });
    // Nobody is at taula-2 yet; taula-3 serves nothing.
    const third = office.rota.desks.find(({ code }) => code === 'taula-3')!;
    for (const desk of [joan.desk!, third.id, marta.desk!, 999_999])
      expect(await work.assign(nuria, office, rosa.chat, desk)).toMatchObject({ reason: 'target' });
    await chat.chats.end(rosa, office);
    expect(await work.assign(nuria, office, rosa.chat, marta.desk!)).toMatchObject({
      reason: 'gone',
    });
  });
});

describe('before a booked call', () => {
  test('no new conversation is offered, and what was begun goes on', async () => {
    const { office, marta, come, book } = await chat.open({ besideCall: 2 });
    await book('10:00', 'taula-1');
    const at = async (time: string) => {
      chat.clock.set(`${MONDAY}T${time}:00+01:00`);
      await come(marta);
      await chat.line.settle();
      return (await work.atDesk(marta, office))?.offer?.id;
    };
    await at('09:53');
    const rosa = await begun(chat, office);
    await chat.desk.take(marta, office, rosa.chat);
    const pau = await begun(chat, office);
    expect((await work.atDesk(marta, office))?.offer?.id).toBe(pau.chat);
    await chat.desk.take(marta, office, pau.chat);
    await chat.chats.end(pau, office);
    // Nobody can begin one, since this is the only desk that could answer.
    await at('09:55');
    await expect(begun(chat, office)).rejects.toThrow('closed');
    expect((await work.atDesk(marta, office))?.talking).toMatchObject([{ id: rosa.chat }]);
  });

  test('whoever waits is offered when the call has been answered', async () => {
    const { office, marta, come, book } = await chat.open({ besideCall: 2 });
    await book('10:00', 'taula-1');
    const at = async (time: string) => {
      chat.clock.set(`${MONDAY}T${time}:00+01:00`);
      await come(marta);
      await chat.line.settle();
      return (await work.atDesk(marta, office))?.offer?.id;
    };
    await at('09:54');
    const rosa = await begun(chat, office);
    await chat.desk.decline(marta, office, rosa.chat);
    await chat.chats.look(rosa, office);
    expect(await at('09:58')).toBeUndefined();
    await chat.chats.look(rosa, office);
    await within(chat.db, office.id, (tx) =>
      tx.updateTable('appointment').set({ status: 'in_progress' }).execute(),
    );
    expect(await at('10:03')).toBe(rosa.chat);
  });
});
