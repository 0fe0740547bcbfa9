import type { GivenLevel, Level } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { keepBrowserSecret } from '../../foundation/identification/service.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import { readCaseForUpdate } from '../cases/views.ts';
import { signedName } from './file.ts';
import {
  type Attempt,
  attemptOf,
  backOf,
  findAttempt,
  type Kept,
  keepStepOf,
  stateOf,
  viewerOf,
} from './kept.ts';
import { answerProgram, beginProgram } from './program.ts';
import { isLate, MOST_SIGNINGS, signatureStanding } from './rules.ts';
import { sealPart } from './sealing.ts';
import type { SignaturesDeps, ToSign } from './service.ts';
import { failSigning, settleSigned } from './settling.ts';
import { insertSignature, noteAnswered } from './store.ts';
import type { BeginSigning, SigningOutcome, SigningStep } from './types.ts';
import { readSignature, readSignaturesOf } from './views.ts';

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
  const step =
    provider.kind === 'program'
      ? await beginProgram(deps, provider, viewer, { ...made, office: asked.office })
      : await provider.start(attemptOf(deps, made));
  const isHere = provider.kind === 'program';
  if (step.ok) return { ok: true, url: step.value.url, cookie, isHere };
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
