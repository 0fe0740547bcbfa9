import { createHash, X509Certificate } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { resolveOpenid4vpAuthorizationRequest } from '@openid4vc/openid4vp';
import { setGlobalConfig } from '@openid4vc/utils';
import { type DcqlCredential, DcqlQuery } from 'dcql';
import { CompactEncrypt, compactVerify, importJWK } from 'jose';
import type { Issued } from './certificates.ts';
import { DOC_TYPE, type Pid, presentMdoc, presentSdJwt, type Session } from './pid.ts';

/** How a wallet misbehaves. */
export type Mischief =
  | 'refuses'
  | 'wrong_nonce'
  | 'wrong_audience'
  | 'wrong_state'
  | 'other_holder_key'
  | 'no_key_binding'
  | 'tampered_disclosure'
  | 'transaction_not_signed'
  | 'transaction_of_other_act'
  | 'unencrypted'
  | 'both_credentials';

export type PidFormat = 'dc+sd-jwt' | 'mso_mdoc';

export interface WalletWishes {
  pid: Pid;
  format?: PidFormat;
  /** The authorities of access certificates that the wallet trusts. */
  trusts: readonly Issued[];
  now: () => Temporal.Instant;
  does?: Mischief | null;
  /** Signs what the holder should; for `other_holder_key`. */
  other?: Pid;
  /** How long the wallet thinks. */
  slowMs?: number;
  fetch?: typeof fetch;
}

/** A request that the wallet has checked. */
export interface Checked {
  clientId: string;
  nonce: string;
  state: string | null;
  responseUri: string | null;
  transactionData: readonly string[];
  /** The claims of the credential that it presents. */
  claims: string[];
  credentialId: string;
  jwk: { kid: string; kty: string; crv: string; x: string; y: string };
  origins: unknown;
}

/** An answer of the wallet, as it is posted. */
export type Posted = Record<string, string>;

/**
 * Returns a wallet with a person's data. It speaks OpenID4VP by libraries that share no code with the service, shows nothing, and agrees at
 * once.
 */
export function createTestWallet(wishes: WalletWishes) {
  // The town of a browser test is on this machine, by http.
  setGlobalConfig({ allowInsecureUrls: true });
  const ask = wishes.fetch ?? fetch;
  return {
    /** Opens a link, answers, and returns the address that the wallet opens in the browser of its device; null: it got none. */
    async open(link: string): Promise<string | null> {
      const url = new URL(link);
      const requestUri = url.searchParams.get('request_uri') ?? '';
      const walletNonce = createHash('sha256').update(link).digest('base64url');
      const jwt = await fetched(ask, requestUri, walletNonce);
      const clientId = url.searchParams.get('client_id') ?? '';
      const request = await check(jwt, wishes, { clientId, walletNonce });
      if (!request.responseUri) throw new Error('Nowhere to answer');
      await wait(wishes.slowMs ?? 0);
      return post(ask, request.responseUri, await answerTo(request, wishes, ''));
    },
    /** Checks a request. `origin`: of the page that asks by the Digital Credentials API. */
    check: (jwt: string, origin?: string) => check(jwt, wishes, { ...(origin && { origin }) }),
    /** Answers a request that was checked. `origin`: of the page that asked by the Digital Credentials API. */
    answer: (request: Checked, origin = '') => answerTo(request, wishes, origin),
    /** What `navigator.credentials.get` gives for a request, to a page of an origin. */
    async hand(jwt: string, origin: string): Promise<Posted> {
      const request = await check(jwt, wishes, { origin });
      if (!Array.isArray(request.origins) || !request.origins.includes(origin))
        throw new Error('The request is not of this page');
      return answerTo(request, wishes, origin);
    },
  };
}

async function fetched(ask: typeof fetch, uri: string, walletNonce: string): Promise<string> {
  const answer = await ask(uri, {
    method: 'POST',
    headers: { Accept: 'application/oauth-authz-req+jwt' },
    body: new URLSearchParams({
      wallet_nonce: walletNonce,
      wallet_metadata: JSON.stringify({ client_id_prefixes_supported: ['x509_hash'] }),
    }),
  });
  if (answer.headers.get('Content-Type') !== 'application/oauth-authz-req+jwt')
    throw new Error(`No request: ${answer.status}`);
  return answer.text();
}

/** Posts an answer. Returns where the wallet goes on. */
export async function post(ask: typeof fetch, uri: string, fields: Posted): Promise<string | null> {
  const answer = await ask(uri, { method: 'POST', body: new URLSearchParams(fields) });
  const json = answer.ok ? ((await answer.json()) as { redirect_uri?: string }) : {};
  return json.redirect_uri ?? null;
}

/** Checks a request as a wallet must: who signed it, and whether it is for them. */
async function check(
  jwt: string,
  wishes: WalletWishes,
  { clientId, walletNonce, origin }: { clientId?: string; walletNonce?: string; origin?: string },
): Promise<Checked> {
  const claimed = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
  const resolved = await resolveOpenid4vpAuthorizationRequest({
    authorizationRequestPayload: { request: jwt, client_id: clientId ?? claimed.client_id },
    ...(walletNonce && { wallet: { expectedNonce: walletNonce } }),
    ...(origin && { origin }),
    callbacks: {
      hash: async (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
      decryptJwe: async () => ({ decrypted: false }),
      getX509CertificateMetadata: (certificate) => ({
        sanDnsNames: namesIn(new X509Certificate(Buffer.from(certificate, 'base64'))),
        sanUriNames: [],
      }),
      verifyJwt: async (signer, { compact, header }) => {
        if (signer.method !== 'x5c') return { verified: false };
        const key = keyUnder(signer.x5c, wishes);
        await compactVerify(compact, key, { algorithms: [header.alg] });
        return { verified: true, signerJwk: key.export({ format: 'jwk' }) as never };
      },
    },
  });
  return read(resolved, wishes);
}

const namesIn = (certificate: X509Certificate): string[] =>
  [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,]+)/g)].map(([, name]) => name ?? '');

/** Returns the key of an access certificate that an authority signed which the wallet trusts. */
function keyUnder(x5c: readonly string[], { trusts, now }: WalletWishes) {
  const [own] = x5c.map((each) => new X509Certificate(Buffer.from(each, 'base64')));
  const isKnown = trusts.some(({ der }) => {
    const authority = new X509Certificate(der);
    return own?.checkIssued(authority) && own.verify(authority.publicKey);
  });
  if (!own || !isKnown) throw new Error('A verifier that the wallet does not trust');
  if (own.validToDate.getTime() < now().epochMilliseconds) throw new Error('Expired');
  return own.publicKey;
}

/** What the wallet reads of a request. */
interface Payload {
  client_id: string;
  nonce: string;
  state?: string;
  response_uri?: string;
  expected_origins?: string[];
  client_metadata: { jwks: { keys: Checked['jwk'][] } };
}

type Resolved = Awaited<ReturnType<typeof resolveOpenid4vpAuthorizationRequest>>;

/** Looks for a credential that fits the query, with `dcql`. */
function read(resolved: Resolved, wishes: WalletWishes): Checked {
  const payload = resolved.authorizationRequestPayload as unknown as Payload;
  const query = DcqlQuery.parse(resolved.dcql?.query as never);
  DcqlQuery.validate(query);
  const found = DcqlQuery.query(query, [credentialOf(wishes)]);
  const credential = query.credentials.find(
    ({ id }) => found.credential_matches[id]?.success === true,
  );
  if (!credential) throw new Error('No credential fits the query');
  const [jwk] = payload.client_metadata.jwks.keys;
  if (!jwk) throw new Error('No key for the answer');
  return {
    clientId: payload.client_id,
    nonce: payload.nonce,
    state: payload.state ?? null,
    responseUri: payload.response_uri ?? null,
    transactionData: (resolved.transactionData ?? []).map(({ encoded }) => encoded),
    claims: (credential.claims ?? []).map((each) =>
      'path' in each ? String(each.path.at(-1)) : each.claim_name,
    ),
    credentialId: credential.id,
    jwk,
    origins: payload.expected_origins,
  };
}

const credentialOf = ({ pid, format = 'dc+sd-jwt' }: WalletWishes): DcqlCredential =>
  format === 'dc+sd-jwt'
    ? {
        credential_format: 'dc+sd-jwt',
        vct: 'urn:eudi:pid:1',
        claims: pid.data,
        cryptographic_holder_binding: true,
      }
    : {
        credential_format: 'mso_mdoc',
        doctype: DOC_TYPE,
        namespaces: { [DOC_TYPE]: pid.data },
        cryptographic_holder_binding: true,
      };

async function answerTo(request: Checked, wishes: WalletWishes, origin: string): Promise<Posted> {
  const { does = null } = wishes;
  const state = request.state === null ? {} : { state: request.state };
  if (does === 'refuses') return { error: 'access_denied', ...state };
  const presentation = await presented(request, wishes, origin);
  const token: Record<string, string[]> = { [request.credentialId]: [presentation] };
  if (does === 'both_credentials') token.pid_mdoc = [presentation];
  if (does === 'unencrypted') return { vp_token: JSON.stringify(token), ...state };
  const answer = {
    vp_token: token,
    ...(does === 'wrong_state' ? { state: 'AnotherStateThanYours' } : state),
  };
  return { response: await encrypted(answer, request.jwk) };
}

/** Encrypts an answer for the verifier's key. */
export async function encrypted(answer: unknown, jwk: Checked['jwk']): Promise<string> {
  return new CompactEncrypt(Buffer.from(JSON.stringify(answer)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: jwk.kid })
    .encrypt((await importJWK({ ...jwk, alg: 'ECDH-ES' } as never)) as CryptoKey);
}

/** What the wallet binds its presentation to, as its mischief wants. */
function bound(request: Checked, { does }: WalletWishes) {
  return {
    nonce: does === 'wrong_nonce' ? 'aNonceOfSomebodyElse' : request.nonce,
    clientId: does === 'wrong_audience' ? 'x509_hash:ofAnotherVerifier' : request.clientId,
  };
}

async function presented(request: Checked, wishes: WalletWishes, origin: string): Promise<string> {
  const { pid, other, does, format = 'dc+sd-jwt' } = wishes;
  const holder = (does === 'other_holder_key' ? other : pid)?.holder ?? pid.holder;
  if (format === 'mso_mdoc') {
    const session = sessionOf(request, wishes, origin);
    const bytes = await presentMdoc({ mdoc: pid.mdoc, holder }, request.claims, session);
    return Buffer.from(bytes).toString('base64url');
  }
  const text = await presentSdJwt(
    { sdJwt: pid.sdJwt, holder },
    request.claims,
    does === 'no_key_binding' ? null : keyBinding(request, wishes, origin),
  );
  return does === 'tampered_disclosure' ? tampered(text) : text;
}

function sessionOf(request: Checked, wishes: WalletWishes, origin: string): Session {
  const { crv, kty, x, y } = request.jwk;
  const text = JSON.stringify({ crv, kty, x, y });
  return {
    ...bound(request, wishes),
    thumbprint: createHash('sha256').update(text).digest(),
    origin: wishes.does === 'wrong_audience' ? 'https://elsewhere.example' : origin,
    responseUri: request.responseUri,
  };
}

function keyBinding(request: Checked, wishes: WalletWishes, origin: string) {
  const { nonce, clientId } = bound(request, wishes);
  const isByBrowser = request.responseUri === null && wishes.does !== 'wrong_audience';
  const hashed =
    wishes.does === 'transaction_of_other_act'
      ? request.transactionData.map((each) => `${each}A`)
      : request.transactionData;
  return {
    iat: Math.floor(wishes.now().epochMilliseconds / 1000),
    nonce,
    aud: isByBrowser ? `origin:${origin}` : clientId,
    ...(hashed.length > 0 &&
      wishes.does !== 'transaction_not_signed' && {
        transaction_data_hashes: hashed.map((each) =>
          createHash('sha256').update(each).digest('base64url'),
        ),
        transaction_data_hashes_alg: 'sha-256',
      }),
  };
}

/** Returns a presentation with another given name in a disclosure. */
const tampered = (text: string): string =>
  text
    .split('~')
    .map((part) => {
      if (part.includes('.') || part === '') return part;
      const list = JSON.parse(Buffer.from(part, 'base64url').toString());
      if (list[1] !== 'given_name') return part;
      return Buffer.from(JSON.stringify([list[0], list[1], 'Somebody Else'])).toString('base64url');
    })
    .join('~');
