import type { Client, See } from '../client.ts';

/** Rarer pages before a time is chosen: sign language, several procedures, several people. `procedure`: the address of the first one's page. */
export async function choosingStates(see: See, client: Client, procedure: string): Promise<void> {
  const signed = `${procedure}/times?channel=video&language=csc`;
  await see('times: signed', client.get(signed));
  await see('times: none signed', client.get(`${signed}&part=afternoon&from=2026-12-25`));
  const both = 'with=cens-electoral+informe-residencia';
  await see('more', client.get(`${procedure}/more`));
  await see('more: refused', client.get(`${procedure}/more?with=consulta-obres`));
  await see('more: too many people', client.get(`${procedure}/more?with=cens-electoral&people=9`));
  await see('procedure with others', client.get(`${procedure}?${both}`));
  await see(
    'times: of several',
    client.get(`${procedure}/times?channel=phone&language=ca&${both}`),
  );
}
