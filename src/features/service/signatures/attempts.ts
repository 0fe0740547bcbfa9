import type { GivenLevel, Level } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ApplicantViewer, PersonViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { keepBrowserSecret } from '../../foundation/identification/service.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import type { CaseRow } from '../cases/types.ts';
import { readCaseForUpdate } from '../cases/views.ts';
import { signedName } from './file.ts';
import {
  type Attempt,
  attemptOf,
  backOf,
  findAttempt,
  type Kept,
  keepStepOf,
  type SignerViewer,
  stateOf,
  viewerOf,
} from './kept.ts';
import { answerProgram, beginProgram } from './program.ts';
import { isLate, MOST_SIGNINGS, signatureStanding } from './rules.ts';
import { sealPart } from './sealing.ts';
import type { SignaturesDeps, ToSign } from './service.ts';
import { failSigning, settleSigned } from './settling.ts';
import { insertSignature, noteAnswered } from './store.ts';
import type {
  BeginCosigning,
  BeginSigning,
  SignatureRow,
  SigningOutcome,
  SigningStep,
} from './types.ts';
import { readCosignaturesOf, readSignature, readSignaturesOf } from './views.ts';

type Asked = Pick<ToSign, 'way' | 'language' | 'cookie'> & { office: Office };
type Identified = Kept['identified'];

/** What somebody signs, as it is sealed. `row`: the locked case. */
interface Prepared extends Pick<SignatureRow, 'version' | 'cents' | 'cosigner' | 'identification'> {
  ok: true;
  row: CaseRow;
  before: readonly SignatureRow[];
  sealed: Buffer;
  hash: Buffer;
  level: Level;
}

/** Prepares what is signed, in the unit of work of an attempt: it is sealed for `by`, the id of the signature. */
type Prepare<V extends SignerViewer, R> = (unit: Unit<V>, by: string) => Promise<Prepared | R>;

type NotBegun<R> = Extract<R, { ok: false }>;

/** Begins an attempt of the applicant of a case, and asks the provider where the browser goes. */
export async function beginSigning(
  deps: SignaturesDeps,
  viewer: ApplicantViewer,
  asked: Asked & Pick<ToSign, 'seen'> & { id: string },
): Promise<BeginSigning> {
  const { office, id: of, seen } = asked;
  if (!(await deps.provider(asked.way))) return { ok: false, reason: 'closed' };
  const { identified } = viewer;
  const known = identified && (await deps.identification.of(identified.identification));
  if (!identified || !known) return { ok: false, reason: 'needs_identity' };
  const who = await deps.cases.whoHandsIn(viewer, office, of);
  return begin<ApplicantViewer, NotBegun<BeginSigning>>(
    deps,
    viewer,
    { ...asked, identified, known },
    async (unit, by) => {
      // Two presses of the button wait for each other here.
      const row = isUuid(of) ? await readCaseForUpdate(unit.tx, of) : null;
      const before = row ? await readSignaturesOf(unit.tx, of) : [];
      if (row && signatureStanding(before, row.version).kind === 'signed')
        return { ok: false, reason: 'signed' };
      const ready = await deps.cases.prepare(unit, office, of, { by, who, seen, isToSign: true });
      if (!ready.ok) return ready;
      return row ? { ...ready, row, before, cosigner: null } : { ok: false, reason: 'not_found' };
    },
  );
}

/** Begins an attempt of somebody else who must sign what was handed in: see `beginSigning`. */
export async function beginCosigning(
  deps: SignaturesDeps,
  viewer: PersonViewer,
  asked: Asked & { cosigner: string; hash: string },
): Promise<BeginCosigning> {
  const { office, cosigner, way, hash } = asked;
  if (!(await deps.provider(asked.way))) return { ok: false, reason: 'closed' };
  const known = await deps.identification.of(viewer.identification);
  if (!known) return { ok: false, reason: 'other' };
  const { kind: _, ...identified } = viewer;
  return begin<PersonViewer, NotBegun<BeginCosigning>>(
    deps,
    viewer,
    { ...asked, identified, known },
    async (unit, by) => {
      const ready = await deps.cosigning.prepare(unit, office, cosigner, { by, way, hash, known });
      if (!ready.ok) return ready;
      const before = await readCosignaturesOf(unit.tx, { cosigner });
      const { identification } = identified;
      return { ...ready, before, cosigner, identification, version: 0, cents: 0 };
    },
  );
}

async function begin<V extends SignerViewer, R extends { ok: false }>(
  deps: SignaturesDeps,
  viewer: V,
  asked: Asked & { identified: Identified; known: IdentificationOf },
  prepare: Prepare<V, R>,
) {
  const { office } = asked;
  const { secret: browser, cookie } = keepBrowserSecret(asked.cookie, deps.baseUrl);
  const made = await deps.unit(viewer, office.id, (unit) =>
    makeAttempt(deps, unit as Unit<V>, { ...asked, browser }, prepare),
  );
  if (!made.ok) return made;
  const provider = await deps.provider(asked.way);
  const step = !provider
    ? GONE
    : provider.kind === 'program'
      ? await beginProgram(deps, provider, viewer, { ...made, office })
      : await provider.start(attemptOf(deps, made));
  const isHere = provider?.kind === 'program';
  if (step.ok) return { ok: true, url: step.value.url, cookie, isHere } as const;
  await failSigning(deps, viewer, made.row, step.reason);
  return { ok: false, reason: 'away' } as const;
}

/** The town stopped offering this way just now. */
const GONE = { ok: false, reason: 'away' } as const;

async function makeAttempt<V extends SignerViewer, R extends { ok: false }>(
  { key, keyring }: SignaturesDeps,
  unit: Unit<V>,
  on: Asked & { identified: Identified; known: IdentificationOf; browser: string },
  prepare: Prepare<V, R>,
) {
  const { way, language, known } = on;
  const id = key.newId();
  const ready = await prepare(unit, id);
  if (!ready.ok) return ready;
  const { row: of, before, cosigner, version, cents } = ready;
  if (before.length >= MOST_SIGNINGS) return { ok: false, reason: 'too_many' } as const;
  const kept: Kept = {
    ...{ language, identified: on.identified, step: null, name: signedName(of) },
    ...{ person: known.of, personName: known.name.full, level: levelIn(ready.level) },
    organisation: cosigner === null ? (of.representation?.organisation ?? null) : null,
  };
  const state = stateOf(key, id, on.browser);
  const text = JSON.stringify(kept);
  await insertSignature(unit, {
    ...{ id, case: of.id, cosigner, way, version, cents, prepared: ready.sealed },
    identification: ready.identification,
    hash: ready.hash.toString('hex'),
    browserHash: hashSecret(state),
    kept: await sealPart(keyring, unit.tx, of, { what: 'kept', id, text }),
  });
  await unit.record('signature_begun', { data: { case: of.id, signature: id, way } });
  const row = await readSignature(unit.tx, id);
  if (!row) throw new Error('The signature that was just begun is not there');
  return { ok: true, row, kept, state } as const;
}

/** Whoever signs is identified, at the lowest level at least. */
const levelIn = (level: Level): GivenLevel => (level === 'none' ? 'low' : level);

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
  const provider = await deps.provider(row.way);
  if (provider?.kind === 'program')
    return answerProgram(deps, provider, attempt, url.searchParams.get('answer'));
  if (isLate(row, now)) {
    await failSigning(deps, viewer, row, 'expired');
    return backOf(deps, row, kept, 'expired');
  }
  // The provider's code of the first answer can be used once. The signature is fetched again while it doesn't answer.
  const isFirst = found.by === 'state';
  if (isFirst && !(await within(deps.db, row.office, (tx) => noteAnswered(tx, row.id, now))))
    return backOf(deps, row, kept);
  const answer = (await provider?.next(url, attemptOf(deps, attempt))) ?? {
    ok: false,
    reason: 'away' as const,
  };
  if (!answer.ok) {
    if (answer.reason === 'away' && !isFirst)
      return { kind: 'again', language: kept.language, way: row.way };
    await failSigning(deps, viewer, row, answer.reason);
    return backOf(deps, row, kept, answer.reason);
  }
  const { value } = answer;
  if (value.kind === 'go') return goOn(deps, attempt, value);
  await settleSigned(deps, viewer, row, value);
  return backOf(deps, row, kept);
}

async function goOn(
  { db, keyring }: SignaturesDeps,
  attempt: Attempt,
  step: SigningStep,
): Promise<SigningOutcome> {
  await within(db, attempt.row.office, (tx) => keepStepOf(keyring, tx, attempt, step));
  return { kind: 'go', url: step.url };
}
