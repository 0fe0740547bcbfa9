import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import {
  assertionXml,
  newId,
  responseXml,
  signed,
} from '../../../../e2e/support/identity/saml-messages.ts';
import { PROVIDER, read, SAID, signedResponse, signedWhole } from './testing/world.ts';

const MALLORY = { 'http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier': '87654321X' };
/** What the attacker would like to be read: another person. */
const FORGED = { ...SAID, attributes: { ...SAID.attributes, ...MALLORY } };

/** The document of a response, to move its parts about. */
function taken(xml: string) {
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const first = (name: string) => document.getElementsByTagNameNS('*', name)[0] as Element;
  const from = (text: string) =>
    document.importNode(
      new DOMParser().parseFromString(text, 'text/xml').documentElement as Element,
      true,
    );
  const make = (name: string) => document.createElementNS(SIGNATURE, name);
  return {
    document,
    first,
    from,
    make,
    written: () => new XMLSerializer().serializeToString(document),
  };
}
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';

/** Puts another person into an assertion. */
function forge(assertion: Element): void {
  const values = Array.from(assertion.getElementsByTagNameNS('*', 'AttributeValue'));
  for (const value of values)
    if (value.textContent === '12345678Z') value.textContent = '87654321X';
}

/**
 * The eight ways of wrapping a signature that SAML Raider has (Somorovsky et al., "On Breaking SAML", USENIX Security 2012). 1 and 2 are about
 * a signed response, the others about a signed assertion. `id`: that of the forged part; each way is tried with an id of its own and with
 * that of the signed part.
 */
const WRAPPINGS: Record<string, (id: (signedId: string) => string) => string> = {
  'XSW1: the signed response inside its own signature': (id) => {
    const { document, first, from, written } = taken(signedWhole());
    const original = document.documentElement as Element;
    const signature = first('Signature');
    const copy = original.cloneNode(true) as Element;
    copy.removeChild(copy.getElementsByTagNameNS(SIGNATURE, 'Signature')[0] as Element);
    signature.appendChild(copy);
    original.setAttribute('ID', id(original.getAttribute('ID') ?? ''));
    const own = Array.from(original.childNodes).find(({ nodeName }) =>
      /:Assertion$/.test(nodeName),
    );
    original.replaceChild(from(assertionXml(FORGED)), own as Element);
    return written();
  },
  'XSW2: the signed response beside its signature': (id) => {
    const { document, first, from, written } = taken(signedWhole());
    const original = document.documentElement as Element;
    const signature = first('Signature');
    const copy = original.cloneNode(true) as Element;
    copy.removeChild(copy.getElementsByTagNameNS(SIGNATURE, 'Signature')[0] as Element);
    original.insertBefore(copy, signature);
    original.setAttribute('ID', id(original.getAttribute('ID') ?? ''));
    const assertions = document.getElementsByTagNameNS('*', 'Assertion');
    const last = assertions[assertions.length - 1] as Element;
    original.replaceChild(from(assertionXml(FORGED)), last);
    return written();
  },
  'XSW3: a forged assertion before the signed one': (id) => {
    const { document, first, from, written } = taken(signedResponse());
    const original = first('Assertion');
    const forged = from(assertionXml(FORGED, id(original.getAttribute('ID') ?? '')));
    document.documentElement?.insertBefore(forged, original);
    return written();
  },
  'XSW4: the signed assertion inside a forged one': (id) => {
    const { document, first, from, written } = taken(signedResponse());
    const original = first('Assertion');
    const forged = from(assertionXml(FORGED, id(original.getAttribute('ID') ?? '')));
    document.documentElement?.replaceChild(forged, original);
    forged.appendChild(original);
    return written();
  },
  'XSW5: the signed assertion at the end, its signature in a forged one': (id) => {
    const { document, first, written } = taken(signedResponse());
    const original = first('Assertion');
    const copy = original.cloneNode(true) as Element;
    forge(original);
    copy.removeChild(copy.getElementsByTagNameNS(SIGNATURE, 'Signature')[0] as Element);
    original.setAttribute('ID', id(original.getAttribute('ID') ?? ''));
    document.documentElement?.appendChild(copy);
    return written();
  },
  'XSW6: the signed assertion in the signature of a forged one': (id) => {
    const { first, written } = taken(signedResponse());
    const original = first('Assertion');
    const copy = original.cloneNode(true) as Element;
    forge(original);
    copy.removeChild(copy.getElementsByTagNameNS(SIGNATURE, 'Signature')[0] as Element);
    first('Signature').appendChild(copy);
    original.setAttribute('ID', id(original.getAttribute('ID') ?? ''));
    return written();
  },
  'XSW7: a forged assertion in the extensions': (id) => {
    const { document, first, from, written } = taken(signedResponse());
    const original = first('Assertion');
    const extensions = document.createElementNS(
      'urn:oasis:names:tc:SAML:2.0:protocol',
      'saml2p:Extensions',
    );
    extensions.appendChild(from(assertionXml(FORGED, id(original.getAttribute('ID') ?? ''))));
    document.documentElement?.insertBefore(extensions, original);
    return written();
  },
  'XSW8: the signed assertion in an object of the signature of a forged one': (id) => {
    const { first, make, written } = taken(signedResponse());
    const original = first('Assertion');
    const copy = original.cloneNode(true) as Element;
    forge(original);
    copy.removeChild(copy.getElementsByTagNameNS(SIGNATURE, 'Signature')[0] as Element);
    const object = make('ds:Object');
    object.appendChild(copy);
    first('Signature').appendChild(object);
    original.setAttribute('ID', id(original.getAttribute('ID') ?? ''));
    return written();
  },
};

describe('wrapping of signatures', () => {
  for (const [name, wrapped] of Object.entries(WRAPPINGS))
    test(name, async () => {
      const refusals = /^refused (?:wrapped|several_assertions)$/;
      expect(await read(wrapped(newId))).toMatch(refusals);
      expect(await read(wrapped((signedId) => signedId))).toMatch(refusals);
    });

  test.each([
    ['an assertion of no namespace that counts', '<x:Assertion xmlns:x="urn:x"/>'],
    ['another response', '<saml2p:Response/>'],
    ['an id that is there already', '<x ID="SIGNED"/>'],
    ['a signature outside of what it signs', 'SIGNATURE'],
  ])('%s, in the extensions, is refused', async (_, what) => {
    const xml = signedResponse();
    const [signature = ''] = /<ds:Signature .*<\/ds:Signature>/s.exec(xml) ?? [];
    const [, id = ''] = /<saml2:Assertion [^>]*ID="([^"]*)"/.exec(xml) ?? [];
    const put = what.replace('SIGNED', id).replace('SIGNATURE', signature);
    const extended = xml.replace(
      '<saml2p:Status>',
      `<saml2p:Extensions>${put}</saml2p:Extensions><saml2p:Status>`,
    );
    expect(await read(extended)).toBe('refused wrapped');
  });

  test('a third signed part is refused', async () => {
    const part = signed('<x ID="_x"><Issuer/></x>', 'x', PROVIDER);
    const extended = signedResponse().replace(
      '<saml2p:Status>',
      `<saml2p:Extensions>${part}</saml2p:Extensions><saml2p:Status>`,
    );
    expect(await read(extended)).toBe('refused wrapped');
  });

  test('a signature signs what it is in, with nothing else in it', async () => {
    const xml = signedResponse();
    const object = xml.replace('</ds:Signature>', '<ds:Object/></ds:Signature>');
    expect(await read(object)).toBe('refused wrapped');
    const whole = signedWhole();
    const [signature = ''] = /<ds:Signature .*<\/ds:Signature>/s.exec(whole) ?? [];
    const elsewhere = whole
      .replace(signature, '')
      .replace('<saml2:Subject>', `${signature}<saml2:Subject>`);
    expect(await read(elsewhere)).toBe('refused wrapped');
  });

  test('a second assertion is refused, even one that the provider signed', async () => {
    const two = [SAID, FORGED].map((said) => signed(assertionXml(said), 'Assertion', PROVIDER));
    expect(await read(responseXml(SAID, two.join('')))).toBe('refused several_assertions');
    const whole = signed(responseXml(SAID, two.join('')), 'Response', PROVIDER);
    expect(await read(whole)).toBe('refused several_assertions');
  });
});
