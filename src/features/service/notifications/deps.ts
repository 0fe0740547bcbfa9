import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Forms } from '../../foundation/forms/service.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { Keyring } from '../documents/service.ts';
import type { Issuing } from '../verification/service.ts';
import type { NotificationPort } from './types.ts';

export interface NotificationsDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  offices: Pick<Offices, 'byId' | 'town'>;
  forms: Pick<Forms, 'version'>;
  keyring: Pick<Keyring, 'make' | 'shelf'>;
  identification: Pick<Identification, 'of'>;
  issuing: Issuing;
  /** Returns where the town notifies electronically; null: in the folder. */
  port(): Promise<NotificationPort | null>;
  log: { info(what: object, message: string): void; warn(what: object, message: string): void };
  /** In [0, 1). */
  random?(): number;
}
