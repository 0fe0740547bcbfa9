import type { GivenLevel, PersonId } from '../../../domain/identity.ts';
import { INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { hashSecret, type PurposeKey, sameHash, versionIn } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ApplicantViewer, PersonViewer } from '../../../lib/viewer.ts';
import { browserSecretIn } from '../../foundation/identification/service.ts';
import { DRAFT } from '../cases/types.ts';
import { readCase } from '../cases/views.ts';
import { returnUrlOf } from './rules.ts';
import { openPart, sealPart } from './sealing.ts';
import type { SignaturesDeps } from './service.ts';
import { keepStep } from './store.ts';
import type {
  SignatureRow,
  SigningAttempt,
  SigningFailure,
  SigningOutcome,
  SigningStep,
} from './types.ts';
import { readByCode, readSignature } from './views.ts';

/** What an attempt keeps, sealed. */
export interface Kept {
  language: Language;
  name: string;
  person: PersonId;
  personName: string;
  /** See `SigningAttempt`. */
  organisation: string | null;
  level: GivenLevel;
  /** As whom the person hands in. */
  identified: NonNullable<ApplicantViewer['identified']>;
  /** What the adapter keeps. */
  step: string | null;
}

/** An attempt, with what recognises its browser. */
export interface Attempt {
  row: SignatureRow;
  kept: Kept;
  state: string;
}

/** Everything by which an answer is recognised is derived from the attempt and its browser. */
export const stateOf = (key: PurposeKey, id: string, browser: string): string =>
  `${id}.${key.of(id).derive(`signature ${id} ${browser}`)}`;

/** Returns what a provider is told of an attempt. */
export const attemptOf = (
  { baseUrl }: Pick<SignaturesDeps, 'baseUrl'>,
  { row, kept, state }: Attempt,
): SigningAttempt => ({
  state,
  returnUrl: returnUrlOf(baseUrl),
  language: kept.language,
  name: kept.name,
  hash: Buffer.from(row.hash, 'hex'),
  person: kept.person,
  personName: kept.personName,
  organisation: kept.organisation,
  level: kept.level,
  kept: kept.step,
});

/** Finds the attempt that an address names, for the browser that began it; null: it is of none. */
export async function findAttempt(
  { db, key, keyring, baseUrl }: SignaturesDeps,
  query: URLSearchParams,
  cookie: string,
) {
  const browser = browserSecretIn(cookie, baseUrl);
  const code = query.get('signatureCode') ?? query.get('signature_code');
  const [id = ''] = (query.get('state') ?? '').split('.');
  if (browser === '') return null;
  const row = await within(db, INSTALLATION, async (tx) => {
    if (code !== null) return readByCode(tx, hashSecret(code));
    return isUuid(id) ? readSignature(tx, id) : null;
  });
  if (!row || !key.live().some((each) => each.version >= versionIn(row.id))) return null;
  const state = stateOf(key, row.id, browser);
  if (!sameHash(row.browserHash, hashSecret(state))) return null;
  if (code === null && query.get('state') !== state) return null;
  const kept = await within(db, row.office, (tx) => openKept(keyring, tx, row));
  return { row, state, kept, by: code === null ? ('state' as const) : ('code' as const) };
}

/** Returns what an open attempt keeps; null: it is over. */
export async function openKept(
  keyring: SignaturesDeps['keyring'],
  tx: Tx,
  row: SignatureRow,
): Promise<Kept | null> {
  const of = { id: row.case, office: row.office };
  const text = await openPart(keyring, tx, of, { what: 'kept', id: row.id, sealed: row.kept });
  return text ? (JSON.parse(text) as Kept) : null;
}

/** Keeps what the next step of an attempt needs. */
export async function keepStepOf(
  keyring: SignaturesDeps['keyring'],
  tx: Tx,
  { row, kept }: Pick<Attempt, 'row' | 'kept'>,
  { kept: step, code }: Pick<SigningStep, 'kept' | 'code'>,
): Promise<void> {
  const text = JSON.stringify({ ...kept, step } satisfies Kept);
  const of = { id: row.case, office: row.office };
  const sealed = await sealPart(keyring, tx, of, { what: 'kept', id: row.id, text });
  await keepStep(tx, row.id, { kept: sealed, code: code ? hashSecret(code) : null });
}

/** Who signs: the applicant of a case, or somebody else who must. */
export type SignerViewer = ApplicantViewer | PersonViewer;

/** Returns the viewer as whom an attempt hands in, or signs what was handed in. */
export const viewerOf = (
  { case: id, cosigner }: Pick<SignatureRow, 'case' | 'cosigner'>,
  { identified }: Kept,
): SignerViewer => {
  const { person, level, identification } = identified;
  return cosigner === null
    ? { kind: 'applicant', case: id, identified }
    : { kind: 'person', person, level, identification };
};

/** Returns the way back to the case, or to the page of whoever else signs it, as it stands. */
export async function backOf(
  { db, cases, cosigning }: SignaturesDeps,
  { office, case: id, cosigner, version }: SignatureRow,
  kept: Kept | null,
  failure: SigningFailure | null = null,
): Promise<SigningOutcome> {
  const row = await within(db, office, (tx) => readCase(tx, id));
  if (!row) return { kind: 'gone' };
  const isHandedIn = row.state !== DRAFT;
  const way =
    cosigner === null
      ? { to: 'case' as const, secret: cases.secretOf(row) }
      : { to: 'cosigner' as const, secret: cosigning.secretOf(cosigner) };
  return {
    kind: 'back',
    ...{ ...way, office, case: id, isHandedIn, version, failure },
    language: kept?.language ?? row.language,
  };
}
