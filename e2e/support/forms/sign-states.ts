import type { Language } from '../../../src/lib/i18n/languages.ts';
import type { Client, See, Sent } from '../client.ts';
import type { Town } from '../town.ts';
import { hiddenIn } from './pay-states.ts';
import { signedForm } from './priced.ts';
import { publishForm } from './published.ts';

const PROCEDURE = 'consulta-activitat';

/** Everything that somebody sees who signs a form. They are identified, and leave at the end. */
export async function signStates(
  see: See,
  client: Client,
  { town, language }: { town: Town; language: Language },
): Promise<void> {
  await publishForm(town, signedForm(PROCEDURE, { fee: 12 }));
  const at = await filled(client, language);
  await see('form: check, to be signed', client.get(`${at}/check`));
  await see('form: to be checked before it is signed', client.get(`${at}/sign`));
  const page = await see('signature: sign', toSign(client, at));
  const begin = async (from: Sent) => {
    const going = await client.post(from.path, hiddenIn(from));
    const [, state = ''] = /signature\/demo\?state=([^"&]+)/.exec(going.html) ?? [];
    return { going, state };
  };
  await programStates(see, client, { language, page });
  const { going, state } = await begin(page);
  // The scanner stays on the page, which leads on by itself.
  const stays = going.html.replace(/<meta http-equiv="refresh"[^>]*>/, '');
  await see('signature: going', Promise.resolve({ ...going, html: stays }));
  await see('signature: demonstration', client.get(`/${language}/signature/demo?state=${state}`));
  await see('signature: of nobody', client.get('/signature/return?state=x'));
  const left = await see('signature: left', answer(client, state, 'cancel'));
  await see('form: check, signed and to pay', answer(client, (await begin(left)).state, 'sign'));
  await client.post(`${at}/gual/metres`, { 'q-metres_': '3' });
  await see('form: check, the signature is void', client.get(`${at}/check`));
  await publishForm(town, signedForm(PROCEDURE));
  const free = await filled(client, language);
  const last = await begin(await toSign(client, free));
  await see('form: handed in and signed', answer(client, last.state, 'sign'));
  await see('receipt: signed', client.get(`${free}/receipt`));
  await client.post(`/${language}/identify/leave`, {});
}

/** What somebody sees who signs with AutoFirma, and leaves without having signed. */
async function programStates(
  see: See,
  client: Client,
  { language, page }: { language: Language; page: Sent },
): Promise<void> {
  const at = await see(
    'signature: with AutoFirma',
    client.post(page.path.split('?')[0] ?? '', { ...hiddenIn(page), way: 'autofirma' }),
  );
  const state = new URLSearchParams(at.path.split('?')[1]).get('state') ?? '';
  await see('signature: waiting for AutoFirma', answer(client, state, 'look'));
  const demo = `/${language}/signature/program/demo?state=${state}`;
  await see('signature: demonstration of AutoFirma', client.get(demo));
  await answer(client, state, 'cancel');
}

/** Begins a case and answers it. Returns its address. */
async function filled(client: Client, language: Language): Promise<string> {
  const at = (await client.post(`/${language}/oac/${PROCEDURE}/apply`, {})).path;
  await client.post(`${at}/gual/metres`, { 'q-metres_': '2' });
  return at;
}

/** Goes from the check to the page of the signature. */
const toSign = async (client: Client, at: string): Promise<Sent> =>
  client.post(`${at}/check`, hiddenIn(await client.get(`${at}/check`)));

const answer = (client: Client, state: string, chosen: string): Promise<Sent> =>
  client.get(`/signature/return?state=${state}&answer=${chosen}`);
