import type { Office } from '../../../domain/office/types.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import {
  type ConnectingDeps,
  type ConnectionChoice,
  type ConnectionDraft,
  type ConnectionMistakes,
  type ConnectResult,
  connect,
} from './connecting.ts';
import {
  beginGraph,
  type CameBack,
  comeBack,
  type GraphResult,
  type GraphWay,
  type GraphWish,
  insertGraph,
} from './graph/connecting.ts';
import {
  type HurryRefusal,
  hurryRefusal,
  mayChange,
  mayEndConnection,
  maySeeCalendars,
  wrongText,
} from './rules.ts';
import { openCredential, sealCredential } from './sealing.ts';
import { ask, serverOf } from './servers.ts';
import {
  type ConnectionChange,
  changeConnection,
  deleteConnection,
  endConnection,
  resealConnection,
} from './store.ts';
import { type SyncingDeps, syncCalendars } from './syncing.ts';
import type { TroubleKind } from './trouble.ts';
import type { Connection, FoundCalendar, Synced } from './types.ts';
import { readConnection, readConnections, readUnderOther } from './views.ts';

export type ChangeResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' }
  | { ok: false; reason: 'invalid'; mistakes: ConnectionMistakes };

export type HurryResult = { ok: true } | { ok: false; reason: 'not_found' | HurryRefusal };

/** Calendars of other programs that are connected with desks. Every action is recorded on the audit trail. */
export interface CalendarConnections {
  /** Returns the viewer's own, and those of every desk for viewers who see all of them. */
  list(viewer: StaffViewer): Promise<Connection[]>;
  /** Returns one that the viewer may change, and the calendars to choose from where none is chosen; null: there is none. */
  open(viewer: StaffViewer, id: string): Promise<OpenedConnection | null>;
  /** Asks the server for its calendars, and connects the desk with it. With one calendar, that one is chosen. */
  connect(viewer: StaffViewer, office: Office, draft: ConnectionDraft): Promise<ConnectResult>;
  /** Whether calendars of Microsoft 365 can be connected. */
  readonly hasGraph: boolean;
  /** Returns the address at Microsoft where a person lets us into their calendars, for this session of theirs. */
  beginGraph(
    viewer: StaffViewer,
    office: Office,
    session: string,
    wish: GraphWish,
  ): Promise<GraphWay>;
  /** Connects the calendars of a person who came back from there, or renews the permission. */
  finishGraph(
    viewer: StaffViewer,
    office: Office,
    session: string,
    query: URLSearchParams,
  ): Promise<GraphResult>;
  /** Chooses a calendar of the account. */
  choose(viewer: StaffViewer, id: string, calendar: string): Promise<ChangeResult>;
  /** Changes what it reads and is given. */
  change(viewer: StaffViewer, id: string, choice: ConnectionChoice): Promise<ChangeResult>;
  /** Replaces the password, once the server has taken it. */
  setPassword(viewer: StaffViewer, id: string, password: string): Promise<ChangeResult>;
  /** Has it read and written at the next moment: at most once a minute, and not while its server asks to be left alone. */
  hurry(viewer: StaffViewer, id: string): Promise<HurryResult>;
  /** Ends it: its busy times end at once, what was written is taken back by the worker. */
  end(viewer: StaffViewer, id: string): Promise<boolean>;
  /** Talks to the servers of all calendars that are due. For the worker. */
  sync(): Promise<number>;
  /** Seals passwords and tokens with the newest key. Returns how many. For the worker. */
  reseal(): Promise<number>;
}

export interface OpenedConnection {
  connection: Connection;
  calendars: readonly FoundCalendar[];
  /** Why the calendars to choose from are not known; null: they are. */
  trouble: TroubleKind | null;
}

export interface ConnectionsDeps extends ConnectingDeps, Omit<SyncingDeps, 'serverOf'> {}

export function createCalendarConnections(deps: ConnectionsDeps): CalendarConnections {
  const { db, unit } = deps;
  const syncing: SyncingDeps = {
    ...deps,
    serverOf: (one, credential) => serverOf(deps, one, credential),
  };

  const changing = (viewer: StaffViewer, id: string, to: ConnectionChange) =>
    change(deps, viewer, id, to);

  return {
    list: async (viewer) => {
      const all = await within(db, viewer.office, (tx) => readConnections(tx, viewer.office));
      const theirs = (each: Connection) => maySeeCalendars(viewer) || each.staff === viewer.staff;
      return all.filter(theirs).map(shown);
    },

    open: (viewer, id) => open(deps, viewer, id),
    connect: (viewer, office, draft) => connect(deps, viewer, office, draft),
    hasGraph: deps.graph !== null,
    beginGraph: (viewer, office, session, wish) => beginGraph(deps, viewer, office, session, wish),
    finishGraph: (viewer, office, session, query) =>
      finishGraph(deps, viewer, office, session, query),

    choose: async (viewer, id, calendar) => {
      const opened = await open(deps, viewer, id);
      const chosen = opened?.calendars.find((each) => each.place === calendar);
      if (!chosen) return { ok: false, reason: 'not_found' };
      return changing(viewer, id, { calendar: chosen.place, calendarName: chosen.name });
    },

    change: async (viewer, id, choice) => {
      if (!isUuid(id)) return { ok: false, reason: 'not_found' };
      const { reads, writes, names } = choice;
      if (!reads && !writes)
        return { ok: false, reason: 'invalid', mistakes: { choice: 'nothing' } };
      return changing(viewer, id, { reads, writes, names });
    },

    setPassword: async (viewer, id, password) => {
      const found = await find(deps, viewer, id);
      if (found?.kind !== 'caldav') return { ok: false, reason: 'not_found' };
      const wrong = wrongText('password', password);
      if (wrong) return { ok: false, reason: 'invalid', mistakes: { password: wrong } };
      const asked = await ask(() => serverOf(deps, found, password));
      if (!asked.ok) return { ok: false, reason: 'invalid', mistakes: { server: asked.trouble } };
      return changing(viewer, id, sealCredential(deps.key, found, password));
    },

    hurry: (viewer, id) => hurry(deps, viewer, id),

    end: async (viewer, id) =>
      isUuid(id) ? unit(viewer, viewer.office, (each) => end(each, id)) : false,

    sync: () => syncCalendars(syncing),
    reseal: () => reseal(deps),
  };
}

/** Changes a connection that the viewer may change. */
function change(
  { unit }: Pick<ConnectionsDeps, 'unit'>,
  viewer: StaffViewer,
  id: string,
  to: ConnectionChange,
): Promise<ChangeResult> {
  return unit(viewer, viewer.office, async (each) => {
    const found = await readConnection(each.tx, id);
    if (!found || !mayChange(viewer, found)) return { ok: false, reason: 'not_found' };
    await changeIn(each, found, to);
    return { ok: true };
  });
}

/** Changes a connection, recorded. */
async function changeIn(unit: Unit, found: Synced, to: ConnectionChange): Promise<void> {
  await changeConnection(unit, found, to);
  const { reads, writes, names } = { ...found, ...to };
  const data = { calendar: found.id, desk: found.desk, reads, writes, names };
  await unit.record('calendar_changed', { data });
}

async function hurry(
  { unit }: Pick<ConnectionsDeps, 'unit'>,
  viewer: StaffViewer,
  id: string,
): Promise<HurryResult> {
  if (!isUuid(id)) return { ok: false, reason: 'not_found' };
  return unit(viewer, viewer.office, async (each) => {
    const found = await readConnection(each.tx, id);
    if (!found || !mayChange(viewer, found)) return { ok: false, reason: 'not_found' };
    const reason = hurryRefusal(found, each.now);
    if (reason) return { ok: false, reason };
    await changeIn(each, found, {});
    return { ok: true };
  });
}

/** Returns a connection without what only the worker needs. */
const shown = ({
  sealed: _,
  keyVersion: _v,
  mark: _m,
  readFrom: _r,
  isEnded: _e,
  ...rest
}: Synced): Connection => rest;

async function find(
  { db }: Pick<ConnectionsDeps, 'db'>,
  viewer: StaffViewer,
  id: string,
): Promise<Synced | null> {
  if (!isUuid(id)) return null;
  const found = await within(db, viewer.office, (tx: Tx) => readConnection(tx, id));
  return found && found.office === viewer.office && mayChange(viewer, found) ? found : null;
}

async function open(
  deps: ConnectionsDeps,
  viewer: StaffViewer,
  id: string,
): Promise<OpenedConnection | null> {
  const found = await find(deps, viewer, id);
  if (!found) return null;
  const connection = shown(found);
  if (found.calendar !== null || !found.sealed) return { connection, calendars: [], trouble: null };
  const { sealed, keyVersion } = found;
  const credential = openCredential(deps.key, found, { sealed, keyVersion });
  const asked = await ask(() => serverOf(deps, found, credential ?? ''));
  if (asked.ok) return { connection, calendars: asked.calendars, trouble: null };
  return {
    connection,
    calendars: [],
    trouble: asked.trouble === 'no_calendar' ? 'gone' : asked.trouble,
  };
}

/** Connects the calendars of a person who came back from Microsoft, or renews the permission. */
async function finishGraph(
  deps: ConnectionsDeps,
  viewer: StaffViewer,
  office: Office,
  session: string,
  query: URLSearchParams,
): Promise<GraphResult> {
  const back = await comeBack(deps, viewer, office, session, query);
  if (!back.ok) return back;
  const { renews } = back.wish;
  return renews ? renew(deps, viewer, renews, back) : insertGraph(deps, viewer, office, back);
}

/** Replaces the tokens of a connection by those of the same account. */
async function renew(
  deps: ConnectionsDeps,
  viewer: StaffViewer,
  id: string,
  { tokens, account }: CameBack,
): Promise<GraphResult> {
  const found = await find(deps, viewer, id);
  if (found?.kind !== 'graph') return { ok: false, reason: 'not_found' };
  if (found.username !== account) return { ok: false, reason: 'other_account' };
  const sealed = sealCredential(deps.key, found, JSON.stringify(tokens));
  const done = await change(deps, viewer, id, sealed);
  return done.ok
    ? { ok: true, id, isOwn: found.staff !== null }
    : { ok: false, reason: 'not_found' };
}

async function end(unit: Unit<StaffViewer>, id: string): Promise<boolean> {
  const found = await readConnection(unit.tx, id);
  if (!found || !mayEndConnection(unit.viewer, found)) return false;
  if (found.calendar === null) await deleteConnection(unit, found);
  else await endConnection(unit, found);
  await unit.record('calendar_ended', { data: { calendar: id, desk: found.desk } });
  return true;
}

async function reseal({ db, key }: Pick<ConnectionsDeps, 'db' | 'key'>): Promise<number> {
  const older = await readUnderOther(db, key.version);
  for (const each of older) {
    const { sealed, keyVersion } = each;
    const credential = sealed && openCredential(key, each, { sealed, keyVersion });
    if (!credential) continue;
    const anew = sealCredential(key, each, credential);
    await within(db, each.office, (tx) => resealConnection(tx, each, anew));
  }
  return older.length;
}
