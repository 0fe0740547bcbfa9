import { isAtSite } from '../../../../domain/channel.ts';
import { actorOf, type Viewer } from '../../../../lib/viewer.ts';
import { insidersOf } from '../../../booking/proof/rules.ts';
import type { DocumentEntry } from '../../documents/types.ts';
import type { Kept } from '../keeping.ts';
import type { MeansOn, Proof, SignedPaper } from '../types.ts';

/** Maximum characters of where a signed paper is kept. */
export const LONGEST_PLACE = 200;

/**
 * Why a signature on paper is no consent. `not_here`: the citizen is not at a site, so nobody sees them sign; `other_paper`: the code is not the one
 * that is printed on the paper of this act; `no_paper`: neither a scan that was checked nor where the paper is kept was given; `ended`: somebody else
 * prepared the act.
 */
export type PaperRefusal = 'not_here' | 'other_paper' | 'no_paper' | 'ended';

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

/** Takes the citizen's signature on the paper of an act, by the official who prepared it and saw them sign. `paper` null: none was given. */
export function acceptPaper(
  { viewer, appointment, act, standing, kept }: MeansOn & { kept: Kept; viewer: Viewer },
  given: { code: string; paper: Omit<SignedPaper, 'printed'> | null },
): { ok: true; proof: Proof } | { ok: false; reason: PaperRefusal } {
  const refused = (reason: PaperRefusal) => ({ ok: false, reason }) as const;
  if (actorOf(viewer) !== act.preparedBy) return refused('ended');
  if (!isAtSite(appointment.channel)) return refused('not_here');
  if (!isPaperOf(kept.hash, given.code)) return refused('other_paper');
  if (!given.paper) return refused('no_paper');
  const proof: Proof = {
    ...{ method: 'on_paper', code: null, browser: null, witness: null, identity: null },
    heard: act.heardAt?.toString() ?? null,
    insiders: insidersOf(standing),
    paper: { printed: kept.hash, ...given.paper },
  };
  return { ok: true, proof };
}
