import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Issued, issueCertificate } from '../../../e2e/support/identity/certificates.ts';
import { NO_TOOLS } from '../seal/testing.ts';
import { responderOf, revocationOf } from './ocsp.ts';
import { testResponder } from './testing.ts';

// openssl signs answers for the time of this machine.
const now = Temporal.Now.instant();
const TIMES = { from: now.subtract({ hours: 24 * 30 }), until: now.add({ hours: 24 * 30 }) };

let responder: Awaited<ReturnType<typeof testResponder>>;
let ca: Issued;
let other: Issued;
let own: Issued;

beforeAll(async () => {
  responder = await testResponder();
  const ocsp = responder.url;
  ca = await issueCertificate({ subject: 'CN=AC,C=ES', authority: {}, ...TIMES });
  other = await issueCertificate({ subject: 'CN=Altra AC,C=ES', authority: {}, ...TIMES });
  own = await issueCertificate({ subject: 'CN=Anna,C=ES', by: ca, ocsp, ...TIMES });
});
afterAll(() => responder[Symbol.dispose]());
beforeEach(() => responder.answers(right()));

const right = () => ({ how: 'right', signer: ca, authority: ca, about: own }) as const;
const certificateOf = ({ der }: Issued) => new X509Certificate(der);
const ask = (at = now, of = own) => revocationOf(certificateOf(of), certificateOf(ca), at);

describe.skipIf(NO_TOOLS)('an authority, whose answers openssl makes,', () => {
  test('tells that a certificate counts, or that it was revoked', async () => {
    expect(await ask()).toBe('good');
    responder.answers({ ...right(), how: 'as revoked' });
    expect(await ask()).toBe('revoked');
  });

  test('tells nothing by an answer that is not its own, of another certificate, or none', async () => {
    const answers = [
      { ...right(), signer: other },
      { ...right(), about: null },
      { ...right(), how: 'failing' },
      { ...right(), how: 'nonsense' },
      null,
    ] as const;
    for (const each of answers) {
      responder.answers(each);
      expect(await ask()).toBe('unknown');
    }
  });

  test('is not read on when its answer has no end', async () => {
    responder.answers({ ...right(), how: 'endless' });
    expect(await ask()).toBe('unknown');
    // What stood in the buffers of the connection was sent, and no more than that.
    expect(responder.poured()).toBeLessThan(20_000_000);
  });

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
