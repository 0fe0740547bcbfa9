import { randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import {
  type AddressMistake,
  mayConnectDesks,
  mayConnectOwn,
  readAddress,
  wrongText,
} from './rules.ts';
import { sealCredential } from './sealing.ts';
import { ask, type CalendarReach, type ServerDeps, serverOf } from './servers.ts';
import { insertConnection } from './store.ts';
import type { TroubleKind } from './trouble.ts';
import type { CalendarKind, FoundCalendar } from './types.ts';

/** What making a connection needs. */
export interface ConnectingDeps extends ServerDeps {
  unit: RunUnit;
  /** Public address without a trailing slash. */
  baseUrl: string;
}

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

/** Asks a CalDAV server for its calendars, and connects a desk with it. With one calendar, that one is chosen. */
export async function connect(
  deps: ConnectingDeps,
  viewer: StaffViewer,
  office: Office,
  draft: ConnectionDraft,
): Promise<ConnectResult> {
  const place = placeOf(viewer, office, draft.desk);
  if (!place) return { ok: false, reason: 'not_found' };
  const read = readDraft(draft, deps.reach);
  if (!read.ok) return { ok: false, reason: 'invalid', mistakes: read.mistakes };
  const { reads, writes, names, password } = draft;
  const account = { address: read.url.href, username: draft.username.trim() };
  const of = { kind: 'caldav', office: office.id, staff: viewer.staff, calendar: null } as const;
  const asked = await ask(() => serverOf(deps, { ...of, ...account }, password));
  if (!asked.ok) return { ok: false, reason: 'invalid', mistakes: { server: asked.trouble } };
  const [only, ...others] = asked.calendars;
  return insert(deps, viewer, office, {
    kind: 'caldav',
    ...place,
    ...account,
    reads,
    writes,
    names,
    chosen: only && others.length === 0 ? only : null,
    credential: password,
  });
}

/** A connection that is about to be made. */
export interface NewConnection extends ConnectionChoice {
  kind: CalendarKind;
  /** Id of the desk. */
  desk: number;
  staff: number | null;
  address: string;
  username: string;
  /** Null: the person chooses later. */
  chosen: FoundCalendar | null;
  credential: string;
}

/** Adds a connection, recorded. */
export function insert(
  { key, unit }: Pick<ConnectingDeps, 'key' | 'unit'>,
  viewer: StaffViewer,
  office: Office,
  { chosen, credential, ...made }: NewConnection,
): Promise<{ ok: true; id: string } | { ok: false; reason: 'taken' }> {
  const id = randomUUID();
  const { kind, desk, staff, address, reads, writes, names } = made;
  return unit(viewer, office.id, async (each) => {
    const isMade = await insertConnection(each, {
      ...made,
      id,
      calendar: chosen?.place ?? null,
      calendarName: chosen?.name ?? '',
      by: viewer.staff,
      ...sealCredential(key, { office: office.id, id }, credential),
    });
    if (!isMade) return { ok: false, reason: 'taken' };
    const { host } = new URL(address);
    const data = { calendar: id, kind, desk, staff, host, reads, writes, names };
    await each.record('calendar_connected', { data });
    return { ok: true, id };
  });
}

/** Returns the desk and the person of a new connection; null: the viewer may not make it. */
export function placeOf(
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
