import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  CoseKey,
  DeviceKey,
  DeviceRequest,
  DeviceResponse,
  DocRequest,
  type IssuerSigned,
  IssuerSignedBuilder,
  ItemsRequest,
  type MdocContext,
  SessionTranscript,
  SignatureAlgorithm,
} from '@owf/mdoc';
import { SDJwtInstance } from '@sd-jwt/core';
import type { Issued } from './certificates.ts';

/** Person identification data, with names as the PID Rulebook has them. */
export type PidData = Record<string, string>;

export const ROSA: PidData = {
  given_name: 'Rosa',
  family_name: 'Soler Vidal',
  personal_administrative_number: '12345678Z',
  issuing_country: 'ES',
  birthdate: '1971-04-03',
  document_number: 'CAA000000',
};

/** A person's data as an authority issued them, in both formats, with the holder's key. */
export interface Pid {
  data: PidData;
  holder: KeyObject;
  sdJwt: string;
  mdoc: IssuerSigned;
}

export interface PidWishes {
  data?: PidData;
  /** The signer's certificate first, then those above it, without the one that verifiers trust. */
  chain: readonly Issued[];
  from: Temporal.Instant;
  until: Temporal.Instant;
  /** The type: of the SD-JWT VC, and of the mobile document. */
  vct?: string;
  docType?: string;
  /** Claims that are not selectively disclosable. */
  open?: Record<string, unknown>;
  /** The header's `typ`. */
  typ?: string;
}

export const DOC_TYPE = 'eu.europa.ec.eudi.pid.1';

const jose = (key: KeyObject) => (data: string) =>
  sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

const hasher = (data: string | ArrayBuffer, algorithm: string): Uint8Array =>
  createHash(algorithm.replace('-', ''))
    .update(typeof data === 'string' ? data : Buffer.from(data))
    .digest();

/** What the library for mobile documents needs; the parts that only verifiers use are absent. */
export const MDOC_CONTEXT = {
  crypto: {
    random: (length: number) => randomBytes(length),
    digest: ({ digestAlgorithm, bytes }: { digestAlgorithm: string; bytes: Uint8Array }) =>
      createHash(digestAlgorithm.replace('-', '')).update(bytes).digest(),
  },
  cose: {
    sign1: {
      sign: ({ toBeSigned, key }: { toBeSigned: Uint8Array; key: CoseKey }) =>
        sign('sha256', toBeSigned, {
          key: key.jwk as never,
          format: 'jwk',
          dsaEncoding: 'ieee-p1363',
        } as never),
    },
  },
} as unknown as MdocContext;

const cose = (key: KeyObject): CoseKey =>
  CoseKey.fromJwk({ ...key.export({ format: 'jwk' }), alg: 'ES256' });

/** Returns the public part of a holder's key, which an authority signs. */
function deviceKey(key: KeyObject): DeviceKey {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  return new DeviceKey(CoseKey.fromJwk({ kty, crv, x, y }).decodedStructure);
}

/** Issues a person's data in both formats. */
export async function issuePid(wishes: PidWishes): Promise<Pid> {
  const { data = ROSA } = wishes;
  const { privateKey: holder } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    data,
    holder,
    sdJwt: await issueSdJwt(data, holder, wishes),
    mdoc: await issueMdoc(data, holder, wishes),
  };
}

async function issueSdJwt(
  data: PidData,
  holder: KeyObject,
  { chain, from, until, vct = 'urn:eudi:pid:1', open = {}, typ = 'dc+sd-jwt' }: PidWishes,
): Promise<string> {
  const [signer] = chain;
  if (!signer) throw new Error('No signer');
  const { kty, crv, x, y } = holder.export({ format: 'jwk' });
  const issuer = new SDJwtInstance<Record<string, unknown>>({
    signer: jose(signer.key),
    signAlg: 'ES256',
    hasher,
    hashAlg: 'sha-256',
    saltGenerator: (length) => randomBytes(length).toString('base64url'),
  });
  const payload = {
    iss: 'https://pid.example',
    vct,
    iat: from.epochMilliseconds / 1000,
    exp: until.epochMilliseconds / 1000,
    cnf: { jwk: { kty, crv, x, y } },
    ...data,
    ...open,
  };
  const names = Object.keys(data).filter((name) => !(name in open));
  return issuer.issue(payload, { _sd: names } as never, {
    header: { typ, x5c: chain.map(({ der }) => der.toString('base64')) },
  });
}

async function issueMdoc(
  data: PidData,
  holder: KeyObject,
  { chain, from, until, docType = DOC_TYPE }: PidWishes,
): Promise<IssuerSigned> {
  const [signer] = chain;
  if (!signer) throw new Error('No signer');
  const date = (at: Temporal.Instant) => new Date(at.epochMilliseconds);
  return new IssuerSignedBuilder(docType, MDOC_CONTEXT).addIssuerNamespace(docType, data).sign({
    signingKey: cose(signer.key),
    algorithm: SignatureAlgorithm.ES256,
    digestAlgorithm: 'SHA-256',
    validityInfo: { signed: date(from), validFrom: date(from), validUntil: date(until) },
    deviceKeyInfo: { deviceKey: deviceKey(holder) },
    certificates: chain.map(({ der }) => new Uint8Array(der)),
  });
}

/** Presents claims of an SD-JWT VC. `binding`: what the holder signs; null: nothing. */
export function presentSdJwt(
  pid: Pick<Pid, 'sdJwt' | 'holder'>,
  claims: readonly string[],
  binding: Record<string, unknown> | null,
): Promise<string> {
  const holder = new SDJwtInstance<Record<string, unknown>>({
    hasher,
    kbSigner: jose(pid.holder),
    kbSignAlg: 'ES256',
  });
  const frame = Object.fromEntries(claims.map((claim) => [claim, true]));
  return holder.present(
    pid.sdJwt,
    frame,
    binding ? { kb: { payload: binding as never } } : undefined,
  );
}

/** What a device signs. Without `responseUri` it is handed to a page, by the Digital Credentials API. */
export interface Session {
  clientId: string;
  nonce: string;
  thumbprint: Uint8Array;
  origin: string;
  responseUri: string | null;
}

export const transcriptOf = (session: Session): Promise<SessionTranscript> => {
  const { clientId, nonce, thumbprint: jwkThumbprint, origin, responseUri } = session;
  return responseUri === null
    ? SessionTranscript.forOid4VpDcApi({ origin, nonce, jwkThumbprint }, MDOC_CONTEXT)
    : SessionTranscript.forOid4Vp({ clientId, nonce, jwkThumbprint, responseUri }, MDOC_CONTEXT);
};

/** Presents elements of a mobile document. */
export async function presentMdoc(
  pid: Pick<Pid, 'mdoc' | 'holder'>,
  claims: readonly string[],
  session: Session,
): Promise<Uint8Array> {
  const { docType } = pid.mdoc.issuerAuth.mobileSecurityObject;
  const itemsRequest = ItemsRequest.create({
    docType,
    namespaces: { [docType]: Object.fromEntries(claims.map((claim) => [claim, true])) },
  });
  const response = await DeviceResponse.createWithDeviceRequest(
    {
      deviceRequest: DeviceRequest.create({ docRequests: [DocRequest.create({ itemsRequest })] }),
      sessionTranscript: await transcriptOf(session),
      issuerSigned: [pid.mdoc],
      signature: { signingKey: cose(pid.holder) },
    },
    MDOC_CONTEXT,
  );
  return response.encode();
}
