import type { StaffNames } from '../../../domain/staff.ts';
import type { Blobs } from '../../../lib/blobs/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { OfficeKeys } from '../../../lib/envelope/keys.ts';
import type { SecurityLog } from '../../../lib/security-events.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { createDestroying, type Destroying } from './destroying.ts';
import { createHanding, type Handing } from './handing.ts';
import { type Checking, createChecking } from './jobs.ts';
import { createKeyring } from './keyring.ts';
import { type Asking, createAsking } from './outstanding.ts';
import { createSeeing, type Seeing } from './seeing.ts';
import { findSpace } from './space.ts';
import type { CasePaperNews, Check } from './types.ts';
import { createVerifying, type Verifying } from './verifying.ts';

/**
 * The confidential space of each appointment: documents of the citizen, results, evidence. A document that isn't the viewer's is answered
 * as if it didn't exist. See docs/adr/0026 and 0027.
 */
export interface Documents extends Handing, Seeing, Asking, Checking, Destroying, Verifying {
  /** Whether this viewer may work with the documents of an appointment. */
  isOpenTo(viewer: StaffViewer, appointment: string): Promise<boolean>;
}

export function createDocuments(deps: {
  db: Db;
  blobs: Blobs;
  keys: OfficeKeys;
  clock: Clock;
  check: Check;
  staff: StaffNames;
  unit: RunUnit;
  /** The log for infected documents. */
  security?: SecurityLog;
  /** Tells of papers of cases that their check refused. */
  ofCase?: CasePaperNews;
}): Documents {
  const space = { ...deps, keyring: createKeyring(deps.keys) };
  return {
    ...createHanding(space),
    ...createSeeing(space),
    ...createAsking(space),
    ...createChecking(space),
    ...createDestroying(space),
    ...createVerifying(space),
    isOpenTo: (viewer, appointment) =>
      within(
        deps.db,
        viewer.office,
        async (tx) => (await findSpace(tx, viewer, appointment)) !== null,
      ),
  };
}

export {
  type CasePapers,
  type CaseSpace,
  createCasePapers,
  type RequestSpace,
} from './case-papers.ts';
export { checkContent } from './checks/service.ts';
export type { AppendResult, BeginResult } from './handing.ts';
export { createKeyring, type Keyring } from './keyring.ts';
export { createRewrapping, type Rewrapping } from './rewrapping.ts';
export { dropKeys } from './space.ts';
