import type { BusyStretch } from '../../../foundation/offices/service.ts';
import { Trouble } from '../trouble.ts';
import type { ReadSpan, ServerRead } from '../types.ts';
import { busyOf, type EventRead, eventKey, lacksSeries, readItem } from './events.ts';
import { type Json, listAt, objectOf, textAt } from './json.ts';
import type { GraphAnswer, Talk } from './talk.ts';

/** Events of one page: their texts come along, so that pages are small. */
const PAGE = 'odata.maxpagesize=50';
/** Pages of a reading, and series that are asked for by themselves. */
const MOST = { pages: 400, series: 200 };

/**
 * Reads when a calendar is busy in a span: everything, or what changed since the mark, which is the delta link of the last reading
 * (Microsoft Learn: "Get incremental changes to events in a calendar view"). @throws Trouble
 * @param calendar its path
 */
export async function readView(
  talk: Talk,
  calendar: string,
  mark: string | null,
  span: ReadSpan,
): Promise<ServerRead | null> {
  if (mark) {
    const changed = await readDelta(talk, mark);
    if (changed?.items.length === 0 && changed.link === mark) return null;
    // What changes in a series is only known when all of its occurrences are.
    if (changed && !changed.items.some(isOfSeries)) return changesIn(changed, span);
  }
  const range = new URLSearchParams({
    startDateTime: span.from.toString(),
    endDateTime: span.until.toString(),
  });
  const all = await readDelta(talk, `${calendar}/calendarView/delta?${range}`);
  if (!all) throw new Trouble('odd');
  return wholeOf(talk, calendar, all, span);
}

interface Delta {
  items: readonly EventRead[];
  /** The address of the next changes. */
  link: string;
}

/** Reads the pages of a delta; null: its link has ended, so that everything must be read. */
async function readDelta(talk: Talk, first: string): Promise<Delta | null> {
  const items: EventRead[] = [];
  let next = first;
  for (let page = 0; page < MOST.pages; page++) {
    const request = { method: 'GET', to: next, prefer: [PAGE], handles: [400, 404, 410] } as const;
    const answer = await talk(request);
    if (answer.status >= 400) return hasEnded(answer, first);
    const { body } = answer;
    items.push(...listAt(body, 'value').map(readItem));
    next = textAt(body, '@odata.nextLink');
    const link = textAt(body, '@odata.deltaLink');
    if (link) return { items, link };
    if (!next) throw new Trouble('odd');
  }
  throw new Trouble('odd');
}

/** The errors of a delta link that can't be used any more. */
const ENDED = /syncstate|resync|deltatoken|skiptoken/i;

/** Returns null for a delta link that has ended. @throws Trouble otherwise */
function hasEnded({ status, body }: GraphAnswer, link: string): null {
  const code = textAt(objectOf(body['error']), 'code');
  const isLink = !link.startsWith('/');
  if (isLink && (status === 410 || ENDED.test(code))) return null;
  throw new Trouble(status === 400 ? 'odd' : 'gone');
}

const isOfSeries = (item: EventRead): boolean =>
  item.kind === 'series' || (item.kind === 'event' && lacksSeries(item.event));

/** Returns what a delta changes, where no series is in it. */
function changesIn({ items, link }: Delta, span: ReadSpan): ServerRead {
  const of = new Set<string>();
  for (const item of items) if (item.kind !== 'odd') of.add(eventKey(item.id));
  return { mark: link, of, ...busyIn(items, new Map(), span) };
}

/** Returns everything that a first reading has. Series that did not come along are asked for. */
async function wholeOf(
  talk: Talk,
  calendar: string,
  { items, link }: Delta,
  span: ReadSpan,
): Promise<ServerRead> {
  const series = new Map<string, Json>();
  for (const item of items) if (item.kind === 'series') series.set(item.id, item.event);
  const missing = new Set(
    items.flatMap((item) =>
      item.kind === 'event' && lacksSeries(item.event) && !series.has(item.series)
        ? [item.series]
        : [],
    ),
  );
  for (const id of [...missing].slice(0, MOST.series)) {
    const select = '$select=id,showAs,isAllDay,isCancelled,responseStatus,transactionId';
    const to = `${calendar}/events/${encodeURIComponent(id)}?${select}`;
    const { status, body } = await talk({ method: 'GET', to, handles: [404] });
    if (status < 300) series.set(id, body);
  }
  return { mark: link, of: null, ...busyIn(items, series, span) };
}

function busyIn(
  items: readonly EventRead[],
  series: ReadonlyMap<string, Json>,
  span: ReadSpan,
): Pick<ServerRead, 'busy' | 'skipped'> {
  // An event that is there twice is as it is there last.
  const busy = new Map<string, BusyStretch>();
  let skipped = 0;
  for (const item of items) {
    if (item.kind === 'odd') skipped++;
    if (item.kind === 'removed') busy.delete(item.id);
    if (item.kind !== 'event') continue;
    const event = lacksSeries(item.event)
      ? { ...series.get(item.series), ...item.event }
      : item.event;
    const found = busyOf(item.id, event, span);
    busy.delete(item.id);
    if (found === 'unreadable') skipped++;
    else if (found) busy.set(item.id, found);
  }
  return { busy: [...busy.values()], skipped };
}
