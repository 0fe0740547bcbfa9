import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../../../config.ts';
import type { Outgoing } from '../types.ts';
import { smsTransport } from './sms.ts';

/** A gateway that records requests and returns a given answer. */
interface Asked {
  method: string;
  headers: IncomingMessage['headers'];
  body: string;
}
let asked: Asked[];
let answer: { status: number; body: string; headers?: Record<string, string> };
let url: string;
let stop: () => Promise<void>;

beforeEach(async () => {
  asked = [];
  answer = { status: 202, body: '{"status":"queued"}' };
  const gateway = createServer(async (request, response) => {
    const { method = '', headers } = request;
    asked.push({ method, headers, body: await readAll(request) });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  gateway.listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/send`;
  stop = async () => {
    gateway.closeAllConnections();
    await new Promise((done) => gateway.close(done));
  };
});
afterEach(() => stop());

const words = 'Cita K7M-2QX: "dimecres"\\ 9.20 & més:\nhttps://cita.example/ca/a/x?y=1';
const outgoing: Outgoing = {
  id: '0b9dbb2e-54fc-4d2c-8a11-000000000001',
  to: '+34600000001',
  sender: 'OAC',
  replyTo: null,
  language: 'ca',
  at: Temporal.Instant.from('2026-12-01T10:00:00Z'),
  message: { subject: '', text: words, html: '', attachments: [] },
};

const send = (env: Record<string, string> = {}, to = url) =>
  smsTransport(readConfig({ SMS_URL: to, ...env }).sms!).send(outgoing);

describe('an SMS gateway', () => {
  test('is sent JSON by default, whatever stands in the text', async () => {
    const key = JSON.stringify({ Authorization: 'Bearer abc' });
    expect(await send({ SMS_HEADERS: key })).toMatchObject({ ok: true });
    const [one] = asked;
    expect(one?.method).toBe('POST');
    expect(one?.headers).toMatchObject({
      authorization: 'Bearer abc',
      'content-type': 'application/json',
      'idempotency-key': outgoing.id,
    });
    expect(JSON.parse(one?.body ?? '')).toEqual({ to: '+34600000001', text: words });
  });

  test('is sent a form where it wants one', async () => {
    const body = 'user=u&dest={digits}&from={sender}&msg={text}&ref={id}';
    await send({ SMS_BODY: body, SMS_SENDER: 'Ajuntament & Co', SMS_METHOD: 'PUT' });
    expect(asked[0]?.method).toBe('PUT');
    expect(asked[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      user: 'u',
      dest: '34600000001',
      from: 'Ajuntament & Co',
      msg: words,
      ref: outgoing.id,
    });
  });

  test.each([
    [400, true],
    [422, true],
    [401, false],
    [404, false],
    [429, false],
    [500, false],
    [302, false],
  ])('that answers %i: is the message refused for good? %s', async (status, permanent) => {
    answer = { status, body: 'bad number', headers: { Location: url } };
    expect(await send()).toEqual({
      ok: false,
      permanent,
      answered: true,
      code: String(status),
      reason: `${status} bad number`,
    });
    expect(asked).toHaveLength(1);
  });

  test('that says yes and means no is understood', async () => {
    const env = { SMS_ACCEPTED: '"status":"(queued|sent)"' };
    expect(await send(env)).toMatchObject({ ok: true });
    answer.body = '{"status":"error","why":"no credit"}';
    const delivery = await send(env);
    expect(delivery).toMatchObject({ ok: false, permanent: false, code: 'not-accepted' });
  });

  test('that is away is one that nobody answers for', async () => {
    await stop();
    const delivery = await send();
    expect(delivery).toMatchObject({ ok: false, permanent: false, answered: false });
    expect(delivery).toHaveProperty('code', 'ECONNREFUSED');
  });

  test('that answers without end is not listened to for ever', async () => {
    answer = { status: 500, body: 'x'.repeat(200_000) };
    const delivery = await send();
    expect(delivery.ok || delivery.reason.length).toBe(500);
  });
});
