import type { Hono } from 'hono';
import type { Office } from '../../../domain/office/types.ts';
import type { RequestSettings } from '../../../domain/requests/schema.ts';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { createOffices } from '../../../features/foundation/offices/service.ts';
import { testOffice } from '../../../features/foundation/offices/testing.ts';
import { createTokens } from '../../../features/foundation/tokens/service.ts';
import { makeToken } from '../../../features/foundation/tokens/testing.ts';
import type { Requests } from '../../../features/service/requests/service.ts';
import {
  TEST_AREAS,
  testRequests,
  testType,
  withRequests,
} from '../../../features/service/requests/testing.ts';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import { noSecurityLog } from '../../../lib/security-events.ts';
import type { Data } from '../answers.ts';
import { open311Routes } from '../routes.ts';

/** A Monday in winter: an hour before UTC. */
export const NOON = '2027-02-01T12:34:56+01:00';

/** An answer, read as JSON where it is. */
export interface Replied {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

export interface TestOpen311 {
  app: Hono;
  clock: ReturnType<typeof handClock>;
  database: TestDatabase;
  requests: Requests;
  offices: Record<string, Office>;
  /** The errors that were logged. */
  errors: object[];
  get(path: string, headers?: Record<string, string>): Promise<Replied>;
  /** Sends a form. */
  post(
    fields: Record<string, string> | URLSearchParams,
    more?: { format?: string; headers?: Record<string, string> },
  ): Promise<Replied>;
  key(scopes?: readonly string[], office?: string): Promise<string>;
  close(): Promise<void>;
}

/** What the office `oac` of these tests takes: what the core's tests take, and a type with each kind of question. */
export const ASKED = testType('arbre', {
  place: 'optional',
  anonymous: false,
  public: false,
  help: { en: 'A tree of the town.' },
  group: { en: 'Parks' },
  questions: [
    { id: 'mida', type: 'number', label: { en: 'Height' }, required: true },
    { id: 'nota', type: 'text', label: { en: 'Notes' }, required: false },
    {
      id: 'mal',
      type: 'choices',
      label: { en: 'What is wrong' },
      required: false,
      options: ['branca', 'arrel', 'plaga'].map((id) => ({ id, label: { en: id } })),
    },
    { id: 'vist', type: 'date', label: { en: 'Seen on' }, required: false },
  ],
});

/** Opens Open311 on a database of its own. `codes`: the offices that take requests. */
export async function testOpen311(codes: readonly string[] = ['oac']): Promise<TestOpen311> {
  const database = await testDatabase();
  const { kysely: db, pool } = database;
  const clock = handClock(NOON);
  const found = createOffices(db);
  const offices: Record<string, Office> = {};
  const usual = withRequests();
  const types = [...(usual.requests as RequestSettings).types, ASKED];
  for (const code of codes) {
    const settings = withRequests({ types });
    offices[code] = await found.byId(await testOffice(db, { code, settings }));
  }
  const requests = testRequests(database, clock);
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 2), isActive: true }]);
  const tokens = createTokens({ db, pool, clock, key, unit: testUnit(db, clock) });
  const errors: object[] = [];
  const app = open311Routes({
    clock,
    tokens,
    requests,
    security: noSecurityLog,
    config: { baseUrl: 'https://seu.example', declaredProxies: 0, demo: false },
    offices: { list: found.list, town: found.town, areas: async () => TEST_AREAS },
    log: { error: (what: object) => void errors.push(what) },
    addressOf: () => '192.0.2.1',
  });
  const send = async (path: string, init?: RequestInit): Promise<Replied> => {
    const response = await app.request(path, init);
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
    const { status, headers } = response;
    return { status, headers, text, json: isJson ? JSON.parse(text) : null };
  };
  return {
    app,
    clock,
    database,
    requests,
    offices,
    errors,
    get: (path, headers = {}) => send(`/open311/v2/${path}`, { headers }),
    post: (fields, { format = 'json', headers = {} } = {}) =>
      send(`/open311/v2/requests.${format}`, {
        method: 'POST',
        headers,
        body: new URLSearchParams(fields),
      }),
    key: async (scopes, office = codes[0] ?? 'oac') =>
      (await makeToken(tokens, offices[office]!, scopes ? { scopes } : {})).token,
    close: () => database.close(),
  };
}

/** Names of fields, in order, of everything in data; those of lists once. */
export function shapeOf(data: Data): unknown {
  if (Array.isArray(data)) return data.length > 0 ? [shapeOf(data[0] as Data)] : [];
  if (data === null || typeof data !== 'object') return data === null ? null : typeof data;
  return Object.entries(data).map(([name, value]) => [name, shapeOf(value as Data)]);
}
