import { Trouble } from '../trouble.ts';
import type { CalendarServer, FoundCalendar, ReadSpan, ServerRead } from '../types.ts';
import type { Written } from '../written.ts';
import { conditionFor, eventBody, transactionOf } from './events.ts';
import { type Json, listAt, objectOf, textAt } from './json.ts';
import { readView } from './reading.ts';
import type { Talk } from './talk.ts';

/** A calendar of Microsoft 365, by Microsoft Graph v1.0. Its places are ids. */
export function graphServer(talk: Talk, calendar: string | null): CalendarServer {
  const chosen = (): string => {
    if (!calendar) throw new Trouble('gone');
    return `/me/calendars/${encodeURIComponent(calendar)}`;
  };
  // An event of somebody else's calendar has its id in their mailbox: below `/me/events` it is not found.
  const eventAt = (id: string): string => `${chosen()}/events/${encodeURIComponent(id)}`;
  const find = async (uid: string): Promise<string | null> => {
    const query = new URLSearchParams({ $filter: conditionFor(uid), $select: 'id', $top: '1' });
    const { body } = await talk({ method: 'GET', to: `${chosen()}/events?${query}` });
    return textAt(listAt(body, 'value')[0] ?? {}, 'id') || null;
  };
  return {
    calendars: () => calendarsOf(talk),
    read: (mark: string | null, span: ReadSpan): Promise<ServerRead | null> =>
      readView(talk, chosen(), mark, span),
    find,
    put: async (entry, remote) =>
      (remote && (await change(talk, eventAt(remote), entry)) && remote) ||
      (await create(talk, { calendar: chosen(), eventAt, find }, entry)),
    remove: async (remote) => {
      // Somebody deleted it there already.
      await talk({ method: 'DELETE', to: eventAt(remote), handles: [404, 410] });
    },
  };
}

/** Writes over an event. Returns whether it is there: somebody may have deleted it. @param to its path */
async function change(talk: Talk, to: string, entry: Written): Promise<boolean> {
  const body = eventBody(entry);
  const request = { method: 'PATCH', to, body, handles: [404, 410] } as const;
  return (await talk(request)).status < 300;
}

/** The chosen calendar. */
interface Chosen {
  /** Its path. */
  calendar: string;
  /** Returns the path of an event. */
  eventAt(id: string): string;
  find(uid: string): Promise<string | null>;
}

/** Creates an event, and once only if the request is sent again. Returns its id. */
async function create(
  talk: Talk,
  { calendar, eventAt, find }: Chosen,
  entry: Written,
): Promise<string> {
  const post = (body: Json) =>
    talk({ method: 'POST', to: `${calendar}/events`, body, handles: [409] });
  const body = eventBody(entry);
  let made = await post({ ...body, transactionId: transactionOf(entry) });
  if (made.status === 409) {
    const known = await find(entry.uid);
    if (known && (await change(talk, eventAt(known), entry))) return known;
    // The request was used for an event that is no longer there.
    made = await post(body);
  }
  const id = textAt(made.body, 'id');
  if (!id) throw new Trouble('odd');
  return id;
}

/** Pages of the list of calendars. */
const MOST_PAGES = 10;

/** Returns the calendars of a person, their main one first. Of one that somebody shares, the owner is named. */
async function calendarsOf(talk: Talk): Promise<FoundCalendar[]> {
  const select = '$select=id,name,owner,isDefaultCalendar&$top=100';
  const all: Json[] = [];
  let next = `/me/calendars?${select}`;
  for (let page = 0; next && page < MOST_PAGES; page++) {
    const { body } = await talk({ method: 'GET', to: next });
    all.push(...listAt(body, 'value'));
    next = textAt(body, '@odata.nextLink');
  }
  const main = all.find((each) => each['isDefaultCalendar'] === true);
  const me = main ? ownerOf(main) : '';
  return [...all.filter((each) => each === main), ...all.filter((each) => each !== main)]
    .map((each): FoundCalendar => {
      const owner = ownerOf(each);
      const name = textAt(each, 'name') || textAt(each, 'id');
      const isShared = me !== '' && owner !== '' && owner !== me;
      return {
        place: textAt(each, 'id'),
        name: (isShared ? `${name} (${owner})` : name).slice(0, 120),
        ...(each === main && { account: owner }),
      };
    })
    .filter(({ place }) => place !== '');
}

const ownerOf = (calendar: Json): string =>
  textAt(objectOf(calendar['owner']), 'address').toLowerCase();
