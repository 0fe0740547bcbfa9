import { beforeAll, describe, expect, test } from 'vitest';
import {
  type StatusListWishes,
  statusList,
  withStatus,
} from '../../../../e2e/support/identity/status-list.ts';
import { createTestWallet, encrypted } from '../../../../e2e/support/identity/wallet.ts';
import type { Attempt } from '../../../features/foundation/identification/types.ts';
import {
  BASE,
  begun,
  CLOCK,
  certificate,
  createWorld,
  finished,
  NOW,
  type Provider,
  pidOf,
  postedBy,
  requestFor,
  settingsOf,
  type World,
} from './testing.ts';
import { createWallet } from './wallet.ts';

const URI = 'https://pid.example/lists/7';
let world: World;
beforeAll(async () => {
  world = await createWorld();
});

/** Returns a provider that finds a list, and where it asked. */
function providerFinding(list: string | null) {
  const asked: string[] = [];
  const secrets = { secret: null, key: world.access.keyPem, certificate: world.access.pem };
  const provider = createWallet(settingsOf(world), secrets, {
    clock: CLOCK,
    log: { warn: () => {} },
    fetchList: async ({ href }) => {
      asked.push(href);
      return list;
    },
  });
  return { provider, asked };
}

const listOf = (more: Partial<StatusListWishes> = {}) =>
  statusList({ uri: URI, values: new Map(), signer: world.signer, at: NOW, ...more });

/** Identifies a person whose data have a status. */
async function outcome(list: string | null, status: unknown) {
  const { provider, asked } = providerFinding(list);
  const { attempt, departure } = await begun(provider);
  const pid = await pidOf([world.signer], { open: { status } });
  const wishes = { pid, trusts: [world.accessRoot], now: () => NOW };
  const posted = await postedBy(provider, attempt, departure.link, wishes);
  return { answer: await finished(provider, attempt, posted), asked };
}

const status = (idx: unknown = 42, uri: unknown = URI) => ({ status_list: { idx, uri } });
const refused = (code: string, reason = 'refused') => ({ ok: false, reason, code });

test.each([1, 2, 4, 8] as const)(
  'data that are not taken back count, with %i bits',
  async (bits) => {
    const list = await listOf({
      bits,
      values: new Map([
        [41, 1],
        [43, 1],
      ]),
    });
    const { answer, asked } = await outcome(list, status());
    expect(answer).toMatchObject({ ok: true });
    expect(asked).toEqual([URI]);
  },
);

test('data without a status count until they end', async () => {
  const { answer, asked } = await outcome(null, undefined);
  expect(answer).toMatchObject({ ok: true });
  expect(asked).toEqual([]);
});

test.each([
  [1, 1, 'pid_revoked'],
  [2, 1, 'pid_revoked'],
  [2, 2, 'pid_suspended'],
  [2, 3, 'pid_status'],
  [8, 2, 'pid_suspended'],
] as const)('with %i bits, %i is refused', async (bits, value, code) => {
  const list = await listOf({ bits, values: new Map([[42, value]]) });
  expect((await outcome(list, status())).answer).toEqual(refused(code, 'denied'));
});

describe('a list that is not one', () => {
  test.each<[string, Partial<StatusListWishes>, string, string?]>([
    ['another list', { uri: 'https://pid.example/lists/8' }, 'status_of_other_list'],
    ['an old one', { at: NOW.subtract({ hours: 13 }) }, 'status_old', 'away'],
    ['one of the future', { at: NOW.add({ hours: 1 }) }, 'status_time'],
    ['a token of another type', { typ: 'JWT' }, 'status_type'],
    ['no list', { claims: { status_list: {} } }, 'status_list'],
    ['strange bits', { claims: { status_list: { bits: 3, lst: '' } } }, 'status_list'],
    ['no end of letters', { claims: { status_list: { bits: 1, lst: 'AAAA' } } }, 'malformed'],
    ['an end that is a word', { claims: { exp: 'never' } }, 'status_old', 'away'],
  ])('%s', async (_, wishes, code, reason) => {
    const { answer } = await outcome(await listOf(wishes), status());
    expect(answer).toEqual(refused(code, reason));
  });

  test('a place that the list does not have', async () => {
    expect((await outcome(await listOf(), status(1000))).answer).toEqual(refused('status_index'));
  });

  test('a list that can not be had', async () => {
    expect((await outcome(null, status())).answer).toEqual(refused('status_unavailable', 'away'));
  });

  test('a list of somebody else', async () => {
    const root = await certificate({ subject: 'CN=Root,C=ES', authority: {} });
    const signer = await certificate({ subject: 'CN=Signer,C=ES', by: root });
    const list = await listOf({ signer });
    expect((await outcome(list, status())).answer).toEqual(refused('issuer_unknown'));
    const forged = await listOf({ signer: { ...signer, der: world.signer.der } });
    expect((await outcome(forged, status())).answer).toEqual(refused('status_signature'));
  });

  test('a list of the authority of another country, which the town trusts too', async () => {
    const root = await certificate({ subject: 'CN=Root,C=DE', authority: {} });
    const signer = await certificate({ subject: 'CN=Signer,C=DE', by: root });
    const secrets = { secret: null, key: world.access.keyPem, certificate: world.access.pem };
    const settings = { ...settingsOf(world), issuers: [world.root.pem, root.pem] };
    const provider = createWallet(settings, secrets, {
      clock: CLOCK,
      log: { warn: () => {} },
      fetchList: () => listOf({ signer }),
    });
    const { attempt, departure } = await begun(provider);
    const pid = await pidOf([world.signer], { open: { status: status() } });
    const wishes = { pid, trusts: [world.accessRoot], now: () => NOW };
    const posted = await postedBy(provider, attempt, departure.link, wishes);
    expect(await finished(provider, attempt, posted)).toEqual(refused('status_of_other_authority'));
  });
});

test.each<[unknown]>([
  [{}],
  [null],
  [{ identifier_list: {} }],
  [status(-1)],
  [status('1')],
  [status(1, 'lists/7')],
  [status(1, 'http://pid.example/lists/7')],
])('a status %j is not known, and refused', async (strange) => {
  const { answer, asked } = await outcome(await listOf(), strange);
  expect(answer).toEqual(refused('status_unknown'));
  expect(asked).toEqual([]);
});

/** Identifies a person whose mobile document has a status. */
async function mdocOutcome(provider: Provider, attempt: Attempt) {
  const wallet = createTestWallet({
    pid: world.pid,
    format: 'mso_mdoc',
    trusts: [world.accessRoot],
    now: () => NOW,
    does: 'unencrypted',
  });
  const request = await wallet.check(await requestFor(provider, attempt));
  const { vp_token: token = '' } = await wallet.answer(request, BASE);
  const [text = ''] = Object.values(JSON.parse(token) as Record<string, string[]>).flat();
  const response = withStatus(Buffer.from(text, 'base64url'), status(), world.signer);
  const presentation = Buffer.from(response).toString('base64url');
  const answer = { vp_token: { pid_mdoc: [presentation] }, state: request.state };
  return finished(provider, attempt, { response: await encrypted(answer, request.jwk) });
}

test('mobile documents can be taken back too', async () => {
  const good = providerFinding(await listOf());
  expect(await mdocOutcome(good.provider, (await begun(good.provider)).attempt)).toMatchObject({
    ok: true,
  });
  expect(good.asked).toEqual([URI]);
  const bad = providerFinding(await listOf({ values: new Map([[42, 1]]) }));
  expect(await mdocOutcome(bad.provider, (await begun(bad.provider)).attempt)).toEqual(
    refused('pid_revoked', 'denied'),
  );
});
