import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { Reading, Sent } from '../../features/service/payments/types.ts';
import { noSecurityLog } from '../../lib/security-events.ts';
import { paymentRoutes } from './routes.ts';

const received: Sent[] = [];
let answer: Reading | Error;
const noted: unknown[] = [];
const app = new Hono().route(
  '/',
  paymentRoutes({
    payments: {
      receive: async (sent) => {
        received.push(sent);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    security: { ...noSecurityLog, note: (...what) => noted.push(what) },
    log: { error: () => {} },
    addressOf: () => '192.0.2.1',
  }),
);

const send = (body: string, type = 'application/x-www-form-urlencoded') =>
  app.request('/payment/notification', {
    method: 'POST',
    headers: { 'Content-Type': type },
    body,
  });

const FORM = new URLSearchParams({
  Ds_SignatureVersion: 'HMAC_SHA256_V1',
  Ds_MerchantParameters: 'e30+/=',
  Ds_Signature: 'a+b/c=',
}).toString();

test('what the bank sends is passed on unchanged', async () => {
  const result = { outcome: 'done', code: '0000', authorization: null } as const;
  answer = { ok: true, order: '2611', cents: 1, what: 'payment', result };
  expect((await send(FORM)).status).toBe(200);
  expect(received.at(-1)).toEqual({
    version: 'HMAC_SHA256_V1',
    parameters: 'e30+/=',
    signature: 'a+b/c=',
  });
});

test('what does not count is refused, and is a security event', async () => {
  answer = { ok: false, reason: 'unsigned', order: '2611' };
  expect((await send(FORM)).status).toBe(400);
  expect(noted).toEqual([['payment.refused', { what: 'unsigned' }, '192.0.2.1']]);
});

test('a message that can’t be taken is asked for again by its status', async () => {
  answer = new Error('The database is away');
  expect((await send(FORM)).status).toBe(500);
  expect((await send('{}', 'application/json')).status).toBe(415);
  expect((await send('x'.repeat(20_000))).status).toBe(413);
});
