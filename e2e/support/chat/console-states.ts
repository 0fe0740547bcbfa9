import { randomUUID } from 'node:crypto';
import { type Client, signedIn } from '../client.ts';
import { JORDI, MARTA, NURIA } from '../console.ts';
import { type Every, everyOf } from '../desk-states.ts';
import type { Someone } from '../states.ts';
import type { Town } from '../town.ts';
import { agentsOf } from './agents.ts';

const CHATS = '/console/oac/chats';

/** The pages of chats in the console: of Marta, who answers them, and of those who coordinate. */
export async function chatDeskStates(people: readonly Someone[], town: Town): Promise<void> {
  const access = await town.server.access();
  const client = await signedIn(town, access, MARTA);
  const every = everyOf(people, client);
  const coordinator = everyOf(people, await signedIn(town, access, NURIA));
  const { as, come, leave, take } = agentsOf(() => town);
  const begin = (text: string) =>
    as(MARTA, async ({ chats, chatLine }, office) => {
      const asked = {
        key: randomUUID(),
        topic: 'padro',
        language: 'ca',
        name: 'Rosa',
        text,
      } as const;
      const done = await chats.begin(office, asked);
      if (!done.ok) throw new Error(done.reason);
      await chatLine.settle();
      return done.id;
    });
  const clear = () =>
    as(MARTA, async ({ chatDesk }, office, viewer) => {
      for (const { id } of (await chatDesk.list(viewer, office))?.own ?? [])
        await chatDesk.end(viewer, office, id);
    });
  await leave(JORDI);
  await come(MARTA);
  await every('chats: none', () => client.get(CHATS));
  const first = await begin('On empadrono el meu fill?');
  // Each look takes time, in which what is offered would go back to the line.
  const offered = async (path: string) => {
    await come(MARTA);
    return client.get(path);
  };
  await every('colleague: is offered a chat', () => offered('/console/oac'));
  await every('chats: offered', () => offered(`${CHATS}/${first}`));
  await come(MARTA);
  const at = `${CHATS}/${await take(MARTA)}`;
  await client.post(`${at}/note`, { note: 'Té pressa', key: randomUUID() });
  await begin('I jo?');
  await every('chats: conversation', () => client.get(at));
  await every('chats: nothing was written', () => client.post(`${at}/write`, { action: 'send' }));
  await every('chats: prepared answers', () =>
    client.post(`${at}/write`, { action: 'find', find: 'padró', text: 'Bon dia', language: 'ca' }),
  );
  await closing({ client, every }, at);
  await coordinating(coordinator, at);
  await clear();
  await every('chats: ended', () => client.get(at));
  await clear();
  await leave(MARTA);
}

/** What those who coordinate see of chats, of which one is at `at`. */
async function coordinating(coordinator: Every, at: string): Promise<void> {
  await coordinator('chats: of all desks', (nuria) => nuria.get(CHATS));
  await coordinator('chats: one of another desk', (nuria) => nuria.get(at));
  await coordinator('now: with chats', (nuria) => nuria.get('/console/oac/now'));
  await coordinator('chats: how many desks', (nuria) =>
    nuria.get('/console/oac/planning/chats?perHour=30'),
  );
  await coordinator('chats: how many desks, with mistakes', (nuria) =>
    nuria.get('/console/oac/planning/chats?perHour=many&atOnce=0'),
  );
}

/** What Marta sees as she hands a chat over, goes on elsewhere or ends it. */
async function closing(
  { client, every }: { client: Client; every: Every },
  at: string,
): Promise<void> {
  await every('chats: hand over with mistakes', () =>
    client.post(`${at}/hand-over`, { to: 'desk:0', note: '' }),
  );
  await every('chats: move with mistakes', () =>
    client.post(`${at}/move`, { to: 'phone', procedure: 'volant-padro', phone: '1' }),
  );
  await every('request: from a chat', () =>
    client.get(`/console/oac/requests/new?type=suggeriment&chat=${at.split('/').at(-1)}`),
  );
  await every('chats: end', () => client.get(`${at}/end`));
  await every('chats: end with mistakes', () =>
    client.post(`${at}/end`, { action: 'end', rows: '0', version: '1' }),
  );
}
