import { randomBytes } from 'node:crypto';

/** An event as Graph has it. */
export type GraphEvent = Record<string, unknown> & { id: string };

interface Calendar {
  id: string;
  name: string;
  owner: string;
  canEdit: boolean;
  events: Map<string, GraphEvent>;
  /** Every change, in order: the number of a delta token is a place in it. */
  log: { id: string; isRemoved: boolean }[];
}

/** A person's calendars. */
export class Mailbox {
  readonly calendars: Calendar[];
  readonly address: string;
  /** Delta tokens with a lower number have ended (410). */
  forgotten = 0;

  constructor(address: string, names: readonly string[]) {
    this.address = address;
    const all = names.length > 0 ? names : ['Calendar'];
    this.calendars = all.map((name) => ({
      id: newId(),
      name,
      owner: address,
      canEdit: true,
      events: new Map(),
      log: [],
    }));
  }

  /** The calendar with this name; the main one without. */
  named(name?: string): Calendar {
    const found = name ? this.calendars.find((each) => each.name === name) : this.calendars[0];
    if (!found) throw new Error(`No calendar ${name}`);
    return found;
  }

  /** Adds a calendar of somebody else to the list, as when they share it. */
  share(calendar: Calendar): void {
    this.calendars.push(calendar);
  }

  /** Puts an event into a calendar, as its owner does. Times are local times of UTC. Returns its id. */
  put(event: Record<string, unknown>, calendar = this.named()): string {
    return putInto(calendar, event);
  }

  /**
   * Puts a series: its master, and its occurrences, which have only their times. With `isLeftOut`, the master is not in a delta, as may
   * happen. Returns the ids, the master's first.
   */
  putSeries(master: Record<string, unknown>, starts: readonly string[], minutes: number): string[] {
    const calendar = this.named();
    const seriesMasterId = this.put({ type: 'seriesMaster', ...master });
    const ids = starts.map((start) => {
      const id = newId();
      const from = Temporal.PlainDateTime.from(start);
      const times = timesOf(start, from.add({ minutes }).toString());
      calendar.events.set(id, { id, type: 'occurrence', seriesMasterId, ...times });
      calendar.log.push({ id, isRemoved: false });
      return id;
    });
    return [seriesMasterId, ...ids];
  }

  remove(id: string): boolean {
    const calendar = this.calendars.find((each) => each.events.has(id));
    if (!calendar) return false;
    removeFrom(calendar, id);
    return true;
  }

  /** Returns an event of the mailbox itself: not of calendars that others share. */
  find(id: string): { calendar: Calendar; event: GraphEvent } | null {
    for (const calendar of this.calendars.filter((each) => each.owner === this.address)) {
      const event = calendar.events.get(id);
      if (event) return { calendar, event };
    }
    return null;
  }

  /** All delta links that were given end. */
  forgetLinks(): void {
    this.forgotten = Number.POSITIVE_INFINITY;
  }
}

export type { Calendar };

/** Puts an event into a calendar. Returns its id. */
export function putInto(calendar: Calendar, event: Record<string, unknown>): string {
  const id = typeof event['id'] === 'string' ? event['id'] : newId();
  const usual = { type: 'singleInstance', showAs: 'busy', isAllDay: false, isCancelled: false };
  calendar.events.set(id, {
    subject: 'Dentist',
    ...usual,
    ...calendar.events.get(id),
    ...event,
    id,
  });
  calendar.log.push({ id, isRemoved: false });
  return id;
}

export function removeFrom(calendar: Calendar, id: string): void {
  calendar.events.delete(id);
  calendar.log.push({ id, isRemoved: true });
}

/** The times of an event, in UTC. */
export const timesOf = (start: string, end: string) => ({
  start: { dateTime: start, timeZone: 'UTC' },
  end: { dateTime: end, timeZone: 'UTC' },
});

export const newId = (): string => `AAMk${randomBytes(18).toString('base64')}`;
