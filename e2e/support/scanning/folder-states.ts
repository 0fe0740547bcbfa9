import { isLanguage, type Language } from '../../../src/lib/i18n/languages.ts';
import { type Client, openClient, type See, type Sent } from '../client.ts';
import type { Town } from '../town.ts';

const ROSA = '12345678Z';
const AMINA = 'X0000000T';

/** Identifies a person of the demonstration, who comes to where they were going: their folder, unless `next` is another page. */
export async function identifyAs(
  client: Client,
  language: string,
  { person = ROSA, next = `/${language}/folder` } = {},
): Promise<Sent> {
  const query = new URLSearchParams({ next });
  const going = await client.post(`/${language}/identify?${query}`, { provider: 'demo' });
  const [, state = ''] = /state=([^"&]+)/.exec(going.html) ?? [];
  const back = new URLSearchParams({ state, person, level: 'substantial' });
  return client.get(`/identify/demo/return?${back}`);
}

/** The language of an address. */
export function languageIn(path: string): Language {
  const [, first] = path.split('/');
  if (!isLanguage(first)) throw new Error(`${path} has no language`);
  return first;
}

/** A person's folder: empty, with an appointment that has documents, and erased. `manage`: the page of that appointment. */
export async function folderStates(
  see: See,
  client: Client,
  { town, manage }: { town: Pick<Town, 'origin'>; manage: string },
): Promise<void> {
  const language = languageIn(manage);
  const folder = `/${language}/folder`;
  await see('folder: empty', identifyAs(client, language));
  await see('folder: no appointments', client.get(`${folder}/appointments`));
  await see('appointment: may go into the folder', client.get(manage));
  await see('appointment: in the folder', client.post(`${manage}/folder`, { do: 'take' }));
  const other = openClient(town.origin, language);
  const asAmina = { person: AMINA, next: manage };
  await see('appointment: in another folder', identifyAs(other, language, asAmina));
  await see('folder', client.get(folder));
  for (const list of ['appointments', 'documents', 'notices', 'looks', 'identifications'])
    await see(`folder: ${list}`, client.get(`${folder}/${list}`));
  await see('folder: consents', client.get(`${folder}/consents?kind=asked`));
  await see('folder: preferences', client.get(`${folder}/preferences`));
  const typed = { called: 'R'.repeat(121), language };
  await see('folder: preferences: errors', client.post(`${folder}/preferences`, typed));
  const saved = { called: 'Roseta', language: '' };
  await see('folder: preferences: saved', client.post(`${folder}/preferences`, saved));
  await see('folder: data', client.get(`${folder}/data`));
  await see('folder: erase', client.get(`${folder}/data/erase`));
  await see('folder: erased', client.post(`${folder}/data/erase`, {}));
}
