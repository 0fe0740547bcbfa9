import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/** An authenticator's possible answers with a passkey, including faulty ones. */
export interface Saying {
  challenge: string;
  origin?: string;
  rpId?: string;
  /** Whether the person was recognised by finger, face or PIN. */
  isVerified?: boolean;
  counter?: number;
  /** The owner in its answer; else the person for whom it was made. */
  handle?: string;
}

const UP = 0x01;
const UV = 0x04;
const ATTESTED = 0x40;

/** A telephone with one passkey, written from the specification (WebAuthn 3, 6.1 and 6.5) without the library under test. */
export function softAuthenticator(origin: string, rpId: string, handle: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });

  const clientData = (type: string, said: Saying) =>
    Buffer.from(
      JSON.stringify({
        type,
        challenge: said.challenge,
        origin: said.origin ?? origin,
        crossOrigin: false,
      }),
    );
  const authData = (said: Saying, more = 0, attested = Buffer.alloc(0)) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(said.counter ?? 0);
    const flags = UP | (said.isVerified === false ? 0 : UV) | more;
    const rpIdHash = createHash('sha256')
      .update(said.rpId ?? rpId)
      .digest();
    return Buffer.concat([rpIdHash, Buffer.from([flags]), counter, attested]);
  };

  return {
    id: id.toString('base64url'),
    /** Makes the passkey: the answer to a registration's options. */
    create(said: Saying): string {
      const attested = Buffer.concat([
        Buffer.alloc(16), // the model of the authenticator, which isn't disclosed
        Buffer.from([id.length >> 8, id.length & 255]),
        id,
        coseKey(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')),
      ]);
      const attestationObject = cborMap([
        [cborText('fmt'), cborText('none')],
        [cborText('attStmt'), cborMap([])],
        [cborText('authData'), cborBytes(authData(said, ATTESTED, attested))],
      ]);
      return JSON.stringify({
        id: id.toString('base64url'),
        response: {
          clientDataJSON: clientData('webauthn.create', said).toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal'],
        },
      });
    },
    /** Uses it: the answer to an authentication's options. */
    get(said: Saying): string {
      const data = authData(said);
      const client = clientData('webauthn.get', said);
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
      return JSON.stringify({
        id: id.toString('base64url'),
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: createSign('sha256').update(signed).sign(privateKey).toString('base64url'),
          userHandle: Buffer.from(said.handle ?? handle).toString('base64url'),
        },
      });
    },
  };
}

/** CBOR encoding, as much as an authenticator needs (RFC 8949, 3). */
function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
}
const cborText = (text: string) =>
  Buffer.concat([head(3, Buffer.byteLength(text)), Buffer.from(text)]);
const cborBytes = (bytes: Buffer) => Buffer.concat([head(2, bytes.length), bytes]);
const cborInt = (value: number) => (value < 0 ? head(1, -1 - value) : head(0, value));
const cborMap = (entries: [Buffer, Buffer][]) =>
  Buffer.concat([head(5, entries.length), ...entries.flat()]);

/** An ES256 key as COSE writes it (RFC 9053, 7.1.1): kty EC2, alg ES256, crv P-256, x, y. */
const coseKey = (x: Buffer, y: Buffer) =>
  cborMap([
    [cborInt(1), cborInt(2)],
    [cborInt(3), cborInt(-7)],
    [cborInt(-1), cborInt(1)],
    [cborInt(-2), cborBytes(x)],
    [cborInt(-3), cborBytes(y)],
  ]);
