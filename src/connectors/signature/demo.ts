import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import type {
  Signed,
  SigningAnswer,
  SigningProvider,
  SigningStep,
} from '../../features/service/signatures/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { selfSigned } from '../../lib/seal/demo.ts';
import { SHA256 } from './xades/names.ts';
import { verifiedXades } from './xades/verify.ts';
import { enveloped, ordinaryMessage, type XmlSigner } from './xades/write.ts';

let made: XmlSigner | null = null;

/** The key of this process for signatures of demonstrations, and a certificate whose name tells that it is worth nothing. */
function demoSigner(): XmlSigner {
  if (made) return made;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const der = selfSigned(privateKey, spki, 'DEMO: signatura de demostració, sense cap valor');
  made = { key: privateKey, certificate: new X509Certificate(der) };
  return made;
}

/**
 * Returns the stand-in for demonstrations: its page is ours, and says that nobody signs there. What it gives is a XAdES of the hash all the same,
 * so that everything after it is as with VÀLid. It is made only where BASE_URL is this machine.
 */
export function createDemoSigning(baseUrl: string, clock: Clock): SigningProvider {
  return {
    kind: 'page',
    isDemo: true,
    reach: async () => true,
    start: async ({ language, state }) => {
      const url = `${baseUrl}/${language}/signature/demo?${new URLSearchParams({ state })}`;
      return { ok: true, value: { kind: 'go', url, kept: null } };
    },

    next: async (
      { searchParams: query },
      { state, name, hash, person, personName },
    ): Promise<SigningAnswer<SigningStep | Signed>> => {
      if (query.get('state') !== state) return { ok: false, reason: 'refused', code: 'state' };
      if (query.get('answer') !== 'sign')
        return { ok: false, reason: 'cancelled', code: 'cancelled' };
      const message = ordinaryMessage({
        at: clock.now(),
        method: 'demo',
        identifier: person.identifier,
        name: personName,
        documents: [{ name, algorithm: SHA256, hash: hash.toString('base64') }],
      });
      const xml = enveloped(message, demoSigner(), clock.now());
      verifiedXades(xml);
      const signer = { name: personName, method: 'demo', stampedAt: null, isDemo: true };
      return { ok: true, value: { kind: 'signed', evidence: Buffer.from(xml), signer } };
    },
  };
}
