import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BaseBlock, Boolean as DerBoolean } from 'asn1js';
import { makeSecretFile } from '../secrets.ts';
import { extension, issueCertificate, keyUsage, nameFrom, X509 } from '../x509/issuing.ts';
import { certificatesIn, DEMO_ORGANISATION } from './certificate.ts';
import { sequence } from './der.ts';
import type { SealSettings } from './settings.ts';

/** The times that its certificate has, whatever the clock of the demonstration: UTCTime ends with 2049. */
const FROM = new Date('2020-01-01T00:00:00Z');
const UNTIL = new Date('2049-12-31T00:00:00Z');

/** Returns the seal of a demonstration: made at the first start, and kept in the folder of its data. */
export function demoSeal(dataDir: string): SealSettings {
  const file = join(dataDir, 'keys', 'demo-seal.pem');
  makeSecretFile(file, makeDemo);
  const pem = readFileSync(file, 'utf8');
  return {
    key: createPrivateKey(pem),
    certificates: certificatesIn(pem),
    stampUrl: null,
    stampAuthorities: null,
  };
}

/** Makes a key, and a certificate that it signs itself: PEM. */
function makeDemo(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const der = selfSigned(privateKey, spki, 'DEMO: segell de demostració, sense cap valor').toString(
    'base64',
  );
  const lines = der.match(/.{1,64}/g)?.join('\n');
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() + certificate;
}

/** digitalSignature and nonRepudiation: the first two of nine bits, six of the byte unused. */
const signs = () => keyUsage(0b11000000, 6);
/** keyCertSign: the sixth bit, two of the byte unused. */
const issues = () => keyUsage(0b00000100, 2);

/** Whose certificate of a demonstration it is. Its organisation tells that it is worth nothing. */
interface DemoName {
  commonName: string;
  /** Of a person: their number, as `IDCES-12345678Z`. */
  serialNumber?: string;
}

/** Returns a certificate of X.509 that a key of a demonstration signs itself: RSA, or P-256 (RFC 5280). */
export const selfSigned = (key: KeyObject, spki: Buffer, commonName: string): Buffer =>
  issued({ name: { commonName }, spki, by: { key, commonName } });

/** Returns a certificate of X.509 that a key of a demonstration signs. `isAuthority`: it may issue others. */
export function issued(on: {
  name: DemoName;
  spki: Buffer;
  by: { key: KeyObject; commonName: string };
  isAuthority?: boolean;
}): Buffer {
  const { name, spki, by, isAuthority = false } = on;
  const authority = extension(X509.basicConstraints, sequence(new DerBoolean({ value: true })));
  return issueCertificate({
    key: by.key,
    spki,
    issuer: nameOf(by),
    subject: nameOf(name),
    from: FROM,
    until: UNTIL,
    extensions: isAuthority ? [authority, issues()] : [signs()],
  });
}

const nameOf = ({ commonName, serialNumber }: DemoName): BaseBlock =>
  nameFrom(
    [X509.organisation, DEMO_ORGANISATION],
    [X509.commonName, commonName],
    ...(serialNumber ? [[X509.serialNumber, serialNumber] as const] : []),
  );
