import { isReached as reaches } from '../features/foundation/notices/rules.ts';
import type { CasePapers, Keyring } from '../features/service/documents/service.ts';
import { createRequests, type Requests } from '../features/service/requests/service.ts';
import type { Base } from './base.ts';
import type { Foundation } from './foundation.ts';

/** Wires complaints, suggestions, incidents, questions and thanks. */
export function wireRequests(
  { config, log, clock, database, keys, unit }: Base,
  { offices, staff }: Foundation,
  { keyring, papers }: { keyring: Keyring; papers: CasePapers },
): Requests {
  const bySms = config.sms !== null || config.demo;
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
    isReached: (phone) => bySms && reaches(phone, config.smsLimits.prefixes),
  });
}
