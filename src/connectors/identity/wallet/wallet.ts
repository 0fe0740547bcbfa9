import { type GivenLevel, isEnough } from '../../../domain/identity.ts';
import type { SettingsOf } from '../../../domain/office/identity.ts';
import type {
  Attempt,
  Departure,
  Evidence,
  Identified,
  IdentityProvider,
  ProviderAnswer,
} from '../../../features/foundation/identification/types.ts';
import { systemClock } from '../../../lib/clock.ts';
import type { ProviderSecrets } from '../../../lib/provider-secrets.ts';
import { type AdapterOptions, answered } from '../adapter.ts';
import { type Access, accessOf } from './access.ts';
import { type Presentation, presentationIn } from './answer.ts';
import { type Binding, bindingOf, type Claims, type Trust } from './binding.ts';
import { anchorsOf } from './chain.ts';
import { newKeys } from './keys.ts';
import { claimsInMdoc } from './mdoc.ts';
import { personOf } from './person.ts';
import { MDOC, transactionDataOf } from './query.ts';
import { malformed, refuse } from './refusal.ts';
import { requestObject, requestUriOf } from './request.ts';
import { claimsInSdJwt } from './sd-jwt.ts';
import { checkStatus, type FetchList, fetchingWithin } from './status.ts';

type Settings = SettingsOf<'wallet'>;

export interface WalletOptions extends AdapterOptions {
  /** Fetches the lists of what authorities have taken back; by default over the internet. */
  fetchList?: FetchList;
}

/**
 * Returns the provider of European digital identity wallets, by OpenID4VP 1.0 in the profile HAIP 1.0.
 *
 * The wallet is on the device of the browser: a link opens it, or the browser itself asks it (Digital Credentials API). What prevents session
 * fixation, by which somebody begins an attempt, sends its link to another person, and takes their identity into the own browser:
 *
 * - A request is never shown as a code to scan, so nobody is used to opening one that comes from elsewhere.
 * - By the link, the wallet's answer alone identifies nobody. The wallet gets an address with a one-time code for it and opens that in the
 *   browser of its own device. `finish` runs only where this code and the cookie of the attempt come together: whoever began the attempt on
 *   another device has no code, and whoever answered it there has no cookie. The service keeps to that (`deposit`).
 * - By the Digital Credentials API, the browser writes the origin of the page into what the wallet signs, so a page of somebody else gets
 *   nothing that is taken here.
 * - Each attempt has its own nonce, and each of its two ways a key of its own for the answer: an answer counts for one attempt and one way.
 */
export function createWallet(
  settings: Settings,
  secrets: ProviderSecrets,
  {
    clock = systemClock,
    log,
    timeoutSeconds,
    fetchList = fetchingWithin(timeoutSeconds),
  }: WalletOptions,
): IdentityProvider {
  const provider = settings.code;
  const attempted = <T>(work: () => Promise<T>) => answered({ provider, log }, malformed, work);
  const ours = ({ baseUrl }: Attempt): Ours => {
    const now = clock.now();
    return { settings, access: accessOf(settings, secrets, baseUrl, now), now };
  };
  return {
    start: (attempt) => attempted(() => departure(attempt, ours(attempt))),
    request: (attempt, wallet) =>
      attempted(async () => ({
        contentType: 'application/oauth-authz-req+jwt',
        body: await requestObject(attempt, ours(attempt), 'direct', wallet.get('wallet_nonce')),
      })),
    finish: (answer, attempt) =>
      attempted(() => identified(answer, attempt, ours(attempt), fetchList)),
    leave: async () => null,
  };
}

/** What is ours in an attempt. `now`: by the machine's clock, as certificates and wallets need it. */
interface Ours {
  settings: Settings;
  access: Access;
  now: Temporal.Instant;
}

async function departure(attempt: Attempt, ours: Ours): Promise<Departure> {
  const { settings, access } = ours;
  enough(settings.level, attempt);
  const kept = newKeys();
  const query = new URLSearchParams({
    client_id: access.clientId,
    request_uri: requestUriOf(attempt),
    request_uri_method: 'post',
  });
  const request = settings.isOnDevice
    ? {
        protocol: 'openid4vp-v1-signed',
        data: { request: await requestObject({ ...attempt, kept }, ours, 'browser', null) },
      }
    : null;
  return { kind: 'wallet', link: `${settings.scheme}://?${query}`, request, kept };
}

async function identified(
  { posted }: ProviderAnswer,
  attempt: Attempt,
  { settings, access: { clientId }, now }: Ours,
  fetchList: FetchList,
): Promise<Identified> {
  const presentation = await presentationIn(posted, attempt);
  const { way, thumbprint } = presentation.key;
  const transactionData = attempt.transaction && transactionDataOf(attempt.transaction);
  const binding = bindingOf(attempt, { way, thumbprint, clientId, transactionData });
  const trust = { anchors: anchorsOf(settings.issuers), now };
  const claims = await claimsIn(presentation, binding, trust);
  enough(settings.level, attempt);
  if (claims.status) await checkStatus(claims.status, claims.country, trust, fetchList);
  return {
    ...personOf(claims),
    represents: null,
    level: settings.level,
    method: presentation.format,
    evidence: evidenceOf(presentation, binding, now),
    session: null,
    transaction: attempt.transaction?.hash ?? null,
  };
}

function claimsIn(
  { format, text }: Presentation,
  binding: Binding,
  trust: Trust,
): Claims | Promise<Claims> {
  if (format !== MDOC) return claimsInSdJwt(text, binding, trust);
  // A mobile document signs no transaction, and isn't asked for with one.
  if (binding.transactionData !== null) return refuse('transaction_not_signed');
  return claimsInMdoc(Buffer.from(text, 'base64url'), binding, trust);
}

const enough = (level: GivenLevel, attempt: Attempt): void => {
  if (!isEnough(level, attempt.level)) refuse(`level_${level}`, 'too_low');
};

/** The presentation as it came, and what is needed to check it again: what it had to be bound to, and when it was checked. */
const evidenceOf = (
  { format, text }: Presentation,
  { thumbprint, ...binding }: Binding,
  now: Temporal.Instant,
): Evidence[] => [
  format === MDOC
    ? { type: 'application/cbor', bytes: Buffer.from(text, 'base64url') }
    : { type: 'application/dc+sd-jwt', bytes: Buffer.from(text) },
  {
    type: 'application/json',
    bytes: Buffer.from(
      JSON.stringify({
        ...binding,
        thumbprint: thumbprint.toString('base64url'),
        checked: now.toString(),
      }),
    ),
  },
];
