import { createHash, type KeyObject, randomUUID, sign, type X509Certificate } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { element, escaped } from '../../../lib/xml/xml.ts';
import { DS, EXCLUSIVE, RSA_SHA256, SHA256, SIGNED_PROPERTIES, XADES } from './names.ts';

/** With what a message is signed. */
export interface XmlSigner {
  /** RSA. */
  key: KeyObject;
  certificate: X509Certificate;
}

const canonical = (xml: string): string => {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
  return new SignedXml().getCanonXml([EXCLUSIVE], root as never);
};

const sha256 = (data: string | Buffer): string =>
  createHash('sha256').update(data).digest('base64');

/**
 * Returns a message in an enveloping XAdES signature (ETSI EN 319 132-1, baseline B). It is for the stand-in of a demonstration and for tests:
 * the service itself signs nothing so.
 * @param message one element with a namespace of its own, as XML
 */
export function enveloped(message: string, { key, certificate }: XmlSigner, at: Temporal.Instant) {
  const id = randomUUID();
  const object = element('ds:Object', { 'xmlns:ds': DS, Id: `message-${id}` }, message);
  const properties = propertiesOf(id, certificate, at);
  const info = element(
    'ds:SignedInfo',
    { 'xmlns:ds': DS },
    element('ds:CanonicalizationMethod', { Algorithm: EXCLUSIVE }),
    element('ds:SignatureMethod', { Algorithm: RSA_SHA256 }),
    reference(`message-${id}`, undefined, object),
    reference(`properties-${id}`, SIGNED_PROPERTIES, properties),
  );
  const value = sign('sha256', Buffer.from(canonical(info)), key).toString('base64');
  return element(
    'ds:Signature',
    { 'xmlns:ds': DS, Id: `signature-${id}` },
    info,
    element('ds:SignatureValue', {}, value),
    element(
      'ds:KeyInfo',
      {},
      element(
        'ds:X509Data',
        {},
        element('ds:X509Certificate', {}, certificate.raw.toString('base64')),
      ),
    ),
    object,
    element(
      'ds:Object',
      {},
      element(
        'xades:QualifyingProperties',
        { 'xmlns:xades': XADES, Target: `#signature-${id}` },
        properties,
      ),
    ),
  );
}

/** The signed properties: when, and by whose certificate. */
function propertiesOf(id: string, certificate: X509Certificate, at: Temporal.Instant): string {
  return element(
    'xades:SignedProperties',
    { 'xmlns:xades': XADES, 'xmlns:ds': DS, Id: `properties-${id}` },
    element(
      'xades:SignedSignatureProperties',
      {},
      element('xades:SigningTime', {}, at.toString({ smallestUnit: 'second' })),
      element(
        'xades:SigningCertificateV2',
        {},
        element(
          'xades:Cert',
          {},
          element(
            'xades:CertDigest',
            {},
            element('ds:DigestMethod', { Algorithm: SHA256 }),
            element('ds:DigestValue', {}, sha256(certificate.raw)),
          ),
        ),
      ),
    ),
  );
}

const reference = (id: string, type: string | undefined, xml: string): string =>
  element(
    'ds:Reference',
    { URI: `#${id}`, Type: type },
    element('ds:Transforms', {}, element('ds:Transform', { Algorithm: EXCLUSIVE })),
    element('ds:DigestMethod', { Algorithm: SHA256 }),
    element('ds:DigestValue', {}, sha256(canonical(xml))),
  );

/** What the message of an ordinary signature says (VALid2, 4.4). */
export interface OrdinaryMessage {
  at: Temporal.Instant;
  method: string;
  identifier: string;
  name: string;
  documents: readonly { name: string; algorithm: string; hash: string }[];
}

/** Returns the message of an ordinary signature, as VÀLid's documentation describes it. */
export const ordinaryMessage = ({ at, method, identifier, name, documents }: OrdinaryMessage) =>
  element(
    'signatura',
    { xmlns: 'http://www.aoc.cat/valid/signatura' },
    element('timestamp', {}, at.toString()),
    element('identificador', {}, randomUUID()),
    element('metode', {}, escaped(method)),
    element(
      'identitat',
      {},
      element('document', {}, escaped(identifier)),
      element('nom', {}, escaped(name)),
    ),
    ...documents.map((each) =>
      element(
        'document',
        {},
        element('nom', {}, escaped(each.name)),
        element('resum', {}, escaped(each.hash)),
        element('algorisme', {}, escaped(each.algorithm)),
      ),
    ),
  );
