import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SamlForm, SamlIdp } from '../../../../e2e/support/identity/saml-idp.ts';
import type {
  Attempt,
  Departure,
  IdentityProvider,
} from '../../../features/foundation/identification/types.ts';
import { createSaml } from './saml.ts';
import { ATTEMPT, SETTINGS, TOWN } from './testing/world.ts';

let idp: SamlIdp;
let attempt: Attempt;
let metadata = '';
const town = createServer((_, response) => response.end(metadata));

beforeAll(async () => {
  idp = await SamlIdp.start();
  await new Promise<void>((resolve) => town.listen(0, '127.0.0.1', resolve));
  const identify = `http://127.0.0.1:${(town.address() as AddressInfo).port}/identify/clave`;
  attempt = {
    ...ATTEMPT,
    answerUrl: `${identify}/answer`,
    metadataUrl: `${identify}/metadata`,
    leftUrl: `${identify}/left`,
  };
  metadata = (await adapter().metadata?.(attempt))?.body ?? '';
});
afterAll(async () => {
  await idp.goAway();
  await new Promise((resolve) => town.close(resolve));
});

function adapter(changes: Partial<typeof SETTINGS> = {}): IdentityProvider {
  const secrets = { secret: null, ...TOWN };
  return createSaml({ ...SETTINGS, ...idp.settings, ...changes }, secrets, {
    log: { warn: () => {} },
  });
}

async function form(departure: Departure | null): Promise<SamlForm> {
  if (departure?.kind !== 'post') throw new Error('not a form');
  return { url: departure.url, fields: departure.fields };
}

async function started(): Promise<SamlForm> {
  const departure = await adapter().start(attempt);
  if (!departure.ok) throw new Error(departure.code);
  return form(departure.value);
}

const finish = (answer: SamlForm) =>
  adapter().finish(
    { url: new URL(attempt.returnUrl), posted: new URLSearchParams(answer.fields) },
    attempt,
  );

/** The page that a posted form leads to. */
async function posted({ url, fields }: SamlForm): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  return answer.text();
}

/** The form of a page, as a browser without scripts would send it. */
function formIn(html: string, more: Record<string, string> = {}): SamlForm {
  const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(html) ?? [];
  const hidden = [...html.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return {
    url: new URL(action, idp.origin).href,
    fields: { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...more },
  };
}

test('somebody chooses who they are on the page of the provider, which knows us by our metadata', async () => {
  const page = await posted(await started());
  expect(page).toContain('Núria Vila Puig');
  expect(page).toContain('<option selected>substantial</option>');
  const chosen = { answer: 'yes', person: '1', level: 'high' };
  const back = formIn(await posted(formIn(page, chosen)));
  expect(back.url).toBe(attempt.answerUrl);
  expect(await finish(back)).toMatchObject({
    ok: true,
    value: { person: { scheme: 'nie', identifier: 'X1234567L' }, level: 'high', method: 'afirma' },
  });
});

test('whoever stops, is denied, or finds the provider out of order is told that', async () => {
  const reasons = { cancel: 'cancelled', deny: 'denied', away: 'away' } as const;
  for (const answer of ['cancel', 'deny', 'away'] as const)
    expect(await finish(await idp.answer(await started(), { answer }))).toMatchObject({
      reason: reasons[answer],
    });
});

test('an encrypted assertion in a signed response, from the same provider', async () => {
  idp.bent = { sealed: TOWN.certificate };
  const answer = await idp.answer(await started(), {
    answer: 'yes',
    person: 2,
    level: 'substantial',
  });
  idp.bent = {};
  expect(Buffer.from(answer.fields['SAMLResponse'] ?? '', 'base64').toString()).not.toContain(
    'Rossi',
  );
  expect(await finish(answer)).toMatchObject({
    ok: true,
    value: { person: { scheme: 'eidas', country: 'IT' }, method: 'eidas' },
  });
});

test('the provider refuses a request that somebody changed on its way', async () => {
  const request = await started();
  const xml = Buffer.from(request.fields['SAMLRequest'] ?? '', 'base64').toString();
  const changed = xml.replace('LoA/substantial', 'LoA/low');
  const fields = { ...request.fields, SAMLRequest: Buffer.from(changed).toString('base64') };
  await expect(idp.answer({ ...request, fields }, { answer: 'cancel' })).rejects.toThrow(
    'signature',
  );
});

test('leaving, by each of the three ways, leads back to us', async () => {
  const answer = await finish(
    await idp.answer(await started(), { answer: 'yes', person: 0, level: 'high' }),
  );
  if (!answer.ok) throw new Error(answer.code);
  const session = answer.value.session ?? '';
  for (const logoutBy of ['post', 'clave'] as const) {
    const departure = await adapter({ logoutBy }).leave(session, attempt.leftUrl);
    const back = formIn(await posted(await form(departure)));
    expect(back.url).toBe(attempt.leftUrl);
    expect(Object.keys(back.fields)).toEqual([
      logoutBy === 'clave' ? 'logoutResponse' : 'SAMLResponse',
    ]);
  }
  const departure = await adapter({ logoutBy: 'redirect' }).leave(session, attempt.leftUrl);
  if (departure?.kind !== 'redirect') throw new Error('not a redirection');
  const back = formIn(await (await fetch(departure.url)).text());
  expect(back.url).toBe(attempt.leftUrl);
  expect(idp.requests.at(-1)).toContain('LogoutRequest');
});
