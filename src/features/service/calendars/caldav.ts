import {
  calendarQuery,
  createAccount,
  type DAVResponse,
  deleteCalendarObject,
  fetchCalendars,
  propfind,
  updateCalendarObject,
} from 'tsdav';
import type { BusyStretch } from '../../foundation/offices/service.ts';
import { readCalendar } from '../rota/service.ts';
import { askServer, headerOf, isRedirect, type Reach } from './asking.ts';
import { Trouble, troubleOfStatus } from './trouble.ts';
import type { CalendarServer, FoundCalendar, ReadSpan, ServerRead } from './types.ts';
import { objectText } from './written.ts';

/** The account at a CalDAV server (RFC 4791). */
export interface CaldavAccount {
  /** The address that was typed: of the server or of a calendar. */
  address: string;
  username: string;
  password: string;
  /** The chosen calendar; null: not yet. */
  calendar: string | null;
}

/** A server's calendar, by the protocol. */
export function caldavServer(
  account: CaldavAccount,
  reach: Omit<Reach, 'origin'>,
  now: () => Temporal.Instant,
): CalendarServer {
  const talk = talkTo(account, reach, now);
  const chosen = (): string => {
    if (!account.calendar) throw new Trouble('gone');
    return account.calendar;
  };
  const placeOf = (uid: string): string =>
    new URL(`${encodeURIComponent(uid)}.ics`, folder(chosen())).href;
  return {
    calendars: () => calendarsOf(account, talk),
    read: (mark, span) => read(account, chosen(), talk, mark, span),
    find: async (uid) => placeOf(uid),
    put: async (entry) => {
      const url = placeOf(entry.uid);
      const headers = { ...talk.headers, 'Content-Type': 'text/calendar; charset=utf-8' };
      const calendarObject = { url, data: objectText(entry) };
      await settled(talk, () => updateCalendarObject({ calendarObject, ...talk, headers }));
      return url;
    },
    remove: async (url) => {
      try {
        await settled(talk, () => deleteCalendarObject({ calendarObject: { url }, ...talk }));
      } catch (error) {
        // Somebody deleted it there already.
        if (!(error instanceof Trouble && error.kind === 'gone')) throw error;
      }
    },
  };
}

/** What is given to each function of the library. */
interface Talk {
  headers: Record<string, string>;
  fetch: typeof fetch;
  /** The first thing that went wrong since it was last asked: the library turns it into errors of its own. */
  trouble: () => Trouble | null;
}

/** Returns a `fetch` that reaches the origin of the typed address, where the guard allows it. */
function talkTo(
  { address, username, password }: CaldavAccount,
  { guard, refused }: Omit<Reach, 'origin'>,
  now: () => Temporal.Instant,
): Talk {
  const reach: Reach = { origin: new URL(address).origin, guard, refused };
  let first: Trouble | null = null;
  const note = (trouble: Trouble): Trouble => {
    first ??= trouble;
    return trouble;
  };
  const ask = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { method = 'GET' } = init;
    const headers = Object.fromEntries(new Headers(init.headers));
    const body = typeof init.body === 'string' ? init.body : '';
    const result = await askServer({ method, url, headers, body }, reach).catch((error) => {
      throw error instanceof Trouble ? note(error) : error;
    });
    const { status } = result;
    const answered = new Headers();
    for (const name of ['content-type', 'location', 'etag']) {
      const value = headerOf(result, name);
      if (value !== null) answered.set(name, value);
    }
    // While it looks for calendars, the library goes where the server sends it, within the origin.
    const mayLead = isRedirect(status) && method === 'PROPFIND';
    const wait = headerOf(result, 'retry-after');
    const trouble = mayLead ? null : troubleOfStatus(status, wait, now());
    if (trouble) note(trouble);
    const isEmpty = status === 204 || status === 304 || result.body.length === 0;
    const bytes = isEmpty ? null : new Uint8Array(result.body);
    return new Response(bytes, { status, headers: answered });
  };
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  return {
    headers: { Authorization: `Basic ${basic}`, 'User-Agent': 'Finestreta' },
    fetch: ask as typeof fetch,
    trouble: () => {
      const found = first;
      first = null;
      return found;
    },
  };
}

/** Runs a request of the library. @throws Trouble when it failed, whatever the library made of it */
async function settled<T>(talk: Talk, work: () => Promise<T>): Promise<T> {
  talk.trouble();
  let done: T;
  try {
    done = await work();
  } catch (error) {
    throw talk.trouble() ?? (error instanceof Trouble ? error : new Trouble('odd'));
  }
  const trouble = talk.trouble();
  if (trouble) throw trouble;
  return done;
}

const folder = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

/** Returns the only response about a calendar itself. @throws Trouble when there is none */
async function aboutCalendar(url: string, talk: Talk): Promise<DAVResponse> {
  const props = {
    'd:resourcetype': {},
    'd:displayname': {},
    'd:sync-token': {},
    'cs:getctag': {},
  };
  const [found] = await settled(talk, () => propfind({ url, props, depth: '0', ...talk }));
  if (!found?.ok) throw new Trouble('odd');
  return found;
}

const isCalendar = ({ props }: DAVResponse): boolean =>
  Object.keys(props?.resourcetype ?? {}).includes('calendar');

/** Returns the calendar at the typed address, or else those of the account (RFC 6764, RFC 5397, RFC 4791). */
async function calendarsOf({ address }: CaldavAccount, talk: Talk): Promise<FoundCalendar[]> {
  const own = await aboutCalendar(address, talk).catch((error: unknown) => {
    if (error instanceof Trouble && ['gone', 'odd'].includes(error.kind)) return null;
    throw error;
  });
  if (own && isCalendar(own))
    return [{ place: address, name: nameOf(own.props?.displayname) || lastPart(address) }];
  const found = await anyOf(talk, async () => {
    const account = await createAccount({
      account: { serverUrl: address, accountType: 'caldav' },
      ...talk,
    });
    return fetchCalendars({ account, ...talk });
  });
  return found
    .filter(({ components }) => !components?.length || components.includes('VEVENT'))
    .map(({ url, displayName }) => ({ place: url, name: nameOf(displayName) || lastPart(url) }));
}

/** As `settled`, where some requests of the library may fail: it tries several addresses. */
async function anyOf<T>(talk: Talk, work: () => Promise<T>): Promise<T> {
  talk.trouble();
  try {
    return await work();
  } catch {
    const trouble = talk.trouble();
    throw trouble && !['gone', 'odd'].includes(trouble.kind) ? trouble : new Trouble('gone');
  }
}

const nameOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 120) : '';

const lastPart = (url: string): string =>
  decodeURIComponent(new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? url);

/** Reads the events of a span, unless nothing changed since `mark`. */
async function read(
  account: CaldavAccount,
  url: string,
  talk: Talk,
  mark: string | null,
  span: ReadSpan,
): Promise<ServerRead | null> {
  const { from, until } = span;
  const about = await aboutCalendar(url, talk);
  if (!isCalendar(about)) throw new Trouble('gone');
  const now = nameOf(about.props?.syncToken) || nameOf(about.props?.getctag);
  if (mark !== null && now !== '' && now === mark) return null;
  const range = { _attributes: { start: stamp(from), end: stamp(until) } };
  const filters = [
    {
      'comp-filter': {
        _attributes: { name: 'VCALENDAR' },
        'comp-filter': { _attributes: { name: 'VEVENT' }, 'time-range': range },
      },
    },
  ];
  const props = { 'd:getetag': {}, 'c:calendar-data': {} };
  const found = await settled(talk, () =>
    calendarQuery({ url, props, filters, depth: '1', ...talk }),
  );
  const texts = found.flatMap((each) => textIn(each));
  return { mark: now, of: null, ...busyIn(texts, account.username, span) };
}

/** Returns when calendar files say that their owner is busy, and how many events could not be read. */
function busyIn(
  texts: readonly string[],
  username: string,
  { from, until, timeZone, isOwn }: ReadSpan,
): Pick<ServerRead, 'busy' | 'skipped'> {
  const owner = username.includes('@') ? { owner: username } : {};
  const how = {
    timeZone,
    now: from,
    as: 'busy',
    in: 'UTC',
    until,
    skips: isOwn,
    ...owner,
  } as const;
  const busy: BusyStretch[] = [];
  let skipped = 0;
  for (const text of texts) {
    const found = readCalendar(text, how);
    skipped += found ? found.left.length : 1;
    for (const { uid, from, to } of found?.entries ?? [])
      busy.push({ event: uid ?? '', from: utc(from), to: utc(to) });
  }
  return { busy, skipped };
}

const utc = (minute: string): Temporal.Instant => Temporal.Instant.from(`${minute}Z`);

/** Returns the calendar data of a response; the library gives a text, or an element with one. */
function textIn({ props }: DAVResponse): string[] {
  const data: unknown = props?.calendarData;
  if (typeof data === 'string') return [data];
  const cdata = (data as { _cdata?: unknown } | undefined)?._cdata;
  return typeof cdata === 'string' ? [cdata] : [];
}

const stamp = (at: Temporal.Instant): string =>
  at.round('second').toString().replaceAll(/[-:]/g, '');
