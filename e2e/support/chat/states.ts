import { randomUUID } from 'node:crypto';
import type { Language } from '../../../src/lib/i18n/languages.ts';
import type { Client, See } from '../client.ts';
import { MARTA } from '../console.ts';
import type { Town } from '../town.ts';
import { agentsOf } from './agents.ts';

/** The pages of a chat in each of their states: while nobody is there, and with an agent who comes, answers and goes. */
export async function chatStates(
  see: See,
  client: Client,
  { town, language }: { town: Town; language: Language },
): Promise<void> {
  const { come, leave, take, write, end } = agentsOf(() => town);
  const start = `/${language}/oac/chat`;
  const form = { topic: 'padro', in: 'ca', name: 'Rosa', text: 'Bon dia' };
  await see('chat: nobody is there', client.get(start));
  await see('chat: message with mistakes', client.post(start, { as: 'message' }));
  const left = { ...form, key: randomUUID(), as: 'message', email: 'rosa@example.com' };
  await see('chat: message', client.post(start, left));

  await come(MARTA);
  await see('chat: somebody is there', client.get(start));
  await see('chat: mistakes', client.post(start, { as: 'chat', key: randomUUID() }));
  const waiting = await client.post(start, { ...form, key: randomUUID(), as: 'chat' });
  await see('chat: begun', waiting);
  const at = waiting.path;
  await see('chat: message in place of waiting', client.get(`${at}/message`));
  await see('chat: leave the line', client.get(`${at}/end`));
  const chat = await take(MARTA);
  await write(MARTA, chat, `Bon dia: ${town.origin}/ca/oac`);
  await client.post(at, { text: 'مرحبا', key: randomUUID() });
  await see('chat: answered', client.get(at));
  await see('chat: nothing was written', client.post(at, { text: '' }));
  await see('chat: no file', client.send(`${at}/file`, new FormData()));
  await see('chat: by e-mail', client.get(`${at}/mail`));
  await see('chat: by e-mail, with mistakes', client.post(`${at}/mail`, { email: 'rosa' }));
  const coded = client.post(`${at}/mail`, { email: 'rosa@example.com' });
  await see('chat: code for the e-mail', coded);
  await see('chat: code with mistakes', client.post(`${at}/mail`, { code: '1' }));
  await see('chat: end', client.get(`${at}/end`));
  await end(MARTA, chat);
  await leave(MARTA);
  await see('chat: over', client.get(at));
  await see('survey: of a chat', client.get(`${at}/survey`));
  await see('survey: of a chat, with mistakes', client.post(`${at}/survey`, {}));
  await see('thanks: for what was said of a chat', client.post(`${at}/survey`, { score: '9' }));
  await see('no such chat', client.get(`/${language}/chat/unknown`));
}

export { chatDeskStates } from './console-states.ts';
