import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { doAll } from '../../../lib/jobs/batches.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { saveBusy } from '../../foundation/offices/service.ts';
import { calendarSince, isInCalendar, isOwnUid, uidOf } from './rules.ts';
import { openCredential } from './sealing.ts';
import {
  changeConnection,
  deleteConnection,
  deleteEntry,
  endConnection,
  holdConnection,
  leaseConnection,
  noteEntry,
  noteSync,
  oweEntry,
} from './store.ts';
import { Trouble, waitAfter } from './trouble.ts';
import type { CalendarServer, Post, ServerRead, Synced } from './types.ts';
import {
  readBehind,
  readConnections,
  readEntries,
  readLeased,
  readOfDesk,
  readPosts,
} from './views.ts';
import { digestOf, writtenOf } from './written.ts';

export interface SyncingDeps {
  db: Db;
  offices: Offices;
  clock: Clock;
  unit: RunUnit;
  key: PurposeKey;
  baseUrl: string;
  log: { warn(what: object, message: string): void };
  /** Returns the server of a connection. */
  serverOf(connection: Synced, credential: string | null): CalendarServer;
}

export const SYSTEM = { kind: 'system', why: 'calendars' } as const;

/** How long a worker may talk to one server. */
const LEASE = { minutes: 10 };
/** Connections that are handled in one run. */
const MOST_AT_ONCE = 200;
/** Beyond the days that can be booked, since events begin before and after midnight. */
const DAYS_MORE = 2;
/** Failures after which what was written into an ended calendar is left there. */
const MOST_FAREWELLS = 5;

/**
 * Talks to every calendar that is due, one after the other, and first ends those of people who left. Several processes may run it.
 * Calendars of an office in which somebody's could not be ended are left alone: it could be that of a person who may no longer see their desk. Returns how
 * many calendars it talked to.
 */
export async function syncCalendars(deps: SyncingDeps): Promise<number> {
  const unsure: number[] = [];
  const follow = (office: Office) =>
    followPosts(deps, office).catch((error: unknown) => {
      unsure.push(office.id);
      throw error;
    });
  const followAll = async () => doAll(await deps.offices.list(), follow);
  return doAll([followAll, () => talkToDue(deps, unsure)], (step) => step());
}

async function talkToDue(deps: SyncingDeps, except: readonly number[]): Promise<number> {
  const { db, clock } = deps;
  const behind = await readBehind(db, clock.now().subtract({ hours: 24 * 7 }));
  let done = 0;
  for (; done < MOST_AT_ONCE; done++) {
    const now = clock.now();
    const id = await within(db, INSTALLATION, (tx) =>
      leaseConnection(tx, behind, { now, until: now.add(LEASE), except }),
    );
    const connection = id && (await readLeased(db, id));
    if (!connection) break;
    const at = behind.indexOf(connection.id);
    if (at >= 0) behind.splice(at, 1);
    await talk(deps, connection);
  }
  return done;
}

/** Ends the connections of people who no longer may see their desk, and takes along those of people with another desk. Talks to none of them. */
async function followPosts({ db, unit }: SyncingDeps, office: Office): Promise<number> {
  const found = await within(db, office.id, (tx) => readConnections(tx, office.id));
  if (found.length === 0) return 0;
  const posts = await readPosts(db, office.id);
  return doAll(found, async (connection) => {
    const next = deskAfter(office, connection, posts);
    if (next === connection.desk) return 0;
    await unit(SYSTEM, office.id, async (each) => {
      const data = { calendar: connection.id, desk: next ?? connection.desk };
      if (next === null) await endConnection(each, connection);
      else {
        await changeConnection(each, connection, { desk: next });
        await saveBusy(each, { source: connection.id, desk: connection.desk }, []);
      }
      await each.record(next === null ? 'calendar_ended' : 'calendar_changed', { data });
    });
    return 0;
  });
}

/** Returns the desk that a connection belongs to; null: it has none any more. */
export function deskAfter(
  { desks }: Pick<Office, 'desks'>,
  { desk, staff }: Pick<Synced, 'desk' | 'staff'>,
  posts: ReadonlyMap<number, readonly Post[]>,
): number | null {
  const isThere = (id: number) => desks.some((each) => each.id === id);
  if (staff === null) return isThere(desk) ? desk : null;
  const own = posts.get(staff) ?? [];
  if (isThere(desk) && own.some((each) => each.desk === desk)) return desk;
  return own.map((each) => each.desk).find((each) => each !== null && isThere(each)) ?? null;
}

/** Reads a calendar and writes into it, and notes how it went. Never rejects. */
async function talk(deps: SyncingDeps, connection: Synced): Promise<void> {
  const { db, clock, log } = deps;
  let read: ReadDone | null = null;
  const note = async (trouble: Trouble | null) => {
    const failures = trouble ? connection.failures + 1 : 0;
    const now = clock.now();
    const next = now.add({ seconds: waitAfter(failures, trouble) });
    const done = { now, next, failures, trouble: trouble?.kind ?? null, read };
    await within(db, connection.office, (tx) => noteSync(tx, connection, done));
    if (trouble && failures === 1 && trouble.kind !== 'throttled')
      log.warn(
        { calendar: connection.id, office: connection.office, what: trouble.kind },
        'A connected calendar does not work',
      );
  };
  try {
    const server = await serverFor(deps, connection);
    if (connection.isEnded) return await sayFarewell(deps, connection, server);
    read = await readBusy(deps, connection, server);
    await writeOut(deps, connection, server);
    await note(null);
  } catch (error) {
    const trouble = error instanceof Trouble ? error : new Trouble('odd');
    if (!(error instanceof Trouble))
      log.warn({ ...formatError(error), calendar: connection.id }, 'A calendar could not be read');
    if (connection.isEnded && isHopeless(connection, trouble)) await forget(deps, connection);
    else await note(trouble);
  }
}

/** Returns whether what was written into an ended calendar can't be taken back: nobody signs in for it again. */
const isHopeless = ({ failures }: Synced, { kind }: Trouble): boolean =>
  kind === 'signed_out' || failures + 1 >= MOST_FAREWELLS;

/** Deletes a connection with its password or tokens and its busy times. */
const forget = ({ unit }: SyncingDeps, connection: Synced): Promise<void> =>
  unit(SYSTEM, connection.office, async (each) => {
    if (await deleteConnection(each, connection)) each.tell();
  });

async function serverFor({ key, serverOf }: SyncingDeps, connection: Synced) {
  const { sealed, keyVersion } = connection;
  if (!sealed) return serverOf(connection, null);
  const credential = openCredential(key, connection, { sealed, keyVersion });
  if (credential === null)
    throw new Trouble(connection.kind === 'caldav' ? 'refused' : 'signed_out');
  return serverOf(connection, credential);
}

interface ReadDone {
  mark: string;
  readFrom: string;
  skipped: number;
}

/** Reads the busy times, unless nothing changed since the last reading of the day. */
async function readBusy(
  { db, offices, unit, clock, baseUrl }: SyncingDeps,
  connection: Synced,
  server: CalendarServer,
): Promise<ReadDone | null> {
  const { id, desk, reads, mark, readFrom } = connection;
  const keep = ({ busy, of }: Pick<ServerRead, 'busy' | 'of'>) =>
    unit(SYSTEM, connection.office, async (each) => {
      // Somebody may have ended it while its server was asked.
      if (!(await holdConnection(each.tx, connection))) return;
      if (await saveBusy(each, { source: id, desk, of }, busy)) each.tell();
    });
  if (!reads) {
    await keep({ busy: [], of: null });
    return null;
  }
  const office = await offices.byId(connection.office);
  const today = clock.now().toZonedDateTimeISO(office.timeZone).startOfDay();
  const from = today.toInstant();
  const until = today.add({ days: office.settings.slots.horizonDays + DAYS_MORE }).toInstant();
  const day = today.toPlainDate().toString();
  const host = new URL(baseUrl).hostname;
  const entries = await within(db, office.id, (tx) => readEntries(tx, id));
  const found = await server.read(readFrom === day ? mark : null, {
    from,
    until,
    timeZone: office.timeZone,
    isOwn: (uid) => isOwnUid(uid, host),
    ownPlaces: new Set([...entries.values()].flatMap(({ remote }) => remote ?? [])),
  });
  if (!found) return null;
  await keep(found);
  const before = found.of ? connection.skipped : 0;
  return { mark: found.mark, readFrom: day, skipped: before + found.skipped };
}

/** Writes the desk's appointments as they are now, and takes back those that are no longer its. */
async function writeOut(
  deps: SyncingDeps,
  connection: Synced,
  server: CalendarServer,
): Promise<void> {
  const { db, offices, clock, baseUrl } = deps;
  const { id, desk, writes } = connection;
  const office = await offices.byId(connection.office);
  const since = calendarSince(clock.now(), office.timeZone);
  const [entries, appointments] = await within(db, office.id, async (tx) => [
    await readEntries(tx, id),
    writes ? (await readOfDesk(tx, desk, since)).filter(isInCalendar) : [],
  ]);
  const wanted = new Set(appointments.map((each) => each.id));
  for (const entry of entries.values())
    if (!wanted.has(entry.appointment)) await takeBack(deps, connection, server, entry);
  const names = connection.names && office.settings.calendars.citizens === 'chosen';
  const t = translateTo(office.languages[0] ?? 'ca');
  for (const appointment of appointments) {
    const { updatedAt: version } = appointment;
    const entry = entries.get(appointment.id);
    if (entry?.version?.equals(version)) continue;
    const text = writtenOf(appointment, { office, t, baseUrl, names });
    const written = digestOf(text);
    if (!entry) await within(db, office.id, (tx) => oweEntry(tx, office.id, id, appointment.id));
    const known = entry && (entry.remote ?? (await server.find(text.uid)));
    const isSame = entry?.remote && entry.written === written;
    const remote = isSame ? entry.remote : await server.put(text, known ?? null);
    const done = { appointment: appointment.id, remote, written, version };
    await within(db, office.id, (tx) => noteEntry(tx, id, done));
  }
}

async function takeBack(
  { db, baseUrl }: SyncingDeps,
  { id, office }: Synced,
  server: CalendarServer,
  { appointment, remote }: { appointment: string; remote: string | null },
): Promise<void> {
  const place = remote ?? (await server.find(uidOf(appointment, new URL(baseUrl).hostname)));
  if (place) await server.remove(place);
  await within(db, office, (tx) => deleteEntry(tx, id, appointment));
}

/** Takes back everything that was written into a calendar, and deletes the connection. */
async function sayFarewell(
  deps: SyncingDeps,
  connection: Synced,
  server: CalendarServer,
): Promise<void> {
  const { db } = deps;
  const entries = await within(db, connection.office, (tx) => readEntries(tx, connection.id));
  for (const entry of entries.values()) await takeBack(deps, connection, server, entry);
  await forget(deps, connection);
}
