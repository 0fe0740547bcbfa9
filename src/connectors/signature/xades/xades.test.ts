import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { selfSigned } from '../../../lib/seal/demo.ts';
import { stampOf } from '../../../lib/seal/stamp.ts';
import { NO_TOOLS, testFolder, testStamps } from '../../../lib/seal/testing.ts';
import { DS, EXCLUSIVE, SHA256 } from './names.ts';
import { isTrusted, verifiedXades } from './verify.ts';
import { enveloped, ordinaryMessage, type XmlSigner } from './write.ts';

const AT = Temporal.Instant.from('2026-11-30T09:00:00Z');

function signerOf(): XmlSigner {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    key: privateKey,
    certificate: new X509Certificate(selfSigned(privateKey, spki, 'Proves')),
  };
}

const signer = signerOf();
const message = ordinaryMessage({
  ...{ at: AT, method: 'idcatmobil', identifier: '12345678Z', name: 'Anna Puig & Cia' },
  documents: [{ name: 'sol·licitud.json', algorithm: SHA256, hash: 'qqo=' }],
});
const xml = enveloped(message, signer, AT);

test('what was signed is read from what the signature covers', () => {
  const verified = verifiedXades(xml);
  expect(verified.message.textContent).toContain('qqo=');
  expect(verified.certificate.fingerprint256).toBe(signer.certificate.fingerprint256);
  expect(verified.stampedAt).toBeNull();
});

test('a changed message, an other certificate and what is no signature are refused', () => {
  expect(() => verifiedXades(xml.replace('qqo=', 'qqq='))).toThrow('signature');
  const other = signerOf().certificate.raw.toString('base64');
  expect(() =>
    verifiedXades(xml.replace(signer.certificate.raw.toString('base64'), other)),
  ).toThrow('signature');
  expect(() => verifiedXades(`<!DOCTYPE a>${xml}`)).toThrow('doctype');
  expect(() => verifiedXades('<a/>')).toThrow('no_signature');
  expect(() => verifiedXades(`<a>${xml}</a>`)).toThrow('no_signature');
});

test('a message beside the signed one does not count', () => {
  const forged = message.replace('qqo=', 'qqq=');
  const wrapped = xml.replace(
    '</ds:Signature>',
    `<ds:Object Id="more">${forged}</ds:Object></ds:Signature>`,
  );
  const verified = verifiedXades(wrapped);
  expect(verified.message.textContent).toContain('qqo=');
  expect(verified.message.textContent).not.toContain('qqq=');
});

test('two elements of the signed name are refused', () => {
  const [, id] = /Id="(message-[\w-]+)"/.exec(xml) ?? [];
  const forged = `<ds:Object Id="${id}">${message.replace('qqo=', 'qqq=')}</ds:Object>`;
  expect(() => verifiedXades(xml.replace('</ds:Signature>', `${forged}</ds:Signature>`))).toThrow(
    'signature',
  );
});

test('a certificate is trusted by itself or by who issued it', () => {
  const other = signerOf().certificate;
  expect(isTrusted(signer.certificate, [other, signer.certificate])).toBe(true);
  expect(isTrusted(signer.certificate, [other])).toBe(false);
});

const XMLSEC = '/usr/bin/xmlsec1';

test.skipIf(!existsSync(XMLSEC))('xmlsec1 says the same', () => {
  using folder = testFolder();
  const certificate = folder.at('certificate.pem', signer.certificate.toString());
  const verify = (content: string) =>
    spawnSync(XMLSEC, [
      ...['--verify', '--enabled-reference-uris', 'same-doc', '--id-attr:Id', 'Object'],
      ...['--id-attr:Id', 'SignedProperties'],
      ...['--pubkey-cert-pem', certificate, '--enabled-key-data', 'rsa'],
      folder.at('signed.xml', content),
    ]);
  const right = verify(xml);
  expect(`${right.stdout}${right.stderr}`).toContain('OK');
  expect(right.status).toBe(0);
  expect(verify(xml.replace('qqo=', 'qqq=')).status).not.toBe(0);
});

describe.skipIf(NO_TOOLS)('a time stamp', () => {
  /** The signature with a time stamp, in base64, in its unsigned properties. */
  const stamped = (token: string) =>
    xml.replace(
      '</xades:QualifyingProperties>',
      `<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"/><xades:EncapsulatedTimeStamp>${token}</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp></xades:UnsignedSignatureProperties></xades:UnsignedProperties></xades:QualifyingProperties>`,
    );
  const value = new SignedXml().getCanonXml(
    [EXCLUSIVE],
    new DOMParser()
      .parseFromString(xml, 'text/xml')
      .getElementsByTagNameNS(DS, 'SignatureValue')[0] as never,
  );

  test('shows its time where its authority signed it, and keeps nobody from signing', async () => {
    await using stamps = await testStamps();
    const token = await stampOf(Buffer.from(value), { url: stamps.url, accepts: () => true });
    const shown = verifiedXades(stamped(token.toString('base64'))).stampedAt;
    expect(shown).toBeInstanceOf(Temporal.Instant);
    const changed = Buffer.from(token);
    changed[changed.length - 5]! ^= 1;
    for (const other of [changed.toString('base64'), 'bm8='])
      expect(verifiedXades(stamped(other)).stampedAt).toBeNull();
  });

  test('of something else is refused', async () => {
    await using stamps = await testStamps();
    const token = await stampOf(Buffer.from('Una altra cosa'), {
      url: stamps.url,
      accepts: () => true,
    });
    expect(() => verifiedXades(stamped(token.toString('base64')))).toThrow('stamp');
  });
});
