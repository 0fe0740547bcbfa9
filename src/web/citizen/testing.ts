import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { createDemoPayment } from '../../connectors/payment/demo.ts';
import { createAutofirma } from '../../connectors/signature/autofirma/program.ts';
import { createDemoSigning } from '../../connectors/signature/demo.ts';
import { canReceiveSms } from '../../domain/phone.ts';
import type { StaffNames } from '../../domain/staff.ts';
import { applyTown } from '../../features/booking/administration/service.ts';
import { testAppointments } from '../../features/booking/appointments/testing.ts';
import { createJourneys } from '../../features/booking/journeys/service.ts';
import { createLinkRecovery } from '../../features/booking/link-recovery/service.ts';
import { createObjecting } from '../../features/booking/objecting/service.ts';
import { createProofs } from '../../features/booking/proof/service.ts';
import { createWaitList } from '../../features/booking/wait-list/service.ts';
import type { RunUnit } from '../../features/foundation/audit/service.ts';
import { createDrafts } from '../../features/foundation/drafts/service.ts';
import { createForms } from '../../features/foundation/forms/service.ts';
import { createStopping } from '../../features/foundation/notices/service.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import { createProofOfWork } from '../../features/foundation/proof-of-work/service.ts';
import {
  createOutsideRegistering,
  createRegistry,
} from '../../features/foundation/registry/service.ts';
import { createRelay } from '../../features/foundation/relay/service.ts';
import { createResidents } from '../../features/foundation/residents/service.ts';
import { createCallQuality } from '../../features/insight/call-quality/service.ts';
import { createStatistics } from '../../features/insight/statistics/service.ts';
import { createAttendants } from '../../features/service/attendants/service.ts';
import { createCaptions } from '../../features/service/captions/service.ts';
import type { CasesDeps } from '../../features/service/cases/keeping.ts';
import {
  createArchive,
  createAtOnce,
  createCaseDesk,
  createCaseMessages,
  createCaseNews,
  createCases,
  createCosigning,
  paperNews,
} from '../../features/service/cases/service.ts';
import { testOfficials } from '../../features/service/cases/testing.ts';
import { createChatNews } from '../../features/service/chat/service.ts';
import { testChats } from '../../features/service/chat/testing.ts';
import { createCheckIns } from '../../features/service/check-in/service.ts';
import { createCompanions } from '../../features/service/companions/service.ts';
import { testConsent, testIssuing } from '../../features/service/consent/testing.ts';
import { createDelays } from '../../features/service/delays/service.ts';
import { createDevice } from '../../features/service/device/service.ts';
import { testCasePapers, testDocuments } from '../../features/service/documents/testing.ts';
import { createEncounter } from '../../features/service/encounter/service.ts';
import { createFolder } from '../../features/service/folder/service.ts';
import {
  createIdentifying,
  createIdentityCodes,
} from '../../features/service/identifying/service.ts';
import {
  createNotifications,
  createNotifying,
} from '../../features/service/notifications/service.ts';
import { IN_FOLDER } from '../../features/service/notifications/testing.ts';
import { createOneTimeCodes } from '../../features/service/one-time-codes/service.ts';
import { createPayments } from '../../features/service/payments/service.ts';
import { createReceipts } from '../../features/service/receipts/service.ts';
import { createRepresentations } from '../../features/service/representation/service.ts';
import { testRequests } from '../../features/service/requests/testing.ts';
import { createRoom, createStills } from '../../features/service/room/service.ts';
import { createSignatures } from '../../features/service/signatures/service.ts';
import { createSurvey } from '../../features/service/survey/service.ts';
import { checkTownFile } from '../../formats/town-file/reading/check.ts';
import { type Clock, handClock } from '../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import { createStreams } from '../../lib/http/streams.ts';
import type { Notifier } from '../../lib/notifier.ts';
import { noSecurityLog } from '../../lib/security-events.ts';
import { DEMO_TOWN } from '../../paths.ts';
import { clientAddress, senders } from '../address.ts';
import { openAssets } from '../assets.ts';
import { FormError } from '../form.ts';
import { openDataFiles } from '../open-data/routes.ts';
import { readSoftware } from '../software.ts';
import { testIdentification } from '../testing/identification.ts';
import { unstyledIn } from '../testing/sheets.ts';
import { formProblem, problem } from './problem.tsx';
import { citizenPages } from './routes.ts';
import type { CitizenDeps } from './visit.tsx';
import { visitOf } from './visit.tsx';

/** Vilaclara's citizen pages on a database of their own, with a clock that tests set. */
export interface TestTown {
  deps: CitizenDeps;
  database: TestDatabase;
  clock: ReturnType<typeof handClock>;
  get(path: string, headers?: Record<string, string>): Promise<Page>;
  /** Posts a form. A form with mistakes is answered by its own page: see `send`. */
  post(path: string, form: Record<string, string | string[]>): Promise<Page>;
  /** Posts a form and follows the redirect. */
  submit(path: string, form: Record<string, string | string[]>): Promise<Page>;
  /** Sends any request, unchanged. Follows a redirect only to the form's own page with what must be mended; `fetch` follows none. */
  send(path: string, request: RequestInit): Promise<Page>;
  /** For a server on a port. */
  fetch(request: Request): Response | Promise<Response>;
  close(): Promise<void>;
}

export interface Page {
  status: number;
  /** The target of the redirect, or the page's own address. */
  path: string;
  html: string;
  headers: Headers;
}

/** A Wednesday morning with many free days ahead. */
export const WEDNESDAY = '2026-11-25T07:30:00+01:00';

/** A page of free times, by telephone. */
export const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';

/** Valid personal data for a form. */
export const MARIA = {
  name: 'Maria Puig',
  phone: '612 345 678',
  email: 'maria@example.cat',
  whom: 'self',
  anything: 'no',
};

/**
 * Opens a town with everything that the citizen's pages need; the demo town, unless `yaml` is another. `authorities`: whose certificates count for
 * signatures with AutoFirma; without them nobody signs with it.
 */
export async function testTown(
  yaml = readFileSync(DEMO_TOWN, 'utf8'),
  authorities: readonly X509Certificate[] = [],
): Promise<TestTown> {
  const database = await testDatabase();
  const clock = handClock(WEDNESDAY);
  const file = checkTownFile(yaml);
  if (!file.ok) throw new Error(file.mistakes.map((each) => each.message).join('\n'));
  await applyTown(database.kysely, file.town, clock.now());
  const deps = depsOf({ database, clock, authorities });
  const reading = { momentToSay: () => null };
  const app = new Hono()
    .route('/', openDataFiles({ ...deps, reading }))
    .route('/', citizenPages(deps));
  app.notFound(async (c) => problem(await visitOf(deps, c), 'not_found'));
  app.onError(async (error, c) => {
    if (error instanceof FormError) return problem(await visitOf(deps, c), formProblem(error));
    throw error;
  });
  return {
    deps,
    database,
    clock,
    fetch: app.fetch,
    ...requestsTo(app),
    close: () => {
      deps.room.close();
      return database.close();
    },
  };
}

const BASE_URL = 'http://localhost';

interface TownBasis {
  database: TestDatabase;
  clock: Clock;
  authorities: readonly X509Certificate[];
}

function depsOf({ database, clock, authorities }: TownBasis): CitizenDeps {
  const db = database.kysely;
  const town = testAppointments(database, clock, { baseUrl: BASE_URL });
  const { offices, slots, appointments, key, unit } = town;
  const papers = { ...testCasePapers(database, clock), authorities };
  const documents = testDocuments(database, clock, papers.blobs, {
    ofCase: paperNews({ keyring: papers.keyring, forms: createForms({ db, unit }) }),
  });
  const attendants = createAttendants({ db, clock, offices, staff: NOBODY });
  const where = { db, clock, key, baseUrl: BASE_URL };
  const people = testPeople(where, unit, { database, offices, documents });
  return {
    clock,
    offices,
    slots,
    appointments,
    waitList: createWaitList({ database, offices, slots, appointments, clock, key, unit }),
    journeys: createJourneys({ db, appointments, clock }),
    drafts: createDrafts({ db, clock }),
    ...people,
    requests: testRequests(database, clock, papers),
    proofOfWork: createProofOfWork({ db, clock, key }),
    security: noSecurityLog,
    senderOf: senders(key, clock, 1),
    addressOf: (c) => clientAddress(c, 1),
    ...testCases({ db, clock, unit, offices, key, identification: people.identification }, papers),
    survey: createSurvey({ db, clock, unit }),
    statistics: createStatistics({ db, clock, offices, key, unit }),
    stopping: createStopping({ database, keys: { links: key, addresses: key }, clock }),
    objecting: createObjecting({ database, keys: { links: key }, unit }),
    proofs: createProofs({ db, clock, unit }),
    staff: { session: async () => null },
    delays: createDelays({ db, offices, clock, unit }),
    linkRecovery: testRecovery({ db, offices, clock, unit }),
    device: createDevice({ db, clock }),
    checkIns: createCheckIns({ unit }),
    companions: createCompanions({ db, key, unit }),
    documents,
    encounter: createEncounter({ db, clock, unit, staff: NOBODY }),
    oneTimeCodes: createOneTimeCodes({ db, clock, key, isReached: () => true, unit }),
    attendants,
    caseNews: createCaseNews(deafNotifier),
    ...testChats(database, { clock, key, unit }),
    chatNews: createChatNews(deafNotifier),
    room: createRoom({ db, clock, unit, attendants, notifier: deafNotifier }),
    callQuality: createCallQuality({ db, clock }),
    captions: createCaptions({ db, clock, engineClock: clock, secret: null, key }),
    stills: createStills({ documents, unit }),
    streams: createStreams(),
    relay: createRelay({
      settings: { urls: ['turn:turn.vilaclara.cat:3478'], secret: 'geheim' },
      relayClock: clock,
      key,
    }),
    assets: openAssets('/nowhere'),
    software: readSoftware(),
    keepsPage: true,
    baseUrl: BASE_URL,
  };
}

/** Returns what sends lost links, by SMS too. */
const testRecovery = (
  deps: Pick<Parameters<typeof createLinkRecovery>[0], 'db' | 'offices' | 'clock' | 'unit'>,
) => createLinkRecovery({ ...deps, bySms: true, isReached: canReceiveSms, log: console });

/** Returns forms, their cases, and the payments of their fees on the stand-in of a demonstration. */
function testCases(
  deps: Omit<CasesDeps, 'forms' | 'registry' | 'keyring' | 'papers' | 'officials'> & {
    offices: Offices;
  },
  {
    keyring,
    papers,
    authorities,
  }: ReturnType<typeof testCasePapers> & { authorities: readonly X509Certificate[] },
) {
  const { db, clock, unit } = deps;
  const forms = createForms({ db, unit });
  const registry = createRegistry({ db, clock, unit });
  const parts = { ...deps, forms, registry, keyring, papers, officials: testOfficials };
  const cases = createCases(parts);
  const issuing = testIssuing(deps.offices, deps.clock);
  const provider = async () => createDemoPayment(BASE_URL);
  const log = { error: () => {} };
  const payments = createPayments({ ...deps, log, cases, provider, baseUrl: BASE_URL });
  const cosigning = createCosigning(parts);
  const signatures = createSignatures({
    ...parts,
    log,
    cases,
    cosigning,
    baseUrl: BASE_URL,
    provider: async (way) =>
      way === 'valid' ? createDemoSigning(BASE_URL, clock) : testAutofirma(authorities, clock),
  });
  const onUnissued = (error: unknown) => {
    throw error;
  };
  const receipts = createReceipts({ ...parts, cases, cosigning, issuing, onUnissued });
  const residents = createResidents(deps);
  const outsideRegistering = createOutsideRegistering({
    ...deps,
    adapt: () => null,
    describe: async () => null,
    log: console,
  });
  return {
    forms,
    residents,
    cases,
    archive: createArchive({ ...parts, log }),
    atOnce: createAtOnce({ ...parts, issuing, residents, log }),
    caseDesk: createCaseDesk({ ...parts, issuing, notifying: createNotifying(parts) }),
    notifications: createNotifications({ ...parts, ...IN_FOLDER, issuing }),
    payments,
    signatures,
    receipts,
    cosigning,
    caseMessages: createCaseMessages(parts),
    outsideRegistering,
  };
}

const testAutofirma = (authorities: readonly X509Certificate[], clock: Clock) =>
  authorities.length === 0
    ? null
    : createAutofirma({ revocation: 'asked' }, { authorities, clock, log: { warn: () => {} } });

/** Returns the parts that know citizens. */
function testPeople(
  deps: Parameters<typeof testIdentification>[0],
  unit: RunUnit,
  of: { database: TestDatabase } & Omit<Parameters<typeof testConsent>[2], 'unit'>,
) {
  const { db, clock } = deps;
  const { database, ...others } = of;
  const identification = testIdentification(deps);
  const representations = createRepresentations({
    db,
    clock,
    unit,
    identification,
    documents: of.documents,
    staffIdentifiers: { compare: async () => 'unknown' as const },
  });
  return {
    identification,
    consent: testConsent(database, clock, { ...others, unit, identification }),
    identifying: createIdentifying({ db, clock, unit, identification }),
    identityCodes: createIdentityCodes(deps),
    representations,
    folder: createFolder({ db, clock, unit, identification, representations }),
  };
}

/** Members of staff without names. */
const NOBODY: StaffNames = { namesOf: async () => new Map() };

/** A notifier without listeners. */
const deafNotifier: Notifier = {
  ready: Promise.resolve(),
  notify: () => {},
  notifyTopic: () => {},
  listen: () => () => {},
  listenToTopics: () => () => {},
  close: async () => {},
};

/** The addresses at which a form says what must be mended. */
const MENDING = /[?&](?:draft|start|missing)=|\?(?:mend|changed)$/;

/**
 * Checks that a page with a telephone has another way to reach the office, for people who can't telephone: the demo town has one.
 * @throws when it has none
 */
function checkReach(path: string, html: string): void {
  // The number in an appointment's card is the one that the office calls from.
  const offered = html.replaceAll(/<div class="card[\s\S]*?<dl/g, '');
  const isAlone = offered.includes('href="tel:') && !/href="mailto:|id="walk-in"/.test(html);
  if (isAlone) throw new Error(`${path} offers only a telephone`);
}

/** Returns a town as a browser with these cookies asks it. */
export const withCookie = (town: TestTown, cookie: string): TestTown => ({
  ...town,
  ...requestsTo({
    request: (path, init) => {
      const request = new Request(`http://localhost${path}`, init);
      request.headers.set('Cookie', cookie);
      return town.fetch(request);
    },
  }),
});

/** Returns the request helpers of tests. */
function requestsTo(
  app: Pick<Hono, 'request'>,
): Pick<TestTown, 'get' | 'post' | 'send' | 'submit'> {
  const page = async (path: string, answer: Response): Promise<Page> => {
    const html = await answer.text();
    const { status, headers } = answer;
    checkReach(path, html);
    return { status, path: headers.get('Location') ?? path, html, headers };
  };
  const get = async (path: string, headers: Record<string, string> = {}) =>
    page(path, await app.request(path, { headers }));
  /** Follows the redirect of a form whose mistakes are at its own address. */
  const sent = (answer: Page) =>
    answer.status === 303 && MENDING.test(answer.path) ? get(answer.path) : answer;
  const post = async (path: string, form: Record<string, string | string[]>) => {
    const body = new URLSearchParams(
      Object.entries(form).flatMap(([name, values]) =>
        [values].flat().map((value) => [name, value]),
      ),
    );
    return sent(await page(path, await app.request(path, { method: 'POST', body })));
  };
  return {
    get,
    post,
    send: async (path, request) => sent(await page(path, await app.request(path, request))),
    submit: async (path, form) => {
      const answer = await post(path, form);
      return answer.status === 303 ? get(answer.path) : answer;
    },
  };
}

/** Resolves its rules once: that takes longer than the check of a small page. */
class OneConfig extends StaticConfigLoader {
  private resolved: ReturnType<StaticConfigLoader['getConfigFor']> | null = null;

  override getConfigFor(
    ...asked: Parameters<StaticConfigLoader['getConfigFor']>
  ): ReturnType<StaticConfigLoader['getConfigFor']> {
    this.resolved ??= super.getConfigFor(...asked);
    return this.resolved;
  }
}

const rules = new OneConfig({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    'void-style': 'off',
    'long-title': 'off', // an office's whole name, even a long one
    'prefer-button': ['error', { exclude: ['image'] }], // it tells where it was pressed, without scripts
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit'] }],
  },
});
const validator = new HtmlValidate(rules);

/** Returns the faults that html-validate finds in a page, and the classes whose sheet it lacks, one per line. */
export async function faultsOf(html: string): Promise<string[]> {
  const report = await validator.validateString(html);
  const faults = report.results.flatMap((result) =>
    result.messages.map((each) => `${each.ruleId}: ${each.message} (${each.selector ?? ''})`),
  );
  return [...faults, ...unstyledIn(html)];
}

/** Returns the free starts on a page, in the order of time; the page shows the round ones of each part of a day first. */
export const startsIn = (html: string): string[] =>
  [...html.matchAll(/type="radio"[^>]*name="start"[^>]*value="([^"]+)"/g)]
    .map((match) => match[1] ?? '')
    .sort();

/**
 * Books the nth free time on a page of times, page after page as a citizen does. Returns it and the
 * appointment's private page.
 */
export async function bookThrough(
  town: TestTown,
  details: Record<string, string> = MARIA,
  { times = TIMES, nth = 0 } = {},
): Promise<{ manage: string; start: string }> {
  const start = startsIn((await town.get(times)).html).at(nth) ?? '';
  const asked = await town.submit(times, { start });
  const check = await town.submit(asked.path, details);
  const confirmed = await town.submit(check.path, {});
  return { manage: confirmed.path.replace('/confirmed', ''), start };
}
