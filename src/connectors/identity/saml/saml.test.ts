import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import { SignedXml } from 'xml-crypto';
import {
  assertionXml,
  encrypted,
  failed,
  NATURAL,
  responseXml,
  type Said,
  signed,
} from '../../../../e2e/support/identity/saml-messages.ts';
import type { Departure } from '../../../features/foundation/identification/types.ts';
import {
  ATTEMPT,
  adapter,
  answerOf,
  PROVIDER,
  read,
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

const attributes = (them: Record<string, string>) => ({
  attributes: Object.fromEntries(
    Object.entries(them).map(([name, value]) => [
      name.startsWith('http') ? name : `http://eidas.europa.eu/attributes/${name}`,
      value,
    ]),
  ),
});

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

describe('who it is', () => {
  test('a DNI, a name, a level, the way, and the answer as it came', async () => {
    const xml = signedResponse();
    const answer = await adapter().provider.finish(answerOf(xml), ATTEMPT);
    expect(answer).toEqual({
      ok: true,
      value: {
        person: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
        name: { full: 'Núria Vila Puig', given: 'Núria', family: 'Vila Puig' },
        represents: null,
        level: 'substantial',
        method: 'afirma',
        subject: 'a1b2c3',
        evidence: [{ type: 'application/xml', bytes: Buffer.from(xml) }],
        session: expect.any(String),
        transaction: null,
      },
    });
  });

  test('an eIDAS identifier of Spain is the DNI or NIE, that of another state stays as it is', async () => {
    const of = async (identifier: string) =>
      (await identified(attributes({ 'naturalperson/PersonIdentifier': identifier }))).person;
    expect(await of('ES/ES/12345678Z')).toMatchObject({ scheme: 'dni', identifier: '12345678Z' });
    expect(await of('x1234567l')).toMatchObject({ scheme: 'nie', identifier: 'X1234567L' });
    expect(await of('IT/ES/RSSMRA80A01H501U')).toEqual({
      scheme: 'eidas',
      country: 'IT',
      identifier: 'IT/ES/RSSMRA80A01H501U',
    });
  });

  test('an identifier that cannot be one is told as that', async () => {
    const of = (said: ReturnType<typeof attributes>) => read(signedResponse(said));
    expect(await of(attributes({ 'naturalperson/PersonIdentifier': '12345678A' }))).toBe(
      'identifier identifier_unknown',
    );
    expect(await of(attributes({}))).toBe('identifier no_person');
    expect(await of(attributes({ 'legalperson/LegalPersonIdentifier': 'A58818501' }))).toBe(
      'identifier no_person',
    );
  });

  test('a person who acts for a company is the person, and the company is said', async () => {
    const company = {
      'naturalperson/PersonIdentifier': '12345678Z',
      'naturalperson/CurrentGivenName': 'Núria',
      'legalperson/LegalPersonIdentifier': 'ES/ES/A58818501',
      'legalperson/LegalName': 'Forn de Pa SA',
    };
    const mine = await identified(attributes(company));
    expect(mine.person.identifier).toBe('12345678Z');
    expect(mine.represents).toEqual({ identifier: 'A58818501', name: 'Forn de Pa SA' });
    const foreign = { ...company, 'legalperson/LegalPersonIdentifier': 'FR/ES/552100554' };
    expect((await identified(attributes(foreign))).represents?.identifier).toBe('FR/ES/552100554');
    const wrong = { ...company, 'legalperson/LegalPersonIdentifier': 'ES/ES/A58818500' };
    expect(await read(signedResponse(attributes(wrong)))).toBe('identifier company_unknown');
  });

  test('of a representative and the represented, the one who acts is identified', async () => {
    const both = {
      'naturalperson/PersonIdentifier': '87654321X',
      'naturalperson/representative/PersonIdentifier': '12345678Z',
      'naturalperson/representative/CurrentGivenName': 'Núria',
      'naturalperson/representative/CurrentFamilyName': 'Vila',
    };
    expect(await read(signedResponse(attributes(both)))).toBe('identifier represents_a_person');
    const company = {
      'naturalperson/representative/PersonIdentifier': '12345678Z',
      'naturalperson/representative/CurrentGivenName': 'Núria',
      'legalperson/LegalPersonIdentifier': 'A58818501',
    };
    const acting = await identified(attributes(company));
    expect(acting).toMatchObject({
      person: { identifier: '12345678Z' },
      name: { full: 'Núria' },
      represents: { identifier: 'A58818501', name: 'A58818501' },
    });
  });

  test('a name in another script gives way to its transliteration', async () => {
    const xml = 'Γεωργίου</saml2:AttributeValue><saml2:AttributeValue>Georgiou';
    const other = assertionXml({
      ...SAID,
      attributes: { ...SAID.attributes, [`${NATURAL}/CurrentFamilyName`]: { xml } },
    }).replace(
      '<saml2:AttributeValue>Γ',
      '<saml2:AttributeValue xmlns:eidas="http://eidas.europa.eu/attributes/naturalperson" eidas:LatinScript="false">Γ',
    );
    const answer = await adapter().provider.finish(
      answerOf(responseXml(SAID, signed(other, 'Assertion', PROVIDER))),
      ATTEMPT,
    );
    expect(answer).toMatchObject({ ok: true, value: { name: { family: 'Georgiou' } } });
  });

  test('an id that is the identifier itself is not kept a second time', async () => {
    expect((await identified({ nameId: 'ES/ES/12345678z' })).subject).toBeNull();
    const nameIdFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
    expect((await identified({ nameIdFormat })).subject).toBeNull();
  });

  test('the evidence of an encrypted assertion can be read when the key is another', async () => {
    const inner = assertionXml(SAID);
    const xml = signed(
      responseXml(SAID, await encrypted(inner, TOWN.certificate)),
      'Response',
      PROVIDER,
    );
    const answer = await adapter().provider.finish(answerOf(xml), ATTEMPT);
    if (!answer.ok) throw new Error(answer.code);
    expect(answer.value.evidence.map(({ type }) => type)).toEqual([
      'application/xml',
      'application/samlassertion+xml',
    ]);
    expect(answer.value.evidence[0]?.bytes.toString()).toBe(xml);
    expect(answer.value.evidence[1]?.bytes.toString()).toContain('12345678Z');
  });

  test('a level that is too low is told as that, a higher one is taken', async () => {
    expect(await read(signedResponse({ level: 'http://eidas.europa.eu/LoA/low' }))).toBe(
      'too_low level_low',
    );
    expect((await identified({ level: 'http://eidas.europa.eu/LoA/high' })).level).toBe('high');
  });
});

describe('failures that the provider states', () => {
  const told = (first: string, second: string | null, message = '') =>
    read(responseXml(SAID, '', failed(first, second, message)));

  test.each([
    ['Responder', 'AuthnFailed', 'El usuario ha cancelado la autenticación', 'cancelled cancelled'],
    ['Responder', 'AuthnFailed', 'User Cancelled', 'cancelled cancelled'],
    ['Requester', 'RequestDenied', '202007 - Consent not given', 'cancelled cancelled'],
    ['Responder', 'AuthnFailed', '003002 - Authentication Failed', 'denied authn_failed'],
    ['Requester', 'RequestDenied', '', 'denied request_denied'],
    ['Responder', 'UnknownPrincipal', '', 'denied unknown_principal'],
    ['Responder', 'AuthnFailed', 'La sesión ha caducado', 'expired session_expired'],
    ['Responder', 'NoAuthnContext', '', 'too_low no_authn_context'],
    ['Responder', null, '', 'away responder'],
    ['Responder', 'NoAvailableIDP', '', 'away responder'],
    ['Requester', null, '', 'away requester'],
    ['VersionMismatch', null, '', 'away version_mismatch'],
    ['Perhaps', null, '', 'refused status_unknown'],
  ])('%s, %s, "%s": %s', async (first, second, message, expected) => {
    expect(await told(first, second, message)).toBe(expected);
  });

  test('where a failure is signed, the signature must be right; and it must answer this request', async () => {
    const xml = responseXml(SAID, '', failed('Responder', 'AuthnFailed', 'cancelled'));
    const whole = signed(xml, 'Response', PROVIDER);
    expect(await read(whole)).toBe('cancelled cancelled');
    expect(await read(whole.replace('>cancelled<', '>cancelado<'))).toBe('refused signature');
    const other = responseXml(
      { ...SAID, inResponseTo: '_other' },
      '',
      failed('Responder', null, ''),
    );
    expect(await read(other)).toBe('refused in_response_to');
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
    expect(
      await adapter({}, null).provider.leave((await identified()).session ?? '', ''),
    ).toBeNull();
  });
});

test('the metadata is signed, and has our addresses and our certificate', async () => {
  const { contentType, body } = (await adapter().provider.metadata?.(ATTEMPT)) ?? {};
  expect(contentType).toBe('application/samlmetadata+xml');
  const { root, first, all } = opened(body ?? '');
  expect(isSignedByUs(body ?? '')).toBe(true);
  expect(root.getAttribute('entityID')).toBe(ATTEMPT.metadataUrl);
  expect(first('AssertionConsumerService').getAttribute('Location')).toBe(ATTEMPT.answerUrl);
  expect(first('SingleLogoutService').getAttribute('Location')).toBe(ATTEMPT.leftUrl);
  expect(all('KeyDescriptor').map((each) => each.getAttribute('use'))).toEqual([
    'signing',
    'encryption',
  ]);
  const shown = all('X509Certificate').at(-1)?.textContent ?? '';
  expect(Buffer.from(shown, 'base64')).toEqual(new X509Certificate(TOWN.certificate).raw);
});
