import type { CountDue } from '../features/booking/administration/views.ts';
import { countDueActs } from '../features/service/consent/views.ts';
import { countDue } from '../features/service/documents/views.ts';

/** Counts the documents and acts that would be destroyed. */
export const countDueEvidence: CountDue = async (tx, office, { working, evidence }) => ({
  documents: await countDue(tx, office, { working, evidence }),
  acts: await countDueActs(tx, office, evidence),
});
