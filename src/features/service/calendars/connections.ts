import { randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import type { AddressKind } from '../../../lib/http/address-kind.ts';
import type { RequestGuard } from '../../../lib/http/guarded-request.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { saveBusy } from '../../foundation/offices/service.ts';
import { caldavServer } from './caldav.ts';
import {
  type AddressMistake,
  mayChange,
  mayConnectDesks,
  mayConnectOwn,
  mayEndConnection,
  maySeeCalendars,
  readAddress,
  wrongText,
} from './rules.ts';
import { openPassword, sealPassword } from './sealing.ts';
import {
  type ConnectionChange,
  changeConnection,
  deleteConnection,
  endConnection,
  insertConnection,
  resealConnection,
} from './store.ts';
import { type SyncingDeps, syncCalendars } from './syncing.ts';
import { Trouble, type TroubleKind } from './trouble.ts';
import type { Connection, FoundCalendar, Synced } from './types.ts';
import { readConnection, readConnections, readUnderOther } from './views.ts';

/** What is chosen of a connection. */
export interface ConnectionChoice {
  reads: boolean;
  writes: boolean;
  names: boolean;
}

/** A new connection, as typed. */
export interface ConnectionDraft extends ConnectionChoice {
  /** Code of the desk; null: the viewer's own calendar. */
  desk: string | null;
  address: string;
  username: string;
  password: string;
}

export interface ConnectionMistakes {
  address?: AddressMistake;
  username?: 'missing' | 'too_long';
  password?: 'missing' | 'too_long';
  choice?: 'nothing';
  /** What the server answered. */
  server?: TroubleKind | 'no_calendar';
}

export type ConnectResult =
  | { ok: true; id: string }
  | { ok: false; reason: 'not_found' | 'taken' }
  | { ok: false; reason: 'invalid'; mistakes: ConnectionMistakes };

export type ChangeResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' }
  | { ok: false; reason: 'invalid'; mistakes: ConnectionMistakes };

/** Calendars of other programs that are connected with desks. Every action is recorded on the audit trail. */
export interface CalendarConnections {
  /** Returns the viewer's own, and those of every desk for viewers who see all of them. */
  list(viewer: StaffViewer): Promise<Connection[]>;
  /** Returns one that the viewer may change, and the calendars to choose from where none is chosen; null: there is none. */
  open(viewer: StaffViewer, id: string): Promise<OpenedConnection | null>;
  /** Asks the server for its calendars, and connects the desk with it. With one calendar, that one is chosen. */
  connect(viewer: StaffViewer, office: Office, draft: ConnectionDraft): Promise<ConnectResult>;
  /** Chooses a calendar of the account. */
  choose(viewer: StaffViewer, id: string, calendar: string): Promise<ChangeResult>;
  /** Changes what it reads and is given. */
  change(viewer: StaffViewer, id: string, choice: ConnectionChoice): Promise<ChangeResult>;
  /** Replaces the password, once the server has taken it. */
  setPassword(viewer: StaffViewer, id: string, password: string): Promise<ChangeResult>;
  /** Has it read and written at the next moment. */
  hurry(viewer: StaffViewer, id: string): Promise<boolean>;
  /** Ends it: its busy times end at once, what was written is taken back by the worker. */
  end(viewer: StaffViewer, id: string): Promise<boolean>;
  /** Talks to the servers of all calendars that are due. For the worker. */
  sync(): Promise<number>;
  /** Seals passwords with the newest key. Returns how many. For the worker. */
  reseal(): Promise<number>;
}

export interface OpenedConnection {
  connection: Connection;
  calendars: readonly FoundCalendar[];
  /** Why the calendars to choose from are not known; null: they are. */
  trouble: TroubleKind | null;
}

/** The addresses that calendars may have, beside https ones of the whole network. */
export interface CalendarReach {
  /** Names of servers in the town hall's own network (CALENDARS_PRIVATE). */
  privately: ReadonlySet<string>;
  /** This machine, also by http (demo mode). */
  loopback: boolean;
}

export interface ConnectionsDeps extends Omit<SyncingDeps, 'serverOf'> {
  reach: CalendarReach;
  resolve?: NonNullable<RequestGuard['resolve']>;
}

const TIMEOUT_MS = 20_000;
/** A year of a busy calendar has some megabytes. */
const MOST_BYTES = 20_000_000;

export function createCalendarConnections(deps: ConnectionsDeps): CalendarConnections {
  const { db, unit } = deps;
  const syncing: SyncingDeps = {
    ...deps,
    serverOf: (one, password) => serverOf(deps, one, password),
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

    choose: async (viewer, id, calendar) => {
      const opened = await open(deps, viewer, id);
      const chosen = opened?.calendars.find((each) => each.url === calendar);
      if (!chosen) return { ok: false, reason: 'not_found' };
      return changing(viewer, id, { calendar: chosen.url, calendarName: chosen.name });
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
      if (!found) return { ok: false, reason: 'not_found' };
      const wrong = wrongText('password', password);
      if (wrong) return { ok: false, reason: 'invalid', mistakes: { password: wrong } };
      const asked = await ask(deps, found, password);
      if (!asked.ok) return { ok: false, reason: 'invalid', mistakes: { server: asked.trouble } };
      return changing(viewer, id, sealPassword(deps.key, found, password));
    },

    hurry: async (viewer, id) => (isUuid(id) ? (await changing(viewer, id, {})).ok : false),

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
    await changeConnection(each, id, to);
    const { reads, writes, names } = { ...found, ...to };
    const data = { calendar: id, desk: found.desk, reads, writes, names };
    await each.record('calendar_changed', { data });
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

const serverOf = (
  { reach, resolve }: Pick<ConnectionsDeps, 'reach' | 'resolve'>,
  { address, username, calendar }: Pick<Synced, 'address' | 'username' | 'calendar'>,
  password: string | null,
) => {
  const allowed = new Set<AddressKind>(reach.loopback ? ['loopback'] : []);
  if (reach.privately.has(new URL(address).hostname)) allowed.add('private');
  const guard = {
    allowed,
    timeoutMs: TIMEOUT_MS,
    mostBytes: MOST_BYTES,
    ...(resolve && { resolve }),
  };
  return caldavServer({ address, username, password: password ?? '', calendar }, guard);
};

async function find(
  { db }: Pick<ConnectionsDeps, 'db'>,
  viewer: StaffViewer,
  id: string,
): Promise<Synced | null> {
  if (!isUuid(id)) return null;
  const found = await within(db, viewer.office, (tx: Tx) => readConnection(tx, id));
  return found && found.office === viewer.office && mayChange(viewer, found) ? found : null;
}

/** Asks a server for its calendars. */
async function ask(
  deps: Pick<ConnectionsDeps, 'reach' | 'resolve'>,
  of: Pick<Synced, 'address' | 'username' | 'calendar'>,
  password: string,
): Promise<
  { ok: true; calendars: FoundCalendar[] } | { ok: false; trouble: TroubleKind | 'no_calendar' }
> {
  try {
    const calendars = await serverOf(deps, of, password).calendars();
    return calendars.length > 0 ? { ok: true, calendars } : { ok: false, trouble: 'no_calendar' };
  } catch (error) {
    if (error instanceof Trouble) return { ok: false, trouble: error.kind };
    throw error;
  }
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
  const password = openPassword(deps.key, found, { sealed, keyVersion });
  if (password === null) return { connection, calendars: [], trouble: 'refused' };
  const asked = await ask(deps, found, password);
  if (asked.ok) return { connection, calendars: asked.calendars, trouble: null };
  return {
    connection,
    calendars: [],
    trouble: asked.trouble === 'no_calendar' ? 'gone' : asked.trouble,
  };
}

async function connect(
  deps: ConnectionsDeps,
  viewer: StaffViewer,
  office: Office,
  draft: ConnectionDraft,
): Promise<ConnectResult> {
  const { key, unit, reach } = deps;
  const place = placeOf(viewer, office, draft.desk);
  if (!place) return { ok: false, reason: 'not_found' };
  const read = readDraft(draft, reach);
  if (!read.ok) return { ok: false, reason: 'invalid', mistakes: read.mistakes };
  const { reads, writes, names, password } = draft;
  const account = { address: read.url.href, username: draft.username.trim() };
  const asked = await ask(deps, { ...account, calendar: null }, password);
  if (!asked.ok) return { ok: false, reason: 'invalid', mistakes: { server: asked.trouble } };
  const [only, ...others] = asked.calendars;
  const chosen = only && others.length === 0 ? only : null;
  const id = randomUUID();
  return unit(viewer, office.id, async (each) => {
    const isMade = await insertConnection(each, {
      id,
      ...place,
      kind: 'caldav',
      ...account,
      reads,
      writes,
      names,
      calendar: chosen?.url ?? null,
      calendarName: chosen?.name ?? '',
      by: viewer.staff,
      ...sealPassword(key, { office: office.id, id }, password),
    });
    if (!isMade) return { ok: false, reason: 'taken' };
    const { host } = read.url;
    const data = { calendar: id, ...place, host, reads, writes, names };
    await each.record('calendar_connected', { data });
    return { ok: true, id };
  });
}

/** Returns the desk and the person of a new connection; null: the viewer may not make it. */
function placeOf(
  viewer: StaffViewer,
  office: Office,
  code: string | null,
): { desk: number; staff: number | null } | null {
  if (viewer.office !== office.id) return null;
  if (code === null)
    return mayConnectOwn(viewer) && viewer.desk !== null
      ? { desk: viewer.desk, staff: viewer.staff }
      : null;
  const desk = office.desks.find((each) => each.code === code);
  return desk && mayConnectDesks(viewer) ? { desk: desk.id, staff: null } : null;
}

function readDraft(
  { address, username, password, reads, writes }: ConnectionDraft,
  reach: CalendarReach,
): { ok: true; url: URL } | { ok: false; mistakes: ConnectionMistakes } {
  const url = readAddress(address, reach);
  const wrong = {
    username: wrongText('username', username.trim()),
    password: wrongText('password', password),
  };
  const mistakes: ConnectionMistakes = {
    ...(!(url instanceof URL) && { address: url }),
    ...(wrong.username && { username: wrong.username }),
    ...(wrong.password && { password: wrong.password }),
    ...(!reads && !writes && { choice: 'nothing' }),
  };
  return url instanceof URL && Object.keys(mistakes).length === 0
    ? { ok: true, url }
    : { ok: false, mistakes };
}

async function end(unit: Unit<StaffViewer>, id: string): Promise<boolean> {
  const found = await readConnection(unit.tx, id);
  if (!found || !mayEndConnection(unit.viewer, found)) return false;
  if (found.calendar === null) await deleteConnection(unit.tx, id);
  else await endConnection(unit, id);
  await saveBusy(unit, { source: id, desk: found.desk }, []);
  await unit.record('calendar_ended', { data: { calendar: id, desk: found.desk } });
  return true;
}

async function reseal({ db, key }: Pick<ConnectionsDeps, 'db' | 'key'>): Promise<number> {
  const older = await readUnderOther(db, key.version);
  for (const each of older) {
    const { sealed, keyVersion } = each;
    const password = sealed && openPassword(key, each, { sealed, keyVersion });
    if (!password) continue;
    const anew = sealPassword(key, each, password);
    await within(db, each.office, (tx) => resealConnection(tx, each, anew));
  }
  return older.length;
}
