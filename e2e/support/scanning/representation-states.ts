import type { Language } from '../../../src/lib/i18n/languages.ts';
import { type Client, openClient, type See, type Sent, startsIn } from '../client.ts';
import type { Town } from '../town.ts';
import { identifyAs, languageIn } from './folder-states.ts';

const ROSA = { name: 'Rosa Soler', identifier: '12345678Z' };
const AMINA = { name: 'Amina El Idrissi', identifier: 'X0000000T' };
const ALL = { scope: 'all', until: '2027-11-30' };

const whichIn = (html: string): string => /name="which" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** Authorisations of somebody who is identified with an appointment in their folder: asked for, given, used, and over. */
export async function representationStates(
  see: See,
  client: Client,
  { town, manage }: { town: Pick<Town, 'origin'>; manage: string },
): Promise<void> {
  const language = languageIn(manage);
  await identifyAs(client, language);
  const list = `/${language}/folder/representations`;
  const ask = `${list}/ask?office=oac`;
  const give = `${list}/give?office=oac`;
  await see('representations: none', client.get(list));
  await see('representations: office', client.get(`${list}/give`));
  const form = await see('representations: ask', client.get(ask));
  await see('representations: ask: errors', client.post(ask, { scope: 'some' }));
  const appointment = /name="appointment" value="([^"]+)"|value="([^"]+)" checked/.exec(form.html);
  const paper = { appointment: appointment?.[1] ?? appointment?.[2] ?? '' };
  await see('representations: asked', client.post(ask, { ...ALL, ...AMINA, ...paper }));
  const other = openClient(town.origin, language);
  await identifyAs(other, language, { person: AMINA.identifier });
  await see('representations: give', other.get(give));
  await see('representations: given', other.post(give, { ...ALL, ...ROSA }));
  await see('folder: others may act', other.get(`/${language}/folder`));
  const given = await client.get(list);
  const which = whichIn(given.html);
  await see('representations: acting', client.post(list, { do: 'act', which }));
  await see('office: acting', client.get(`/${language}/oac`));
  const begun = await representedStates(see, client, { language, which, list });
  const times = `/${language}/oac/volant-padro/times?channel=phone&language=ca`;
  const start = startsIn((await client.get(times)).html)[0] ?? '';
  const details = await see('details: acting', client.post(times, { start }));
  const person = { name: 'Rosa Soler', phone: '612 345 688', email: 'rosa8@example.cat' };
  const check = await client.post(details.path, { ...person, anything: 'no' });
  await see('check: acting', Promise.resolve(check));
  const booked = await see('confirmed: by authorisation', client.post(check.path, {}));
  await other.post(list, { do: 'end', which: whichIn((await other.get(list)).html) });
  await see('representations: over', client.get(list));
  await see('appointment: authorisation over', client.get(booked.path));
  await see('problem: authorisation of a case over', client.get(begun));
  const again = startsIn((await client.get(times)).html)[0] ?? '';
  await see('details: authorisation over', client.post(times, { start: again }));
  await client.post(list, { do: 'stop' });
}

/** A form that somebody begins for the person for whom they act. Returns its address. */
async function representedStates(
  see: See,
  client: Client,
  { language, which, list }: { language: Language; which: string; list: string },
): Promise<string> {
  const apply = `/${language}/oac/instancia-generica/apply`;
  await see('apply: for somebody', client.get(apply));
  const begun = (await client.post(apply, {})).path;
  await see('form: check, for somebody', client.get(`${begun}/check`));
  await client.post(list, { do: 'stop' });
  await see('form: begun for somebody', client.get(begun));
  await see('folder: begun for somebody', client.get(`/${language}/folder`));
  await client.post(list, { do: 'act', which });
  return begun;
}

/** The decision on an authorisation that somebody asked for. */
export async function deskRepresentationStates(
  every: (
    name: string,
    ask: (client: Client, language: Language) => Promise<Sent>,
  ) => Promise<void>,
  town: Town,
): Promise<void> {
  const found = await town.look((tx) =>
    tx
      .selectFrom('representation')
      .select(['id', 'appointment_id'])
      .where('state', '=', 'asked')
      .orderBy('asked_at')
      .executeTakeFirstOrThrow(),
  );
  const page = `/console/oac/appointment/${found.appointment_id}`;
  await every('appointment: with an authorisation', (client) => client.get(page));
  await every('authorisation', (client) => client.get(`${page}/representation`));
  await every('authorisation: no reason', (client) =>
    client.post(`${page}/representation`, { do: 'refuse', which: found.id }),
  );
}
