import type { CasePapers, Keyring } from '../features/service/documents/service.ts';
import { createRequests, type Requests } from '../features/service/requests/service.ts';
import { type Base, reachedBySms } from './base.ts';
import type { Foundation } from './foundation.ts';

/** Wires complaints, suggestions, incidents, questions and thanks. */
export function wireRequests(
  base: Base,
  { offices, staff }: Foundation,
  { keyring, papers }: { keyring: Keyring; papers: CasePapers },
): Requests {
  const { log, clock, database, keys, unit } = base;
  return createRequests({
    db: database.kysely,
    clock,
    unit,
    offices,
    papers,
    keyring,
    log,
    key: keys.links,
    namesOf: staff.namesOf,
    isReached: reachedBySms(base),
  });
}
