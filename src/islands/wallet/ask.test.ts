import { expect, test } from 'vitest';
import { type Asking, ask, canAsk } from './ask.ts';

const PROTOCOL = 'openid4vp-v1-signed';
const REQUEST = { protocol: PROTOCOL, data: { request: 'e30.e30.c2ln' } };

const browser = (get: (options: object) => Promise<unknown>): Asking => ({
  DigitalCredential: {},
  credentials: { get },
});
const answering = (credential: unknown) => browser(async () => credential);
const failing = (name: string) =>
  browser(async () => {
    throw Object.assign(new Error('no'), { name });
  });
const asked = (asking: Asking) => ask(asking, REQUEST, new AbortController().signal);

test('a browser without the API is not asked', () => {
  expect(canAsk({}, PROTOCOL)).toBe(false);
  expect(canAsk({ credentials: { get: async () => null } }, PROTOCOL)).toBe(false);
  expect(canAsk({ DigitalCredential: {} }, PROTOCOL)).toBe(false);
});

test('a browser that does not take the protocol is not asked', () => {
  const { credentials } = answering(null);
  const refusing = { DigitalCredential: { userAgentAllowsProtocol: () => false }, credentials };
  expect(canAsk(refusing as Asking, PROTOCOL)).toBe(false);
  const taking = { userAgentAllowsProtocol: (protocol: string) => protocol === PROTOCOL };
  expect(canAsk({ ...answering(null), DigitalCredential: taking }, PROTOCOL)).toBe(true);
  expect(canAsk(answering(null), PROTOCOL)).toBe(true);
});

test('the wallet is asked with the request, and its answer is given', async () => {
  const options: unknown[] = [];
  const asking = browser(async (each) => {
    options.push(each);
    return { protocol: PROTOCOL, data: { response: 'a.b.c.d.e' } };
  });
  expect(await asked(asking)).toEqual({ ok: true, response: 'a.b.c.d.e' });
  expect(options).toMatchObject([{ mediation: 'required', digital: { requests: [REQUEST] } }]);
});

test('an answer may be text', async () => {
  const data = JSON.stringify({ response: 'a.b.c.d.e' });
  expect(await asked(answering({ protocol: PROTOCOL, data }))).toMatchObject({ ok: true });
});

test.each([
  ['NotAllowedError', 'cancelled'],
  ['AbortError', 'cancelled'],
  ['NetworkError', 'failed'],
  ['TypeError', 'failed'],
])('%s is %s', async (name, reason) => {
  expect(await asked(failing(name))).toEqual({ ok: false, reason });
});

test.each([
  ['nothing', null],
  ['another protocol', { protocol: 'org-iso-mdoc', data: { response: 'x' } }],
  ['no answer', { protocol: PROTOCOL, data: {} }],
  ['no data', { protocol: PROTOCOL }],
  ['letters', { protocol: PROTOCOL, data: 'letters' }],
])('%s is a failure', async (_, credential) => {
  expect(await asked(answering(credential))).toEqual({ ok: false, reason: 'failed' });
});
