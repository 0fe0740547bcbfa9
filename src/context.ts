import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import { type Appointments, createAppointments } from './features/appointments/service.ts';
import {
  type AuditSeals,
  type AuditTrail,
  createAuditSeals,
  createAuditTrail,
} from './features/audit/service.ts';
import { type CallQuality, createCallQuality } from './features/call-quality/service.ts';
import { type Challenges, createChallenges } from './features/challenge/service.ts';
import { type Codes, createCodes } from './features/codes/service.ts';
import { type Companions, createCompanions } from './features/companions/service.ts';
import { type Consent, createConsent } from './features/consent/service.ts';
import { type Coordination, createCoordination } from './features/coordination/service.ts';
import { createDesk, type Desk } from './features/desk/service.ts';
import { createDevice, type Device } from './features/device/service.ts';
import {
  checkContent,
  createDocuments,
  createKeyring,
  createRewrapping,
  type Documents,
  type Rewrapping,
} from './features/documents/service.ts';
import { createEncounter, type EncounterService } from './features/encounter/service.ts';
import { createJourneys, type Journeys } from './features/journeys/service.ts';
import { createPreferences, type PreferencesService } from './features/keys/service.ts';
import { createLateness, type Lateness } from './features/lateness/service.ts';
import { createLostLink, type LostLink } from './features/lost-link/service.ts';
import { createNewsroom, type Newsroom } from './features/news/service.ts';
import { isReached as reaches } from './features/notices/rules.ts';
import {
  createLinks,
  createPreviews,
  createStopping,
  type Previews,
  type Stopping,
} from './features/notices/service.ts';
import type { LinkMaker } from './features/notices/types.ts';
import { createNow, type NowService } from './features/now/service.ts';
import { createObjecting, type Objecting } from './features/objecting/service.ts';
import { createOffices, demandOwnHost, type Offices } from './features/offices/service.ts';
import { createPeople, type People } from './features/people/service.ts';
import { createPlanning, type Planning } from './features/planning/service.ts';
import { createPresence, type Presence } from './features/presence/service.ts';
import { createProofs, type Proofs } from './features/proof/service.ts';
import { createRotating, type Rotating } from './features/purpose-keys/service.ts';
import { createRelay, type Relay } from './features/relay/service.ts';
import { createRetention, type Retention } from './features/retention/service.ts';
import { createRoom, createStills, type Room, type Stills } from './features/room/service.ts';
import { createRota, type RotaService } from './features/rota/service.ts';
import { createSlots, type Slots } from './features/slots/service.ts';
import { createSoftphone, type Softphone } from './features/softphone/service.ts';
import { createSso, type Sso } from './features/sso/service.ts';
import { createStaff, type Staff } from './features/staff/service.ts';
import { createStaffMail, type StaffMailbox } from './features/staff-mail/service.ts';
import { createStatistics, type Statistics } from './features/statistics/service.ts';
import { createSurvey, type Survey } from './features/survey/service.ts';
import { createTokens, type Tokens } from './features/tokens/service.ts';
import { type Administration, createAdministration } from './features/town-file/service.ts';
import { createWaitingList, type WaitingList } from './features/waiting-list/service.ts';
import type { Reach } from './features/webhooks/rules.ts';
import { createWebhooks, type Webhooks } from './features/webhooks/service.ts';
import { openBlobs } from './lib/blobs/open.ts';
import type { Blobs } from './lib/blobs/types.ts';
import { createClamd } from './lib/clamd.ts';
import { type Clock, clockStartingAt, systemClock } from './lib/clock.ts';
import { type Connected, connectDatabase } from './lib/db/connect.ts';
import { documentKeys } from './lib/envelope/keys.ts';
import { createStreams, type Streams } from './lib/http/streams.ts';
import { createNotifier, type Notifier } from './lib/notifier.ts';
import { sayError } from './lib/say-error.ts';
import { createSecurityLog, networkDigest, type SecurityLog } from './lib/security-events.ts';
import { MIGRATIONS } from './paths.ts';
import { followKeys, type OpenedKeys, openKeys, tellOfKeys } from './root-key.ts';

/** Everything that the service is made of, wired by hand. */
export interface Context {
  config: Config;
  log: Logger;
  /** Where refusals and deeds that matter for security are written and counted. */
  security: SecurityLog;
  clock: Clock;
  /** The keys of all purposes. */
  keys: OpenedKeys['keys'];
  /** Reads them again, where another process changed them. */
  opened: OpenedKeys;
  database: Connected;
  offices: Offices;
  slots: Slots;
  appointments: Appointments;
  /** The addresses in notices. */
  links: LinkMaker;
  stopping: Stopping;
  objecting: Objecting;
  waitingList: WaitingList;
  journeys: Journeys;
  challenges: Challenges;
  survey: Survey;
  statistics: Statistics;
  staff: Staff;
  staffMail: StaffMailbox;
  /** Null: the town has no provider of sign-in. */
  sso: Sso | null;
  people: People;
  administration: Administration;
  previews: Previews;
  encounter: EncounterService;
  coordination: Coordination;
  presence: Presence;
  now: NowService;
  rota: RotaService;
  desk: Desk;
  device: Device;
  companions: Companions;
  /** Where documents lie, sealed. */
  blobs: Blobs;
  documents: Documents;
  /** Wraps the keys above documents anew. */
  rewrapping: Rewrapping;
  /** Changes the keys of purposes. */
  rotating: Rotating;
  codes: Codes;
  /** What shows that somebody is the citizen of an appointment. */
  proofs: Proofs;
  consent: Consent;
  room: Room;
  stills: Stills;
  callQuality: CallQuality;
  planning: Planning;
  relay: Relay;
  softphone: Softphone;
  lateness: Lateness;
  lostLink: LostLink;
  tokens: Tokens;
  retention: Retention;
  auditSeals: AuditSeals;
  auditTrail: AuditTrail;
  preferences: PreferencesService;
  webhooks: Webhooks;
  /** Rings after what was committed, in all processes: workers and those who look on hear it. */
  notifier: Notifier;
  newsroom: Newsroom;
  streams: Streams;
  close(): Promise<void>;
}

export interface ContextOptions {
  /** Whether to join the database of a server that runs on the same data folder: the operator's commands. */
  join?: boolean;
  /** Whether it may be the database of a town with another name. */
  ofAnyTown?: boolean;
  log?: Logger;
}

export async function openContext(config: Config, options: ContextOptions = {}): Promise<Context> {
  const log = options.log ?? pino({ level: config.logLevel });
  const clock = config.clock ? clockStartingAt(config.clock) : systemClock;
  const database = await connectDatabase({
    databaseUrl: config.databaseUrl,
    databaseOwnerUrl: config.databaseOwnerUrl,
    dataDir: config.dataDir,
    pool: config.databasePool,
    migrations: MIGRATIONS,
    join: options.join ?? false,
    log,
    ...(!options.ofAnyTown && { before: (at) => demandOwnHost(at, config.baseUrl) }),
  });
  try {
    return wire(config, log, clock, database, await openKeys(config, database.kysely));
  } catch (error) {
    await database.close();
    throw error;
  }
}

function wire(
  config: Config,
  log: Logger,
  clock: Clock,
  database: Connected,
  opened: OpenedKeys,
): Context {
  const { keys } = opened;
  const { kysely: db, pool } = database;
  const notifier = createNotifier({
    connection: database.connection,
    pool,
    onDeaf: (error) =>
      log.warn(sayError(error), 'Other processes are not heard for now: news may be late'),
  });
  const notify = notifier.notify;
  const security = createSecurityLog({ log, clock, digest: networkDigest(keys.forms, clock) });
  const newsroom = createNewsroom({ db, notifier, clock, log });
  const streams = createStreams();

  const offices = createOffices(db);
  const slots = createSlots({ pool, clock });
  const appointments = createAppointments({
    database,
    offices,
    slots,
    clock,
    key: keys.links,
    baseUrl: config.baseUrl,
    notify,
  });
  const stopping = createStopping({ database, keys, clock });
  const objecting = createObjecting({ database, keys, clock, notify });
  const links = createLinks({ appointments, keys, baseUrl: config.baseUrl });
  const waitingList = createWaitingList({
    database,
    offices,
    slots,
    appointments,
    clock,
    key: keys.links,
    notify,
  });
  const journeys = createJourneys({ db, appointments, clock });
  const challenges = createChallenges({ db, clock, key: keys.forms });
  const survey = createSurvey({ db, clock, notify });
  const statistics = createStatistics({ db, clock, offices, key: keys.forms });
  const tokens = createTokens({ db, pool, clock, key: keys.links });
  const staff = createStaff({
    connection: database.connection,
    baseUrl: config.baseUrl,
    secret: keys,
    issuer: 'Finestreta',
    clock,
    onError: (message) => log.error(message),
    security,
  });
  const staffMail = createStaffMail({
    db,
    clock,
    offices,
    baseUrl: config.baseUrl,
    setupUrl: staff.setupUrl,
  });
  const encounter = createEncounter({ db, clock, staff, notify });
  const desk = createDesk({ db, clock, appointments, notify });
  const device = createDevice({ db, clock });
  const companions = createCompanions({ db, clock, key: keys.links, notify });
  const blobs = openBlobs(config);
  const scanner = config.clamd && createClamd(config.clamd);
  const officeKeys = documentKeys(keys.documents, opened.refresh);
  const documents = createDocuments({
    ...{ db, blobs, clock, notify, keys: officeKeys },
    ...{ staff, security, check: (source, declared) => checkContent(source, declared, scanner) },
  });
  const rewrapping = createRewrapping({ db, officeKeys, clock });
  const rotating = createRotating({
    ...{ db, clock, roots: opened.roots },
    changed: async () => {
      await opened.refresh();
      tellOfKeys(notifier);
    },
  });
  const stills = createStills({ db, clock, documents, notify });
  const room = createRoom({ db, notifier, clock, notify });
  const callQuality = createCallQuality({ db, clock });
  const planning = createPlanning({ db, clock });
  const relay = createRelay({ settings: config.turn, relayClock: systemClock, key: keys.forms });
  const coordination = createCoordination({
    database,
    offices,
    appointments,
    waitingList,
    clock,
    notify,
  });
  const presence = createPresence({ db, notifier, clock, offices, log });
  const now = createNow({ db, clock, staff });
  const rota = createRota({ db, offices, coordination, clock, notify });
  const { oidc: settings, baseUrl } = config;
  const sso = settings && createSso({ settings, baseUrl, log, staff, key: keys.forms });
  const people = createPeople({
    ...{ db, clock, offices, staff, security },
    sendsMail: config.smtpUrl !== null || config.demo,
  });
  const administration = createAdministration({ db, clock });
  const previews = createPreviews({ db, clock, links });
  const softphone = createSoftphone({
    db,
    clock,
    exchangeClock: systemClock,
    desk,
    secrets: config.sip,
  });
  const lateness = createLateness({ db, offices, clock, notify });
  const bySms = config.sms !== null || config.demo;
  const isReached = (phone: string) => bySms && reaches(phone, config.smsLimits.prefixes);
  const codes = createCodes({ db, clock, key: keys.codes, isReached, security, notify });
  const proofs = createProofs({ db, clock });
  const keyring = createKeyring(officeKeys);
  const consent = createConsent({
    ...{ db, clock, keyring, offices, codes, documents, notify },
    verifyUrl: (language) => `${config.baseUrl}/${language}/verify`,
  });
  const lostLink = createLostLink({ db, offices, clock, bySms, log, notify });
  const retention = createRetention({
    ...{ db, offices, clock, presence },
    evidence: [documents, consent],
  });
  const auditSeals = createAuditSeals({ db, clock, key: keys.seals });
  const auditTrail = createAuditTrail({ db, clock, staff });
  const preferences = createPreferences({ db });
  const webhooks = createWebhooks({
    db,
    clock,
    key: keys.webhooks,
    reach: reachOf(config),
    notify,
  });
  const stopFollowing = followKeys(opened, notifier, (error) =>
    log.warn(sayError(error), 'The keys could not be read again; the last ones stay'),
  );
  const close = async () => {
    stopFollowing();
    streams.close();
    newsroom.close();
    presence.close();
    room.close();
    security.close();
    await lostLink.settled();
    await notifier.close();
    await staff.close();
    await database.close();
    await opened.roots.close();
  };
  return {
    config,
    log,
    security,
    clock,
    keys,
    opened,
    database,
    offices,
    slots,
    appointments,
    links,
    stopping,
    objecting,
    waitingList,
    journeys,
    challenges,
    survey,
    statistics,
    staff,
    staffMail,
    sso,
    people,
    administration,
    previews,
    encounter,
    coordination,
    presence,
    now,
    rota,
    desk,
    device,
    companions,
    blobs,
    documents,
    rewrapping,
    rotating,
    codes,
    proofs,
    consent,
    room,
    stills,
    callQuality,
    planning,
    relay,
    softphone,
    lateness,
    lostLink,
    tokens,
    retention,
    auditSeals,
    auditTrail,
    preferences,
    webhooks,
    notifier,
    newsroom,
    streams,
    close,
  };
}

/** Where webhooks may lead. */
export const reachOf = ({ webhooksPrivate, demo }: Config): Reach => ({
  privately: webhooksPrivate,
  loopback: demo,
});
