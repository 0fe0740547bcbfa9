import type { IncomingMessage } from 'node:http';
import {
  type Calendar,
  type GraphEvent,
  type Mailbox,
  newId,
  putInto,
  removeFrom,
} from './mailbox.ts';

interface Usual {
  status: number;
  body?: object;
}

const NOT_FOUND: Usual = { status: 404, body: { error: { code: 'ErrorItemNotFound' } } };
const BAD: Usual = { status: 400, body: { error: { code: 'BadRequest' } } };
const DENIED: Usual = { status: 403, body: { error: { code: 'ErrorAccessDenied' } } };

/** Answers a request to Graph as the owner of a mailbox. */
export function answerGraph(
  mailbox: Mailbox,
  origin: string,
  { method = 'GET', headers }: IncomingMessage,
  url: URL,
  text: string,
): Usual {
  const [, , me, kind, id, what, more] = url.pathname.split('/').map(decodeURIComponent);
  if (me !== 'me') return NOT_FOUND;
  const body = text ? (JSON.parse(text) as Record<string, unknown>) : {};
  if (kind === 'calendars' && id === undefined)
    return { status: 200, body: { value: list(mailbox) } };
  if (kind === 'events' && id !== undefined) {
    // Only the person's own events are here: an id belongs to one mailbox.
    const own = mailbox.find(id)?.calendar;
    return own ? onEvent(own, method, id, body) : NOT_FOUND;
  }
  const calendar = mailbox.calendars.find((each) => each.id === id);
  if (kind !== 'calendars' || !calendar) return NOT_FOUND;
  if (what === 'calendarView' && more === 'delta')
    return delta(mailbox, calendar, origin, url, `${headers['prefer'] ?? ''}`);
  if (what !== 'events') return NOT_FOUND;
  if (more !== undefined) return onEvent(calendar, method, more, body);
  if (method === 'POST') return calendar.canEdit ? create(calendar, body) : DENIED;
  return {
    status: 200,
    body: { value: filtered(calendar, url.searchParams.get('$filter') ?? '') },
  };
}

const list = (mailbox: Mailbox) =>
  mailbox.calendars.map(({ id, name, owner, canEdit }, nth) => ({
    id,
    name,
    canEdit,
    owner: { name: owner, address: owner },
    isDefaultCalendar: nth === 0,
  }));

function onEvent(
  calendar: Calendar,
  method: string,
  id: string,
  body: Record<string, unknown>,
): Usual {
  const event = calendar.events.get(id);
  if (!event) return NOT_FOUND;
  if (method === 'GET') return { status: 200, body: event };
  if (!calendar.canEdit) return DENIED;
  if (method === 'DELETE') {
    removeFrom(calendar, id);
    return { status: 204 };
  }
  putInto(calendar, { ...body, id });
  return { status: 200, body: { id } };
}

/** Makes one event of a request that is sent again (transactionId). */
function create(calendar: Calendar, body: Record<string, unknown>): Usual {
  const { transactionId } = body;
  const twin = [...calendar.events.values()].find(
    (each) => transactionId !== undefined && each['transactionId'] === transactionId,
  );
  const id = twin?.id ?? putInto(calendar, { ...body, id: newId() });
  return { status: 201, body: { id } };
}

/** The events with a named property of this value, as the only filter that is known here asks for them. */
function filtered(calendar: Calendar, filter: string): { id: string }[] {
  const [, property, value] = /ep\/id eq '([^']+)' and ep\/value eq '([^']+)'/.exec(filter) ?? [];
  const isIt = (each: GraphEvent) =>
    ((each['singleValueExtendedProperties'] ?? []) as { id: string; value: string }[]).some(
      (one) => one.id === property && one.value === value,
    );
  return [...calendar.events.values()].filter(isIt).map(({ id }) => ({ id }));
}

/** A token of a delta: the span, how far the log was when its round began, where it goes on, and where the changes begin. */
interface Token {
  from: string;
  to: string;
  end: number;
  at: number;
  since: number | null;
}

function delta(
  mailbox: Mailbox,
  calendar: Calendar,
  origin: string,
  url: URL,
  prefer: string,
): Usual {
  const query = url.searchParams;
  const size = Number(/odata\.maxpagesize=(\d+)/.exec(prefer)?.[1] ?? 10);
  const given = query.get('$skiptoken') ?? query.get('$deltatoken');
  const from = query.get('startDateTime');
  const to = query.get('endDateTime');
  if (!given && (!from || !to)) return BAD;
  let token: Token;
  if (given) {
    token = JSON.parse(Buffer.from(given, 'base64url').toString());
    if (token.end < mailbox.forgotten) {
      mailbox.forgotten = 0;
      return { status: 410, body: { error: { code: 'syncStateNotFound' } } };
    }
    if (query.has('$deltatoken'))
      token = { ...token, since: token.end, end: calendar.log.length, at: 0 };
  } else token = { from: from ?? '', to: to ?? '', end: calendar.log.length, at: 0, since: null };
  const all = itemsOf(calendar, token);
  const page = all.slice(token.at, token.at + size);
  const isLast = token.at + size >= all.length;
  const rest = { ...token, at: token.at + size };
  const address = `${origin}${url.pathname}`;
  const link = (name: string, of: Token) =>
    `${address}?$${name}=${Buffer.from(JSON.stringify(of)).toString('base64url')}`;
  return {
    status: 200,
    body: {
      value: page,
      ...(isLast
        ? { '@odata.deltaLink': link('deltatoken', token) }
        : { '@odata.nextLink': link('skiptoken', rest) }),
    },
  };
}

/** The events of a span, or those that changed since. Extended properties are not among what a delta has. */
function itemsOf(calendar: Calendar, { from, to, since, end }: Token): object[] {
  const isIn = (event: GraphEvent) => {
    const at = (key: string) => String((event[key] as { dateTime: string } | undefined)?.dateTime);
    if (event['isLeftOut']) return false;
    return (
      event['type'] === 'seriesMaster' ||
      (`${at('start').slice(0, 19)}Z` < to && `${at('end').slice(0, 19)}Z` > from)
    );
  };
  const shown = ({ singleValueExtendedProperties: _, ...event }: GraphEvent) => event;
  if (since === null) return [...calendar.events.values()].filter(isIn).map(shown);
  const changed = new Set(calendar.log.slice(since, end).map((each) => each.id));
  return [...changed].flatMap((id) => {
    const event = calendar.events.get(id);
    if (!event) return [{ id, '@removed': { reason: 'deleted' } }];
    return isIn(event) ? [shown(event as GraphEvent)] : [{ id, '@removed': { reason: 'changed' } }];
  });
}
