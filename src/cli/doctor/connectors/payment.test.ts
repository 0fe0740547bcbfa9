import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type StandIn,
  standInForRedsys,
  TEST_SECRET,
} from '../../../connectors/payment/redsys/testing.ts';
import type { PaymentSettings } from '../../../domain/office/connectors/payment.ts';
import { aboutPayment } from './payment.ts';

let bank: StandIn;
beforeAll(async () => {
  bank = await standInForRedsys();
});
afterAll(() => bank.close());
beforeEach(() => {
  bank.isAway = false;
  bank.isMute = false;
});

const TOWN = 'https://vilaclara.example';
const say = async (
  settings: PaymentSettings | undefined,
  paymentSecret: string | null,
  baseUrl = TOWN,
) =>
  (await aboutPayment(settings, { baseUrl, paymentSecret })).map(
    ({ state, words }) => `${state}: ${words}`,
  );
const real = (): PaymentSettings => ({ ...bank.settings, environment: 'real' }) as PaymentSettings;

test('nothing is said where no fee is paid on-line', async () => {
  expect(await say(undefined, null)).toEqual([]);
});

test('the bank is asked with merchant and key', async () => {
  expect(await say(real(), TEST_SECRET)).toEqual([expect.stringContaining('The bank answers')]);
  expect((await say(bank.settings, TEST_SECRET))[0]).toContain('test environment');
  expect(await say(real(), 'A'.repeat(32))).toEqual([expect.stringContaining('XML0023')]);
  bank.isMute = true;
  expect(await say(real(), TEST_SECRET)).toEqual([expect.stringContaining('XML0027')]);
  bank.isAway = true;
  expect(await say(real(), TEST_SECRET)).toEqual([expect.stringContaining('http_503')]);
});

test('a missing key, and a stand-in that others would reach, are wrong', async () => {
  expect(await say(real(), null)).toEqual([expect.stringContaining('PAYMENT_SECRET is not set')]);
  expect(await say({ kind: 'demo' }, null)).toEqual([expect.stringContaining('refused')]);
  expect(await say({ kind: 'demo' }, null, 'http://localhost:3000')).toEqual([
    expect.stringContaining('stand-in of a demonstration'),
  ]);
});
