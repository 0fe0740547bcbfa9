import type { Appointments } from '../../features/booking/appointments/service.ts';
import type { Slots } from '../../features/booking/slots/service.ts';
import type { RunUnit } from '../../features/foundation/audit/service.ts';
import type { Forms } from '../../features/foundation/forms/service.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { Tokens } from '../../features/foundation/tokens/service.ts';
import type { CasesByToken } from '../../features/service/cases/service.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/db/database.ts';
import type { SecurityLog } from '../../lib/security-events.ts';
import type { Assets } from '../assets.ts';
import type { ApiLimits } from './gate.ts';

/** The parts of the context that the API needs. */
export interface ApiDeps {
  config: { baseUrl: string; trustedProxies: number; declaredProxies: number };
  log: { error(what: object, message: string): void };
  security: SecurityLog;
  clock: Clock;
  database: Database;
  unit: RunUnit;
  offices: Offices;
  forms: Pick<Forms, 'current'>;
  slots: Slots;
  appointments: Appointments;
  casesByToken: CasesByToken;
  tokens: Tokens;
  /** For the page that explains the API. */
  assets: Assets;
  /** API_LIMITS by default. */
  limits?: ApiLimits;
}
