import { randomUUID } from 'node:crypto';
import { digitsOf } from '../../../domain/one-time-code.ts';
import { within } from '../../../lib/db/database.ts';
import type { ChattingViewer } from '../../../lib/viewer.ts';
import type { Scenario, World } from './world.ts';

const words = (text: string) => ({ key: randomUUID(), text, language: 'ca' as const });
const asked = () => ({ ...words('Bon dia'), topic: 'padro', name: 'Rosa' });
const file = () => ({
  key: randomUUID(),
  name: 'nota.txt',
  type: 'text/plain',
  bytes: Buffer.from('Bon dia'),
});

/** Marta is at her desk, and somebody writes, whom she is offered. */
async function offered(world: World) {
  const { context } = world;
  const marta = world.staff();
  world.clock.set('2026-11-30T10:00:00+01:00');
  const office = await world.office();
  await context.presence.visit(marta, office, { isIdle: false });
  await context.presence.say(marta, office, 'available');
  // Whoever was left waiting would come first.
  for (;;) {
    await context.chatDesk.comeBack(marta, office);
    await context.chatLine.settle();
    const { own } = (await context.chatDesk.list(marta, office))!;
    if (own.length === 0) break;
    for (const { id, state } of own) {
      if (state === 'offered') await context.chatDesk.take(marta, office, id);
      await context.chatDesk.end(marta, office, id);
    }
  }
  const done = await context.chats.begin(office, asked());
  if (!done.ok) throw new Error(done.reason);
  const person: ChattingViewer = { kind: 'chatting', chat: done.id };
  return { office, marta, person, id: done.id, desk: context.chatDesk, chats: context.chats };
}

async function taken(world: World) {
  const on = await offered(world);
  const done = await on.desk.take(on.marta, on.office, on.id);
  if (!done.ok) throw new Error(done.reason);
  return on;
}

async function message(world: World) {
  const on = await offered(world);
  const left = { ...asked(), email: 'rosa@example.cat', phone: null };
  const done = await on.chats.leaveMessage(on.office, left);
  if (!done.ok) throw new Error(done.reason);
  return { ...on, message: done.id };
}

const ON_TO_OTHERS = 'the other messages and offices are told; the log says which failed';

/** Days pass, until the morning. */
function morningAfter(world: World, days: number): void {
  const local = world.clock.now().toZonedDateTimeISO('Europe/Madrid');
  world.clock.set(local.add({ days }).with({ hour: 9 }).toInstant().toString());
}

/** What happens in conversations in writing. */
export const CHAT: Record<string, Record<string, Scenario>> = {
  chat_begun: {
    'to wait': async (world) => {
      const { office, chats } = await offered(world);
      return () => chats.begin(office, asked());
    },
    'as a message': async (world) => {
      const { office, chats } = await offered(world);
      const left = { email: 'rosa@example.cat', phone: null };
      return () => chats.leaveMessage(office, { ...asked(), ...left });
    },
    'a message in place of waiting': async (world) => {
      const { office, chats, person } = await offered(world);
      const left = { text: '', email: 'rosa@example.cat', phone: null };
      return () => chats.turnIntoMessage(person, office, left);
    },
  },
  chat_taken: {
    'by the desk that is offered it': async (world) => {
      const { desk, marta, office, id } = await offered(world);
      return () => desk.take(marta, office, id);
    },
  },
  chat_declined: {
    'by the desk that is offered it': async (world) => {
      const { desk, marta, office, id } = await offered(world);
      return () => desk.decline(marta, office, id);
    },
  },
  chat_handed: {
    'to the line': async (world) => {
      const { desk, marta, office, id } = await taken(world);
      return () => desk.handOver(marta, office, id, 'line', 'Té pressa');
    },
  },
  chat_ended: {
    'by the desk': async (world) => {
      const { desk, marta, office, id } = await taken(world);
      return () => desk.end(marta, office, id);
    },
    'by the person': async (world) => {
      const { chats, office, person } = await taken(world);
      return () => chats.end(person, office);
    },
    'a message that was answered by telephone': async (world) => {
      const { desk, marta, office, message: id } = await message(world);
      return () => desk.end(marta, office, id);
    },
  },
  chat_moved: {
    'to a call': async (world) => {
      const { desk, marta, office, id } = await taken(world);
      return () => desk.end(marta, office, id, 'phone');
    },
    'to a request': async (world) => {
      const { marta, office, id } = await taken(world);
      const as = { request: randomUUID(), text: 'Feta' };
      return () => world.context.chatWork.goOnAsRequest(marta, office, id, as);
    },
  },
  chat_written: {
    'by the person': async (world) => {
      const { chats, office, person } = await taken(world);
      const line = words('Vull un volant');
      return () => chats.write(person, office, line);
    },
    'by the desk': async (world) => {
      const { desk, marta, office, id } = await taken(world);
      const line = words('Digui');
      return () => desk.write(marta, office, id, line);
    },
    'as the answer to a message': async (world) => {
      const { desk, marta, office, message: id } = await message(world);
      const line = words('De nou a dues');
      return () => desk.answerMessage(marta, office, id, line);
    },
  },
  chat_file: {
    'from the person': async (world) => {
      const { office, person, id } = await taken(world);
      const sent = file();
      return () => world.context.chatFiles.send(person, office, id, sent);
    },
  },
  chat_file_opened: {
    'by the desk': async (world) => {
      const { office, marta, person, id } = await taken(world);
      const sent = file();
      await world.context.chatFiles.send(person, office, id, sent);
      return () => world.context.chatFiles.open(marta, office, id, sent.key);
    },
  },
  chat_opened: {
    'before it is answered': async (world) => {
      const { desk, marta, office, id } = await offered(world);
      return () => desk.look(marta, office, id);
    },
  },
  chat_mailed: {
    'to a proved address': async (world) => {
      const { office, person } = await taken(world);
      const { chatMailing, keys, database } = world.context;
      await chatMailing.ask(person, office, 'rosa@example.cat');
      const { id } = await within(database.kysely, office.id, (tx) =>
        tx
          .selectFrom('chat_code')
          .select('id')
          .orderBy('made_at', 'desc')
          .executeTakeFirstOrThrow(),
      );
      return () => chatMailing.send(person, office, digitsOf(keys.codes, id));
    },
  },
  chat_unanswered: {
    'to those who coordinate': async (world) => {
      await message(world);
      morningAfter(world, 4);
      return { act: () => world.context.chatMessages.tell(), silent: ON_TO_OTHERS };
    },
    'to its person': async (world) => {
      await message(world);
      morningAfter(world, 28);
      return { act: () => world.context.chatMessages.tell(), silent: ON_TO_OTHERS };
    },
  },
  chat_surveyed: {
    'by the person': async (world) => {
      const { chats, office, person } = await taken(world);
      await chats.end(person, office);
      const said = { score: 9, solved: 'yes', heard: null, comment: '' } as const;
      return () => chats.survey(person, office, said);
    },
  },
};
