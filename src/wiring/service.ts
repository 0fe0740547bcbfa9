import { notificationAdapter } from '../connectors/notification/ports.ts';
import { paymentAdapter } from '../connectors/payment/providers.ts';
import { registryAdapter } from '../connectors/registry/registries.ts';
import {
  autofirmaAdapter,
  demoAutofirma,
  signatureAdapter,
} from '../connectors/signature/providers.ts';
import type { SigningWay } from '../domain/form/online.ts';
import { createAdministration } from '../features/booking/administration/service.ts';
import { unitOf } from '../features/foundation/audit/service.ts';
import type { Offices } from '../features/foundation/offices/service.ts';
import {
  createOutsideRegistering,
  createRegistry,
} from '../features/foundation/registry/service.ts';
import { type Assistance, createAssistance } from '../features/service/assistance/service.ts';
import { type Attendants, createAttendants } from '../features/service/attendants/service.ts';
import {
  createCalendarConnections,
  createCalendarFeeds,
} from '../features/service/calendars/service.ts';
import { createCaptions } from '../features/service/captions/service.ts';
import { createCards } from '../features/service/card/service.ts';
import {
  createArchive,
  createAtOnce,
  createByAct,
  createCaseDesk,
  createCaseMessages,
  createCaseNews,
  createCases,
  createCasesByToken,
  createCosigning,
  createDescribing,
  createReports,
  createServeUnbooked,
  paperNews,
} from '../features/service/cases/service.ts';
import { createCheckIns } from '../features/service/check-in/service.ts';
import { createColleagues } from '../features/service/colleagues/service.ts';
import { createCompanions } from '../features/service/companions/service.ts';
import { type Consent, createConsent } from '../features/service/consent/service.ts';
import { createCoordination } from '../features/service/coordination/service.ts';
import { createDelays } from '../features/service/delays/service.ts';
import { createDevice } from '../features/service/device/service.ts';
import {
  checkContent,
  createCasePapers,
  createDocuments,
  createKeyring,
  createRewrapping,
  type Documents,
  type Keyring,
} from '../features/service/documents/service.ts';
import type { Check } from '../features/service/documents/types.ts';
import { createEncounter, createUnreached } from '../features/service/encounter/service.ts';
import { createFolder } from '../features/service/folder/service.ts';
import { createHubFolder } from '../features/service/hub-folder/service.ts';
import { createIdentifying, createIdentityCodes } from '../features/service/identifying/service.ts';
import { createNotifications, createNotifying } from '../features/service/notifications/service.ts';
import { createOneTimeCodes } from '../features/service/one-time-codes/service.ts';
import { createPackages } from '../features/service/packages/service.ts';
import { createPayments } from '../features/service/payments/service.ts';
import { createPresence } from '../features/service/presence/service.ts';
import { createReceipts } from '../features/service/receipts/service.ts';
import { createRepresentations } from '../features/service/representation/service.ts';
import { createRoom, createStills } from '../features/service/room/service.ts';
import { createRota } from '../features/service/rota/service.ts';
import {
  createSignatures,
  type Signatures,
  type SignaturesDeps,
} from '../features/service/signatures/service.ts';
import { createSoftphone } from '../features/service/softphone/service.ts';
import { createSurvey } from '../features/service/survey/service.ts';
import {
  createIssuing,
  type Issuing,
  type Sealing,
} from '../features/service/verification/service.ts';
import { openBlobs } from '../lib/blobs/open.ts';
import type { Blobs } from '../lib/blobs/types.ts';
import { createClamd } from '../lib/clamd.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { documentKeys } from '../lib/envelope/keys.ts';
import { formatError } from '../lib/format-error.ts';
import { demoSeal } from '../lib/seal/demo.ts';
import { createSeal } from '../lib/seal/seal.ts';
import { type Base, reachedBySms } from './base.ts';
import type { Booking } from './booking.ts';
import { wireChat } from './chat.ts';
import { countDueEvidence } from './due.ts';
import type { Foundation } from './foundation.ts';
import { wireRequests } from './requests.ts';

export type Service = ReturnType<typeof wireService>;

/** Wires the codes that citizens type. */
function wireOneTimeCodes(base: Base) {
  const { clock, database, keys, security, unit } = base;
  return createOneTimeCodes({
    db: database.kysely,
    clock,
    key: keys.codes,
    isReached: reachedBySms(base),
    security,
    unit,
  });
}

/** Wires documents of the town, with its seal. A demonstration makes one for itself. */
function wireIssuing({ config, log, clock }: Base, { offices }: Foundation) {
  const settings = config.seal ?? (config.demo ? demoSeal(config.dataDir) : null);
  const onUnstamped = (error: unknown) =>
    log.warn(formatError(error), 'A document was sealed without a time stamp');
  const seal = settings && createSeal(settings, { clock, onUnstamped });
  return createIssuing({ offices, clock, seal, baseUrl: config.baseUrl });
}

/** Wires encounters, calls, documents, consent, and the day's rota. */
export function wireService(base: Base, foundation: Foundation, booking: Booking) {
  const { config, log, clock, database, keys, opened, security, notifier, unit } = base;
  const { offices, staff, identification } = foundation;
  const { appointments, waitList } = booking;
  const { kysely: db } = database;
  const blobs = openBlobs(config);
  const scanner = config.clamd && createClamd(config.clamd);
  const officeKeys = documentKeys(keys.documents, opened.refresh);
  const keyring = createKeyring(officeKeys);
  const check: Check = (source, declared) => checkContent(source, declared, scanner);
  const ofCase = paperNews({ keyring, forms: foundation.forms });
  const kept = { db, blobs, clock, unit, keys: officeKeys, staff, security };
  const documents = createDocuments({ ...kept, check, ofCase });
  const oneTimeCodes = wireOneTimeCodes(base);
  const issuing = wireIssuing(base, foundation);
  const consent = createConsent({
    db,
    clock,
    keyring,
    offices,
    oneTimeCodes,
    documents,
    unit,
    identification,
    compareNif: foundation.staffIdentifiers.compare,
    issuing,
  });
  const assistance = createAssistance({ appointments, unit });
  const parts = { database, offices, appointments, waitList, clock, unit };
  const coordination = createCoordination(parts);
  const encounter = createEncounter({ db, clock, staff, unit });
  const attendants = createAttendants({ db, clock, staff, offices });
  const people = wirePeople(base, foundation, documents);
  const cases = wireCases(base, foundation, { keyring, blobs, issuing, consent });
  return {
    /** Changes of an office's declarations by its administrators. */
    administration: createAdministration({ db, clock, unit, countDue: countDueEvidence }),
    /** The store of sealed documents. */
    blobs,
    documents,
    /** Encrypts the keys of documents again with a new key. */
    rewrapping: createRewrapping({ db, officeKeys, unit }),
    oneTimeCodes,
    consent,
    attendants,
    identityCodes: createIdentityCodes({ db, clock, key: keys.forms, baseUrl: config.baseUrl }),
    ...people,
    assistance,
    coordination,
    ...wireCalendars(base, foundation),
    encounter,
    ...cases,
    serving: createServeUnbooked({ assistance, encounter, cases: cases.cases }),
    hubFolder: createHubFolder({ db, clock, identification, offices, unit }),
    /** What the console shows around an appointment. */
    cards: createCards({ unit, staff, encounter, documents, consent, ...people }),
    unreached: createUnreached({ db, clock, offices, unit }),
    checkIns: createCheckIns({ unit }),
    survey: createSurvey({ db, clock, unit }),
    device: createDevice({ db, clock }),
    colleagues: createColleagues({ db, clock, unit }),
    presence: createPresence({ db, notifier, clock, offices, unit, log }),
    rota: createRota({ db, offices, coordination, clock, unit }),
    delays: createDelays({ db, offices, clock, unit }),
    ...wireChat(base, foundation, { keyring, check, attendants }),
    ...wireCalls(base, { assistance, attendants, documents }),
  };
}

/** Wires the registry that the town has elsewhere: what is registered there are cases. */
function wireOutside(
  { config, log, clock, database, unit }: Base,
  foundation: Foundation,
  keyring: Keyring,
) {
  const { offices, identification } = foundation;
  const { kysely: db } = database;
  const key = config.registryKey;
  return createOutsideRegistering({
    db,
    clock,
    unit,
    offices,
    adapt: (settings, town) => registryAdapter(settings, town, { key, clock: systemClock }),
    describe: createDescribing({ db, keyring, identification }),
    log,
  });
}

/** Wires what identified people do: for an appointment, for others, and with their folder. */
function wirePeople(
  { clock, database, unit }: Base,
  { identification, staffIdentifiers }: Foundation,
  documents: Documents,
) {
  const { kysely: db } = database;
  const representations = createRepresentations({
    db,
    clock,
    unit,
    identification,
    documents,
    staffIdentifiers,
  });
  return {
    identifying: createIdentifying({ db, clock, unit, identification }),
    representations,
    folder: createFolder({ db, clock, unit, identification, representations }),
  };
}

/** Wires how cases are signed: without a provider in the town file, a demonstration has a stand-in. */
function wireSignatures(
  { config, clock, log }: Base,
  deps: Omit<SignaturesDeps, 'provider' | 'log' | 'baseUrl'>,
  offices: Pick<Offices, 'town'>,
): Signatures {
  const { baseUrl, lan, signatureSecret: secret, autofirmaAuthorities: authorities } = config;
  const adapt = signatureAdapter({ baseUrl, lan, secret, clock, log });
  const adaptProgram = autofirmaAdapter({ authorities, clock, log });
  const provider = async (way: SigningWay) => {
    const { signature = null, autofirma = null } = await offices.town();
    if (way === 'autofirma')
      return (
        adaptProgram(autofirma) ??
        (config.demo ? demoAutofirma({ baseUrl, lan, clock, log }) : null)
      );
    return adapt(signature ?? (config.demo ? { kind: 'demo' } : null));
  };
  return createSignatures({ ...deps, provider, log, baseUrl });
}

/**
 * Wires the cases of all offices, receipts of what was handed in, the registry that the town has elsewhere, and how fees are paid: without a
 * provider in the town file, a demonstration has a stand-in.
 */
function wireCases(
  base: Base,
  from: Foundation,
  sealed: { keyring: Keyring; blobs: Blobs; issuing: Issuing & Sealing; consent: Consent },
) {
  const { keyring, blobs, issuing, consent } = sealed;
  const { config, clock, database, keys, unit, log } = base;
  const { offices, recentOffices, forms, registry, identification, residents } = from;
  const { kysely: db } = database;
  const { baseUrl, lan } = config;
  const key = keys.links;
  const papers = createCasePapers({ db, blobs, clock, keyring, unit });
  const officials = { namesOf: from.staff.namesOf, compare: from.staffIdentifiers.compare };
  const own = { db, clock, unit, offices, forms, registry, keyring, papers, key, identification };
  const deps = { ...own, officials };
  const cases = createCases(deps);
  const adapt = paymentAdapter({ baseUrl, lan, secret: config.paymentSecret, log });
  const provider = async () => {
    const { payment = null } = await recentOffices.town();
    return adapt(payment ?? (config.demo ? { kind: 'demo' } : null));
  };
  const payments = createPayments({ db, clock, unit, log, offices, cases, provider, key, baseUrl });
  const port = async () => {
    const { name, notifications } = await offices.town();
    const by = { key: config.registryKey, clock: systemClock };
    return notificationAdapter(notifications, name, by);
  };
  const cosigning = createCosigning(deps);
  const signatures = wireSignatures(base, { ...deps, cases, cosigning }, recentOffices);
  const onUnissued = (error: unknown) =>
    log.error(formatError(error), 'A receipt could not be issued');
  const caseDesk = createCaseDesk({ ...deps, issuing, notifying: createNotifying(deps) });
  const notifications = createNotifications({ ...deps, issuing, port, log });
  const receipts = createReceipts({ ...deps, cases, cosigning, issuing, onUnissued });
  const caseMessages = createCaseMessages(deps);
  const outsideRegistering = wireOutside(base, from, keyring);
  const packed = { ...deps, log, cases, caseDesk, caseMessages, cosigning, outsideRegistering };
  return {
    cases,
    caseNews: createCaseNews(base.notifier),
    archive: createArchive({ ...deps, log }),
    reports: createReports(deps),
    cosigning,
    caseMessages,
    casesByAct: createByAct({ ...deps, consent }),
    casesByToken: createCasesByToken(deps, { identification, payments, signatures }),
    atOnce: createAtOnce({ ...deps, issuing, residents, log }),
    caseDesk,
    notifications,
    packages: createPackages({ ...packed, receipts, signatures, notifications, issuing }),
    payments,
    signatures,
    receipts,
    outsideRegistering,
    requests: wireRequests(base, from, { keyring, papers }),
  };
}

export type CasesAt = ReturnType<typeof wireCasesAt>;

/**
 * Wires cases with another clock than that of the service, for a past that is written step by step. `identification`: who its people are, by the same clock.
 */
export function wireCasesAt(
  context: Base & Foundation & Pick<Service, 'blobs' | 'consent'>,
  clock: Clock,
  identification: Foundation['identification'],
) {
  const { database, notifier, keys, opened, blobs, consent } = context;
  const db = database.kysely;
  const unit = unitOf({ db, clock, notifier });
  const base = { ...context, clock, unit };
  const foundation = { ...context, identification, registry: createRegistry({ db, clock, unit }) };
  const keyring = createKeyring(documentKeys(keys.documents, opened.refresh));
  const issuing = wireIssuing(base, foundation);
  return wireCases(base, foundation, { keyring, blobs, issuing, consent });
}

/** Wires calendars of other programs: the addresses at which they read desks, and those that are connected. */
function wireCalendars(
  { config, log, clock, database, keys, security, unit }: Base,
  { offices }: Foundation,
) {
  const { baseUrl, graph } = config;
  const { kysely: db } = database;
  return {
    calendarFeeds: createCalendarFeeds({ db, offices, clock, unit, baseUrl }),
    calendarConnections: createCalendarConnections({
      db,
      offices,
      clock,
      unit,
      log,
      baseUrl,
      key: keys.calendars,
      graph,
      security,
      reach: { privately: config.calendarsPrivate, loopback: config.demo },
    }),
  };
}

/** What calls are wired with, beside the base. */
interface Before {
  assistance: Assistance;
  attendants: Attendants;
  documents: Documents;
}

/** Wires what a call goes through, by video and by the town's exchange. */
function wireCalls(
  { config, clock, database, keys, notifier, unit }: Base,
  { assistance, attendants, documents }: Before,
) {
  const { kysely: db } = database;
  return {
    companions: createCompanions({ db, key: keys.links, unit }),
    stills: createStills({ documents, unit }),
    room: createRoom({ db, notifier, clock, unit, attendants }),
    captions: createCaptions({
      db,
      clock,
      engineClock: systemClock,
      secret: config.captionsSecret,
      key: keys.forms,
    }),
    softphone: createSoftphone({
      db,
      clock,
      exchangeClock: systemClock,
      assistance,
      secrets: config.sip,
    }),
  };
}
