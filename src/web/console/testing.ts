import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import { Secret, TOTP } from 'otpauth';
import type { Appointment, Choice } from '../../domain/appointment.ts';
import type { Details } from '../../domain/person.ts';
import {
  applyTown,
  createAdministration,
  peopleOf,
} from '../../features/booking/administration/service.ts';
import type { Appointments } from '../../features/booking/appointments/service.ts';
import { testAppointments } from '../../features/booking/appointments/testing.ts';
import { createEventFeed } from '../../features/booking/events/service.ts';
import { createImports } from '../../features/booking/imports/service.ts';
import { createProofs } from '../../features/booking/proof/service.ts';
import { createWaitList } from '../../features/booking/wait-list/service.ts';
import { createWebhooks } from '../../features/booking/webhooks/service.ts';
import { createAuditTrail, unitOf } from '../../features/foundation/audit/service.ts';
import { createForms, type Forms } from '../../features/foundation/forms/service.ts';
import type { Identification } from '../../features/foundation/identification/service.ts';
import type { Trials } from '../../features/foundation/notices/service.ts';
import { createLinks, createPreviews } from '../../features/foundation/notices/service.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import { createPeople } from '../../features/foundation/people/service.ts';
import { createPreferences } from '../../features/foundation/preferences/service.ts';
import {
  createOutsideRegistering,
  createRegistry,
} from '../../features/foundation/registry/service.ts';
import { createRelay } from '../../features/foundation/relay/service.ts';
import { createResidents } from '../../features/foundation/residents/service.ts';
import { createStaff, type Staff } from '../../features/foundation/staff/service.ts';
import type { DemoAccess } from '../../features/foundation/staff/types.ts';
import { createStaffIdentifiers } from '../../features/foundation/staff-identifiers/service.ts';
import { createTokens } from '../../features/foundation/tokens/service.ts';
import { createCallQuality } from '../../features/insight/call-quality/service.ts';
import { createLiveBoards } from '../../features/insight/live-board/service.ts';
import { testOperating } from '../../features/insight/operating/testing.ts';
import { createPlanning } from '../../features/insight/planning/service.ts';
import { createStatistics } from '../../features/insight/statistics/service.ts';
import { createAssistance } from '../../features/service/assistance/service.ts';
import { createAttendants } from '../../features/service/attendants/service.ts';
import {
  type CalendarConnections,
  type CalendarFeeds,
  createCalendarConnections,
  createCalendarFeeds,
} from '../../features/service/calendars/service.ts';
import { createCaptions } from '../../features/service/captions/service.ts';
import { createCards } from '../../features/service/card/service.ts';
import type { CasesDeps } from '../../features/service/cases/keeping.ts';
import {
  type CaseMessages,
  type Cases,
  createArchive,
  createAtOnce,
  createByAct,
  createCaseDesk,
  createCaseMessages,
  createCaseNews,
  createCases,
  createCosigning,
  createReports,
  createServeUnbooked,
  paperNews,
} from '../../features/service/cases/service.ts';
import { testOfficials } from '../../features/service/cases/testing.ts';
import {
  type ChatLine,
  type Chats,
  createChatDesk,
  createChatFiles,
  createChatLine,
  createChats,
  createChatWork,
  createOfficeChatNews,
} from '../../features/service/chat/service.ts';
import { createCheckIns } from '../../features/service/check-in/service.ts';
import { createColleagues } from '../../features/service/colleagues/service.ts';
import { createCompanions } from '../../features/service/companions/service.ts';
import type { Consent } from '../../features/service/consent/service.ts';
import { testConsent, testIssuing } from '../../features/service/consent/testing.ts';
import {
  type Coordination,
  createCoordination,
} from '../../features/service/coordination/service.ts';
import { createDelays } from '../../features/service/delays/service.ts';
import { createKeyring, type Documents } from '../../features/service/documents/service.ts';
import {
  checkByName,
  testCasePapers,
  testDocuments,
} from '../../features/service/documents/testing.ts';
import {
  createEncounter,
  type EncounterService,
} from '../../features/service/encounter/service.ts';
import { createIdentifying } from '../../features/service/identifying/service.ts';
import {
  createNotifications,
  createNotifying,
  type Notifications,
} from '../../features/service/notifications/service.ts';
import { IN_FOLDER } from '../../features/service/notifications/testing.ts';
import { createPackages, type Packages } from '../../features/service/packages/service.ts';
import { createPayments, type PaymentsDeps } from '../../features/service/payments/service.ts';
import { createPresence, type Presence } from '../../features/service/presence/service.ts';
import { createReceipts } from '../../features/service/receipts/service.ts';
import { createRepresentations } from '../../features/service/representation/service.ts';
import type { Requests } from '../../features/service/requests/service.ts';
import { testRequests } from '../../features/service/requests/testing.ts';
import { createRoom, createStills } from '../../features/service/room/service.ts';
import { createRota } from '../../features/service/rota/service.ts';
import {
  createSignatures,
  type SignaturesDeps,
} from '../../features/service/signatures/service.ts';
import { createSoftphone } from '../../features/service/softphone/service.ts';
import { checkTownFile } from '../../formats/town-file/reading/check.ts';
import { type Clock, handClock, systemClock } from '../../lib/clock.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import { documentKeys } from '../../lib/envelope/keys.ts';
import type { GraphSettings } from '../../lib/graph/settings.ts';
import { createStreams, type Streams } from '../../lib/http/streams.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { createLog } from '../../lib/log/recent-troubles.ts';
import { createNotifier, type Notifier } from '../../lib/notifier.ts';
import { installationKey } from '../../lib/secrets.ts';
import { noSecurityLog } from '../../lib/security-events.ts';
import { countDueEvidence } from '../../wiring/due.ts';
import { openAssets } from '../assets.ts';
import { testIdentification } from '../testing/identification.ts';
import { consolePages } from './routes.ts';

/** Vilaclara on a Monday before it opens, where every appointment of the OAC goes to Marta's desk. */
export interface ConsoleWorld {
  app: Hono;
  clock: ReturnType<typeof handClock>;
  database: TestDatabase;
  appointments: Appointments;
  encounter: EncounterService;
  coordination: Coordination;
  documents: Documents;
  consent: Consent;
  forms: Forms;
  cases: Cases;
  requests: Requests;
  caseMessages: CaseMessages;
  notifications: Notifications;
  packages: Packages;
  offices: Offices;
  notifier: Notifier;
  streams: Streams;
  calendarFeeds: CalendarFeeds;
  calendarConnections: CalendarConnections;
  presence: Presence;
  staff: Staff;
  chats: Chats;
  chatLine: ChatLine;
  access: DemoAccess[];
  /** Books by phone at a wall-clock time of that Monday. */
  book(time: string, more?: Partial<Choice & Details>): Promise<Appointment>;
  /** Signs a person in and returns their cookie. Each call opens one more session. */
  signIn(email: string): Promise<string>;
  close(): Promise<void>;
}

const MONDAY = '2026-11-30';
export const MARTA = 'marta.soler@vilaclara.example';
export const NURIA = 'nuria.roca@vilaclara.example';
export const JORDI = 'jordi.puig@vilaclara.example';
export const LAIA = 'laia.ferrer@vilaclara.example';
export const ALBERT = 'albert.serra@vilaclara.example';

/** Opens the demo town at seven on a Monday, with all services behind the console. `graph`: Microsoft 365, which can be connected. */
export async function consoleWorld(options: { graph?: GraphSettings } = {}): Promise<ConsoleWorld> {
  const clock = handClock(`${MONDAY}T07:00:00+01:00`);
  const database = await testDatabase();
  const town = await applyDemoTown(database, clock);
  const services = servicesOf(database, clock, options.graph ?? null);
  const { appointments, offices, staff, notifier, streams } = services;
  const access = await staff.seedDemo(peopleOf(town));
  const assets = openAssets('/nowhere');
  const app = new Hono();
  app.use(assets.serve);
  app.route('/', consolePages({ ...services, config: CONFIG, assets }));
  return {
    app,
    clock,
    database,
    access,
    appointments,
    offices,
    staff,
    notifier,
    streams,
    calendarFeeds: services.calendarFeeds,
    calendarConnections: services.calendarConnections,
    documents: services.documents,
    consent: services.consent,
    encounter: services.encounter,
    coordination: services.coordination,
    presence: services.presence,
    chats: services.chats,
    chatLine: services.chatLine,
    forms: services.forms,
    caseMessages: services.caseMessages,
    cases: services.cases,
    requests: services.requests,
    notifications: services.notifications,
    packages: services.packages,
    signIn: (email) => signIn(staff, access, email),
    book: async (time, more = {}) => {
      const oac = await offices.find('oac');
      if (!oac) throw new Error('no office');
      const request = {
        ...ROSA,
        start: Temporal.Instant.from(`${MONDAY}T${time}:00+01:00`),
        ...more,
      };
      const result = await appointments.book({ kind: 'citizen' }, oac, request);
      if (!result.ok) throw new Error(`${time}: ${result.reason}`);
      return result.appointment;
    },
    close: async () => {
      streams.close();
      services.eventFeed.close();
      services.presence.close();
      services.room.close();
      await notifier.close();
      await staff.close();
      await database.close();
    },
  };
}

const BASE_URL = 'http://localhost:3000';
const CONFIG = { baseUrl: BASE_URL, trustedProxies: 1 };

async function applyDemoTown(database: TestDatabase, clock: Clock) {
  const checked = checkTownFile(await readFile('towns/vilaclara.yaml', 'utf8'));
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  await applyTown(database.kysely, checked.town, clock.now());
  await within(database.kysely, INSTALLATION, (tx) =>
    tx.updateTable('desk').set({ skills: [] }).where('code', '<>', 'taula-1').execute(),
  );
  return checked.town;
}

/** The common base of all services here. */
type Basis = ReturnType<typeof basisOf>;

function basisOf(database: TestDatabase, clock: Clock, graph: GraphSettings | null) {
  const db = database.kysely;
  const key = installationKey(Buffer.alloc(32, 7));
  const notifier = createNotifier({ ...database, onDeaf: () => {} });
  const { offices, slots, appointments } = testAppointments(database, clock, {
    notify: notifier.notify,
  });
  const staff = createStaff({
    connection: database.connection,
    baseUrl: BASE_URL,
    secret: 'test secret that is only for the tests of the console',
    issuer: 'Finestreta',
    clock,
  });
  const unit = unitOf({ db, clock, notifier });
  const parts = { offices, slots, appointments, staff, graph };
  return { database, db, clock, key, notifier, unit, ...parts };
}

function servicesOf(database: TestDatabase, clock: Clock, graph: GraphSettings | null) {
  const basis = basisOf(database, clock, graph);
  return {
    ...basis,
    ...foundationLayer(basis),
    ...serviceLayer(basis),
    ...testChats(basis),
    requests: testRequests(database, clock),
    ...deskLayer(basis),
    ...insightLayer(basis),
    security: noSecurityLog,
    sso: null,
    operating: testOperating(basis),
    trials: NO_SERVERS,
    log: QUIET,
  };
}

const QUIET = createLog('silent');

/** Says what a mail server would, without one. */
const NO_SERVERS: Trials = {
  send: async ({ channel, to }) =>
    channel === 'sms'
      ? { ok: false, reason: 'none' }
      : to.includes('@')
        ? { ok: true, answer: `250 2.0.0 Ok: queued for ${to}` }
        : { ok: false, reason: 'invalid' },
};

function foundationLayer({ database, db, clock, key, unit, ...others }: Basis) {
  const { offices, staff, appointments } = others;
  const people = createPeople({ db, clock, offices, staff, sendsMail: true });
  return {
    auditTrail: createAuditTrail({ unit, staff }),
    preferences: createPreferences({ db }),
    people,
    staffIdentifiers: createStaffIdentifiers({ db, clock, key, staff, people }),
    tokens: createTokens({ db, pool: database.pool, clock, key, unit }),
    imports: createImports({ database, offices, appointments, clock, unit }),
    administration: createAdministration({ db, clock, unit, countDue: countDueEvidence }),
    previews: createPreviews({
      db,
      clock,
      links: createLinks({ appointments, keys: { links: key, codes: key }, baseUrl: BASE_URL }),
    }),
  };
}

/** Creates the services for desks, their rota, and presence. */
function deskLayer(basis: Basis) {
  const { db, clock, notifier, unit, offices } = basis;
  const coordination = createCoordination({ ...basis, waitList: createWaitList(basis) });
  return {
    coordination,
    delays: createDelays({ db, offices, clock, unit }),
    presence: createPresence({ db, notifier, clock, offices, unit, log: console }),
    rota: createRota({ db, offices, coordination, clock, unit }),
  };
}

/** Creates what identified people do for an appointment, and for others. */
function testPeople(
  db: Basis['db'],
  clock: Basis['clock'],
  { key, unit, documents }: Pick<Basis, 'key' | 'unit'> & { documents: Documents },
) {
  const identification = testIdentification({ db, clock, key, baseUrl: BASE_URL });
  const staffIdentifiers = { compare: async () => 'unknown' as const };
  return {
    identification,
    identifying: createIdentifying({ db, clock, unit, identification }),
    representations: createRepresentations({
      db,
      clock,
      unit,
      identification,
      documents,
      staffIdentifiers,
    }),
  };
}

/** Nothing is paid in these tests, so no case is handed in. */
const NO_CASES: PaymentsDeps['cases'] & SignaturesDeps['cases'] = {
  whoHandsIn: async () => ({ known: null, helpers: [] }),
  prepare: async () => ({ ok: false, reason: 'not_found' }),
  handInPaid: async () => {
    throw new Error('Nothing is paid here');
  },
  handInSigned: async () => null,
  secretOf: () => '',
};

/** Nobody must sign what others handed in. */
const NO_COSIGNING: SignaturesDeps['cosigning'] = {
  prepare: async () => ({ ok: false, reason: 'not_found' }),
  isOpen: async () => false,
  registerSigned: async () => {},
  isFor: async () => false,
  secretOf: () => '',
};

/** Creates forms, their cases, and what the office does with them. */
function testCases(
  of: Omit<CasesDeps, 'forms' | 'registry' | 'keyring' | 'papers' | 'officials'> & {
    offices: Offices;
    identification: Identification;
  },
  { keyring, papers }: ReturnType<typeof testCasePapers>,
  consent: Consent,
) {
  const { db, clock, unit } = of;
  const forms = createForms({ db, unit });
  const registry = createRegistry({ db, clock, unit });
  const deps = { ...of, forms, registry, keyring, papers, officials: testOfficials };
  const issuing = testIssuing(of.offices, clock);
  const outsideRegistering = createOutsideRegistering({
    ...of,
    adapt: () => null,
    describe: async () => null,
    log: console,
  });
  const caseDesk = createCaseDesk({ ...deps, issuing, notifying: createNotifying(deps) });
  const notifications = createNotifications({ ...deps, ...IN_FOLDER, issuing });
  const archive = createArchive({ ...deps, log: console });
  const reports = createReports(deps);
  const cosigning = createCosigning(deps);
  const residents = createResidents(deps);
  const cases = createCases(deps);
  const onUnissued = (error: unknown) => {
    throw error;
  };
  const receipts = createReceipts({ ...deps, cases, cosigning, issuing, onUnissued });
  const caseNews = createCaseNews({ listen: () => () => {}, listenToTopics: () => () => {} });
  const caseMessages = createCaseMessages(deps);
  const packed = {
    ...deps,
    cases,
    caseDesk,
    caseMessages,
    cosigning,
    outsideRegistering,
    log: console,
    signatures: { file: async () => null },
  };
  return {
    forms,
    residents,
    cases,
    casesByAct: createByAct({ ...deps, consent }),
    atOnce: createAtOnce({ ...deps, issuing, residents, log: console }),
    receipts,
    packages: createPackages({ ...packed, receipts, notifications, issuing }),
    caseNews,
    archive,
    reports,
    cosigning,
    caseDesk,
    caseMessages,
    notifications,
    outsideRegistering,
  };
}

/** Creates the spaces of appointments and of cases. */
function spacesOf(database: TestDatabase, clock: Clock, forms: Forms) {
  const papers = testCasePapers(database, clock);
  const ofCase = paperNews({ keyring: papers.keyring, forms });
  return { papers, documents: testDocuments(database, clock, papers.blobs, { ofCase }) };
}

/** Creates payments and signatures of a town that has neither. */
const unpaidAndUnsigned = (
  deps: Omit<SignaturesDeps, 'log' | 'baseUrl' | 'provider' | 'cases' | 'cosigning' | 'forms'>,
) => {
  const forms = createForms({ db: deps.db, unit: deps.unit });
  const more = { ...deps, forms, log: console, baseUrl: BASE_URL, cases: NO_CASES };
  return {
    payments: createPayments({ ...more, provider: async () => null }),
    signatures: createSignatures({
      ...more,
      cosigning: NO_COSIGNING,
      provider: async () => null,
    }),
  };
};

/** Creates conversations in writing, and what answers them. */
function testChats({ db, clock, unit, notifier, offices, key }: Basis) {
  const keyring = createKeyring(documentKeys(key));
  const deps = { db, clock, unit, keyring, key, offices, isReached: () => true };
  return {
    chats: createChats(deps),
    chatDesk: createChatDesk(deps),
    chatWork: createChatWork(deps),
    chatFiles: createChatFiles({ ...deps, check: checkByName }),
    chatLine: createChatLine(deps),
    officeChatNews: createOfficeChatNews(notifier),
  };
}

/** Creates the services for encounters, and their parts. */
function serviceLayer({ database, db, clock, key, notifier, ...others }: Basis) {
  const { offices, appointments, staff, unit, graph } = others;
  const assistance = createAssistance({ appointments, unit });
  const { papers, documents } = spacesOf(database, clock, createForms({ db, unit }));
  const consent = testConsent(database, clock, { offices, documents, unit });
  const encounter = createEncounter({ db, clock, staff, unit });
  const attendants = createAttendants({ db, clock, offices, staff });
  const people = testPeople(db, clock, { key, unit, documents });
  const { identification } = people;
  const cases = testCases({ db, clock, key, unit, offices, identification }, papers, consent);
  return {
    ...cases,
    serving: createServeUnbooked({ assistance, encounter, cases: cases.cases }),
    assistance,
    attendants,
    documents,
    encounter,
    ...people,
    ...unpaidAndUnsigned({
      db,
      clock,
      unit,
      offices,
      key,
      identification,
      keyring: papers.keyring,
    }),
    cards: createCards({ unit, staff, encounter, documents, consent, ...people }),
    softphone: createSoftphone({
      db,
      clock,
      exchangeClock: clock,
      assistance,
      secrets: { secret: 'that the exchange knows too', passwords: {} },
    }),
    consent,
    proofs: createProofs({ db, clock, unit }),
    room: createRoom({ db, notifier, clock, unit, attendants }),
    captions: createCaptions({ db, clock, engineClock: clock, secret: null, key }),
    stills: createStills({ documents, unit }),
    calendarFeeds: createCalendarFeeds({ db, offices, clock, unit, baseUrl: BASE_URL }),
    calendarConnections: createCalendarConnections({
      db,
      offices,
      clock,
      unit,
      key,
      log: console,
      baseUrl: BASE_URL,
      graph,
      security: noSecurityLog,
      reach: { privately: new Set<string>(), loopback: true },
    }),
    checkIns: createCheckIns({ unit }),
    colleagues: createColleagues({ db, clock, unit }),
    companions: createCompanions({ db, key, unit }),
    callQuality: createCallQuality({ db, clock }),
    relay: createRelay({ settings: null, relayClock: clock, key }),
  };
}

/** Creates the read side: the stream, the live board, figures, planning, webhooks. */
function insightLayer({ db, clock, key, notifier, unit, offices, staff }: Basis) {
  return {
    eventFeed: createEventFeed({ db, notifier, clock, unit, log: console }),
    streams: createStreams({ beatMs: 20 }),
    reading: {
      kysely: db,
      standby: async () => null,
      momentToSay: () => null,
      endIdle: () => {},
      close: async () => {},
    },
    liveBoards: createLiveBoards({ clock, staff, unit }),
    planning: createPlanning({ db, clock }),
    statistics: createStatistics({ db, clock, offices, key, unit }),
    webhooks: createWebhooks({ db, key, reach: { privately: false, loopback: false }, unit }),
  };
}

const ROSA = {
  procedure: 'volant-padro',
  channel: 'phone',
  language: 'ca',
  noticeLanguage: 'ca',
  citizen: { name: 'Rosa Soler i Puig', email: 'rosa@example.cat', phone: '+34600123456' },
  onBehalfOf: null,
  needs: [],
  comment: '',
} satisfies Omit<Choice & Details, 'start'> & { noticeLanguage: Language };

/** Signs in with the first unused code: a test may have used the present one. */
async function signIn(staff: Staff, access: DemoAccess[], email: string): Promise<string> {
  const found = access.find((each) => each.email === email);
  if (!found) throw new Error(`${email} has no access`);
  const caller = { address: '192.0.2.1', userAgent: 'test' };
  const opened = await staff.signIn(email, found.password, { ...caller, cookie: '' });
  if (!opened.ok) throw new Error(opened.reason);
  // The last one is for the case that the half minute ends before the third is checked.
  for (const step of [0, 1, -1, 1]) {
    const code = codeOf(found.totpSecret, step);
    const result = await staff.enterCode(code, { ...caller, cookie: jar(opened.cookies) });
    if (result.ok) return jar(result.cookies);
    if (result.reason !== 'wrong_code') throw new Error(result.reason);
  }
  throw new Error(`${email} has used every code of this minute`);
}

/** Returns the authenticator's code, `step` half minutes from now. */
export const codeOf = (secret: string, step = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: systemClock.now().epochMilliseconds + step * 30_000,
  });

/** Returns `Set-Cookie` values as a browser would send them back. */
export const jar = (cookies: string[]): string =>
  cookies
    .map((each) => each.split(';')[0] ?? '')
    .filter((each) => !each.endsWith('='))
    .join('; ');
