import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { APPLY, actionIn, formOf, linkTo, publish } from '../cases/testing.ts';
import { type Page, type TestTown, testTown, WEDNESDAY } from '../testing.ts';
import { failureOf } from './failure.ts';

let town: TestTown;

beforeAll(async () => {
  town = await testTown();
  const form = formOf({
    identity: 'none',
    sign: 'none',
    steps: [
      {
        id: 'local',
        questions: [
          {
            id: 'taules',
            type: 'integer',
            label: { ca: 'Taules' },
            min: 0,
            max: 9,
            required: true,
          },
        ],
      },
    ],
    fee: { '*': [{ var: 'local.taules' }, 12.5] },
  });
  await publish(town, form);
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

/** A case with an answer. Returns its address. */
async function filled(tables = '2'): Promise<string> {
  const began = await town.post(APPLY, {});
  const answered = await town.post(`${began.path}/local/taules`, { 'q-taules_': tables });
  expect(answered.path).toBe(`${began.path}/check`);
  return began.path;
}

const fieldsIn = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')],
    ),
  );

/** Goes from the check to the page that leads to the bank. */
async function toPay(at: string): Promise<Page> {
  const check = await town.get(`${at}/check`);
  const sent = await town.post(actionIn(check.html), fieldsIn(check.html));
  expect(sent.path).toBe(`${at}/pay`);
  return town.get(sent.path);
}

/** Goes to the bank of the demonstration, and answers there. Returns where it leads back to. */
async function atBank(pay: Page, answer: string): Promise<string> {
  const bank = await town.post('/ca/payment/demo', fieldsIn(pay.html));
  expect(bank.status).toBe(200);
  expect(bank.html).toContain('Això no és cap banc');
  const back = await town.post('/ca/payment/demo', { ...fieldsIn(bank.html), answer });
  expect(back.path).toMatch(/\/ca\/payment\/2611\w{8}\.[\w-]+\/(paid|failed)$/);
  return (await town.get(new URL(back.path, 'http://localhost').pathname)).path;
}

describe('a form with a fee', () => {
  test('is offered on-line, checked, paid and handed in, and its receipt has the payment', async () => {
    const at = await filled();
    const check = await town.get(`${at}/check`);
    expect(check.html).toContain('Aquest tràmit costa 25,00');
    const pay = await toPay(at);
    expect(pay.html).toMatch(/Ves al banc a pagar 25,00/);
    expect(pay.headers.get('Content-Security-Policy')).toContain(
      "form-action 'self' http://localhost",
    );
    const back = await atBank(pay, 'pay');
    expect(back).toBe(`${at}/pay?back=1`);
    const done = await town.get((await town.get(back)).path);
    expect(done.html).toContain('Ja ho tenim');
    expect(done.html).toMatch(/E2026\d{6}/);
    expect(done.html).toMatch(/Taxa pagada[\s\S]*25,00/);
    expect(done.html).toMatch(/Número d’operació[\s\S]*2611/);
    expect(done.html).toContain('123456');
    const withdraw = await town.get(`${at}/withdraw`);
    expect(withdraw.html).toContain('La taxa que vas pagar no es torna');
  });

  test('of nothing is handed in at once', async () => {
    const at = await filled('0');
    const check = await town.get(`${at}/check`);
    const sent = await town.post(actionIn(check.html), fieldsIn(check.html));
    expect(sent.path).toBe(`${at}/done`);
    expect((await town.get(`${at}/withdraw`)).html).not.toContain('La taxa que vas pagar');
  });

  test('says what happened when the bank refuses, and is paid the next time', async () => {
    const at = await filled();
    const back = await atBank(await toPay(at), 'deny');
    const failed = await town.get(back);
    expect(failed.html).toContain('No s’ha pagat res');
    expect(failed.html).toContain('no ha autoritzat el pagament');
    // Whoever sends no version was not shown what is paid for: nothing begins.
    expect((await town.post(`${at}/pay`, {})).path).toBe(`${at}/check`);
    const seen = /name="seen" value="(\d+)"/.exec((await town.get(`${at}/pay`)).html)?.[1] ?? '';
    const again = await town.post(`${at}/pay`, { seen });
    const pay = await town.get(again.path);
    expect(await atBank(pay, 'pay')).toBe(`${at}/pay?back=1`);
    expect((await town.get(`${at}/pay`)).path).toBe(`${at}/done`);
  });

  test('says so when somebody left the bank without paying', async () => {
    const at = await filled();
    const page = await town.get(await atBank(await toPay(at), 'leave'));
    expect(page.html).toContain('Has sortit de la pàgina del banc sense pagar');
  });

  test('waits where the bank tells nothing yet, and tells when it does', async () => {
    const at = await filled();
    const pay = await toPay(at);
    const page = await town.get(await atBank(pay, 'silent'));
    expect(page.html).toContain('Esperem la resposta del banc');
    expect(page.headers.get('Refresh')).toBe('10');
    town.clock.advance({ minutes: 4 });
    const later = await town.get(`${at}/pay?back=1`);
    expect(later.html).toContain('Esperem la resposta del banc');
    expect(later.headers.get('Refresh')).toBeNull();
    const fields = fieldsIn(pay.html);
    const asked = (await town.deps.payments.demo())!.open({
      version: fields['Ds_SignatureVersion'] ?? '',
      parameters: fields['Ds_MerchantParameters'] ?? '',
      signature: fields['Ds_Signature'] ?? '',
    });
    await town.deps.payments.receive((await town.deps.payments.demo())!.answer(asked!, 'pay'));
    expect((await town.get(`${at}/pay?back=1`)).path).toBe(`${at}/done`);
  });

  test('brought back by the browser is read as any other message', async () => {
    const at = await filled();
    const pay = await toPay(at);
    const fields = fieldsIn(pay.html);
    const asked = (await town.deps.payments.demo())!.open({
      version: fields['Ds_SignatureVersion'] ?? '',
      parameters: fields['Ds_MerchantParameters'] ?? '',
      signature: fields['Ds_Signature'] ?? '',
    })!;
    const { version, parameters, signature } = (await town.deps.payments.demo())!.answer(
      asked,
      'pay',
    );
    const query = new URLSearchParams({
      ...{ Ds_SignatureVersion: version, Ds_MerchantParameters: parameters },
      Ds_Signature: signature,
    });
    await town.get(`${new URL(asked.paidUrl).pathname}?${query}`);
    expect((await town.get(`${at}/pay`)).path).toBe(`${at}/done`);
  });

  test('whose answers were changed meanwhile tells that the payment is given back', async () => {
    const at = await filled();
    const pay = await toPay(at);
    await town.post(`${at}/local/taules`, { 'q-taules_': '3' });
    const page = await town.get(await atBank(pay, 'pay'));
    expect(page.html).toMatch(/Et tornarem 25,00/);
    expect(linkTo(page.html, /Repassa-ho/)).toBe(`${at}/check`);
    const next = await toPay(at);
    expect(next.html).toMatch(/37,50/);
  });

  test('that was checked before somebody changed it is checked again', async () => {
    const at = await filled();
    const check = await town.get(`${at}/check`);
    await town.post(`${at}/local/taules`, { 'q-taules_': '3' });
    const sent = await town.post(actionIn(check.html), fieldsIn(check.html));
    expect(sent.html).toContain('Algú ha canviat les respostes');
  });
});

describe('pages of a payment', () => {
  test('lead to the check where nobody went to pay', async () => {
    const at = await filled();
    expect((await town.get(`${at}/pay`)).path).toBe(`${at}/check`);
    expect((await town.get(`${at}/pay?back=1`)).path).toBe(`${at}/check`);
  });

  test('open nothing by an address of return that is not ours, or too late', async () => {
    const pay = await toPay(await filled());
    const parameters = fieldsIn(pay.html)['Ds_MerchantParameters'] ?? '';
    const values = JSON.parse(Buffer.from(parameters, 'base64').toString()) as Record<
      string,
      string
    >;
    const { pathname } = new URL(values['DS_MERCHANT_URLOK'] ?? '');
    for (const path of [
      '/ca/payment/2611ABCDEFGH.x/paid',
      '/ca/payment/x/failed',
      `${pathname.slice(0, -7)}x/paid`,
    ]) {
      const page = await town.get(path);
      expect([page.status, page.html.includes('Has tornat del banc')]).toEqual([200, true]);
    }
    town.clock.advance({ hours: 3 });
    expect((await town.get(pathname)).html).toContain('Has tornat del banc');
  });

  test('of the demonstration’s bank are not there for what it did not sign', async () => {
    const pay = await toPay(await filled());
    const fields = fieldsIn(pay.html);
    for (const wrong of [
      {},
      { ...fields, Ds_Signature: 'x' },
      { ...fields, Ds_MerchantParameters: 'e30' },
    ])
      expect((await town.post('/ca/payment/demo', wrong)).status).toBe(404);
  });
});

test.each([
  ['0101', 'card'],
  ['0184', 'confirmation'],
  ['9912', 'away'],
  ['9915', 'cancelled'],
  ['expired', 'expired'],
  ['0190', 'bank'],
  ['1234', 'bank'],
  [null, 'bank'],
])('the answer %s is told as: %s', (code, failure) => {
  expect(failureOf(code)).toBe(failure);
});
