import { describe, expect, test } from 'vitest';
import {
  assertionXml,
  encrypted,
  failed,
  NATURAL,
  responseXml,
  type Said,
  signed,
} from '../../../../e2e/support/identity/saml-messages.ts';
import {
  ATTEMPT,
  adapter,
  answerOf,
  PROVIDER,
  read,
  SAID,
  signedResponse,
  TOWN,
} from './testing/world.ts';

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
      'organisation no_person',
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
    expect(await read(signedResponse(attributes(wrong)))).toBe('organisation company_unknown');
  });

  test('of a representative and the represented, the one who acts is identified', async () => {
    const both = {
      'naturalperson/PersonIdentifier': '87654321X',
      'naturalperson/representative/PersonIdentifier': '12345678Z',
      'naturalperson/representative/CurrentGivenName': 'Núria',
      'naturalperson/representative/CurrentFamilyName': 'Vila',
    };
    expect(await read(signedResponse(attributes(both)))).toBe('organisation represents_a_person');
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

  test('types of values and namespaces that a signature includes, as OpenSAML writes them, are read', async () => {
    const typed = assertionXml(SAID)
      .replace('<saml2:Assertion ', '<saml2:Assertion xmlns:xs="http://www.w3.org/2001/XMLSchema" ')
      .replaceAll(
        '<saml2:AttributeValue>',
        '<saml2:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">',
      );
    const including = signed(typed, 'Assertion', PROVIDER, { including: ['xs'] });
    expect(including).toContain('PrefixList="xs"');
    expect(await read(responseXml(SAID, including))).toBe('12345678Z');
  });

  test('without a name, none is put in its place', async () => {
    const of = attributes({ 'naturalperson/PersonIdentifier': '12345678Z' });
    expect((await identified(of)).name).toEqual({ full: '', given: null, family: null });
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
