import type { Language } from '../../../src/lib/i18n/languages.ts';
import type { Client, See, Sent } from '../client.ts';
import type { Town } from '../town.ts';
import { pricedForm } from './priced.ts';
import { publishForm } from './published.ts';

const PROCEDURE = 'consulta-activitat';

/** Everything that somebody sees who pays the fee of a form. */
export async function payStates(
  see: See,
  client: Client,
  { town, language }: { town: Town; language: Language },
): Promise<void> {
  await publishForm(town, pricedForm(PROCEDURE));
  const at = (await client.post(`/${language}/oac/${PROCEDURE}/apply`, {})).path;
  await client.post(`${at}/gual/metres`, { 'q-metres_': '2' });
  const check = await see('form: check, with a fee', client.get(`${at}/check`));
  const pay = await see('payment: to the bank', client.post(`${at}/check`, hiddenIn(check)));
  const bank = await see(
    'payment of a demonstration: bank',
    client.post(`/${language}/payment/demo`, hiddenIn(pay)),
  );
  await see('payment, waiting: back from the bank', answer(client, bank, 'silent'));
  const denied = await see('payment, failed: denied', answer(client, bank, 'deny'));
  const again = await client.post(`${at}/pay`, hiddenIn(denied));
  await client.post(`${at}/gual/metres`, { 'q-metres_': '3' });
  const other = await client.post(`/${language}/payment/demo`, hiddenIn(again));
  await see('payment, given back: answers changed', answer(client, other, 'pay'));
  const last = await client.post(`${at}/check`, hiddenIn(await client.get(`${at}/check`)));
  const paid = await client.post(`/${language}/payment/demo`, hiddenIn(last));
  await see('form: handed in and paid', answer(client, paid, 'pay'));
  await see('form: withdrawing, by the link alone', client.get(`${at}/withdraw`));
  await see('payment, back: too late', client.get(`/${language}/payment/2611ABCDEFGH.x/paid`));
}

const answer = (client: Client, bank: Sent, chosen: string): Promise<Sent> =>
  client.post(bank.path, { ...hiddenIn(bank), answer: chosen });

/** Returns the hidden fields of a page's forms. */
export const hiddenIn = ({ html }: Sent): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')],
    ),
  );

/** Shows the same page in each language. */
type Every = (name: string, ask: (client: Client) => Promise<Sent>) => Promise<void>;

/** What an administrator sees of payments: one of each language is to be given back. */
export async function paymentStates(every: Every): Promise<void> {
  const list = '/console/oac/payments';
  let html = '';
  await every('payments: list', async (each) => {
    const sent = await each.get(list);
    html = sent.html;
    return sent;
  });
  await every('payments: none in these days', (each) =>
    each.get(`${list}?from=2025-01-01&to=2025-01-02`),
  );
  const payment = /refund\?payment=([\w-]+)/.exec(html)?.[1] ?? '';
  await every('payment to give back: form', (each) =>
    each.get(`${list}/refund?payment=${payment}`),
  );
  await every('payment to give back: errors', (each) => each.post(`${list}/refund`, { payment }));
}
