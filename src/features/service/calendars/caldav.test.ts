import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AddressKind } from '../../../lib/http/address-kind.ts';
import type { RefusedAddress } from './asking.ts';
import { caldavServer } from './caldav.ts';
import { Trouble } from './trouble.ts';
import type { ReadSpan } from './types.ts';

/** A server whose answers are made by hand, and another that nobody should ask. */
let server: Server;
let other: Server;
let asked: string[];
let toOther: number;
let refused: RefusedAddress[];
/** What it answers by method; a calendar that is there otherwise. */
let answers: Record<string, { status: number; headers?: Record<string, string> }>;

const open = (handle: (request: IncomingMessage, response: ServerResponse) => void) =>
  new Promise<Server>((resolve) => {
    const opened = createServer(handle);
    opened.listen(0, '127.0.0.1', () => resolve(opened));
  });
const addressOf = (of: Server) => `http://127.0.0.1:${(of.address() as AddressInfo).port}`;

const THERE = `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response>
  <d:href>/cal/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/></d:resourcetype>
  <d:displayname>Work</d:displayname></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>`;

beforeAll(async () => {
  server = await open((request, response) => {
    asked.push(`${request.method} ${request.headers.authorization ? 'with' : 'without'}`);
    const { status, headers } = answers[request.method ?? ''] ?? { status: 207 };
    response.writeHead(status, { 'content-type': 'application/xml', ...headers });
    response.end(status === 207 ? THERE : '');
  });
  other = await open((_, response) => {
    toOther++;
    response.writeHead(207).end(THERE);
  });
});
afterAll(() => {
  server.close();
  other.close();
});
beforeEach(() => {
  asked = [];
  toOther = 0;
  refused = [];
  answers = {};
});

const NOW = Temporal.Instant.from('2026-11-30T08:00:00Z');
function calendar(address = `${addressOf(server)}/cal/`, allowed: AddressKind[] = ['loopback']) {
  const account = { address, username: 'marta', password: 'sol', calendar: address };
  return caldavServer(
    account,
    {
      guard: { allowed: new Set(allowed), timeoutMs: 30_000, mostBytes: 100_000 },
      refused: (why) => refused.push(why),
    },
    () => NOW,
  );
}
const SPAN: ReadSpan = {
  from: Temporal.Instant.from('2026-11-30T00:00:00Z'),
  until: Temporal.Instant.from('2026-12-30T00:00:00Z'),
  timeZone: 'Europe/Madrid',
  isOwn: () => false,
  ownPlaces: new Set(),
};
const ENTRY = {
  uid: 'desk.1@cita.example.cat',
  title: 'By phone',
  text: '',
  place: '',
  start: SPAN.from,
  end: SPAN.until,
  sequence: 0,
  changedAt: SPAN.from,
};

/** Returns the trouble that a request ends with, and the seconds it asks for. */
async function troubleOf(work: Promise<unknown>): Promise<[string, number | null] | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof Trouble) return [error.kind, error.retryAfter];
    throw error;
  }
}

test.each([
  [429, '120', ['throttled', 120]],
  [503, '300', ['throttled', 300]],
  [503, undefined, ['away', null]],
  [429, 'soon', ['throttled', null]],
  [503, 'Mon, 30 Nov 2026 08:10:00 GMT', ['throttled', 600]],
  [429, 'Monday, 30-Nov-26 08:10:00 GMT', ['throttled', 600]],
  [429, 'Mon Nov 30 08:10:00 2026', ['throttled', 600]],
  [429, 'Mon, 30 Nov 2026 07:00:00 GMT', ['throttled', 0]],
  [429, 'Mon, 99 Nov 2026 08:10:00 GMT', ['throttled', null]],
  [503, '2026-11-30T08:10:00Z', ['away', null]],
] as const)('an answer of %i with Retry-After %s is %j', async (status, seconds, trouble) => {
  for (const method of ['REPORT', 'PUT', 'DELETE']) {
    answers = { [method]: { status, headers: seconds ? { 'Retry-After': seconds } : {} } };
    const { read, put, remove } = calendar();
    const work = {
      REPORT: () => read(null, SPAN),
      PUT: () => put(ENTRY, null),
      DELETE: () => remove(`${addressOf(server)}/cal/x.ics`),
    };
    expect(await troubleOf(work[method as keyof typeof work]()), method).toEqual(trouble);
  }
});

test.each(['PROPFIND', 'REPORT', 'PUT', 'DELETE'] as const)(
  'a %s that is sent to another host is refused, and the other host is not asked',
  async (method) => {
    answers = { [method]: { status: 302, headers: { Location: `${addressOf(other)}/cal/` } } };
    const { calendars, read, put, remove } = calendar();
    const work = {
      PROPFIND: () => calendars(),
      REPORT: () => read(null, SPAN),
      PUT: () => put(ENTRY, null),
      DELETE: () => remove(`${addressOf(server)}/cal/x.ics`),
    };
    expect(await troubleOf(work[method]())).toEqual(['address', null]);
    expect(refused[0]).toBe('other_host');
    expect(toOther).toBe(0);
  },
);

test('what was written is not taken for written when the server sends elsewhere in itself', async () => {
  answers = { PUT: { status: 307, headers: { Location: '/login' } } };
  expect(await troubleOf(calendar().put(ENTRY, null))).toEqual(['odd', null]);
  expect(refused).toEqual([]);
});

test('an address in an inner network is refused before anything is sent', async () => {
  expect(await troubleOf(calendar('https://10.1.2.3/cal/').calendars())).toEqual(['address', null]);
  expect(await troubleOf(calendar(undefined, []).calendars())).toEqual(['address', null]);
  expect(new Set(refused)).toEqual(new Set(['inner']));
  expect(asked).toEqual([]);
});

test('the password goes along to its own server', async () => {
  expect(await calendar().calendars()).toEqual([
    { place: `${addressOf(server)}/cal/`, name: 'Work' },
  ]);
  expect(asked).toEqual(['PROPFIND with']);
});
