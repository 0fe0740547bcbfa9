import type { GivenLevel, Level, PersonId } from '../../../domain/identity.ts';
import type { ProviderKind } from '../../../domain/office/identity.ts';
import type { Language, Texts } from '../../../lib/i18n/languages.ts';

/**
 * The port of the providers of identities. Each kind of provider (`src/domain/office/identity.ts`) has an adapter in
 * `src/connectors/identity/`. An adapter keeps nothing between its calls and throws nothing that a provider can cause: every failure is a
 * value. It never logs what a provider says of a person.
 */
export interface IdentityProvider {
  /** Returns where the browser goes to identify the person. */
  start(attempt: Attempt): Promise<Answered<Departure>>;
  /**
   * Reads the provider's answer, with which the browser came back, and checks all of it: signatures, issuer, audience, recipient, times,
   * the checks of the attempt, the level.
   */
  finish(answer: ProviderAnswer, attempt: Attempt): Promise<Answered<Identified>>;
  /**
   * Ends the person's session at the provider. `session`: of `Identified`. Returns where the browser goes for it; null: it is done, it failed,
   * or the provider has none. `back`: where the provider sends the browser afterwards.
   */
  leave(session: string, back: string): Promise<Departure | null>;
  /** The document with which the provider is configured, such as the metadata of SAML; absent or null: there is none. */
  metadata?(addresses: ProviderAddresses): Promise<PublishedDocument | null>;
  /**
   * Returns the request that a wallet fetches for an attempt (OpenID4VP, `request_uri`). `wallet`: the parameters that the wallet posted;
   * empty: it used GET. Absent: the provider is no wallet.
   */
  request?(attempt: Attempt, wallet: URLSearchParams): Promise<Answered<PublishedDocument>>;
}

/** A document that a provider or a wallet fetches from us. */
export interface PublishedDocument {
  contentType: string;
  body: string;
}

/** Our addresses that a provider uses. Each provider has its own, so that an answer of one is never read as that of another. */
export interface ProviderAddresses {
  /** The origin of the town, without a trailing slash. */
  baseUrl: string;
  /** Where the browser comes back with GET: `…/identify/{code}/return`. */
  returnUrl: string;
  /** Where an answer is posted, by the browser (SAML) or by a wallet: `…/identify/{code}/answer`. */
  answerUrl: string;
  /** Where the document of `metadata` is: `…/identify/{code}/metadata`. */
  metadataUrl: string;
  /** Where the browser comes back after it left the provider: `…/identify/{code}/left`. */
  leftUrl: string;
}

/** One attempt of a person to identify. Everything in it is ours; nothing came from the browser or the provider. */
export interface Attempt extends ProviderAddresses {
  /** The id of the attempt. It is no secret: an address that a wallet fetches may have it. */
  id: string;
  /** Values that the provider's answer must match. Only this browser's attempt has them. */
  checks: Checks;
  /** The level that is demanded. */
  level: GivenLevel;
  /** Whether the provider must ask the person again, though it remembers them. */
  isFresh: boolean;
  language: Language;
  /** What `start` asked to keep, such as the private key for the answer; null: nothing. It is sealed in the database. */
  kept: string | null;
  /** What the identification confirms besides the identity, such as the consent to an act; null: nothing. */
  transaction: Transaction | null;
}

export interface Checks {
  /** OAuth's `state`, SAML's `RelayState`. URL-safe. */
  state: string;
  /** Of OpenID Connect and OpenID4VP. URL-safe. */
  nonce: string;
  /** The code verifier of PKCE (RFC 7636), at least 43 characters. */
  verifier: string;
}

/** What a person confirms with their identification. */
export interface Transaction {
  /** SHA-256 of the act's text, base64url. */
  hash: string;
  /** The act in a few words of the person's language, for the wallet's screen. */
  words: string;
}

/** Where a browser goes. `kept`: what `finish` needs again. */
export type Departure = { kept?: string } & (
  | { kind: 'redirect'; url: string }
  /** A form that the browser posts. */
  | { kind: 'post'; url: string; fields: Record<string, string> }
  /**
   * A page of ours with a link that opens the wallet on this device (`link`), and where a browser has the Digital Credentials API, a button
   * for it. `request`: the data of the API's request, with its protocol; null: the API isn't used.
   */
  | { kind: 'wallet'; link: string; request: { protocol: string; data: unknown } | null }
);

/** The answer of a provider. */
export interface ProviderAnswer {
  /** The address to which the browser came back, with its query. */
  url: URL;
  /** The form that was posted to `answerUrl` before (SAML, a wallet); null: none was. */
  posted: URLSearchParams | null;
}

/** What a provider says of a person, checked. */
export interface Identified {
  person: PersonId;
  name: PersonName;
  /** The organisation for which the person acts, by a certificate of representation; null: for themselves. */
  represents: { identifier: string; name: string } | null;
  /** The level that the provider gave, never higher than what it is trusted with. */
  level: Level;
  /** The provider's word for how, in small letters, such as `idcatmobil`. */
  method: string;
  /** The evidence, as the provider gave it. */
  evidence: Evidence[];
  /** What `leave` needs, such as a token; null: there is nothing to leave. It is sealed in the session. */
  session: string | null;
  /** The hash of the transaction that the provider confirms; null: none. */
  transaction: string | null;
}

/** The name as the provider says it, on one line, each part at most 200 characters. */
export interface PersonName {
  /** The whole name. Empty: the provider gave none. */
  full: string;
  given: string | null;
  family: string | null;
}

/** A part of the evidence of an identification: an assertion, a token, a presentation. */
export interface Evidence {
  /** Its media type, such as `application/samlassertion+xml`. */
  type: string;
  bytes: Buffer;
}

export type Answered<T> = { ok: true; value: T } | ({ ok: false } & ProviderFailure);

/**
 * Why there is no identity.
 *
 * - `cancelled`: the person stopped;
 * - `denied`: the provider doesn't confirm them, for instance since their certificate was revoked;
 * - `expired`: the answer came too late, or the provider's session is over;
 * - `away`: the provider doesn't answer, or answers that it can't now;
 * - `clock`: the provider's clock differs from ours;
 * - `too_low`: the provider gave a lower level than what is demanded, or can't give that level to this person;
 * - `identifier`: the provider gave no identifier that the town can use;
 * - `organisation`: it is the identity of an organisation or a machine, or of somebody for another person, not of the person alone;
 * - `refused`: the answer isn't valid. It is a security event.
 */
export const FAILURES = [
  'cancelled',
  'denied',
  'expired',
  'away',
  'clock',
  'too_low',
  'identifier',
  'organisation',
  'refused',
] as const;
export type FailureReason = (typeof FAILURES)[number];

/** `code`: what was wrong, for the log: small letters and underscores, at most 40, never a person's data. */
export interface ProviderFailure {
  reason: FailureReason;
  code: string;
}

/** A provider as citizens choose it. */
export interface OfferedProvider {
  code: string;
  kind: ProviderKind;
  name: Texts;
  note: Texts | null;
  /** The levels that it can give, from the lowest. */
  levels: readonly GivenLevel[];
}

/** What an identification is for. */
export type Purpose =
  /** Taking away all of a folder, or erasing it, for which the provider asks again. */
  | { for: 'export' }
  | { for: 'erasure' }
  /** A session of the person, and their folder. */
  | { for: 'session' }
  /** An appointment whose link the browser has: in its room, or on its page. */
  | {
      for: 'appointment';
      appointment: string;
      office: number;
      /** The id of the code that was typed in this browser, which doesn't have the link; absent: it has. */
      code?: string;
    }
  /** The consent to an act of an appointment. `link`: the number of the link that the browser had (see `Appointment`). */
  | { for: 'act'; appointment: string; office: number; act: string; link: number };

/** What a person wants to begin. */
export interface Wanted {
  provider: string;
  level: GivenLevel;
  language: Language;
  /** The path of the town where the browser goes on, with its query. */
  next: string;
  /** The path where the provider was chosen, to choose again. */
  from: string;
  /** The path where the person goes on without being identified. */
  back: string;
  purpose: Purpose;
  transaction: Transaction | null;
}

/** The person behind a session, as pages show them. */
export interface CitizenSession {
  person: string;
  /** The identification that began it. */
  identification: string;
  /** What that identification was for. */
  purpose: Purpose['for'];
  provider: string;
  kind: ProviderKind;
  method: string;
  level: GivenLevel;
  at: Temporal.Instant;
  id: PersonId;
  name: PersonName;
  /** The organisation for which the person acts in this session; null: for themselves. */
  represents: Represented | null;
  /** The authorisation by which they act for another person in this session, which may be over; null: they act for themselves. */
  acting: string | null;
  wishes: Wishes;
  endsAt: Temporal.Instant;
}

/** The organisation for which a person acts. */
export interface Represented {
  identifier: string;
  name: string;
}

/** What a person wants of the town hall. Null: nothing was chosen. */
export interface Wishes {
  /** What the person wants to be called. */
  called: string | null;
  language: Language | null;
  /** How notices reach them. */
  notices: 'email' | 'sms' | null;
}

/** One identification, without its evidence. */
export interface Identification {
  id: string;
  person: string;
  provider: string;
  kind: ProviderKind;
  method: string;
  level: GivenLevel;
  at: Temporal.Instant;
}

/** One identification, for those who may see the person. */
export interface IdentificationOf extends Identification {
  /** The identifier of the person. */
  of: PersonId;
  name: PersonName;
  /** The organisation for which they acted; null: for themselves. */
  represents: Represented | null;
  /** What it was for. */
  purpose: Purpose['for'];
  /** What they confirmed with it; null: nothing. */
  transaction: ConfirmedTransaction | null;
}

/** What a person confirmed with an identification. */
export interface ConfirmedTransaction {
  /** See `Transaction`. */
  hash: string;
  /** Whether the provider's answer is signed over the hash, as that of a wallet is. Else the service alone ties one to the other. */
  isSigned: boolean;
}

/** An identification with its evidence. */
export interface EvidenceOf extends Identification {
  evidence: Evidence[];
  /** SHA-256 of the evidence as it is kept, in hexadecimal. */
  hash: string;
}

/** A failed identification, as its page explains it. */
export interface Failed {
  reason: FailureReason | 'gone';
  /** The attempt that failed; null: it is not known. */
  wanted: Wanted | null;
}

/** `answerUrl`: where a wallet's answer to this attempt is posted. */
export type Started =
  | { ok: true; departure: Departure; answerUrl: string; cookies: string[] }
  | { ok: false; failed: Failed };

export type Finished =
  | { ok: true; wanted: Wanted; identification: Identification; cookies: string[] }
  | { ok: false; failed: Failed };

/** Whose appointment it is, and how that is known. */
export interface AppointmentLink {
  person: string;
  appointment: string;
  /** Null: they didn't identify for it. */
  identification: string | null;
  /**
   * `link`: they opened its link while identified; `booked`: they were identified when they booked; `call`: they identified in it; `code`: they
   * identified on another device, by a code; `acted`: somebody booked it for them, with their authorisation.
   */
  how: 'link' | 'booked' | 'call' | 'code' | 'acted';
  /** What shows that they are its citizen, beside having its link; null or absent: nothing. */
  shownBy?: 'name' | 'code' | null;
}
