import type { OfficeSettings } from '../../../domain/office/types.ts';
import type { Area } from '../../../domain/requests/areas.ts';
import type { RequestSettings, RequestType } from '../../../domain/requests/schema.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Database } from '../../../lib/db/database.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import type { RequesterViewer } from '../../../lib/viewer.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testCasePapers } from '../documents/testing.ts';
import { createRequests, type Requests } from './service.ts';

const named = (text: string) => ({ ca: text, es: text, en: text, eu: text });

/** A type of request of tests: an incident at a place, of a team, with ten days. */
export const testType = (code: string, over: Partial<RequestType> = {}): RequestType => ({
  code,
  kind: 'incident',
  name: named(code),
  keywords: {},
  place: 'required',
  photos: 2,
  anonymous: true,
  public: true,
  days: 10,
  team: 'brigada',
  byArea: {},
  questions: [],
  ...over,
});

/** What the office of tests says of its requests. */
export const testRequestSettings = (over: Partial<RequestSettings> = {}): RequestSettings => ({
  reopenDays: 30,
  keepDays: 90,
  similar: { metres: 60, days: 60 },
  reasons: [{ code: 'privat', name: named('És un lloc privat') }],
  templates: [],
  types: [
    testType('fanal'),
    testType('clot', { byArea: { eres: 'brigada-eres' } }),
    testType('queixa', {
      ...{ kind: 'complaint', place: 'none', anonymous: false },
      public: false,
    }),
  ],
  ...over,
});

/** Settings of an office that takes requests, with two teams. */
export const withRequests = (
  over: Partial<RequestSettings> = {},
): Pick<OfficeSettings, 'requests' | 'teams'> => ({
  requests: testRequestSettings(over),
  teams: ['brigada', 'brigada-eres'].map((code) => ({
    ...{ code, name: named(code), people: [], procedures: [] },
  })),
});

/** Two districts side by side: the centre, and les Eres east of it. */
export const TEST_AREAS: Area[] = [
  { code: 'centre', name: named('Centre'), polygons: [[square(2.1, 41.5)]] },
  { code: 'eres', name: named('Les Eres'), polygons: [[square(2.2, 41.5)]] },
];

function square(lon: number, lat: number): [number, number][] {
  return [
    [lon, lat],
    [lon + 0.1, lat],
    [lon + 0.1, lat + 0.1],
    [lon, lat + 0.1],
    [lon, lat],
  ];
}

/** Returns the requests of all offices on this database and clock. */
export function testRequests(
  database: Pick<Database, 'kysely'>,
  clock: Clock,
  made: Pick<ReturnType<typeof testCasePapers>, 'papers' | 'keyring'> = testCasePapers(
    database,
    clock,
  ),
): Requests {
  const { kysely: db } = database;
  return createRequests({
    ...{ db, clock, unit: testUnit(db, clock), papers: made.papers, keyring: made.keyring },
    offices: { areas: async () => TEST_AREAS, byId: createOffices(db).byId },
    key: purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]),
    namesOf: async (ids) => new Map(ids.map((id) => [id, `Persona ${id}`])),
    isReached: () => true,
    log: { warn: () => {}, error: () => {} },
  });
}

/** Whoever holds the link of a request. */
export const requesterOf = (request: string): RequesterViewer => ({
  kind: 'requester',
  request,
});
