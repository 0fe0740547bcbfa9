import { isEnough } from '../../../domain/identity.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { seal, unseal } from '../../../lib/envelope/seal.ts';
import {
  hashSecret,
  newSecret,
  type PurposeKey,
  sameHash,
  versionIn,
} from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { browserSecretIn, keepBrowserSecret } from './browser.ts';
import { ATTEMPT_MINUTES, addressesOf, asksAgain } from './rules.ts';
import { depositAnswer, insertAttempt, spendAttempt } from './store.ts';
import type {
  Answered,
  Attempt,
  Checks,
  Failed,
  Identified,
  IdentityProvider,
  PublishedDocument,
  Started,
  Wanted,
} from './types.ts';
import { readAttempt } from './views.ts';

/** The attempts to identify: each belongs to one browser and counts once. */
export interface Attempts {
  /** Begins an attempt. `cookie`: the browser's `Cookie` header. */
  start(wanted: Wanted, cookie: string): Promise<Started>;
  /**
   * Keeps what a provider or a wallet posted for an attempt, until its browser is back. Returns where that browser goes; null: there is no
   * such attempt, or it has an answer.
   */
  deposit(provider: string, id: string, posted: URLSearchParams): Promise<string | null>;
  /** Returns the request that a wallet fetches. */
  request(
    provider: string,
    id: string,
    wallet: URLSearchParams,
  ): Promise<Answered<PublishedDocument>>;
  /** Reads the answer with which the browser came back to `url`. The attempt is over then, whatever comes of it. */
  finish(provider: string, url: URL, cookie: string): Promise<Ended>;
}

type Ended =
  | { ok: true; wanted: Wanted; identified: Identified }
  | { ok: false; failed: Failed; code: string };

export interface AttemptsDeps {
  db: Db;
  /** The purpose key `forms`: an attempt lives for minutes. */
  key: PurposeKey;
  clock: { now(): Temporal.Instant };
  baseUrl: string;
  /** Returns the adapter of a provider; null: the town has none with this code. */
  providerOf(code: string): Promise<IdentityProvider | null>;
}

/** The longest form of a provider, in bytes. */
export const MOST_POSTED = 400_000;

/** What an attempt keeps in the database, sealed. */
interface Kept {
  wanted: Wanted;
  /** What the adapter keeps. */
  kept: string | null;
  /** A wallet's request needs them without the browser. */
  checks: Checks;
}

export const createAttempts = (deps: AttemptsDeps): Attempts => ({
  start: (wanted, cookie) => start(deps, wanted, cookie),
  deposit: (provider, id, posted) => deposit(deps, provider, id, posted),
  request: (provider, id, wallet) => requestOf(deps, provider, id, wallet),
  finish: (provider, url, cookie) => finish(deps, provider, url, cookie),
});

async function start(deps: AttemptsDeps, wanted: Wanted, cookie: string): Promise<Started> {
  const { db, key, clock, baseUrl } = deps;
  const provider = await deps.providerOf(wanted.provider);
  if (!provider) return { ok: false, failed: { reason: 'away', wanted } };
  const { secret: browser, cookie: keeps } = keepBrowserSecret(cookie, baseUrl);
  const id = key.newId();
  const kept: Kept = { wanted, kept: null, checks: checksOf(key, id, browser) };
  const departure = await provider.start(attemptOf(deps, id, kept));
  if (!departure.ok) return { ok: false, failed: { reason: departure.reason, wanted } };
  const now = clock.now();
  const times = { now, endsAt: now.add({ minutes: ATTEMPT_MINUTES }) };
  const request = sealed(key, id, 'request', { ...kept, kept: departure.value.kept ?? null });
  await within(db, INSTALLATION, (tx) =>
    insertAttempt(tx, { id, provider: wanted.provider, request }, times),
  );
  return {
    ok: true,
    departure: departure.value,
    answerUrl: `${addressesOf(baseUrl, wanted.provider).answerUrl}/${id}`,
    cookies: [keeps],
  };
}

async function deposit(
  { db, key, clock, baseUrl }: AttemptsDeps,
  provider: string,
  id: string,
  posted: URLSearchParams,
): Promise<string | null> {
  if (!isUuid(id)) return null;
  const now = clock.now();
  const row = await within(db, INSTALLATION, (tx) => readAttempt(tx, id, now));
  if (row?.provider !== provider) return null;
  const { checks } = opened<Kept>(key, id, 'request', row.request);
  const code = newSecret();
  const answer = sealed(key, id, 'answer', posted.toString());
  const isFirst = await within(db, INSTALLATION, (tx) =>
    depositAnswer(tx, id, { answer, hash: hashSecret(code) }, now),
  );
  if (!isFirst) return null;
  const query = new URLSearchParams({ state: checks.state, response_code: code });
  return `${addressesOf(baseUrl, provider).returnUrl}?${query}`;
}

async function requestOf(
  deps: AttemptsDeps,
  provider: string,
  id: string,
  wallet: URLSearchParams,
): Promise<Answered<PublishedDocument>> {
  const { db, key, clock } = deps;
  const gone = { ok: false, reason: 'expired', code: 'no_attempt' } as const;
  if (!isUuid(id)) return gone;
  const row = await within(db, INSTALLATION, (tx) => readAttempt(tx, id, clock.now()));
  const adapter = row?.provider === provider ? await deps.providerOf(provider) : null;
  if (!row || !adapter?.request) return gone;
  return adapter.request(
    attemptOf(deps, id, opened<Kept>(key, id, 'request', row.request)),
    wallet,
  );
}

async function finish(
  deps: AttemptsDeps,
  provider: string,
  url: URL,
  cookie: string,
): Promise<Ended> {
  const { db, key, clock, baseUrl } = deps;
  const state = url.searchParams.get('state') ?? '';
  const [id = ''] = state.split('.');
  const browser = browserSecretIn(cookie, baseUrl);
  if (!isUuid(id) || browser === '') return gone('no_browser');
  if (
    !isKnown(key, id) ||
    !sameHash(hashSecret(checksOf(key, id, browser).state), hashSecret(state))
  )
    return gone('other_browser');
  const row = await within(db, INSTALLATION, (tx) => spendAttempt(tx, id, clock.now()));
  if (!row) return gone('spent');
  const kept = opened<Kept>(key, id, 'request', row.request);
  const { wanted } = kept;
  if (row.isOver) return failing(wanted, 'expired', 'too_late');
  // The answer of one provider is never read as that of another.
  if (row.provider !== provider) return failing(wanted, 'refused', 'other_provider');
  const code = url.searchParams.get('response_code') ?? '';
  if (row.answer && !(row.answer_hash && sameHash(row.answer_hash, hashSecret(code))))
    return failing(wanted, 'refused', 'other_answer');
  const adapter = await deps.providerOf(provider);
  if (!adapter) return failing(wanted, 'away', 'no_provider');
  const posted = row.answer && new URLSearchParams(opened<string>(key, id, 'answer', row.answer));
  const found = await adapter.finish({ url, posted }, attemptOf(deps, id, kept));
  return found.ok ? checked(wanted, found.value) : failing(wanted, found.reason, found.code);
}

/** Checks again what no adapter may get wrong: the level, and that a transaction that the provider confirms is the right one. */
function checked(wanted: Wanted, identified: Identified): Ended {
  const { level, transaction } = identified;
  if (!isEnough(level, wanted.level)) return failing(wanted, 'too_low', 'level');
  if (transaction !== null && transaction !== wanted.transaction?.hash)
    return failing(wanted, 'refused', 'other_transaction');
  return { ok: true, wanted, identified };
}

const failing = (wanted: Wanted, reason: Failed['reason'], code: string): Ended => ({
  ok: false,
  failed: { reason, wanted },
  code,
});

const gone = (code: string): Ended => ({
  ok: false,
  failed: { reason: 'gone', wanted: null },
  code,
});

/** Returns whether an id names a version of the key that this process has. Anybody can send any id. */
const isKnown = (key: PurposeKey, id: string): boolean =>
  key.live().some((each) => each.version >= versionIn(id));

/** Everything that an answer must match is derived from the attempt and its browser. */
function checksOf(key: PurposeKey, id: string, browser: string): Checks {
  const derive = (what: string) => key.of(id).derive(`identification ${what} ${id} ${browser}`);
  return {
    state: `${id}.${derive('state')}`,
    nonce: derive('nonce'),
    // At least 43 characters (RFC 7636, 4.1).
    verifier: derive('verifier 1') + derive('verifier 2'),
  };
}

const attemptOf = (
  { baseUrl }: AttemptsDeps,
  id: string,
  { wanted, kept, checks }: Kept,
): Attempt => ({
  ...addressesOf(baseUrl, wanted.provider),
  id,
  checks,
  level: wanted.level,
  isFresh: asksAgain(wanted.purpose),
  language: wanted.language,
  kept,
  transaction: wanted.transaction,
});

type What = 'request' | 'answer';

const ownKey = (key: PurposeKey, id: string): Buffer =>
  key.of(id).deriveKey(`identification attempt ${id}`);

const sealed = (key: PurposeKey, id: string, what: What, value: unknown): Buffer =>
  seal(ownKey(key, id), Buffer.from(`${what} ${id}`), Buffer.from(JSON.stringify(value)));

const opened = <T>(key: PurposeKey, id: string, what: What, from: Buffer): T =>
  JSON.parse(unseal(ownKey(key, id), Buffer.from(`${what} ${id}`), from).toString('utf8'));
