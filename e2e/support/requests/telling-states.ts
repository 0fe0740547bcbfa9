import { jpg } from '../../../src/features/service/documents/checks/testing/files.ts';
import type { Requests } from '../../../src/features/service/requests/service.ts';
import type { Language } from '../../../src/lib/i18n/languages.ts';
import { agentsOf } from '../chat/agents.ts';
import type { Client, See } from '../client.ts';
import { NURIA } from '../console.ts';
import type { Town } from '../town.ts';

type Step = Omit<Parameters<Requests['step']>[3], 'seen'>;

interface Of {
  town: Town;
  language: Language;
}

/** In the centre of Vilaclara. */
const POINT = '41.5463, 2.1086';
const PLACE = { address: 'Carrer Major, 12', area: '', point: POINT };

/** The pages of somebody who tells the town hall something, in each of their states: until it is sent, while it is open, and after it was closed. */
export async function tellingStates(see: See, client: Client, of: Of): Promise<void> {
  const list = `/${of.language}/oac/requests`;
  await see('telling', client.get(list));
  await see('telling: found', client.get(`${list}?q=bombeta`));
  await see('telling: nothing found', client.get(`${list}?q=zzzz`));
  await see('telling: lost', client.get(`${list}/lost`));
  await see('telling: lost, errors', client.post(`${list}/lost`, { contact: 'rosa@' }));
  const lost = client.post(`${list}/lost`, { contact: 'nobody@example.com' });
  await see('lost link: of requests, sent', lost);
  await see('telling: no such', client.get(`/${of.language}/request/unknown`));

  const at = await writing(see, client, list);
  const other = await similar(see, client, of, { list, at });
  await working(see, client, of, { at, other });
}

const pageOf = (path: string): string => path.split('/').slice(0, 4).join('/');
const sendPhoto = (client: Client, at: string, photo?: Uint8Array) => {
  const form = new FormData();
  if (photo)
    form.append('file', new File([new Uint8Array(photo)], 'foto.jpg', { type: 'image/jpeg' }));
  form.append('add', '1');
  return client.send(`${at}/photos`, form);
};

/** From the list to the page of what was sent. Returns its path. */
async function writing(see: See, client: Client, list: string): Promise<string> {
  const begun = await see('telling: where', client.post(list, { type: 'fanal' }));
  const at = pageOf(begun.path);
  const nowhere = { address: '', area: '', point: '' };
  await see('telling: where, errors', client.post(`${at}/where`, nowhere));
  const outside = client.post(`${at}/where`, { ...nowhere, point: '40, 2' });
  await see('telling: where, outside', outside);
  await client.post(`${at}/where`, PLACE);
  await see('telling: where, on the map', client.get(`${at}/where?back=1`));
  await see('telling: what', client.get(`${at}/what`));
  await see('telling: what, errors', client.post(`${at}/what`, { text: '' }));
  await client.post(`${at}/what`, { text: 'No s’encén', 'q-que-passa': 'apagat' });
  await see('telling: photos', client.get(`${at}/photos`));
  await see('telling: photos, errors', sendPhoto(client, at));
  for (const side of [40, 41, 42]) await sendPhoto(client, at, jpg(side, 30));
  await see('telling: photos, full', client.get(`${at}/photos`));
  await see('telling: contact', client.get(`${at}/contact`));
  await see(
    'telling: contact, errors',
    client.post(`${at}/contact`, { tellBy: 'email', email: 'rosa@' }),
  );
  const rosa = { tellBy: 'email', name: 'Rosa Soler', email: 'rosa@example.com' };
  await see('telling: check', client.post(`${at}/contact`, rosa));
  await see('told: sent', client.post(`${at}/check`, {}));
  return at;
}

/** Another one at the same place: what is there is followed, and it is sent nevertheless. Returns its path. */
async function similar(
  see: See,
  client: Client,
  { town }: Of,
  { list, at }: { list: string; at: string },
): Promise<string> {
  const other = pageOf((await client.post(list, { type: 'fanal' })).path);
  const found = await see('telling: similar', client.post(`${other}/where`, PLACE));
  await see('telling: similar, errors', client.post(`${other}/similar`, { same: '' }));
  const same = await referenceOf(town, at);
  if (!found.html.includes(same)) throw new Error(`${same} is not similar`);
  const followed = await client.post(`${other}/similar`, { same, tellBy: 'page' });
  await see('following', followed);
  const [path = ''] = followed.path.split('?');
  await see('following: left', client.post(path, {}));
  await client.post(`${other}/what`, { text: 'مطفأ', 'q-que-passa': 'apagat' });
  await see('telling: check, unnamed', client.post(`${other}/contact`, { tellBy: 'anonymous' }));
  await see('told: sent unnamed', client.post(`${other}/check`, {}));
  return other;
}

/** What the office does with it, and its person then. */
async function working(
  see: See,
  client: Client,
  { town }: Of,
  { at, other }: { at: string; other: string },
): Promise<void> {
  await step(town, other, { step: 'merge', target: await referenceOf(town, at) });
  await see('told: merged', client.get(other));
  await step(town, at, { step: 'ask', words: 'Quin és?' });
  await see('told: asked', client.get(at));
  await see('told: asked, nothing written', client.post(at, { text: ' ' }));
  await see('told: said', client.post(at, { text: 'El del mig' }));
  await step(town, at, { step: 'answer', words: 'Reparat', forAll: 'Ja s’encén' });
  await see('told: answered', client.get(at));
  await see('told: answered with others', client.get(other));
  await see('survey: of a request', client.get(`${at}/survey`));
  await see('survey: of a request, errors', client.post(`${at}/survey`, {}));
  await see('told: thanks', client.post(`${at}/survey`, { score: '9', solved: 'yes' }));
  await see('told: reopen', client.get(`${at}/reopen`));
  await see('told: reopen, errors', client.post(`${at}/reopen`, { text: '' }));
  await see('told: reopened', client.post(`${at}/reopen`, { text: 'Torna a fallar' }));
  await step(town, at, { step: 'refuse', reason: 'privat' });
  await see('told: refused', client.get(at));
  await client.post(`${at}/reopen`, { text: 'No és privat' });
  await see('told: withdraw', client.get(`${at}/withdraw`));
  await see('told: withdrawn', client.post(`${at}/withdraw`, {}));
}

const secretIn = (at: string): string => at.split('/').at(-1) ?? '';

/** Takes a step as whoever coordinates. */
export const step = (town: Town, at: string, what: Step): Promise<void> =>
  agentsOf(() => town).as(NURIA, async ({ requests }, office, agent) => {
    const viewer = { ...agent, role: 'coordinator' } as const;
    const found = await requests.bySecret(secretIn(at));
    const work = found && (await requests.work(viewer, office, found.id));
    if (!work) throw new Error(`No request at ${at}`);
    const { id, version } = work.row;
    const done = await requests.step(viewer, office, id, { ...what, seen: version });
    if (!done.ok) throw new Error(`${what.step} of ${at}: ${done.reason}`);
  });

const referenceOf = (town: Town, at: string): Promise<string> =>
  agentsOf(() => town).as(NURIA, async ({ requests }, office) => {
    const found = await requests.bySecret(secretIn(at));
    const viewer = { kind: 'requester', request: found?.id ?? '' } as const;
    const own = await requests.own(viewer, office, viewer.request);
    return own?.row.reference ?? '';
  });
