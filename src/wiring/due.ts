import type { CountDue } from '../features/booking/administration/views.ts';
import { countDueActs } from '../features/service/consent/views.ts';
import { countDue } from '../features/service/documents/views.ts';
import { countEndingPayments } from '../features/service/payments/views.ts';

/** Counts the documents and acts that would be destroyed. */
export const countDueEvidence: CountDue = async (tx, office, { working, evidence, payments }) => ({
  documents: await countDue(tx, office, { working, evidence }),
  acts: await countDueActs(tx, office, evidence),
  payments: await countEndingPayments(tx, office, payments),
});
