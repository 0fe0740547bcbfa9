/** Adds to the audit trail, in the transaction of the recorded change. */

export { actionOf, isAccountAction } from './actions.ts';
export { type Damage, readSealTexts, sealText, type Verdict } from './rules.ts';
export { type AuditSeals, createAuditSeals } from './seals.ts';
export { insertAudit as record, insertAuditInEach as recordInEach } from './store.ts';
export { createThrottledAudit, type ThrottledAudit } from './throttled.ts';
export { type AuditTrail, createAuditTrail, mayReadTrail } from './trail.ts';
export {
  type About,
  aboutAppointment,
  type InstallationUnit,
  type RunUnit,
  type Unit,
  unitOf,
} from './unit.ts';
