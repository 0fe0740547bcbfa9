import { randomUUID, X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { SigningKey } from '../../lib/keys/registry.ts';
import { element } from '../../lib/xml/xml.ts';
import {
  BASE64,
  EXCLUSIVE,
  FRONT,
  RSA_SHA256,
  SHA256,
  SIGNATURE,
  SOAP,
  WSSE,
  WSU,
  X509,
} from './names.ts';

/** Seconds during which a request counts: the PCI's own example has five minutes. */
const VALID_SECONDS = 300;

/**
 * Returns a petition in its SOAP envelope, signed as the PCI demands (ConsorciAOC/PCI, Política de seguretat): body and timestamp, with our
 * certificate in the message.
 */
export function signedEnvelope(
  petition: string,
  { key, certificate }: SigningKey,
  now: Temporal.Instant,
): string {
  const token = `X509-${randomUUID()}`;
  const own = new X509Certificate(certificate).raw.toString('base64');
  const security = element(
    'wsse:Security',
    { 'xmlns:wsse': WSSE, 'xmlns:wsu': WSU, 'soapenv:mustUnderstand': '1' },
    element(
      'wsse:BinarySecurityToken',
      { EncodingType: BASE64, ValueType: X509, 'wsu:Id': token },
      own,
    ),
    element(
      'wsu:Timestamp',
      { 'wsu:Id': `TS-${randomUUID()}` },
      element('wsu:Created', {}, instantText(now)),
      element('wsu:Expires', {}, instantText(now.add({ seconds: VALID_SECONDS }))),
    ),
  );
  const envelope = element(
    'soapenv:Envelope',
    { 'xmlns:soapenv': SOAP },
    element('soapenv:Header', {}, security),
    element(
      'soapenv:Body',
      { 'xmlns:wsu': WSU, 'wsu:Id': `id-${randomUUID()}` },
      element('procesa', { xmlns: FRONT }, petition),
    ),
  );
  return signed(envelope, key, token);
}

function signed(envelope: string, key: string, token: string): string {
  const signing = new SignedXml({
    idMode: 'wssecurity',
    privateKey: key,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE,
    getKeyInfoContent: () =>
      element(
        'wsse:SecurityTokenReference',
        { 'xmlns:wsse': WSSE },
        element('wsse:Reference', { URI: `#${token}`, ValueType: X509 }),
      ),
  });
  for (const name of ['Body', 'Timestamp'])
    signing.addReference({
      xpath: `//*[local-name(.)='${name}']`,
      transforms: [EXCLUSIVE],
      digestAlgorithm: SHA256,
    });
  signing.computeSignature(envelope, {
    prefix: 'ds',
    location: { reference: "//*[local-name(.)='Timestamp']", action: 'before' },
    existingPrefixes: { wsse: WSSE, ds: SIGNATURE },
  });
  return signing.getSignedXml();
}

const instantText = (at: Temporal.Instant): string => at.toString({ fractionalSecondDigits: 3 });
