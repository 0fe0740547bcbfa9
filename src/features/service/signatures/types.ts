import type { SigningWay } from '../../../domain/form/online.ts';
import type { GivenLevel, PersonId } from '../../../domain/identity.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { HandInRefusal } from '../cases/types.ts';

/**
 * Why nothing was signed. `cancelled`: the person stopped. `denied`: the provider didn't sign. `expired`: it came too late. `away`: the provider
 * doesn't answer. `other_person`: somebody else identified there. `too_low`: their level there is lower than the form's. `changed`: the
 * answers were changed meanwhile. `refused`: what came back isn't right. By a program with a certificate: `no_certificate`: it found none;
 * `outdated`: it is too old; `untrusted`: the town doesn't know who issued the certificate; `ended`: it is not valid now, or was revoked;
 * `unfit`: it is of somebody who acts for another, or for other things than signing.
 */
export const SIGNING_FAILURES = [
  'cancelled',
  'denied',
  'expired',
  'away',
  'other_person',
  'too_low',
  'changed',
  'refused',
  'no_certificate',
  'outdated',
  'untrusted',
  'ended',
  'unfit',
] as const;
export type SigningFailure = (typeof SIGNING_FAILURES)[number];

/** `begun`: the person was sent to sign. `signed`: the signature is kept. `failed`: nothing was signed; another attempt can be made. */
export const SIGNATURE_STATES = ['begun', 'signed', 'failed'] as const;
export type SignatureState = (typeof SIGNATURE_STATES)[number];

/** One attempt to sign what is handed in with a case, by its applicant or by somebody else who must. */
export interface Signature {
  id: string;
  office: number;
  case: string;
  /** Who else than the applicant signs, of `case_cosigner`; null: the applicant. */
  cosigner: string | null;
  way: SigningWay;
  /** The version of the answers that are signed; 0: what was handed in, which somebody else signs. */
  version: number;
  /** SHA-256 of what is signed, in hexadecimal. */
  hash: string;
  /** What is paid after it; 0: it is handed in by being signed. */
  cents: number;
  state: SignatureState;
  failure: SigningFailure | null;
  begunAt: Temporal.Instant;
  decidedAt: Temporal.Instant | null;
  /** When nothing was left to do with a signed one: its case was handed in, or its fee is to be paid. */
  settledAt: Temporal.Instant | null;
}

/** A signature as its row has it. */
export interface SignatureRow extends Signature {
  /** By which the person is identified in what is signed; null: nothing was signed. */
  identification: string | null;
  /** What is signed, sealed under the key of the case. */
  prepared: Buffer;
  /** Of what only the browser that began it can send. */
  browserHash: Buffer;
  /** When the person came back the first time; null: not yet. */
  answeredAt: Temporal.Instant | null;
  /** What the attempt needs again, sealed likewise; null: it is over. */
  kept: Buffer | null;
  /** The signature, sealed likewise; null: there is none. */
  evidence: Buffer | null;
  /** Who signed, sealed likewise. */
  signer: Buffer | null;
}

/** Who signed, as the provider says. */
export interface Signer {
  /** Empty: the provider gave none. */
  name: string;
  /** Their identifier, masked. */
  masked: string;
  /** The provider's word for how they identified, such as `idcatmobil`. */
  method: string;
  /** When an authority stamped the signature; null: none did. RFC 3339. */
  stampedAt: string | null;
  /** Whether the stand-in of a demonstration made it. */
  isDemo: boolean;
  /** By which certificate it was signed; absent: by none of the person's own. */
  certificate?: SigningCertificate;
}

/** The certificate of a person by which something was signed. */
export interface SigningCertificate {
  /** Who issued it. */
  issuer: string;
  /** Its number there, in hexadecimal. */
  serial: string;
  /** Whether its authority said that it was not revoked; it could not be asked otherwise. */
  isRevocationAsked: boolean;
}

/** A signature for whoever may see its case. */
export interface SignatureShown extends Signature {
  /** Who signed; null: nobody has, or it was destroyed. */
  signer: Signer | null;
}

/** What a provider is asked to have signed. Everything in it is ours. */
export interface SigningAttempt {
  /** OAuth's `state`: only this browser's attempt has it. */
  state: string;
  /** Where the browser comes back. */
  returnUrl: string;
  language: Language;
  /** What is signed: its name and its SHA-256. */
  name: string;
  hash: Buffer;
  /** Who must sign. */
  person: PersonId;
  /** What they are called. */
  personName: string;
  /** The NIF of the organisation for which they act in the case, whose certificate they may sign with; null: none. */
  organisation: string | null;
  /** The level that the form demands. */
  level: GivenLevel;
  /** What the step before kept; null: there was none. */
  kept: string | null;
}

/** Where the browser goes next. `code`: by which the answer names the attempt; absent: by its state. */
export interface SigningStep {
  kind: 'go';
  url: string;
  kept: string | null;
  code?: string;
}

/** A signature that was verified: it is right, of the hash, by the person. */
export interface Signed {
  kind: 'signed';
  /** As the provider gave it. */
  evidence: Buffer;
  signer: Omit<Signer, 'masked'>;
}

export type SigningAnswer<T> =
  | { ok: true; value: T }
  | { ok: false; reason: SigningFailure; code: string };

/**
 * The port of those with whom people sign. An adapter (`src/connectors/signature/`) keeps nothing between its calls and throws nothing that a
 * provider can cause.
 */
export interface SigningProvider {
  kind: 'page';
  /** Whether it is the stand-in of a demonstration. */
  isDemo: boolean;
  /** Returns whether it is there. */
  reach(): Promise<boolean>;
  /** Returns where the browser goes to sign. */
  start(attempt: SigningAttempt): Promise<SigningAnswer<SigningStep>>;
  /** Reads the address with which the browser came back, and checks all of it. */
  next(url: URL, attempt: SigningAttempt): Promise<SigningAnswer<SigningStep | Signed>>;
}

/** Where programs fetch what they sign, and put what they made. */
export interface Servlets {
  retrieve: string;
  storage: string;
}

/** What a program on the person's device signs, besides what every provider is told. */
export interface ProgramAttempt extends SigningAttempt {
  /** The PDF that is signed. */
  document: Buffer;
  /** What `request` kept. */
  kept: string;
  servlets: Servlets;
}

/**
 * The port of programs on the person's device, such as AutoFirma. They fetch what they sign from us and put there what they made; an adapter keeps
 * nothing and throws nothing that a program can cause.
 */
export interface SigningProgram {
  kind: 'program';
  isDemo: boolean;
  /** Makes a new request. `file` and `result`: under which the program fetches and puts, each of them a secret. */
  request(): { kept: string; file: string; result: string };
  /** Returns the address that opens the program, which tells nothing of the person. `browser`: what it calls itself. */
  opens(kept: string, on: { browser: string; servlets: Servlets }): string;
  /** Returns what the program fetches. */
  body(attempt: ProgramAttempt): string;
  /** Returns whether something that the program put says that it is at work, and no more. */
  isWaiting(put: string): boolean;
  /** Reads what the program put at last, and checks all of it. */
  read(put: string, attempt: ProgramAttempt): Promise<SigningAnswer<Signed>>;
  /** Of the stand-in of a demonstration: returns what the program would put if the person signed. Absent: it is a program. */
  standIn?(attempt: ProgramAttempt): Promise<string>;
}

/** Between an attempt and the program that carries it out. */
export interface Exchange {
  /** Of the attempt. */
  id: string;
  office: number;
  case: string;
  /** The PDF that is signed, sealed under the key of the case. */
  document: Buffer;
  /** When the program fetched it; null: not yet. It can once. */
  fetchedAt: Temporal.Instant | null;
  /** When the program said last that it is at work; null: never. */
  seenAt: Temporal.Instant | null;
  /** What the program put, sealed likewise; null: nothing yet. */
  result: Buffer | null;
  /** When somebody began to read that; null: it is still to be read. */
  readAt: Temporal.Instant | null;
}

/** An attempt that waits for a program, for the browser that began it. */
export interface AtProgram {
  way: SigningWay;
  language: Language;
  isDemo: boolean;
  /** Opens the program. */
  opens: string;
  /** Whether the program has fetched what it signs. */
  isFetched: boolean;
  /** Whether there is an answer: signed, failed, or to be read. */
  isAnswered: boolean;
  /** Until when it can be signed. */
  until: Temporal.Instant;
}

/** `isHere`: the browser goes to a page of ours. `closed`: the town has no provider for it. `signed`: it is signed already. */
export type BeginSigning =
  | { ok: true; url: string; cookie: string; isHere: boolean }
  | HandInRefusal
  | { ok: false; reason: 'closed' }
  | { ok: false; reason: 'signed' }
  | { ok: false; reason: 'away' }
  | { ok: false; reason: 'too_many' };

/** `over`: there is nothing left to sign. The others: see `CosignResult` and `BeginSigning`. */
export type BeginCosigning =
  | { ok: true; url: string; cookie: string; isHere: boolean }
  | {
      ok: false;
      reason: 'other' | 'level' | 'not_found' | 'over' | 'changed' | 'closed' | 'away' | 'too_many';
    };

/**
 * What follows from an answer. `go`: the browser goes on at the provider. `back`: to the case, or to the page of whoever else signs it, as it stands. `again`: the provider doesn't answer now;
 * the same address can be opened again. `waits`: the program has not answered, which is told on a page of ours (without its host). `gone`: the answer is of no attempt of this browser.
 */
export type SigningOutcome =
  | { kind: 'go'; url: string }
  | {
      kind: 'back';
      /** Of whose link the secret is. */
      to: 'case' | 'cosigner';
      secret: string;
      language: Language;
      office: number;
      case: string;
      isHandedIn: boolean;
      /** The version of the answers that were to be signed. */
      version: number;
      /** Why nothing was signed with this answer; null: something was, or it had been answered before. */
      failure: SigningFailure | null;
    }
  | { kind: 'again'; language: Language; way: SigningWay }
  | { kind: 'waits'; url: string }
  | { kind: 'gone' };
