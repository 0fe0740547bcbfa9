import { isAtSite } from '../../../../domain/channel.ts';
import { actorOf, type Viewer } from '../../../../lib/viewer.ts';
import { insidersOf } from '../../../booking/proof/rules.ts';
import type { Digest, DocumentEntry } from '../../documents/types.ts';
import type { Kept } from '../keeping.ts';
import type { ActRow, MeansOn, NotedPaper, Proof } from '../types.ts';

/** Maximum characters of where a signed paper is kept. */
export const LONGEST_PLACE = 200;

/**
 * Why a signature on paper is no consent. `not_here`: the citizen is not at a site, so nobody sees them sign; `other_paper`: the code is not the one
 * that is printed on the paper of this act; `no_paper`: neither a scan that was checked nor where the paper is kept was given; `other_scan`: the
 * scan is older than the act, or is the paper of another one; `ended`: somebody else prepared the act; `not_noted`: the official has not noted that
 * it is signed; `not_independent`: the second member of staff is the official.
 */
export type PaperRefusal =
  | 'not_here'
  | 'other_paper'
  | 'no_paper'
  | 'other_scan'
  | 'ended'
  | 'not_noted'
  | 'not_independent';

/** Returns the code that is printed on the paper of an act, such as `3F2A-91BC`: the beginning of the hash of its record. */
export const paperCode = (hash: string): string =>
  `${hash.slice(0, 4)}-${hash.slice(4, 8)}`.toUpperCase();

/** Whether a typed code is the one on the paper of this record. Spaces, hyphens and capitals don't matter. */
export const isPaperOf = (hash: string, typed: string): boolean =>
  typed.replaceAll(/[\s-]/g, '').toUpperCase() === paperCode(hash).replace('-', '');

/** Whether a document is a scan by this member of staff, which was checked: evidence that they put there and that was not destroyed. */
export const isScanOf = (
  viewer: Viewer,
  { kind, madeBy, state, destroyedAt }: ScanFacts & { state: DocumentEntry['state'] },
): boolean => isScanBy(viewer, { kind, madeBy, destroyedAt }) && state === 'clean';

type ScanFacts = Pick<DocumentEntry, 'kind' | 'madeBy' | 'destroyedAt'>;

/** The same of a scan that may still be checked. */
export const isScanBy = (viewer: Viewer, { kind, madeBy, destroyedAt }: ScanFacts): boolean =>
  kind === 'evidence' && madeBy === actorOf(viewer) && destroyedAt === null;

/** Whether a scan can be the paper of an act: it was made after the act was prepared, of which the code is printed on it. */
export const isMadeFor = (
  { madeAt }: Pick<DocumentEntry, 'madeAt'>,
  { preparedAt }: Pick<ActRow, 'preparedAt'>,
): boolean => Temporal.Instant.compare(madeAt, preparedAt) >= 0;

type PaperOn = MeansOn & { act: Pick<ActRow, 'preparedAt'>; kept: Kept };

/** Returns why a paper with this code is not the signed one of an act; null: it is. */
function whyOtherPaper(
  { appointment, kept }: Pick<PaperOn, 'appointment' | 'kept'>,
  code: string,
): 'not_here' | 'other_paper' | null {
  if (!isAtSite(appointment.channel)) return 'not_here';
  return isPaperOf(kept.hash, code) ? null : 'other_paper';
}

/** A scan of a signed paper, and when it was put into the evidence. */
export type Scan = Digest & Pick<DocumentEntry, 'madeAt'>;

/**
 * Returns why the citizen's signature on the paper of an act can't be taken from this viewer: only the official who prepared it saw them sign. Null: it
 * can. `paper` null: none was given.
 */
export function whyNotSigned(
  on: PaperOn,
  { code, paper }: { code: string; paper: { scan: Scan | null; place: string } | null },
): PaperRefusal | null {
  if (actorOf(on.viewer) !== on.act.preparedBy) return 'ended';
  const why = whyOtherPaper(on, code);
  if (why) return why;
  if (!paper) return 'no_paper';
  return paper.scan && !isMadeFor(paper.scan, on.act) ? 'other_scan' : null;
}

/** Takes the word of a second member of staff that they saw the signed paper, from which they type its code. `noted`: by the official. */
export function acceptSeen(
  on: PaperOn,
  { code, noted }: { code: string; noted: NotedPaper | null },
): { ok: true; proof: Proof } | { ok: false; reason: PaperRefusal } {
  const { viewer, act } = on;
  const refused = (reason: PaperRefusal) => ({ ok: false, reason }) as const;
  if (!noted) return refused('not_noted');
  if (viewer.kind !== 'staff' || actorOf(viewer) === act.preparedBy)
    return refused('not_independent');
  const why = whyOtherPaper(on, code);
  if (why) return refused(why);
  const witness = { staff: viewer.staff, name: viewer.name };
  return { ok: true, proof: { ...proofOnPaper(on, { scan: null, place: noted.place }), witness } };
}

/** Returns the proof of a consent by a signed paper. */
export function proofOnPaper(
  { act, standing, kept }: PaperOn,
  { scan, place }: { scan: Scan | null; place: string },
): Proof {
  const { madeAt: _, ...digest } = scan ?? {};
  return {
    ...{ method: 'on_paper', code: null, browser: null, witness: null, identity: null },
    heard: act.heardAt?.toString() ?? null,
    insiders: insidersOf(standing),
    paper: { printed: kept.hash, scan: scan && (digest as Digest), place },
  };
}
