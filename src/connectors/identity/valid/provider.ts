import type { SettingsOf } from '../../../domain/office/identity.ts';
import type {
  Attempt,
  FailureReason,
  Identified,
  IdentityProvider,
} from '../../../features/foundation/identification/types.ts';
import type { ProviderSecrets } from '../../../lib/provider-secrets.ts';
import {
  type AdapterOptions,
  answered,
  levelGiven,
  NotIdentified,
  wordsEnough,
} from '../adapter.ts';
import {
  evidenceIn,
  evidenceList,
  methodIn,
  nameIn,
  personIn,
  representedIn,
  userInfo,
} from './answers.ts';
import { createValidClient } from './client.ts';

type Client = ReturnType<typeof createValidClient>;

const TIMEOUT_SECONDS = 10;

/**
 * Makes the adapter of VÀLid 2.0 of the Consorci AOC: idCAT Mòbil, certificate and Cl@ve (documentation: ConsorciAOC/VALid2). It is OAuth 2.0
 * without OpenID Connect. The documentation has neither PKCE nor a nonce, so none is sent: what ties an answer to its attempt is `state`,
 * which the service ties to the browser, and the code, which only our secret can use, for our address of this provider.
 *
 * VÀLid keeps a session with the browser, and identifies the same person again without asking. So it is ended where nobody was identified:
 * else a person whose level was too low could never choose another way.
 */
export function createValid(
  settings: SettingsOf<'valid'>,
  secrets: ProviderSecrets,
  { log, timeoutSeconds = TIMEOUT_SECONDS }: AdapterOptions,
): IdentityProvider {
  const { endpoint, clientId, levels } = settings;
  const timeoutMs = timeoutSeconds * 1000;
  const clientSecret = secrets.secret ?? '';
  const client = createValidClient({ endpoint, clientId, clientSecret, timeoutMs });
  const attempting = <T>(work: () => Promise<T>) =>
    answered({ provider: settings.code, log }, unexpected, work);

  return {
    start: ({ level, returnUrl, checks }) =>
      attempting(async () => {
        if (!clientSecret) throw new NotIdentified('refused', 'secret_missing');
        if (wordsEnough(levels, level).length === 0)
          throw new NotIdentified('too_low', 'level_not_given');
        await client.reach();
        return { kind: 'redirect', url: client.authorization(returnUrl, checks.state).href };
      }),

    finish: ({ url }, attempt) =>
      attempting(async () => {
        const token = await client.token(codeIn(url.searchParams, attempt), attempt.returnUrl);
        try {
          return await identified(client, token, settings, attempt);
        } catch (error) {
          const isAway = error instanceof NotIdentified && error.reason === 'away';
          if (!isAway) await attempting(() => client.end(token));
          throw error;
        }
      }),

    leave: async (session) => {
      await attempting(() => client.end(session));
      return null;
    },
  };
}

/** Returns the code of an answer. @throws NotIdentified when it has none, or isn't for this attempt */
function codeIn(query: URLSearchParams, { checks }: Attempt): string {
  if (only(query, 'state') !== checks.state) throw new NotIdentified('refused', 'state_wrong');
  if (query.has('error')) throw failureIn(only(query, 'error') ?? '');
  const code = only(query, 'code');
  if (!code || code.length > 2_000) throw new NotIdentified('refused', 'code_missing');
  return code;
}

/** Returns a parameter that is there once; null: it isn't there, or twice. */
function only(query: URLSearchParams, name: string): string | null {
  const [value = null, ...more] = query.getAll(name);
  return more.length > 0 ? null : value;
}

/** The errors of the answer. Only the first is documented (2.2); the others are those of RFC 6749, 4.1.2.1. */
const ERRORS = new Map<string, FailureReason>([
  ['session_cancel', 'cancelled'],
  ['access_denied', 'denied'],
  ['server_error', 'away'],
  ['temporarily_unavailable', 'away'],
  ['invalid_request', 'refused'],
  ['invalid_scope', 'refused'],
  ['unauthorized_client', 'refused'],
  ['unsupported_response_type', 'refused'],
]);

function failureIn(error: string): NotIdentified {
  const code = error.toLowerCase();
  const meant = ERRORS.get(code);
  if (meant) return new NotIdentified(meant, code);
  const isOver = /expired|timeout/.test(code);
  return isOver
    ? new NotIdentified('expired', 'session_expired')
    : new NotIdentified('refused', 'error_unknown');
}

/** Asks who it is and for the evidence. Without evidence nobody is identified, since nothing could prove it later. */
async function identified(
  client: Client,
  token: string,
  { levels }: SettingsOf<'valid'>,
  attempt: Attempt,
): Promise<Identified> {
  const info = await client.data('getUserInfo', token);
  const said = userInfo.safeParse(info.value).data;
  if (!said) throw new NotIdentified('refused', 'info_wrong');
  const level = levelGiven(levels, said.assuranceLevel, attempt.level);
  const person = personIn(said);
  const represents = representedIn(said);
  const proof = await client.data('getAuthenticationEvidence', token);
  const list = evidenceList.safeParse(proof.value).data;
  if (!list) throw new NotIdentified('refused', 'evidence_wrong');
  return {
    person,
    name: nameIn(said),
    represents,
    level,
    method: methodIn(said),
    evidence: [
      { type: 'application/json', bytes: info.bytes },
      ...evidenceIn(list.evidences ?? []),
    ],
    session: token,
    transaction: null,
  };
}

/** Nothing else is thrown than `NotIdentified`. If it were, the attempt would end as any other. */
const unexpected = (): NotIdentified => new NotIdentified('refused', 'unexpected');
