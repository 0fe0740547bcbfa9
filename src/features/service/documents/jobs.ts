import type { Blobs } from '../../../lib/blobs/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { Broken, sealText } from '../../../lib/envelope/seal.ts';
import type { SecurityLog } from '../../../lib/security-events.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { Keyring } from './keyring.ts';
import { nameOf, openLocked, shelfPlace } from './reading.ts';
import { checkAgainAt, isKept, isTriedEnough, mayBecome } from './rules.ts';
import { putOnTrail, removeOrLeave, tell } from './space.ts';
import { claimToCheck, setState, shred } from './store.ts';
import type { Check, DocumentRow, Verdict } from './types.ts';
import { readDocumentForUpdate } from './views.ts';

/** A check that takes longer is begun anew: whoever had it has died. */
const CHECK_MINUTES = 10;

export interface Checking {
  /** Looks into whatever waits for it. Answers how many. */
  pass(): Promise<number>;
}

export interface CheckingDeps {
  db: Db;
  blobs: Blobs;
  keyring: Keyring;
  clock: Clock;
  check: Check;
  /** Told when something was found. */
  notify(office: number): void;
  security?: SecurityLog;
}

/** Before anybody opens a document, it is looked into, by one process at a time. */
export function createChecking(deps: CheckingDeps): Checking {
  const { db, clock, notify } = deps;
  return {
    async pass() {
      for (let done = 0; ; done++) {
        const now = clock.now();
        const document = await claimToCheck(db, now, now.add({ minutes: CHECK_MINUTES }));
        if (!document) return done;
        await settle(deps, document, await verdictOn(deps, document));
        notify(document.office);
      }
    },
  };
}

const CHECK: Viewer = { kind: 'system', why: 'check' };

/** Whatever goes wrong, it is not clean. */
async function verdictOn(deps: CheckingDeps, document: DocumentRow): Promise<Verdict> {
  if (isTriedEnough(document)) return NOT_WHOLE;
  try {
    const found = await within(deps.db, document.office, (tx) => openLocked(deps, tx, document));
    if (!found) return BROKEN;
    return await deps.check(found, { name: found.name, type: document.declared });
  } catch (error) {
    return error instanceof Broken ? BROKEN : { verdict: 'error', why: 'failed' };
  }
}

/** Nobody could look into it: somebody decides. */
const NOT_WHOLE: Verdict = { verdict: 'unscannable', why: 'not_whole' };

/** Its bytes were lost or changed, here: it must be sent again. */
const BROKEN: Verdict = { verdict: 'refused', why: 'broken' };

async function settle(
  { db, blobs, clock, keyring, security }: CheckingDeps,
  { id, office, appointment }: DocumentRow,
  found: Verdict,
): Promise<void> {
  const left = await within(db, office, async (tx) => {
    const document = await readDocumentForUpdate(tx, id);
    const { verdict } = found;
    if (!document || document.destroyedAt || !mayBecome(document.state, verdict)) return null;
    const now = clock.now();
    const checkAt = verdict === 'error' ? checkAgainAt(document.checks, now) : null;
    const shelf = shelfPlace(document);
    const name = 'name' in found ? found.name : undefined;
    const key = name ? await keyring.shelf(tx, shelf) : null;
    const sealedName = key && name && sealText(key, shelf, nameOf(document), name);
    const what = { ...found, ...(sealedName && { sealedName }) };
    await setState(tx, id, verdict, { now, checkAt }, what);
    if (found.verdict === 'infected') await putFindOnTrail(tx, document, found.signature, now);
    if (found.verdict === 'refused' && document.kind === 'inbox')
      await putOnTrail(tx, CHECK, document, {
        action: 'document_refused',
        now,
        data: { why: found.why },
      });
    if (verdict === 'clean' && document.kind === 'outbox') await tell(tx, 'result', document, now);
    return isKept(verdict) ? [] : shred(tx, id, now);
  });
  if (left === null) return;
  await removeOrLeave(blobs, left);
  if (found.verdict === 'infected')
    security?.note('upload.infected', { document: id, appointment, office: office });
}

/** Who answers for security finds it on the trail, with the antivirus's word for it. */
const putFindOnTrail = (tx: Tx, document: DocumentRow, signature: string, now: Temporal.Instant) =>
  putOnTrail(tx, { kind: 'system', why: 'antivirus' }, document, {
    ...{ action: 'document_infected', now, data: { signature } },
  });
