import { can } from '../../../domain/roles.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { HandedInKind } from '../cases/rules.ts';
import type { Case } from '../cases/types.ts';
import type { DocumentKind } from './types.ts';

/** Bytes of files of several cases that are packed at once. */
export const MOST_BYTES = 300_000_000;
/** Bytes of files of a case that is packed alone. It is more than a town can let a case have, and a ZIP ends at 4 GiB. */
export const MOST_BYTES_ALONE = 4_000_000_000;
/** Cases that are packed at once. */
export const MOST_CASES = 20;

/** Returns whether somebody may hand cases over to the archive of the town. */
export const mayHandOver = (viewer: Viewer): boolean =>
  viewer.kind === 'staff' && can(viewer, 'hand_over_cases');

/** Returns whether a case is to be handed over: it is closed, and its form has it kept for good. */
export const isForGood = ({ closedAt, endsOn }: Pick<Case, 'closedAt' | 'endsOn'>): boolean =>
  closedAt !== null && endsOn === null;

/** What a thing that was handed in is, by the list of the interoperability rules. */
export const KIND_OF: Readonly<Record<HandedInKind, DocumentKind>> = {
  application: 'TD14',
  amendment: 'TD16',
  withdrawal: 'TD18',
  signature: 'TD18',
};
