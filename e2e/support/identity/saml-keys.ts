import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A private key and the certificate of its public half, PEM. */
export interface SamlKeys {
  key: string;
  certificate: string;
}

/** Makes an RSA key with a certificate that it signs itself, as town halls and providers use for SAML (RFC 5280). */
export function samlKeys(name: string): SamlKeys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const subject = der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, Buffer.from(name)))));
  const facts = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    SHA256_WITH_RSA,
    subject,
    der(0x30, time('260101000000Z'), time('360101000000Z')),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', facts, privateKey)]);
  const certificate = der(0x30, facts, SHA256_WITH_RSA, der(0x03, signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  const label = (word: string) => `-----${word} CERTIFICATE-----`;
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `${[label('BEGIN'), ...lines, label('END')].join('\n')}\n`,
  };
}

/** A value of ASN.1 in DER, with its tag and length. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const { length } = bytes;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
}

const time = (text: string): Buffer => der(0x17, Buffer.from(text));

/** The object identifiers 2.5.4.3 and 1.2.840.113549.1.1.11. */
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const SHA256_WITH_RSA = der(0x30, Buffer.from('06092a864886f70d01010b0500', 'hex'));
