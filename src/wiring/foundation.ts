import { DEMO_PROVIDER, identityAdapters } from '../connectors/identity/providers.ts';
import { registerAdapter } from '../connectors/residents/registers.ts';
import { createAuditSeals, createAuditTrail } from '../features/foundation/audit/service.ts';
import { createBackups } from '../features/foundation/backups/service.ts';
import { createDrafts } from '../features/foundation/drafts/service.ts';
import { createForms } from '../features/foundation/forms/service.ts';
import {
  createIdentification,
  type IdentificationDeps,
} from '../features/foundation/identification/service.ts';
import { createStopping, createTrials } from '../features/foundation/notices/service.ts';
import {
  createOffices,
  type Offices,
  recentOffices as recentOf,
} from '../features/foundation/offices/service.ts';
import { createPeople } from '../features/foundation/people/service.ts';
import { createPreferences } from '../features/foundation/preferences/service.ts';
import { createProofOfWork } from '../features/foundation/proof-of-work/service.ts';
import { createRotating } from '../features/foundation/purpose-keys/service.ts';
import { createRegistry } from '../features/foundation/registry/service.ts';
import { createRelay } from '../features/foundation/relay/service.ts';
import { createResidents } from '../features/foundation/residents/service.ts';
import { createSso } from '../features/foundation/sso/service.ts';
import { createStaff } from '../features/foundation/staff/service.ts';
import { createStaffIdentifiers } from '../features/foundation/staff-identifiers/service.ts';
import { createStaffMail } from '../features/foundation/staff-mail/service.ts';
import { createTokens } from '../features/foundation/tokens/service.ts';
import { openBlobs } from '../lib/blobs/open.ts';
import { systemClock } from '../lib/clock.ts';
import { MIGRATIONS, VERSION } from '../paths.ts';
import { tellOfKeys } from '../root-key.ts';
import type { Base } from './base.ts';
import { transportsOf } from './transports.ts';

export type Foundation = ReturnType<typeof wireFoundation>;

/** Wires the residents of the town: a list that is brought here, or its register elsewhere. */
function wireResidents({ config, clock, database, keys, unit }: Base, offices: Offices) {
  const outside = async () => {
    const { name, residents } = await offices.town();
    return registerAdapter(residents, name, { key: config.registryKey, clock: systemClock });
  };
  return createResidents({ db: database.kysely, clock, unit, key: keys.people, outside });
}

/** Wires offices, staff and their accounts, tokens, the audit trail. */
export function wireFoundation(base: Base) {
  const { config, log, clock, database, keys, notifier, security, unit } = base;
  const { kysely: db, pool } = database;
  const { baseUrl, oidc: settings } = config;
  const offices = createOffices(db);
  const recentOffices = recentOf(offices, notifier);
  const tokens = createTokens({ db, pool, clock, key: keys.links, unit });
  const staff = createStaff({
    connection: database.connection,
    newPool: database.newPool,
    baseUrl,
    secret: keys,
    issuer: 'Finestreta',
    clock,
    onError: (message) => log.error(message),
    security,
  });
  const staffMail = createStaffMail({ db, clock, offices, baseUrl, setupUrl: staff.setupUrl });
  /** Null: the town has no identity provider for sign-in. */
  const sso = settings && createSso({ settings, baseUrl, log, staff, key: keys.forms });
  const people = createPeople({
    db,
    clock,
    offices,
    staff,
    security,
    sendsMail: config.smtpUrl !== null || config.demo,
  });
  const identification = wireIdentification(base, recentOffices);
  return {
    offices,
    /** For pages that many read. */
    recentOffices,
    tokens,
    staff,
    staffMail,
    sso,
    people,
    identification,
    residents: wireResidents(base, offices),
    staffIdentifiers: createStaffIdentifiers({ db, clock, key: keys.people, staff, people }),
    rotating: wireRotating(base),
    backups: wireBackups(base, offices),
    auditSeals: createAuditSeals({ db, clock, key: keys.seals }),
    auditTrail: createAuditTrail({ unit, staff }),
    preferences: createPreferences({ db }),
    proofOfWork: createProofOfWork({ db, clock, key: keys.forms }),
    forms: createForms({ db, unit }),
    registry: createRegistry({ db, clock, unit }),
    relay: createRelay({ settings: config.turn, relayClock: systemClock, key: keys.forms }),
    drafts: createDrafts({ db, clock }),
    stopping: createStopping({ database, keys, clock }),
    trials: wireTrials(base),
  };
}

/** Wires what changes the keys of purposes. */
function wireRotating({ database, unit, opened, notifier }: Base) {
  return createRotating({
    db: database.kysely,
    unit,
    roots: opened.roots,
    changed: async () => {
      await opened.refresh();
      tellOfKeys(notifier);
    },
  });
}

/** Wires test messages, which go past the outbox. */
function wireTrials({ config, clock }: Base) {
  return createTrials({
    transports: () => transportsOf(config),
    limits: config.smsLimits,
    clock,
  });
}

/** Wires the backups that the service makes by itself. */
function wireBackups({ config, clock, database }: Base, offices: Offices) {
  return createBackups({
    db: database.kysely,
    connection: database.connection,
    clock,
    settings: config.backups,
    recipient: config.backupRecipient,
    host: new URL(config.baseUrl).hostname,
    version: VERSION,
    migrations: MIGRATIONS,
    blobs: openBlobs(config),
    timeZone: async () => (await offices.town()).timeZone,
  });
}

/** Wires who citizens are: without providers in the town file, a demonstration has a stand-in. `adapt`: other providers than those of the town. */
export function wireIdentification(
  { config, clock, database, keys, log }: Base,
  offices: Offices,
  adapt?: IdentificationDeps['adapt'],
) {
  const { baseUrl, lan } = config;
  const secrets = config.identitySecrets;
  return createIdentification({
    db: database.kysely,
    clock,
    baseUrl,
    forms: keys.forms,
    people: keys.people,
    declared: async () => {
      const { identity } = await offices.town();
      return identity.length === 0 && config.demo ? [DEMO_PROVIDER] : identity;
    },
    adapt: adapt ?? identityAdapters({ baseUrl, lan, secrets, clock: systemClock, log }),
  });
}
