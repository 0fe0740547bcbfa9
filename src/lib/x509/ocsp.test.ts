import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Issued, issueCertificate } from '../../../e2e/support/identity/certificates.ts';
import { NO_TOOLS, run, testFolder } from '../seal/testing.ts';
import { responderOf, revocationOf } from './ocsp.ts';

// openssl signs answers for the time of this machine.
const now = Temporal.Now.instant();
const TIMES = { from: now.subtract({ hours: 24 * 30 }), until: now.add({ hours: 24 * 30 }) };
const folder = testFolder();
afterAll(() => folder[Symbol.dispose]());

/** How the authority answers. */
let answers: 'right' | 'as revoked' | 'as another' | 'of another' | 'failing' | 'nonsense';
let ca: Issued;
let other: Issued;
let own: Issued;

const server = createServer(async (request, response) => {
  const asked = folder.at('asked', Buffer.concat(await Array.fromAsync(request)));
  response.writeHead(answers === 'failing' ? 503 : 200);
  response.end(answers === 'nonsense' ? 'yes' : answer(asked));
});
afterAll(() => server.close());

function answer(asked: string): Buffer {
  const { serialNumber } = new X509Certificate(answers === 'of another' ? other.der : own.der);
  const status =
    answers === 'as revoked' ? 'R\t400101000000Z\t260101000000Z' : 'V\t400101000000Z\t';
  const out = folder.at('answer');
  const signer = answers === 'as another' ? other : ca;
  run(
    ...(['openssl', 'ocsp', '-index'] as const),
    folder.at('index', `${status}\t${serialNumber}\tunknown\t/CN=x\n`),
    ...['-CA', folder.at('ca.pem', ca.pem), '-rsigner', folder.at('signer.pem', signer.pem)],
    ...['-rkey', folder.at('signer.key', signer.keyPem), '-reqin', asked, '-respout', out],
    ...['-nmin', '10'],
  );
  return readFileSync(out);
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ocsp = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  ca = await issueCertificate({ subject: 'CN=AC,C=ES', authority: {}, ...TIMES });
  other = await issueCertificate({ subject: 'CN=Altra AC,C=ES', authority: {}, ...TIMES });
  own = await issueCertificate({ subject: 'CN=Anna,C=ES', by: ca, ocsp, ...TIMES });
});
beforeEach(() => {
  answers = 'right';
});

const certificateOf = ({ der }: Issued) => new X509Certificate(der);
const ask = (at = now, of = own) => revocationOf(certificateOf(of), certificateOf(ca), at);

describe.skipIf(NO_TOOLS)('an authority, whose answers openssl makes,', () => {
  test('tells that a certificate counts, or that it was revoked', async () => {
    expect(await ask()).toBe('good');
    answers = 'as revoked';
    expect(await ask()).toBe('revoked');
  });

  test.each(['as another', 'of another', 'failing', 'nonsense'] as const)(
    'tells nothing: it answers %s',
    async (how) => {
      answers = how;
      expect(await ask()).toBe('unknown');
    },
  );

  test('tells nothing with an answer of another time', async () => {
    expect(await ask(now.add({ hours: 2 }))).toBe('unknown');
    expect(await ask(now.subtract({ hours: 2 }))).toBe('unknown');
  });

  test('is asked only where the certificate says so', async () => {
    const plain = await issueCertificate({ subject: 'CN=Anna,C=ES', by: ca, ...TIMES });
    expect(responderOf(certificateOf(plain))).toBeNull();
    expect(await ask(now, plain)).toBe('unknown');
    const strange = { subject: 'CN=Anna,C=ES', by: ca, ocsp: 'file:///etc/passwd', ...TIMES };
    expect(responderOf(certificateOf(await issueCertificate(strange)))).toBeNull();
  });
});
