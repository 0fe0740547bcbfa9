import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PaymentProvider } from '../../../features/service/payments/types.ts';
import { createDemoPayment } from '../demo.ts';
import { paymentAdapter } from '../providers.ts';
import { decode, resultOf } from './parameters.ts';
import { answerIn } from './query.ts';
import { createRedsys } from './redsys.ts';
import { type StandIn, standInForRedsys, TEST_MERCHANT, TEST_SECRET } from './testing.ts';

const log = { warn: () => {} };
let bank: StandIn;
let provider: PaymentProvider;

beforeAll(async () => {
  bank = await standInForRedsys();
});
afterAll(() => bank.close());
beforeEach(() => {
  bank.operations.clear();
  bank.isAway = false;
  bank.isMute = false;
  provider = createRedsys(bank.settings, { secret: TEST_SECRET, log, timeoutSeconds: 30 });
});

const ORDER = '2611ABCDEFGH';
const departing = {
  ...({ order: ORDER, cents: 1250, language: 'ca', about: 'Terrassa (K7M-2QX)' } as const),
  notifyUrl: 'https://town.example/payment/notification',
  paidUrl: 'https://town.example/ca/payment/x/paid',
  failedUrl: 'https://town.example/ca/payment/x/failed',
};
const gone = () => bank.open(provider.departure(departing).fields);

describe.each(['HMAC_SHA512_V2', 'HMAC_SHA256_V1'] as const)('by %s', (signature) => {
  beforeEach(() => {
    provider = createRedsys({ ...bank.settings, signature }, { secret: TEST_SECRET, log });
  });

  test('the form takes order, amount, language and addresses to the page of the bank', () => {
    const { url, fields } = provider.departure(departing);
    expect(url).toBe(`${bank.settings.endpoint}/sis/realizarPago`);
    expect(decode(fields['Ds_MerchantParameters'] ?? '')).toMatchObject({
      DS_MERCHANT_AMOUNT: '1250',
      DS_MERCHANT_CURRENCY: '978',
      DS_MERCHANT_ORDER: ORDER,
      DS_MERCHANT_MERCHANTCODE: TEST_MERCHANT,
      DS_MERCHANT_TERMINAL: '1',
      DS_MERCHANT_TRANSACTIONTYPE: '0',
      DS_MERCHANT_CONSUMERLANGUAGE: '3',
      DS_MERCHANT_MERCHANTURL: departing.notifyUrl,
    });
    expect(bank.open(fields)).toBeNull();
    expect(bank.operations.get(ORDER)?.cents).toBe(1250);
  });

  test('a notification is read, and one that somebody else signed is not', () => {
    gone();
    bank.decide(ORDER, '0000');
    expect(provider.read(bank.notification(ORDER))).toEqual({
      ...({ ok: true, order: ORDER, cents: 1250, what: 'payment' } as const),
      result: { outcome: 'done', code: '0000', authorization: '082150' },
    });
    const secret = 'A'.repeat(32);
    expect(provider.read(bank.notification(ORDER, { secret }))).toMatchObject({
      reason: 'unsigned',
    });
    for (const wrong of [{ merchant: '123456789' }, { currency: '840' }])
      expect(provider.read(bank.notification(ORDER, wrong))).toMatchObject({ reason: 'foreign' });
    const sent = bank.notification(ORDER);
    for (const other of ['', 'HMAC_SHA1', '__proto__'])
      expect(provider.read({ ...sent, version: other })).toMatchObject({ reason: 'unreadable' });
    expect(provider.read({ ...sent, parameters: 'e30' })).toMatchObject({ reason: 'unreadable' });
  });
});

test.each([
  ['payment', '0000', 'done'],
  ['payment', '0099', 'done'],
  ['payment', '0', 'done'],
  ['payment', '0100', 'failed'],
  ['payment', '0190', 'failed'],
  ['payment', '0900', 'failed'],
  ['payment', '9915', 'failed'],
  ['payment', '0913', 'none'],
  ['payment', '', 'none'],
  ['payment', '-1', 'none'],
  ['payment', '00 0', 'none'],
  ['refund', '0900', 'done'],
  ['refund', '0000', 'failed'],
] as const)('the answer to a %s "%s" is: %s', (what, code, outcome) => {
  expect(resultOf(what, code, undefined).outcome).toBe(outcome);
});

describe('the bank is asked', () => {
  const look = (what: 'payment' | 'refund' = 'payment') => provider.look(ORDER, what);

  test('what became of an order', async () => {
    expect(await look()).toMatchObject({ ok: true, result: { outcome: 'none' } });
    gone();
    expect(await look()).toMatchObject({ ok: true, result: { outcome: 'none' } });
    bank.decide(ORDER, '0000');
    expect(await look()).toMatchObject({
      ...{ ok: true, cents: 1250 },
      result: { outcome: 'done', code: '0000', authorization: '082150' },
    });
    expect(await look('refund')).toMatchObject({ ok: true, result: { outcome: 'none' } });
  });

  test('and does not answer, or may not', async () => {
    gone();
    bank.isAway = true;
    expect(await look()).toEqual({ ok: false, reason: 'away', code: 'http_503' });
    bank.isAway = false;
    bank.isMute = true;
    expect(await look()).toEqual({ ok: false, reason: 'refused', code: 'XML0027' });
  });

  test.each(['', '<html>', '<!DOCTYPE a><a/>', '<a/>', 'text'])('and answers "%s"', (body) => {
    expect(answerIn(body, { merchant: TEST_MERCHANT }, ORDER, 'payment').ok).toBe(false);
  });

  test('to give a payment back, which it does once', async () => {
    gone();
    expect(await provider.refund(ORDER, 1250)).toMatchObject({ ok: false, code: 'SIS0054' });
    bank.decide(ORDER, '0000');
    expect(await provider.refund(ORDER, 1250)).toMatchObject({
      ...{ ok: true, cents: 1250 },
      result: { outcome: 'done' },
    });
    expect(await provider.refund(ORDER, 1250)).toMatchObject({ ok: false, code: 'SIS0057' });
    expect(await look('refund')).toMatchObject({ ok: true, result: { outcome: 'done' } });
  });
});

describe('where nothing can be paid', () => {
  const adapterAt = (baseUrl: string, secret: string | null) =>
    paymentAdapter({ baseUrl, secret, log });

  test('there is no provider: without a secret, and for the stand-in where others reach it', () => {
    const real = adapterAt('https://town.example', null);
    expect(real(bank.settings)).toBeNull();
    expect(real({ kind: 'demo' })).toBeNull();
    expect(real(null)).toBeNull();
    expect(adapterAt('http://localhost:3000', null)({ kind: 'demo' })?.demo).not.toBeNull();
    expect(adapterAt('https://town.example', TEST_SECRET)(bank.settings)?.demo).toBeNull();
  });
});

test('the stand-in of a demonstration sends what its own page was brought', () => {
  const demo = createDemoPayment('http://localhost:3000');
  const { url, fields } = demo.departure(departing);
  expect(url).toBe('http://localhost:3000/ca/payment/demo');
  const sent = {
    version: fields['Ds_SignatureVersion'] ?? '',
    parameters: fields['Ds_MerchantParameters'] ?? '',
    signature: fields['Ds_Signature'] ?? '',
  };
  const asked = demo.demo!.open(sent);
  expect(asked).toMatchObject({ order: ORDER, cents: 1250, paidUrl: departing.paidUrl });
  expect(demo.demo!.open({ ...sent, signature: 'x' })).toBeNull();
  const read = (answer: 'pay' | 'deny') => demo.read(demo.demo!.answer(asked!, answer));
  expect(read('pay')).toMatchObject({ ok: true, order: ORDER, result: { outcome: 'done' } });
  expect(read('deny')).toMatchObject({ ok: true, result: { outcome: 'failed' } });
});
