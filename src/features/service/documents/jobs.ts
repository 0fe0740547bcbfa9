import type { Blobs } from '../../../lib/blobs/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { Broken, sealText } from '../../../lib/envelope/seal.ts';
import type { SecurityLog } from '../../../lib/security-events.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Keyring } from './keyring.ts';
import { nameOf, openLocked, shelfPlace } from './reading.ts';
import { checkAgainAt, isKept, isTriedEnough, mayBecome } from './rules.ts';
import { putOnTrail, removeOrLeave, tell } from './space.ts';
import { claimToCheck, setState, shred } from './store.ts';
import type { CasePaperNews, Check, DocumentRow, Verdict } from './types.ts';
import { readDocumentForUpdate } from './views.ts';

/** Minutes after which a check is repeated: the process that had it has crashed. */
const CHECK_MINUTES = 10;

export interface Checking {
  /** Checks the documents that are due. Returns how many. */
  pass(): Promise<number>;
}

export interface CheckingDeps {
  db: Db;
  blobs: Blobs;
  keyring: Keyring;
  clock: Clock;
  check: Check;
  unit: RunUnit;
  security?: SecurityLog;
  /** Tells of papers of cases that are refused; absent: nobody does. */
  ofCase?: CasePaperNews;
}

/** Returns the job that checks documents before anybody opens them. One process at a time checks a document. */
export function createChecking(deps: CheckingDeps): Checking {
  const { db, clock } = deps;
  return {
    async pass() {
      for (let done = 0; ; done++) {
        const now = clock.now();
        const document = await claimToCheck(db, now, now.add({ minutes: CHECK_MINUTES }));
        if (!document) return done;
        await settle(deps, document, await verdictOn(deps, document));
      }
    },
  };
}

const CHECK = { kind: 'system', why: 'check' } as const;
const ANTIVIRUS = { kind: 'system', why: 'antivirus' } as const;

/** Returns the verdict on a document. After any failure it is not clean. */
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

/** The document can't be checked: a coordinator decides. */
const NOT_WHOLE: Verdict = { verdict: 'unscannable', why: 'not_whole' };

/** The stored bytes were lost or changed: the document must be sent again. */
const BROKEN: Verdict = { verdict: 'refused', why: 'broken' };

async function settle(deps: CheckingDeps, document: DocumentRow, found: Verdict): Promise<void> {
  const { id, office, appointment, case: of } = document;
  const isInfected = found.verdict === 'infected';
  const left = await deps.unit(isInfected ? ANTIVIRUS : CHECK, office, (unit) =>
    settleIn(deps, unit, document, found),
  );
  if (left === null) return;
  await removeOrLeave(deps.blobs, left);
  if (isInfected)
    deps.security?.note('upload.infected', { document: id, appointment, case: of, office });
}

/** What a verdict is to the citizen: a result that they can fetch, or a file that they must send otherwise; null: nothing to tell. */
function newsOf(
  { kind }: Pick<DocumentRow, 'kind'>,
  verdict: Verdict['verdict'],
): 'result' | 'refused' | null {
  if (kind === 'outbox') return verdict === 'clean' ? 'result' : null;
  return kind === 'inbox' && !isKept(verdict) ? 'refused' : null;
}

/** Records a verdict. Returns the names of the pieces that are no longer kept; null: the verdict no longer applies to the document. */
async function settleIn(
  { keyring, ofCase }: Pick<CheckingDeps, 'keyring' | 'ofCase'>,
  unit: Unit,
  { id, case: of }: Pick<DocumentRow, 'id' | 'case'>,
  found: Verdict,
): Promise<string[] | null> {
  const { tx, now } = unit;
  const { verdict } = found;
  unit.tell();
  const tellCase = of !== null && !isKept(verdict) ? await ofCase?.(unit, of) : null;
  const document = await readDocumentForUpdate(tx, id);
  if (!document || document.destroyedAt || !mayBecome(document.state, verdict)) return null;
  const checkAt = verdict === 'error' ? checkAgainAt(document.checks, now) : null;
  const shelf = shelfPlace(document);
  const name = 'name' in found ? found.name : undefined;
  const key = name ? await keyring.shelf(tx, shelf) : null;
  const sealedName = key && name && sealText(key, shelf, nameOf(document), name);
  const what = { ...found, ...(sealedName && { sealedName }) };
  await setState(tx, id, verdict, { now, checkAt }, what);
  // Security officers find it on the trail, with the signature of the antivirus.
  if (found.verdict === 'infected')
    await putOnTrail(unit, document, 'document_infected', { signature: found.signature });
  if (found.verdict === 'refused' && document.kind === 'inbox')
    await putOnTrail(unit, document, 'document_refused', { why: found.why });
  const news = newsOf(document, verdict);
  if (news && document.appointment !== null)
    await tell(unit, news, { office: document.office, appointment: document.appointment });
  if (document.kind === 'inbox') await tellCase?.(id);
  return isKept(verdict) ? [] : shred(tx, id, now);
}
