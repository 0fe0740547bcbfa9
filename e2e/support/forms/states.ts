import { pdf } from '../../../src/features/service/documents/checks/testing/files.ts';
import type { Language } from '../../../src/lib/i18n/languages.ts';
import type { Client, See } from '../client.ts';
import { began } from '../identity/states.ts';
import { cosignStates } from '../scanning/cosign-states.ts';
import { afterwardsStates } from '../scanning/notification-states.ts';
import type { Town } from '../town.ts';
import { hiddenIn, payStates } from './pay-states.ts';
import { everyQuestion, publishForm } from './published.ts';
import { signStates } from './sign-states.ts';

const PROCEDURE = 'consulta-activitat';

/** Everything that somebody sees who fills in a form on-line, hands it in, and finds it in their folder. */
export async function formStates(
  see: See,
  client: Client,
  { town, language }: { town: Town; language: Language },
): Promise<void> {
  await publishForm(town, everyQuestion(PROCEDURE));
  const apply = `/${language}/oac/${PROCEDURE}/apply`;
  await see('procedure for companies: on-line', client.get(`/${language}/oac/${PROCEDURE}`));
  await see('form: not yet on-line', client.get(`/${language}/oac/consulta-obres/apply`));
  await see('form: no such case', client.get(`/${language}/case/unknown`));
  await see('form: before, not identified', client.get(apply));
  await identify(client, `/${language}/identify?level=low&next=${apply}`, '12345678Z');
  await see('form: before', client.get(apply));
  const at = (await client.post(apply, {})).path;
  await see('form: begun', client.get(at));
  await see('form: begun before', client.get(apply));
  await see('form: step filled in', client.get(`${at}/qui`));
  await see('form: step, errors', client.post(`${at}/qui`, { 'q-nom_': '', 'q-nif_': '1' }));
  await client.post(`${at}/qui`, { 'q-nom_': 'Rosa', 'q-nif_': '12345678Z' });
  for (const page of ['adreca', 'on', 'taules', 'des', 'temporada', 'musica', 'planol', 'explica'])
    await see(`form: ${page}`, client.get(`${at}/local/${page}`));
  for (const page of ['adreca', 'taules', 'des', 'temporada'])
    await see(`form: ${page}, errors`, client.post(`${at}/local/${page}`, {}));
  await client.post(`${at}/local/taules`, { 'q-taules_': '4' });
  await see('form: worked out', client.get(`${at}/local/metres`));
  const list = `${at}/local/gent`;
  await see('form: list, empty', client.get(list));
  await client.post(list, { add: 'yes' });
  await see('form: one of a list', client.get(`${list}/1`));
  await see('form: one of a list, errors', client.post(`${list}/1`, {}));
  await see('form: list, errors', client.post(list, {}));
  await client.post(`${list}/1`, { 'q-nom_': 'Amina' });
  await see('form: list', client.get(`${list}?gone`));
  await see('form: saved', client.post(list, { later: 'yes' }));
  await see('form: check, incomplete', client.get(`${at}/check`));
  await see('form: declarations', client.get(`${at}/declarations`));
  await see('form: declarations, errors', client.post(`${at}/declarations`, {}));
  await see('form: deleting', client.get(`${at}/delete`));
  await client.post(`${at}/declarations`, { 'q-veritat_': 'yes' });
  await papers(see, client, `${at}/local/planol`);
  const address = { street: 'Carrer Major', number: '3', postalCode: '08191', town: 'Rubí' };
  await client.post(
    `${at}/local/adreca`,
    Object.fromEntries(Object.entries(address).map(([part, text]) => [`q-adreca_-${part}`, text])),
  );
  await client.post(`${at}/local/des`, day('q-des_'));
  await client.post(`${at}/local/temporada`, { 'q-temporada_': 'any' });
  await see('form: changed from the check', client.get(`${at}/local/taules?from=check`));
  const check = await see('form: check', client.get(`${at}/check`));
  await see('form: check, changed meanwhile', client.post(`${at}/check`, { seen: '1' }));
  await see('form: handed in', client.post(`${at}/check`, hiddenIn(check)));
  await receiptStates(see, client, { language, at });
  await see('folder: a form', client.get(`/${language}/folder`));
  await afterwardsStates(see, client, { town, at });
  await client.post(`/${language}/identify/leave`, {});
  await identify(client, `/${language}/identify?level=low&next=${apply}`, 'X0000000T');
  await see('form: somebody else’s', client.get(at));
  await client.post(`/${language}/identify/leave`, {});
  await paidAndSigned(see, client, { town, language });
}

/** What somebody sees who pays the fee of a form, and who signs one. */
async function paidAndSigned(
  see: See,
  client: Client,
  on: { town: Town; language: Language },
): Promise<void> {
  await payStates(see, client, on);
  const { language } = on;
  const choose = `/${language}/identify?level=low&next=/${language}/oac`;
  await identify(client, choose, '12345678Z');
  await signStates(see, client, on);
  await identify(client, choose, '12345678Z');
  await cosignStates(see, client, { ...on, signer: '12345678Z' });
  await client.post(`/${language}/identify/leave`, {});
}

/** What somebody sees who asks for a residence certificate: it is there, or an official looks at it. */
export async function certificateStates(
  see: See,
  client: Client,
  language: Language,
): Promise<void> {
  const apply = `/${language}/oac/volant-padro/apply`;
  for (const [person, state] of [
    ['12345678Z', 'form: issued at once'],
    ['99999999R', 'form: not issued at once'],
  ] as const) {
    await identify(client, `/${language}/identify?level=substantial&next=${apply}`, person);
    const at = (await client.post(apply, {})).path;
    await client.post(`${at}/document/motiu`, { 'q-motiu_': 'escola' });
    await client.post(`${at}/document/qui`, { 'q-qui_': 'jo' });
    await client.post(`${at}/document/llengua`, { 'q-llengua_': 'ca' });
    const check = await client.get(`${at}/check`);
    await see(state, client.post(`${at}/check`, hiddenIn(check)));
    await client.post(`/${language}/identify/leave`, {});
  }
}

/** The receipt of what was handed in, what its code shows, and its withdrawal. */
async function receiptStates(
  see: See,
  client: Client,
  { language, at }: { language: Language; at: string },
): Promise<void> {
  const receipt = await see('receipt', client.get(`${at}/receipt`));
  const code = /code=([0-9A-Z]{28})/.exec(receipt.html)?.[1] ?? '';
  await see('verify: a receipt, sealed', client.post(`/${language}/verify`, { code }));
  await see('form: withdrawing', client.get(`${at}/withdraw`));
}

/** A question for files: what is refused, what is being checked, and what is there. */
async function papers(see: See, client: Client, at: string): Promise<void> {
  await see('form: file, none chosen', sendFile(client, at, null, { attach: 'planol' }));
  const gif = new File(['GIF89a'], 'planol.gif');
  await see('form: file, of another kind', sendFile(client, at, gif));
  const plan = new File([new Uint8Array(pdf())], 'Plànol de la terrassa del Bar Pi.pdf');
  await sendFile(client, at, plan, { attach: 'planol' });
  await see('form: file, there', client.get(at));
}

/** Sends the form of a page with a file, as a browser without scripts does. */
async function sendFile(
  client: Client,
  path: string,
  file: File | null,
  fields: Record<string, string> = {},
) {
  const body = new FormData();
  for (const [name, text] of Object.entries(fields)) body.set(name, text);
  if (file) body.set('q-planol_', file);
  return client.send(path, body);
}

const day = (name: string) => ({
  [`${name}-day`]: '1',
  [`${name}-month`]: '5',
  [`${name}-year`]: '2027',
});

async function identify(client: Client, choose: string, person: string): Promise<void> {
  const { demo } = await began(client, choose);
  const state = new URL(demo, 'http://here').searchParams.get('state') ?? '';
  await client.get(
    `/identify/demo/return?${new URLSearchParams({ state, person, level: 'high' })}`,
  );
}
