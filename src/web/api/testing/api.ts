import type { Office } from '../../../domain/office/types.ts';
import { testAppointments } from '../../../features/booking/appointments/testing.ts';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { createForms, type Forms } from '../../../features/foundation/forms/service.ts';
import {
  type TestOfficeOptions,
  testOffice,
} from '../../../features/foundation/offices/testing.ts';
import { createTokens, type Tokens } from '../../../features/foundation/tokens/service.ts';
import { makeToken } from '../../../features/foundation/tokens/testing.ts';
import type { TokenRequest } from '../../../features/foundation/tokens/types.ts';
import {
  type Cases,
  createCases,
  createCasesByToken,
} from '../../../features/service/cases/service.ts';
import { testCasesOf, testMeans } from '../../../features/service/cases/testing.ts';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { noSecurityLog } from '../../../lib/security-events.ts';
import { openAssets } from '../../assets.ts';
import type { ApiDeps } from '../deps.ts';
import type { ApiLimits } from '../gate.ts';
import { apiRoutes } from '../routes.ts';

/** A Monday, before any shift: the first start is 09:00. */
export const MONDAY = '2026-11-30T07:00:00+01:00';
export const NINE = '2026-11-30T09:00:00+01:00';
/** So that a test meets the limits only on purpose. */
const NO_LIMITS: ApiLimits = {
  token: { burst: 1e9, perMinute: 1e9 },
  stranger: { burst: 1e9, perMinute: 1e9 },
};

export interface TestApi {
  database: TestDatabase;
  clock: ReturnType<typeof handClock>;
  deps: ApiDeps;
  tokens: Tokens;
  forms: Forms;
  cases: Cases;
  app: ReturnType<typeof apiRoutes>;
  /** The logged errors. */
  errors: object[];
  /** Makes an office with a token, and a client that uses it. */
  office(options: TestOfficeOptions & { code: string }): Promise<TestClient>;
  /** Makes a client that uses another token of an office. */
  client(office: Office, request: Partial<TokenRequest>): Promise<TestClient>;
  close(): Promise<void>;
}

export interface TestClient {
  office: Office;
  token: string;
  tokenId: number;
  /** `path` is below the office's. A given `json` makes it a POST by default. */
  send(path: string, request?: TestRequest): Promise<Answer>;
  book(more?: object, headers?: Record<string, string>): Promise<Answer>;
}

export interface TestRequest {
  method?: string;
  json?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

/** The API on a database of its own, with a clock that stands still. */
export async function testApi(limits: ApiLimits = NO_LIMITS): Promise<TestApi> {
  const database = await testDatabase();
  const { kysely: db, pool } = database;
  const clock = handClock(MONDAY);
  const { offices, slots, appointments, key, baseUrl } = testAppointments(database, clock);
  const unit = testUnit(db, clock);
  const tokens = createTokens({ db, pool, clock, key, unit });
  const forms = createForms({ db, unit });
  const cases = testCasesOf(database, clock, { offices, forms, key });
  const errors: object[] = [];
  const deps: ApiDeps = {
    security: noSecurityLog,
    clock,
    unit,
    database,
    offices,
    forms,
    slots,
    appointments,
    casesByToken: createCasesByToken(cases, testMeans),
    tokens,
    limits,
    config: { baseUrl, trustedProxies: 0, declaredProxies: 0 },
    log: { error: (what) => errors.push(what) },
    assets: openAssets('/nowhere'),
  };
  const app = apiRoutes(deps);
  const client = async (office: Office, request: Partial<TokenRequest>) => {
    const { id, token } = await makeToken(tokens, office, request);
    return testClient(app, office, id, token);
  };
  return {
    database,
    clock,
    deps,
    tokens,
    forms,
    cases: createCases(cases),
    app,
    errors,
    async office(options) {
      return client(await offices.byId(await testOffice(db, options)), {});
    },
    client,
    close: () => database.close(),
  };
}

function testClient(
  app: TestApi['app'],
  office: Office,
  tokenId: number,
  token: string,
): TestClient {
  const client: TestClient = {
    office,
    token,
    tokenId,
    async send(path, { method, json, headers } = {}) {
      const hasBody = json !== undefined;
      const response = await app.request(`/api/v1/offices/${office.code}${path}`, {
        method: method ?? (hasBody ? 'POST' : 'GET'),
        headers: {
          Authorization: `Bearer ${token}`,
          ...(hasBody && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(hasBody && { body: JSON.stringify(json) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        json: text ? JSON.parse(text) : null,
      };
    },
    book: (more = {}, headers = {}) =>
      client.send('/appointments', { json: { ...BOOKING, ...more }, headers }),
  };
  return client;
}

export const BOOKING = {
  procedure: 'volant-padro',
  channel: 'phone',
  language: 'ca',
  start: NINE,
  citizen: { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '600 000 001' },
};
