import { ACTS } from './acts.ts';
import { APPOINTMENTS } from './appointments.ts';
import { CASES } from './cases.ts';
import { CHAT } from './chat.ts';
import { COLLEAGUES } from './colleagues.ts';
import { COSIGNING } from './cosigning.ts';
import { FOLDERS } from './folders.ts';
import { IDENTITIES } from './identities.ts';
import { NOTIFICATIONS } from './notifications.ts';
import { PAYMENTS } from './payments.ts';
import { REGISTRIES } from './registries.ts';
import { REPRESENTATIONS } from './representations.ts';
import { REQUESTS } from './requests.ts';
import { ROOMS } from './rooms.ts';
import { SIGNATURES } from './signatures.ts';
import { VISITS } from './visits.ts';
import type { Scenario } from './world.ts';

/** What is done for people and with them: every scenario but those of accounts and of the town's declarations. */
export const SERVICES: Record<string, Record<string, Scenario>> = {
  ...CHAT, // on the first morning
  ...APPOINTMENTS,
  ...CASES,
  ...REQUESTS,
  ...COSIGNING,
  ...COLLEAGUES,
  ...FOLDERS,
  ...NOTIFICATIONS,
  ...IDENTITIES,
  ...PAYMENTS,
  ...SIGNATURES,
  ...REGISTRIES,
  ...ACTS,
  ...REPRESENTATIONS,
  ...ROOMS,
  ...VISITS,
};
