import type { StaffViewer } from '../../../src/lib/viewer.ts';
import { type Client, openClient, type Sent } from '../client.ts';
import { NURIA } from '../console.ts';
import type { Every } from '../desk-states.ts';
import type { Town } from '../town.ts';
import { bookVideo } from '../video.ts';

const CITIZEN = { name: 'Roser Vidal', phone: '612 345 700', email: 'roser@example.com' };

/** Somebody of the office, and what they see in each language. */
interface Worker {
  client: Client;
  every: Every;
}

/**
 * Pages about colleagues who are asked into a call, or to have an encounter: of Núria, who has the encounter of a video call, and of
 * Marta, who is at her desk.
 */
export async function colleagueStates(nuria: Worker, marta: Worker, town: Town): Promise<void> {
  const page = `/console/oac/appointment/${await begin(town)}`;
  await marta.client.get('/console/oac');
  for (const [name, path] of [
    ['ask', 'colleague'],
    ['hand over', 'hand-over'],
  ] as const) {
    const asking = `${page}/${path}`;
    await nuria.every(`colleague: ${name}`, (client) => client.get(asking));
    await nuria.every(`colleague: ${name}, nobody`, (client) => client.get(`${asking}?q=zzzz`));
    await nuria.every(`colleague: ${name}, errors`, (client) => client.post(asking, {}));
  }
  const request = await ask(nuria.client, marta.client, `${page}/colleague`);
  await nuria.every('colleague: was asked', (client) => client.get(page));
  await marta.every('colleague: is asked', (client) => client.get('/console/oac'));
  const call = (await marta.client.post(request, { answer: 'accepted' })).path;
  await marta.every('colleague: call', (client) => client.get(call));
  await nuria.every('colleague: in the call', (client) => client.get(page));
  await marta.client.post(`${call}/end`, {});
  await marta.every('colleague: call over', (client) => client.get(call));
  const offer = await ask(nuria.client, marta.client, `${page}/hand-over`);
  await marta.every('colleague: is offered it', (client) => client.get('/console/oac'));
  await marta.client.post(offer, { answer: 'accepted' });
  await marta.every('colleague: has it', (client) => client.get(page));
  await marta.every('colleague: too late', (client) =>
    client.post(request, { answer: 'declined' }),
  );
}

/** Núria begins the encounter of a video call. Returns its appointment. */
async function begin(town: Town): Promise<string> {
  const { manage } = await bookVideo(openClient(town.origin, 'ca'), CITIZEN);
  const { id } = await town.look((tx) =>
    tx.selectFrom('staff').select('id').where('email', '=', NURIA).executeTakeFirstOrThrow(),
  );
  return town.operate(async ({ appointments, encounter, offices }) => {
    const found = await appointments.bySecret(manage.split('/').at(-1) ?? '');
    if (!found) throw new Error('not booked');
    const office = await offices.byId(found.office);
    const viewer: StaffViewer = {
      ...({ kind: 'staff', staff: id, name: 'Núria Roca', office: office.id } as const),
      ...({ role: 'coordinator', desk: null } as const),
    };
    const begun = await encounter.start(viewer, office, found.id, { anyway: true });
    if (!begun.ok) throw new Error(begun.reason);
    return found.id;
  });
}

/** Núria asks Marta on a page. Returns the address of Marta's answer. */
async function ask(nuria: Client, marta: Client, page: string): Promise<string> {
  const { html } = await nuria.get(page);
  const to = /value="(\d+)"[^>]*\/?><label for="[^"]*">Marta Soler/.exec(html)?.[1] ?? '';
  const asked: Sent = await nuria.post(page, { to, note: 'Pregunta per les obres' });
  if (asked.status !== 200) throw new Error(`Marta wasn’t asked: ${asked.status}`);
  const day = await marta.get('/console/oac');
  const [, answer] = /action="(\/console\/oac\/asked\/[\w-]+)"/.exec(day.html) ?? [];
  if (!answer) throw new Error('Marta has no request');
  return answer;
}
