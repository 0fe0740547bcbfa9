import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { PersonId } from '../../../domain/identity.ts';
import type { ValidSignatureSettings } from '../../../domain/office/connectors/signature.ts';
import type {
  Signed,
  SigningAnswer,
  SigningAttempt,
  SigningProvider,
  SigningStep,
} from '../../../features/service/signatures/types.ts';
import { XmlRefused } from '../../../lib/xml/xml.ts';
import { levelGiven, NotIdentified } from '../../identity/adapter.ts';
import {
  methodIn,
  nameIn,
  personIn,
  representedIn,
  type UserInfo,
  userInfo,
} from '../../identity/valid/answers.ts';
import { createValidClient } from '../../identity/valid/client.ts';
import { NotSigned } from '../not-signed.ts';
import { SHA256 } from '../xades/names.ts';
import { isTrusted, verifiedXades } from '../xades/verify.ts';
import { checkMessage } from './message.ts';

type Client = ReturnType<typeof createValidClient>;

export interface ValidSigningDeps {
  /** What the AOC gave to the town. */
  secret: string;
  /** Log of codes only, without personal data. */
  log: { warn(what: object, message: string): void };
  timeoutSeconds?: number;
}

/** What the second step needs of the first. */
interface Kept {
  token: string;
  code: string;
  info: Pick<UserInfo, 'identifier' | 'method'> & { name: string };
}

/** The code of a signature has had several names: the documentation's, and that of its examples. */
const initAnswer = z
  .object({
    signatureCode: z.string().min(1).max(2_000).nullish(),
    signature_code: z.string().min(1).max(2_000).nullish(),
  })
  .transform((said) => said.signatureCode ?? said.signature_code ?? null);

const signatureAnswer = z.object({ evidence: z.string().min(1) });

/** Returns the code of a signature in the address of a return; null: the address is of another step. */
export const signatureCodeIn = (query: URLSearchParams): string | null =>
  query.get('signatureCode') ?? query.get('signature_code');

/**
 * Makes the adapter of VÀLid's ordinary signature with an act of the person (ConsorciAOC/VALid2, 4.2). The person identifies at VÀLid, who knows
 * them there already if they have just done so; then they confirm on its page, and it gives a XAdES-T of the hash.
 */
export function createValidSigning(
  settings: ValidSignatureSettings,
  { secret, log, timeoutSeconds = 10 }: ValidSigningDeps,
): SigningProvider {
  const { endpoint, clientId } = settings;
  const client = createValidClient({
    endpoint,
    clientId,
    clientSecret: secret,
    timeoutMs: timeoutSeconds * 1000,
  });
  const answered = <T>(work: () => Promise<T>) => answer(log, work);
  return {
    kind: 'page',
    isDemo: false,
    reach: async () => (await answered(() => client.reach())).ok,
    start: ({ returnUrl, state }) =>
      answered(async () => {
        await client.reach();
        return { kind: 'go', url: client.authorization(returnUrl, state).href, kept: null };
      }),
    next: ({ searchParams: query }, attempt) =>
      answered<SigningStep | Signed>(() =>
        signatureCodeIn(query) === null
          ? identifiedStep(client, settings, query, attempt)
          : signedStep(client, settings, query, attempt),
      ),
  };
}

async function answer<T>(
  log: ValidSigningDeps['log'],
  work: () => Promise<T>,
): Promise<SigningAnswer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { reason, code } = failureOf(error);
    if (reason !== 'cancelled') log.warn({ reason, code }, 'Nothing was signed');
    return { ok: false, reason, code };
  }
}

function failureOf(error: unknown): Pick<NotSigned, 'reason' | 'code'> {
  if (error instanceof NotSigned) return error;
  if (error instanceof XmlRefused) return { reason: 'refused', code: error.code };
  if (!(error instanceof NotIdentified)) return { reason: 'refused', code: 'unexpected' };
  const { reason, code } = error;
  switch (reason) {
    case 'cancelled':
    case 'denied':
    case 'expired':
    case 'away':
    case 'too_low':
      return { reason, code };
    default:
      return { reason: 'refused', code };
  }
}

/** The person has identified: VÀLid is told what they sign, and says where. */
async function identifiedStep(
  client: Client,
  { levels }: ValidSignatureSettings,
  query: URLSearchParams,
  attempt: SigningAttempt,
): Promise<SigningStep> {
  if (query.get('state') !== attempt.state) throw new NotSigned('refused', 'state_wrong');
  const error = query.get('error');
  if (error !== null) throw errorIn(error);
  const code = query.get('code');
  if (!code || code.length > 2_000) throw new NotSigned('refused', 'code_missing');
  const token = await client.token(code, attempt.returnUrl);
  try {
    const said = userInfo.safeParse((await client.data('getUserInfo', token)).value).data;
    if (!said) throw new NotSigned('refused', 'info_wrong');
    levelGiven(levels, said.assuranceLevel, attempt.level);
    if (!isPerson(personIn(said), attempt.person) || !isForTheirs(said, attempt))
      throw new NotSigned('other_person', 'other_person');
    const asked = {
      accessToken: token,
      redirectUri: attempt.returnUrl,
      documents: [{ name: attempt.name, algorithm: SHA256, hash: attempt.hash.toString('base64') }],
    };
    const begun = initAnswer.safeParse((await client.sign('initBasicSignature', asked)).value).data;
    if (!begun) throw new NotSigned('refused', 'signature_code_missing');
    const { identifier, method } = said;
    const kept: Kept = {
      token,
      code: begun,
      info: { identifier, method, name: nameIn(said).full },
    };
    const url = client.signing(begun).href;
    return { kind: 'go', url, kept: JSON.stringify(kept), code: begun };
  } catch (thrown) {
    // VÀLid remembers the person: whoever isn't the right one must be able to choose another.
    await client.end(token).catch(() => undefined);
    throw thrown;
  }
}

/** Returns whether somebody identified for themselves, or with the certificate of the organisation for which they act in the case. */
function isForTheirs(said: UserInfo, { organisation }: SigningAttempt): boolean {
  const represents = representedIn(said);
  return represents === null || represents.identifier === organisation;
}

function errorIn(error: string): NotSigned {
  const code = error.toLowerCase();
  if (code === 'session_cancel' || code === 'access_denied')
    return new NotSigned('cancelled', 'session_cancel');
  return /expired|timeout/.test(code)
    ? new NotSigned('expired', 'session_expired')
    : new NotSigned('refused', 'error');
}

const isPerson = (one: PersonId, other: PersonId): boolean =>
  one.scheme === other.scheme &&
  one.country === other.country &&
  one.identifier === other.identifier;

/** The person has signed, or not: the signature is fetched, and checked. */
async function signedStep(
  client: Client,
  settings: ValidSignatureSettings,
  query: URLSearchParams,
  attempt: SigningAttempt,
): Promise<Signed> {
  const kept = attempt.kept === null ? null : (JSON.parse(attempt.kept) as Kept);
  if (!kept || signatureCodeIn(query) !== kept.code) throw new NotSigned('refused', 'code_wrong');
  // The documentation calls it `status` in its words, and `state` in its examples.
  const state = query.get('state') ?? query.get('status');
  if (state !== 'OK') {
    await client.end(kept.token).catch(() => undefined);
    throw state === 'CANCEL'
      ? new NotSigned('cancelled', 'cancel')
      : new NotSigned('denied', 'error');
  }
  const asked = { accessToken: kept.token, signatureCode: kept.code };
  const { value } = await client.sign('getBasicSignature', asked);
  const said = signatureAnswer.safeParse(value).data;
  if (!said) throw new NotSigned('refused', 'evidence_missing');
  const evidence = Buffer.from(said.evidence.replaceAll(/\s/g, ''), 'base64');
  const { message, certificate, stampedAt } = verifiedXades(evidence.toString('utf8'));
  const anchors = settings.certificates?.map(certificateFrom);
  if (anchors && !isTrusted(certificate, anchors)) throw new NotSigned('refused', 'not_trusted');
  checkMessage(message, attempt, kept.info);
  await client.end(kept.token).catch(() => undefined);
  const { name, method } = kept.info;
  const signer = {
    name: name || attempt.personName,
    method: methodIn({ method } as UserInfo),
    stampedAt: stampedAt?.toString() ?? null,
    isDemo: false,
  };
  return { kind: 'signed', evidence, signer };
}

const certificateFrom = (text: string): X509Certificate =>
  new X509Certificate(text.includes('-----') ? text : Buffer.from(text, 'base64'));
