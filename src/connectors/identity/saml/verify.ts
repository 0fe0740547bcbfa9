import { type Profile, SAML, SamlStatusError } from '@node-saml/node-saml';
import { refuse } from '../../../lib/xml/xml.ts';
import { NotIdentified } from '../adapter.ts';
import { checkEncryption, type Envelope } from './envelope.ts';

/**
 * node-saml verifies signatures and decrypts. What the assertion states is read from the bytes that it has verified by `assertion.ts`, with
 * our clock, so its own reading is left out.
 */
class Verifier extends SAML {
  /** The bytes of the assertion that a signature covers. */
  verified: string | null = null;

  protected override processValidlySignedAssertionAsync(
    this: SAML,
    xml: string,
  ): Promise<{ profile: Profile; loggedOut: boolean }> {
    (this as Verifier).verified = xml;
    return Promise.resolve({
      profile: { issuer: '', nameID: '', nameIDFormat: '' },
      loggedOut: false,
    });
  }
}

/** The keys with which an answer is verified. */
export interface Trust {
  /** The provider's certificates, PEM. Those in an answer are never used. */
  certificates: string[];
  /** Our private key, for encrypted assertions; null: they are refused. */
  key: string | null;
}

/**
 * Returns the assertion that the provider's signature covers, as XML; null: there is none. Every signature that is there must be right.
 * Without an assertion the response need not be signed. An encrypted assertion must be in a signed response: then nobody but the provider
 * can have us decrypt something.
 */
export async function verifiedAssertion(envelope: Envelope, trust: Trust): Promise<string | null> {
  const { assertion, isEncrypted, isResponseSigned, isAssertionSigned } = envelope;
  const hasAssertion = assertion !== null || isEncrypted;
  if (!isResponseSigned && !isAssertionSigned) return hasAssertion ? refuse('unsigned') : null;
  if (isEncrypted) {
    checkEncryption(envelope.response);
    if (trust.key === null) refuse('no_key');
  }
  const verifier = new Verifier({
    // Addresses, audience and times are compared by assertion.ts.
    callbackUrl: 'unused:',
    issuer: 'unused:',
    audience: false,
    idpCert: trust.certificates,
    wantAuthnResponseSigned: isResponseSigned,
    wantAssertionsSigned: isAssertionSigned,
    ...(trust.key === null ? {} : { decryptionPvk: trust.key }),
  });
  try {
    await verifier.validatePostResponseAsync({ SAMLResponse: envelope.base64 });
  } catch (error) {
    // A status is read only when the signature of the response was right.
    if (error instanceof SamlStatusError && !hasAssertion) return null;
    throw failureOf(error, isEncrypted);
  }
  return verifier.verified;
}

/** The library tells its errors apart by their messages only, which never reach a log: they can hold what was sent. */
function failureOf(error: unknown, isEncrypted: boolean): NotIdentified {
  const isSignature = error instanceof Error && /signature/i.test(error.message);
  const code = isSignature || !isEncrypted ? 'signature' : 'decryption';
  return new NotIdentified('refused', code);
}
