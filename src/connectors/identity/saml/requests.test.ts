import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { NATURAL, type Said } from '../../../../e2e/support/identity/saml-messages.ts';
import type { Departure } from '../../../features/foundation/identification/types.ts';
import {
  ATTEMPT,
  adapter,
  answerOf,
  SAID,
  SETTINGS,
  signedResponse,
  TOWN,
} from './testing/world.ts';

/** The root of a document, and the first element of a name in it. */
function opened(xml: string) {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement as Element;
  const all = (name: string) => Array.from(root.getElementsByTagNameNS('*', name));
  return { root, all, first: (name: string) => all(name)[0] as Element };
}

/** Whether our key signed the whole document. */
function isSignedByUs(xml: string): boolean {
  const signing = new SignedXml({ publicCert: TOWN.certificate });
  signing.loadSignature(opened(xml).first('Signature') as never);
  return signing.checkSignature(xml) && signing.signatureAlgorithm?.endsWith('rsa-sha256') === true;
}

const posted = (departure: Departure | null, field = 'SAMLRequest'): string =>
  departure?.kind === 'post'
    ? Buffer.from(departure.fields[field] ?? '', 'base64').toString('utf8')
    : '';

async function started(changes = {}, attempt = ATTEMPT) {
  const departure = await adapter(changes).provider.start(attempt);
  if (!departure.ok) throw new Error(departure.code);
  return { departure: departure.value, ...opened(posted(departure.value)) };
}

async function identified(said: Partial<Said> = {}) {
  const answer = await adapter().provider.finish(answerOf(signedResponse(said)), ATTEMPT);
  if (!answer.ok) throw new Error(answer.code);
  return answer.value;
}

describe('the request', () => {
  test('it is posted, signed, and says where to answer and which level is needed', async () => {
    const { departure, root, first } = await started();
    expect(departure).toMatchObject({
      kind: 'post',
      url: SETTINGS.endpoint,
      fields: { RelayState: ATTEMPT.checks.state },
    });
    expect(isSignedByUs(posted(departure))).toBe(true);
    const said = (name: string) => root.getAttribute(name);
    expect(said('Destination')).toBe(SETTINGS.endpoint);
    expect(said('AssertionConsumerServiceURL')).toBe(ATTEMPT.answerUrl);
    expect(said('ForceAuthn')).toBe('true');
    expect(said('ProviderName')).toBe('L01080193_cita');
    expect(said('IssueInstant')).toBe('2026-11-30T10:00:00Z');
    expect(said('ID')).toMatch(/^_[\da-f]{40}$/);
    expect(said('ID')).not.toContain(ATTEMPT.checks.nonce);
    expect(first('Issuer').textContent).toBe(ATTEMPT.metadataUrl);
    expect(first('RequestedAuthnContext').getAttribute('Comparison')).toBe('minimum');
    expect(first('AuthnContextClassRef').textContent).toBe(
      'http://eidas.europa.eu/LoA/substantial',
    );
  });

  test('its parts come in the order of the schema', async () => {
    const { root } = await started();
    const order = Array.from(root.childNodes).map((node) => (node as Element).localName);
    expect(order).toEqual([
      'Issuer',
      'Signature',
      'Extensions',
      'NameIDPolicy',
      'RequestedAuthnContext',
    ]);
  });

  test('it asks for no more than who it is, as eIDAS has it', async () => {
    const { first, all } = await started();
    expect(first('SPType').textContent).toBe('public');
    const asked = all('RequestedAttribute').map((each) => [
      each.getAttribute('Name'),
      each.getAttribute('isRequired'),
    ]);
    expect(asked).toEqual([
      [`${NATURAL}/PersonIdentifier`, 'true'],
      [`${NATURAL}/CurrentGivenName`, 'true'],
      [`${NATURAL}/CurrentFamilyName`, 'true'],
      ['http://es.minhafp.clave/RelayState', 'false'],
    ]);
    expect(first('AttributeValue').textContent).toBe(ATTEMPT.checks.state);
  });

  test('a provider of other levels gets no extensions, and the next level above', async () => {
    const { all, first, root } = await started({
      dir3: undefined,
      levels: { 'urn:x:strong': 'high', 'urn:x:password': 'low' },
      serviceProvider: 'urn:town & more',
    });
    expect(all('Extensions')).toEqual([]);
    expect(root.hasAttribute('ProviderName')).toBe(false);
    expect(first('AuthnContextClassRef').textContent).toBe('urn:x:strong');
    expect(first('Issuer').textContent).toBe('urn:town & more');
  });

  test('the name of the application can be another', async () => {
    const { root } = await started({ providerName: 'p0801900b_e04975701;cita' });
    expect(root.getAttribute('ProviderName')).toBe('p0801900b_e04975701;cita');
  });

  test('each attempt has its own id, always the same one', async () => {
    const idOf = async (nonce: string) =>
      (await started({}, { ...ATTEMPT, checks: { ...ATTEMPT.checks, nonce } })).root.getAttribute(
        'ID',
      );
    expect(await idOf('one')).toBe(await idOf('one'));
    expect(await idOf('one')).not.toBe(await idOf('two'));
  });

  test('a level that the provider does not have is told before anybody leaves', async () => {
    const { provider } = adapter({ levels: { 'urn:x:password': 'low' } });
    expect(await provider.start(ATTEMPT)).toEqual({
      ok: false,
      reason: 'too_low',
      code: 'level_not_offered',
    });
  });

  test('without a key there is no request and no metadata', async () => {
    const { provider, logged } = adapter({}, null);
    expect(await provider.start(ATTEMPT)).toMatchObject({ reason: 'away', code: 'no_key' });
    expect(provider.metadata).toBeUndefined();
    expect(logged).toEqual([expect.stringContaining('no_key')]);
  });
});

describe('leaving', () => {
  const leave = async (changes = {}) => {
    const { session } = await identified();
    return adapter(changes).provider.leave(session ?? '', ATTEMPT.leftUrl);
  };

  test('a signed form ends the session of this person', async () => {
    const departure = await leave();
    const xml = posted(departure);
    const { root, first } = opened(xml);
    expect(departure).toMatchObject({ kind: 'post', url: SETTINGS.logout });
    expect(isSignedByUs(xml)).toBe(true);
    expect(root.localName).toBe('LogoutRequest');
    expect(root.getAttribute('Destination')).toBe(SETTINGS.logout);
    expect(first('Issuer').textContent).toBe(ATTEMPT.metadataUrl);
    expect(first('NameID').textContent).toBe('a1b2c3');
    expect(first('NameID').getAttribute('Format')).toBe(SAID.nameIdFormat);
    expect(first('SessionIndex').textContent).toBe('s-1');
  });

  test('a redirection carries it with its signature', async () => {
    const departure = await leave({
      logoutBy: 'redirect',
      logout: 'https://provider.example/slo?a=1',
    });
    if (departure?.kind !== 'redirect') throw new Error('not a redirection');
    const url = new URL(departure.url);
    expect(url.searchParams.get('a')).toBe('1');
    const request = Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64');
    expect(inflateRawSync(request).toString()).toContain('>a1b2c3<');
    const [, text = ''] = /(SAMLRequest=.*)&Signature=/.exec(departure.url) ?? [];
    const signature = Buffer.from(url.searchParams.get('Signature') ?? '', 'base64');
    const key = createPublicKey(TOWN.certificate);
    expect(verify('sha256', Buffer.from(text), key, signature)).toBe(true);
  });

  test('Cl@ve is told the application, and where to come back', async () => {
    const departure = await leave({ logoutBy: 'clave' });
    const xml = posted(departure, 'logoutRequest');
    expect(posted(departure, 'samlRequestLogout')).toBe(xml);
    expect(isSignedByUs(xml)).toBe(true);
    const { first, all } = opened(xml);
    expect(first('Issuer').textContent).toBe(ATTEMPT.leftUrl);
    expect(first('NameID').textContent).toBe('L01080193_cita');
    expect(first('NameID').getAttribute('SPNameQualifier')).toBe(ATTEMPT.leftUrl);
    expect(all('SessionIndex')).toEqual([]);
  });

  test('there is nothing to leave where the provider takes no logouts, or the session is of another time', async () => {
    expect(await leave({ logout: undefined })).toBeNull();
    expect(await adapter().provider.leave('of another time', ATTEMPT.leftUrl)).toBeNull();
    expect(await adapter().provider.leave('null', ATTEMPT.leftUrl)).toBeNull();
    expect(
      await adapter({}, null).provider.leave((await identified()).session ?? '', ''),
    ).toBeNull();
  });
});

test('a logout or metadata that cannot be made is none, and throws nothing', async () => {
  const { provider, logged } = adapter();
  const strange = JSON.stringify({ nameId: { value: 1 }, entity: 'x' });
  expect(await provider.leave(strange, ATTEMPT.leftUrl)).toBeNull();
  expect(logged.join()).toContain('malformed');
  const broken = adapter({}, { ...TOWN, certificate: 'none' }).provider;
  expect(await broken.metadata?.(ATTEMPT)).toBeNull();
  expect(await broken.leave((await identified()).session ?? '', ATTEMPT.leftUrl)).toBeNull();
  const keyless = adapter({}, { ...TOWN, key: 'none' }).provider;
  expect(keyless.metadata).toBeUndefined();
  expect(await keyless.leave((await identified()).session ?? '', ATTEMPT.leftUrl)).toBeNull();
});

test('the metadata is signed, and has our addresses and our certificate', async () => {
  const { contentType, body } = (await adapter().provider.metadata?.(ATTEMPT)) ?? {};
  expect(contentType).toBe('application/samlmetadata+xml');
  const { root, first, all } = opened(body ?? '');
  expect(isSignedByUs(body ?? '')).toBe(true);
  expect(root.getAttribute('entityID')).toBe(ATTEMPT.metadataUrl);
  expect(first('AssertionConsumerService').getAttribute('Location')).toBe(ATTEMPT.answerUrl);
  expect(first('SingleLogoutService').getAttribute('Location')).toBe(ATTEMPT.leftUrl);
  // An encrypted assertion counts in a signed response only, which metadata can't demand.
  expect(all('KeyDescriptor').map((each) => each.getAttribute('use'))).toEqual(['signing']);
  expect(first('SPSSODescriptor').getAttribute('WantAssertionsSigned')).toBe('true');
  const shown = all('X509Certificate').at(-1)?.textContent ?? '';
  expect(Buffer.from(shown, 'base64')).toEqual(new X509Certificate(TOWN.certificate).raw);
});
