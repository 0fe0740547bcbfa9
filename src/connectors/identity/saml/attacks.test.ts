import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assertionXml,
  encrypted,
  failed,
  newId,
  responseXml,
  signed,
} from '../../../../e2e/support/identity/saml-messages.ts';
import {
  ATTEMPT,
  adapter,
  answerOf,
  FOREIGN,
  PROVIDER,
  read,
  SAID,
  SETTINGS,
  signedResponse,
  signedWhole,
  TOWN,
} from './testing/world.ts';

test('what the attacks begin with is accepted, so each is refused for its own change', async () => {
  expect(await read(signedResponse())).toBe('12345678Z');
  expect(await read(signedWhole())).toBe('12345678Z');
  expect(await read(signed(signedResponse(), 'Response', PROVIDER))).toBe('12345678Z');
});

describe('signatures', () => {
  test('without a signature nothing counts', async () => {
    expect(await read(responseXml(SAID, assertionXml(SAID)))).toBe('refused unsigned');
    expect(await read(responseXml(SAID, ''))).toBe('refused no_assertion');
  });

  test('only the certificates of the town file count, not the one that comes along', async () => {
    expect(await read(signedResponse({}, FOREIGN))).toBe('refused signature');
    const shown = { shown: PROVIDER.certificate };
    const posing = responseXml(SAID, signed(assertionXml(SAID), 'Assertion', FOREIGN, shown));
    expect(await read(posing)).toBe('refused signature');
  });

  test('while one certificate replaces another, both count', async () => {
    const certificates = [
      FOREIGN.certificate,
      PROVIDER.certificate.replaceAll(/-----.*-----|\n/g, ''),
    ];
    expect(await read(signedResponse(), { changes: { certificates } })).toBe('12345678Z');
    expect(await read(signedResponse({}, FOREIGN), { changes: { certificates } })).toBe(
      '12345678Z',
    );
  });

  test('a changed byte breaks the signature', async () => {
    expect(await read(signedResponse().replace('12345678Z', '87654321X'))).toBe(
      'refused signature',
    );
    expect(await read(signedWhole().replace('12345678Z', '87654321X'))).toBe('refused signature');
  });

  test('of two signatures both must be right', async () => {
    const both = signed(signedResponse(), 'Response', PROVIDER);
    expect(await read(both.replace(/ IssueInstant="[^"]*"/, ''))).toBe('refused signature');
    const foreign = signedResponse({}, FOREIGN);
    expect(await read(signed(foreign, 'Response', PROVIDER))).toBe('refused signature');
  });

  test('SHA-1 is refused, in the signature and in the digest', async () => {
    const algorithm = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1';
    const digest = 'http://www.w3.org/2000/09/xmldsig#sha1';
    const by = (how: object) =>
      responseXml(SAID, signed(assertionXml(SAID), 'Assertion', PROVIDER, how));
    expect(await read(by({ algorithm }))).toBe('refused sha1');
    expect(await read(by({ digest }))).toBe('refused sha1');
  });

  test('a shared secret is no signature: the certificate is public', async () => {
    const hmac = signedResponse().replace(
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      'http://www.w3.org/2000/09/xmldsig#hmac-sha256',
    );
    expect(await read(hmac)).toBe('refused algorithm');
  });

  test('transforms that leave something out are refused', async () => {
    const filtered = signedResponse().replace(
      '<ds:Transforms>',
      '<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>',
    );
    expect(await read(filtered)).toBe('refused transforms');
  });
});

describe('what is not signed', () => {
  test('a level that is claimed outside of the assertion is refused', async () => {
    const claim =
      '<saml2p:Extensions><saml2:AuthnContext xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"><saml2:AuthnContextClassRef>http://eidas.europa.eu/LoA/high</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2p:Extensions>';
    const claimed = signedResponse().replace('<saml2p:Status>', `${claim}<saml2p:Status>`);
    const attempt = { ...ATTEMPT, level: 'high' as const };
    expect(await read(claimed, { attempt })).toBe('refused outside_assertion');
    expect(await read(signedResponse(), { attempt })).toBe('too_low level_substantial');
  });

  test('a comment that cuts an identifier in two is refused', async () => {
    // No signature covers comments: it stays right.
    const cut = signedResponse({ nameId: '12345678Z.evil.example' });
    const commented = cut.replace('12345678Z.evil', '12345678Z<!-- -->.evil');
    expect(await read(commented)).toBe('refused comment');
    const attribute = '>12345678Z</saml2:AttributeValue>';
    expect(
      await read(signedResponse().replace(attribute, `>12345678Z<!-- -->${attribute.slice(10)}`)),
    ).toBe('refused comment');
    expect(await read(`${signedResponse()}<!-- -->`)).toBe('refused comment');
  });

  test('document types and entities are refused before anything is read', async () => {
    const entities = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
    expect(await read(entities + signedResponse())).toBe('refused doctype');
    expect(await read('<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>')).toBe('refused doctype');
  });

  test('what is too large or too deep is refused', async () => {
    expect(await read(signedResponse({ nameId: 'x'.repeat(400_000) }))).toBe('refused too_large');
    expect(await read('<a>'.repeat(60) + '</a>'.repeat(60))).toBe('refused too_large');
    expect(await read(`<a>${'<b/>'.repeat(3_000)}</a>`)).toBe('refused too_large');
  });

  test('what is no XML, no text or no response is refused', async () => {
    for (const text of [
      '<a',
      '',
      '<a></b>',
      '<?xml version="1.0" encoding="UTF-16"?><a/>',
      '<a>\u0000</a>',
    ])
      expect(await read(text)).toMatch(/^refused (?:malformed|no_response)$/);
    expect(await read('<a/>')).toBe('refused no_response');
    const { provider } = adapter();
    const url = new URL(ATTEMPT.returnUrl);
    for (const posted of [null, new URLSearchParams(), new URLSearchParams({ SAMLResponse: '%%' })])
      expect(await provider.finish({ url, posted }, ATTEMPT)).toMatchObject({ reason: 'refused' });
    const twice = new URLSearchParams(answerOf(signedResponse()).posted ?? '');
    twice.append('SAMLResponse', twice.get('SAMLResponse') ?? '');
    expect(await provider.finish({ url, posted: twice }, ATTEMPT)).toMatchObject({
      code: 'no_response',
    });
  });
});

describe('answers for somebody else', () => {
  const other = 'https://other.example/identify/clave/answer';

  test('another audience, recipient, destination or issuer is refused', async () => {
    expect(await read(signedResponse({ audience: 'https://other.example' }))).toBe(
      'refused audience',
    );
    expect(await read(signedResponse({ recipient: other }))).toBe('refused recipient');
    expect(await read(signedResponse({ destination: other }))).toBe('refused destination');
    expect(await read(signedResponse({ issuer: 'https://other.example' }))).toBe('refused issuer');
    const issuer = 'https://other.example';
    const theirs = signed(assertionXml({ ...SAID, issuer }), 'Assertion', PROVIDER);
    expect(await read(responseXml(SAID, theirs))).toBe('refused issuer');
    const assertion = signed(assertionXml(SAID), 'Assertion', PROVIDER);
    expect(await read(responseXml({ ...SAID, issuer }, assertion))).toBe('refused issuer');
  });

  test('an answer for another town with the same entityID at the provider is refused', async () => {
    const changes = { serviceProvider: 'https://province.example/clave' };
    const elsewhere = { audience: changes.serviceProvider, recipient: other };
    // The attacker posts it here: the destination isn't signed.
    expect(await read(signedResponse(elsewhere), { changes })).toBe('refused recipient');
    const here = signedResponse({ audience: changes.serviceProvider });
    expect(await read(here, { changes })).toBe('12345678Z');
  });

  test('an answer to another request, or to none, is refused', async () => {
    expect(await read(signedResponse({ inResponseTo: newId() }))).toBe('refused in_response_to');
    expect(await read(signedResponse({ inResponseTo: null }))).toBe('refused unsolicited');
    // The response states the right request, the signed assertion another or none.
    const moved = (inResponseTo: string | null) =>
      responseXml(SAID, signed(assertionXml({ ...SAID, inResponseTo }), 'Assertion', PROVIDER));
    expect(await read(moved(newId()))).toBe('refused in_response_to');
    expect(await read(moved(null))).toBe('refused unsolicited');
  });

  test('an answer that was good once is refused in every later attempt', async () => {
    const captured = signedResponse();
    expect(await read(captured)).toBe('12345678Z');
    const checks = { ...ATTEMPT.checks, nonce: 'nonce-of-another-attempt' };
    expect(await read(captured, { attempt: { ...ATTEMPT, checks } })).toBe(
      'refused in_response_to',
    );
  });

  test('the form belongs to the attempt by its RelayState', async () => {
    const { provider } = adapter();
    const answer = await provider.finish(answerOf(signedResponse(), 'of another attempt'), ATTEMPT);
    expect(answer).toMatchObject({ reason: 'refused', code: 'relay_state' });
  });

  test('another way of confirmation than bearer is refused', async () => {
    const held = assertionXml(SAID).replace('cm:bearer', 'cm:holder-of-key');
    expect(await read(responseXml(SAID, signed(held, 'Assertion', PROVIDER)))).toBe(
      'refused subject_confirmation',
    );
  });

  test('a condition that nobody here understands is refused', async () => {
    const odd = assertionXml(SAID).replace(
      '</saml2:Conditions>',
      '<saml2:Condition xmlns:x="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x:Odd"/></saml2:Conditions>',
    );
    expect(await read(responseXml(SAID, signed(odd, 'Assertion', PROVIDER)))).toBe(
      'refused condition_unknown',
    );
  });
});

describe('times', () => {
  test('too late and too early are told apart', async () => {
    expect(await read(signedResponse({ from: -900, until: -600 }))).toBe(
      'expired assertion_expired',
    );
    expect(await read(signedResponse({ from: 600, until: 900 }))).toBe('clock not_yet_valid');
    const ahead = SAID.now.add({ minutes: 10 });
    expect(await read(signedResponse({ now: ahead, from: -900 }))).toBe(
      'clock issued_in_the_future',
    );
  });

  test('a minute of difference between two clocks is allowed', async () => {
    expect(await read(signedResponse({ from: 60, until: 120 }))).toBe('12345678Z');
    expect(await read(signedResponse({ from: -300, until: -60 }))).toBe('12345678Z');
  });

  test('a session of the provider that somebody left open identifies nobody', async () => {
    const at = (minutes: number) => {
      const instant = SAID.now.add({ minutes }).toString();
      const then = assertionXml(SAID).replace(/AuthnInstant="[^"]*"/, `AuthnInstant="${instant}"`);
      return read(responseXml(SAID, signed(then, 'Assertion', PROVIDER)));
    };
    expect(await at(-20)).toBe('12345678Z');
    expect(await at(-25)).toBe('expired not_fresh');
    expect(await at(5)).toBe('clock authenticated_in_the_future');
  });

  test('an assertion that never ends is refused', async () => {
    const endless = assertionXml(SAID).replaceAll(/ NotOnOrAfter="[^"]*"/g, '');
    expect(await read(responseXml(SAID, signed(endless, 'Assertion', PROVIDER)))).toBe(
      'refused no_times',
    );
  });
});

describe('encrypted assertions', () => {
  const sealed = async (how = {}, said = SAID) =>
    responseXml(said, await encrypted(assertionXml(said), TOWN.certificate, how));

  test('one is read in a signed response only', async () => {
    expect(await read(signed(await sealed(), 'Response', PROVIDER))).toBe('12345678Z');
    expect(await read(await sealed())).toBe('refused unsigned');
    // Whoever can't sign encrypts what they like: our certificate is public.
    const inner = signed(assertionXml(SAID), 'Assertion', PROVIDER);
    expect(await read(responseXml(SAID, await encrypted(inner, TOWN.certificate)))).toBe(
      'refused unsigned',
    );
  });

  test('one for another key, or without a key of ours, is refused', async () => {
    const foreign = responseXml(SAID, await encrypted(assertionXml(SAID), FOREIGN.certificate));
    expect(await read(signed(foreign, 'Response', PROVIDER))).toBe('refused decryption');
    const whole = signed(await sealed(), 'Response', PROVIDER);
    expect(await read(whole, { keys: null })).toBe('refused no_key');
  });

  test('weak algorithms are refused', async () => {
    for (const how of [
      { key: 'http://www.w3.org/2001/04/xmlenc#rsa-1_5' },
      { data: 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc' },
    ])
      expect(await read(signed(await sealed(how), 'Response', PROVIDER))).toBe(
        'refused encryption',
      );
  });

  test('comments within one are refused too', async () => {
    const said = { ...SAID, nameId: '12345678Z<!-- -->.evil' };
    expect(await read(signed(await sealed({}, said), 'Response', PROVIDER))).toBe(
      'refused comment',
    );
  });
});

test('whatever is changed in an answer, nobody else comes out of it', async () => {
  const originals = [
    signedResponse(),
    signedWhole(),
    signed(signedResponse(), 'Response', PROVIDER),
  ];
  const scraps = [
    '',
    '<',
    '>',
    '"',
    '&#x0;',
    '<!-- -->',
    '<a/>',
    '87654321X',
    'high',
    '#',
    ' ',
    '_',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...originals),
      fc.nat(),
      fc.nat({ max: 40 }),
      fc.constantFrom(...scraps),
      async (xml, place, length, scrap) => {
        const at = place % xml.length;
        const changed = xml.slice(0, at) + scrap + xml.slice(at + length);
        // What no signature covers, such as the time of the response, may change without harm.
        expect(await read(changed)).toMatch(/^(?:12345678Z$|refused |clock |expired )/);
      },
    ),
    { numRuns: 200 },
  );
});

test('the parser that checks is the one that the libraries verify with', () => {
  const lock = readFileSync('package-lock.json', 'utf8');
  expect(lock.match(/node_modules\/@xmldom\/xmldom"/g)).toHaveLength(1);
});

test('a failure with an assertion, and a success without one, are refused', async () => {
  const status = failed('Responder', 'AuthnFailed', 'no');
  const both = responseXml(SAID, signed(assertionXml(SAID), 'Assertion', PROVIDER), status);
  expect(await read(both)).toBe('refused status_with_assertion');
  expect(await read(signed(responseXml(SAID, ''), 'Response', PROVIDER))).toBe(
    'refused no_assertion',
  );
});

test('an attribute that is there twice is refused', async () => {
  const again = `<saml2:Attribute Name="http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier"><saml2:AttributeValue>87654321X</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement>`;
  const two = assertionXml(SAID).replace('</saml2:AttributeStatement>', again);
  expect(await read(responseXml(SAID, signed(two, 'Assertion', PROVIDER)))).toBe(
    'refused attribute_twice',
  );
});

test('a level that the town file lacks is refused', async () => {
  const level = 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password';
  expect(await read(signedResponse({ level }))).toBe('refused level_unknown');
  expect(await read(signedResponse({ level: 'toString' }))).toBe('refused level_unknown');
  expect(SETTINGS.levels).not.toHaveProperty(level);
});
