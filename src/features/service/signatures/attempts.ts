import type { GivenLevel, Level, PersonId } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { hashSecret, type PurposeKey, sameHash, versionIn } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { browserSecretIn, keepBrowserSecret } from '../../foundation/identification/service.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import { DRAFT } from '../cases/types.ts';
import { readCase, readCaseForUpdate } from '../cases/views.ts';
import { signedName } from './file.ts';
import { isLate, MOST_SIGNINGS, returnUrlOf, signatureStanding } from './rules.ts';
import { openPart, sealPart } from './sealing.ts';
import type { SignaturesDeps, ToSign } from './service.ts';
import { failSigning, settleSigned } from './settling.ts';
import { insertSignature, keepStep, noteAnswered } from './store.ts';
import type {
  BeginSigning,
  SignatureRow,
  SigningAttempt,
  SigningFailure,
  SigningOutcome,
  SigningStep,
} from './types.ts';
import { readByCode, readSignature, readSignaturesOf } from './views.ts';

/** What an attempt keeps, sealed. */
interface Kept {
  language: Language;
  name: string;
  person: PersonId;
  personName: string;
  level: GivenLevel;
  /** As whom the person hands in. */
  identified: NonNullable<ApplicantViewer['identified']>;
  /** What the adapter keeps. */
  step: string | null;
}

interface Attempt {
  row: SignatureRow;
  kept: Kept;
  state: string;
}

type Asked = ToSign & { office: Office; id: string };

/** Begins an attempt, and asks the provider where the browser goes. */
export async function beginSigning(
  deps: SignaturesDeps,
  viewer: ApplicantViewer,
  asked: Asked,
): Promise<BeginSigning> {
  const provider = await deps.provider(asked.way);
  if (!provider) return { ok: false, reason: 'closed' };
  const { identified } = viewer;
  const known = identified && (await deps.identification.of(identified.identification));
  if (!identified || !known) return { ok: false, reason: 'needs_identity' };
  const { secret: browser, cookie } = keepBrowserSecret(asked.cookie, deps.baseUrl);
  const who = await deps.cases.whoHandsIn(viewer, asked.office, asked.id);
  const made = await deps.unit(viewer, asked.office.id, (unit) =>
    makeAttempt(deps, unit, { ...asked, browser, known, identified, who }),
  );
  if (!made.ok) return made;
  const step = await provider.start(attemptOf(deps, made));
  if (step.ok) return { ok: true, url: step.value.url, cookie };
  await failSigning(deps, viewer, made.row, step.reason);
  return { ok: false, reason: 'away' };
}

type Who = Awaited<ReturnType<SignaturesDeps['cases']['whoHandsIn']>>;
type Made = ({ ok: true } & Attempt) | Extract<BeginSigning, { ok: false }>;

async function makeAttempt(
  deps: SignaturesDeps,
  unit: Unit<ApplicantViewer>,
  on: Asked & Pick<Kept, 'identified'> & { browser: string; known: IdentificationOf; who: Who },
): Promise<Made> {
  const { cases, key, keyring } = deps;
  const { tx } = unit;
  const { office, id: of, way, language, seen, known, identified, who } = on;
  // Two presses of the button wait for each other here.
  const locked = isUuid(of) ? await readCaseForUpdate(tx, of) : null;
  const before = locked ? await readSignaturesOf(tx, of) : [];
  if (locked && signatureStanding(before, locked.version).kind === 'signed')
    return { ok: false, reason: 'signed' };
  const id = key.newId();
  const ready = await cases.prepare(unit, office, of, { by: id, who, seen, isToSign: true });
  if (!ready.ok) return ready;
  if (!locked) return { ok: false, reason: 'not_found' };
  if (before.length >= MOST_SIGNINGS) return { ok: false, reason: 'too_many' };
  const kept: Kept = {
    ...{ language, identified, step: null, name: signedName(locked) },
    ...{ person: known.of, personName: known.name.full, level: levelIn(ready.level) },
  };
  const state = stateOf(key, id, on.browser);
  const text = JSON.stringify(kept);
  const made = {
    ...{ id, case: of, way, version: ready.version, cents: ready.cents, prepared: ready.sealed },
    identification: ready.identification,
    hash: ready.hash.toString('hex'),
    browserHash: hashSecret(state),
    kept: await sealPart(keyring, tx, locked, { what: 'kept', id, text }),
  };
  await insertSignature(unit, made);
  await unit.record('signature_begun', { data: { case: of, signature: id, way } });
  const row = await readSignature(tx, id);
  if (!row) throw new Error('The signature that was just begun is not there');
  return { ok: true, row, kept, state };
}

/** Whoever signs is identified, at the lowest level at least. */
const levelIn = (level: Level): GivenLevel => (level === 'none' ? 'low' : level);

/** Everything by which an answer is recognised is derived from the attempt and its browser. */
const stateOf = (key: PurposeKey, id: string, browser: string): string =>
  `${id}.${key.of(id).derive(`signature ${id} ${browser}`)}`;

const attemptOf = (
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
  level: kept.level,
  kept: kept.step,
});

/** Takes the answer with which a browser came back. Only the browser that began has an attempt, and its answers count once. */
export async function answerSigning(
  deps: SignaturesDeps,
  url: URL,
  cookie: string,
): Promise<SigningOutcome> {
  const found = await findAttempt(deps, url.searchParams, cookie);
  if (!found) return { kind: 'gone' };
  const { row, state } = found;
  const now = deps.clock.now();
  if (row.state !== 'begun' || !found.kept) return backOf(deps, row, found.kept);
  const { kept } = found;
  const attempt = { row, state, kept };
  const viewer = viewerOf(row, kept);
  if (isLate(row, now)) {
    await failSigning(deps, viewer, row, 'expired');
    return backOf(deps, row, kept, 'expired');
  }
  // The provider's code of the first answer can be used once. The signature is fetched again while it doesn't answer.
  const isFirst = found.by === 'state';
  if (isFirst && !(await within(deps.db, row.office, (tx) => noteAnswered(tx, row.id, now))))
    return backOf(deps, row, kept);
  const provider = await deps.provider(row.way);
  const answer = (await provider?.next(url, attemptOf(deps, attempt))) ?? {
    ok: false,
    reason: 'away' as const,
  };
  if (!answer.ok) {
    if (answer.reason === 'away' && !isFirst) return { kind: 'again', language: kept.language };
    await failSigning(deps, viewer, row, answer.reason);
    return backOf(deps, row, kept, answer.reason);
  }
  const { value } = answer;
  if (value.kind === 'go') return goOn(deps, attempt, value);
  await settleSigned(deps, viewer, row, value);
  return backOf(deps, row, kept);
}

async function findAttempt(
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
  const text = await within(db, row.office, (tx) =>
    openPart(
      keyring,
      tx,
      { id: row.case, office: row.office },
      { what: 'kept', id: row.id, sealed: row.kept },
    ),
  );
  const kept = text ? (JSON.parse(text) as Kept) : null;
  return { row, state, kept, by: code === null ? ('state' as const) : ('code' as const) };
}

async function goOn(
  { db, keyring }: SignaturesDeps,
  { row, kept }: Attempt,
  { url, kept: step, code }: SigningStep,
): Promise<SigningOutcome> {
  const text = JSON.stringify({ ...kept, step } satisfies Kept);
  const of = { id: row.case, office: row.office };
  await within(db, row.office, async (tx) => {
    const sealed = await sealPart(keyring, tx, of, { what: 'kept', id: row.id, text });
    await keepStep(tx, row.id, { kept: sealed, code: code ? hashSecret(code) : null });
  });
  return { kind: 'go', url };
}

const viewerOf = ({ case: id }: SignatureRow, { identified }: Kept): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified,
});

/** Returns the way back to the case, as it stands. */
async function backOf(
  { db, cases }: SignaturesDeps,
  { office, case: id, version }: SignatureRow,
  kept: Kept | null,
  failure: SigningFailure | null = null,
): Promise<SigningOutcome> {
  const row = await within(db, office, (tx) => readCase(tx, id));
  if (!row) return { kind: 'gone' };
  const isHandedIn = row.state !== DRAFT;
  return {
    kind: 'back',
    ...{ secret: cases.secretOf(row), office, case: id, isHandedIn, version, failure },
    language: kept?.language ?? row.language,
  };
}
