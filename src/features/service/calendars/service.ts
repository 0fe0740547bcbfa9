import { randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { doAll } from '../../../lib/jobs/batches.ts';
import { hashSecret, newSecret } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { insertOpening, removeOpening, replaceOpening } from '../../foundation/openings/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import {
  calendarSince,
  isInCalendar,
  mayEndFeed,
  mayMakeFeed,
  maySeeCalendars,
  maySeeDesk,
} from './rules.ts';
import { deleteFeed, noteRead, saveFeed } from './store.ts';
import type { Feed, Post } from './types.ts';
import { readFeed, readFeeds, readOfDesk, readPosts } from './views.ts';
import { feedText } from './written.ts';

/** The addresses at which calendar programs read the appointments of desks. */
export interface CalendarFeeds {
  /** Returns the viewer's own feeds, and those of everybody for viewers who see every desk. */
  list(viewer: StaffViewer): Promise<Feed[]>;
  /**
   * Makes a feed of a desk for the viewer; one that they had of it ends. Returns its secret, only here; null: there is no such desk, or
   * the viewer may not see it. `names`: with the citizens' names, if the office allows them.
   */
  make(
    viewer: StaffViewer,
    office: Office,
    wish: { desk: string; names: boolean },
  ): Promise<string | null>;
  /** Ends a feed. Returns false when there is none that the viewer may end. */
  end(viewer: StaffViewer, id: string): Promise<boolean>;
  /** Ends the feeds of people who no longer may see the desk: they would open again if the person came back. Returns how many. */
  sweep(): Promise<number>;
  /** Returns whether a secret opens a feed, and its person still may see the desk. */
  isOpen(secret: string): Promise<boolean>;
  /** Returns the calendar that a secret opens (RFC 5545), and records the day; null: none. */
  read(secret: string): Promise<string | null>;
}

export interface CalendarFeedsDeps {
  db: Db;
  offices: Offices;
  clock: Clock;
  unit: RunUnit;
  baseUrl: string;
}

export function createCalendarFeeds(deps: CalendarFeedsDeps): CalendarFeeds {
  const { db, unit } = deps;
  return {
    list: (viewer) =>
      within(db, viewer.office, (tx) =>
        readFeeds(tx, viewer.office, maySeeCalendars(viewer) ? undefined : viewer.staff),
      ),

    make: async (viewer, office, { desk: code, names }) => {
      const desk = office.desks.find((each) => each.code === code);
      if (!desk || viewer.office !== office.id || !mayMakeFeed(viewer, desk.id)) return null;
      const isNamed = names && office.settings.calendars.citizens === 'chosen';
      return unit(viewer, office.id, (each) => make(each, desk.id, isNamed));
    },

    end: async (viewer, id) =>
      isUuid(id) ? unit(viewer, viewer.office, (each) => end(each, id)) : false,

    sweep: () => sweep(deps),
    isOpen: async (secret) => (await find(deps, secret)) !== null,
    read: (secret) => read(deps, secret),
  };
}

const SYSTEM = { kind: 'system', why: 'calendars' } as const satisfies Viewer;

async function sweep({ db, offices, unit }: CalendarFeedsDeps): Promise<number> {
  return doAll(await offices.list(), async (office) => {
    const feeds = await within(db, office.id, (tx) => readFeeds(tx, office.id));
    if (feeds.length === 0) return 0;
    const posts = await readPosts(db, office.id);
    const over = feeds.filter((each) => !isHeld(office, each, posts));
    return doAll(over, async (feed) => {
      await unit(SYSTEM, office.id, (each) => remove(each, feed));
      return true;
    });
  });
}

/** Returns whether the desk is there, and the person of a feed may see it. */
const isHeld = (
  office: Office,
  { desk, staff }: Feed,
  posts: ReadonlyMap<number, readonly Post[]>,
): boolean =>
  office.desks.some((each) => each.id === desk) && maySeeDesk(posts.get(staff) ?? [], desk);

async function make(unit: Unit<StaffViewer>, desk: number, names: boolean): Promise<string> {
  const secret = newSecret();
  const staff = unit.viewer.staff;
  const { id, isNew } = await saveFeed(unit, { id: randomUUID(), desk, staff, names });
  if (isNew) await insertOpening(unit, { opens: 'calendar_feed', subject: id }, hashSecret(secret));
  else await replaceOpening(unit, 'calendar_feed', id, hashSecret(secret));
  await unit.record('calendar_feed_made', { data: { feed: id, desk, names } });
  return secret;
}

async function end(unit: Unit<StaffViewer>, id: string): Promise<boolean> {
  const feed = await readFeed(unit.tx, id);
  if (!feed || !mayEndFeed(unit.viewer, feed)) return false;
  await remove(unit, feed);
  return true;
}

async function remove(unit: Unit, { id, desk, staff }: Feed): Promise<void> {
  await removeOpening(unit, 'calendar_feed', id);
  await deleteFeed(unit.tx, id);
  await unit.record('calendar_feed_ended', { data: { feed: id, desk, of: staff } });
}

/** Returns the feed of a secret and its office, while its person may see the desk. */
async function find(
  { db, offices }: Pick<CalendarFeedsDeps, 'db' | 'offices'>,
  secret: string,
): Promise<{ feed: Feed; office: Office } | null> {
  const found = await readOpened(db, 'calendar_feed', secret, async (tx, subject, office) => {
    const feed = await readFeed(tx, subject);
    return feed && { feed, office };
  });
  if (!found) return null;
  const { feed } = found;
  const open = (await offices.list()).find((each) => each.id === found.office);
  return open && isHeld(open, feed, await readPosts(db, open.id)) ? { feed, office: open } : null;
}

async function read(deps: CalendarFeedsDeps, secret: string): Promise<string | null> {
  const found = await find(deps, secret);
  if (!found) return null;
  const { db, clock, baseUrl } = deps;
  const { feed, office } = found;
  const now = clock.now();
  const today = now.toString().slice(0, 10);
  const since = calendarSince(now, office.timeZone);
  const appointments = await within(db, office.id, async (tx) => {
    if (feed.readOn !== today) await noteRead(tx, feed.id, today);
    return readOfDesk(tx, feed.desk, since);
  });
  const t = translateTo(office.languages[0] ?? 'ca');
  const names = feed.names && office.settings.calendars.citizens === 'chosen';
  const name = office.desk(feed.desk)?.name ?? '';
  return feedText(
    appointments.filter(isInCalendar),
    { office, t, baseUrl, names },
    { id: feed.id, name },
  );
}

export type {
  ConnectionChoice,
  ConnectionDraft,
  ConnectionMistakes,
  ConnectResult,
} from './connecting.ts';
export {
  type CalendarConnections,
  createCalendarConnections,
  type OpenedConnection,
} from './connections.ts';
export { CALLBACK_PATH, type GraphFailure, type GraphWish } from './graph/connecting.ts';
export { officeIn } from './graph/state.ts';
export { checkGraph } from './servers.ts';
