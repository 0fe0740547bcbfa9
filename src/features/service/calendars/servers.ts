import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { GraphSettings } from '../../../lib/graph/settings.ts';
import type { AddressKind } from '../../../lib/http/address-kind.ts';
import type { RequestGuard } from '../../../lib/http/guarded-request.ts';
import { isLoopback } from '../../../lib/http/loopback.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { SecurityLog } from '../../../lib/security-events.ts';
import type { Reach } from './asking.ts';
import { caldavServer } from './caldav.ts';
import { graphServer } from './graph/server.ts';
import { graphTalk } from './graph/talk.ts';
import { checkClient, readTokens, type TokenDeps, type Tokens } from './graph/tokens.ts';
import { openCredential, sealCredential } from './sealing.ts';
import { lockCredential, saveCredential } from './store.ts';
import { Trouble, type TroubleKind } from './trouble.ts';
import type { CalendarServer, FoundCalendar, Synced } from './types.ts';

/** The addresses that calendars may have, beside https ones of the whole network. */
export interface CalendarReach {
  /** Names of servers in the town hall's own network (CALENDARS_PRIVATE). */
  privately: ReadonlySet<string>;
  /** This machine, also by http (demo mode). */
  loopback: boolean;
}

/** What talking to the servers of calendars needs. */
export interface ServerDeps {
  db: Db;
  clock: Clock;
  key: PurposeKey;
  reach: CalendarReach;
  /** Microsoft 365; null: the operator has not registered this installation there. */
  graph: GraphSettings | null;
  security: SecurityLog;
  resolve?: NonNullable<RequestGuard['resolve']>;
}

/** A connection as far as its server is concerned. `staff`: who connects it; null: a desk's, which the worker reads. */
export type Asking = Pick<
  Synced,
  'kind' | 'office' | 'staff' | 'address' | 'username' | 'calendar'
> & {
  /** Absent: it is not kept yet. */
  id?: string;
};

/** Returns the server of a connection. @param credential what opens it: a password, or tokens */
export function serverOf(deps: ServerDeps, of: Asking, credential: string | null): CalendarServer {
  const { kind, address, username, calendar } = of;
  if (kind === 'caldav') {
    const account = { address, username, password: credential ?? '', calendar };
    const reach = reachOf(deps, of, hostsOf(deps.reach, address));
    return caldavServer(account, reach, () => deps.clock.now());
  }
  let known = credential;
  const keep = async (tokens: Tokens) => {
    const newer = JSON.stringify(tokens);
    await replaceCredential(deps, of, known, newer);
    known = newer;
  };
  return graphServerWith(deps, of, readTokens(credential), keep);
}

/** Returns the server of a calendar of Microsoft 365. @param keep is given each new token */
export function graphServerWith(
  deps: ServerDeps,
  of: Asking,
  tokens: Tokens | null,
  keep: (tokens: Tokens) => Promise<void>,
): CalendarServer {
  const { graph: settings, clock } = deps;
  if (!settings) throw new Trouble('unregistered');
  if (!tokens) throw new Trouble('signed_out');
  const reach = reachOf(deps, of, hostsOf({ ...deps.reach, loopback: true }, settings.graphUrl));
  const talk = graphTalk({ settings, reach, now: () => clock.now(), tokens, keep });
  return graphServer(talk, of.calendar);
}

/** Returns what the sign-in at Microsoft needs; null: the operator has not registered this installation there. */
export function signInOf(deps: ServerDeps, of: Pick<Asking, 'office' | 'staff'>): TokenDeps | null {
  const { graph: settings, clock } = deps;
  if (!settings) return null;
  const { origin } = new URL(settings.loginUrl);
  const hosts = hostsOf({ ...deps.reach, loopback: true }, settings.loginUrl);
  return { settings, now: () => clock.now(), reach: { origin, ...reachOf(deps, of, hosts) } };
}

/** Asks a server for its calendars. */
export async function ask(
  server: () => CalendarServer,
): Promise<
  { ok: true; calendars: FoundCalendar[] } | { ok: false; trouble: TroubleKind | 'no_calendar' }
> {
  try {
    const calendars = await server().calendars();
    return calendars.length > 0 ? { ok: true, calendars } : { ok: false, trouble: 'no_calendar' };
  } catch (error) {
    if (error instanceof Trouble) return { ok: false, trouble: error.kind };
    throw error;
  }
}

/** A year of a busy calendar has some megabytes. */
const LIMITS = { timeoutMs: 20_000, mostBytes: 20_000_000 };

function reachOf(
  { security, resolve }: Pick<ServerDeps, 'security' | 'resolve'>,
  { office, staff }: Pick<Asking, 'office' | 'staff'>,
  allowed: ReadonlySet<AddressKind>,
): Omit<Reach, 'origin'> {
  return {
    guard: { allowed, ...LIMITS, ...(resolve && { resolve }) },
    refused: (what) => security.note('calendar.address_refused', { office, staff, what }),
  };
}

/** Returns the kinds of addresses, beside public ones, that an address may lead to. Loopback only where it names it. */
function hostsOf({ privately, loopback }: CalendarReach, address: string): Set<AddressKind> {
  const hosts = new Set<AddressKind>();
  if (loopback && isLoopback(address)) hosts.add('loopback');
  if (privately.has(new URL(address).hostname)) hosts.add('private');
  return hosts;
}

/** Keeps new tokens of a connection, unless its former ones were replaced meanwhile: its owner may have signed in again. */
async function replaceCredential(
  { db, key }: ServerDeps,
  { id, office }: Asking,
  former: string | null,
  newer: string,
): Promise<void> {
  if (id === undefined) return;
  await within(db, office, async (tx) => {
    const kept = await lockCredential(tx, id);
    if (!kept || openCredential(key, { office, id }, kept) !== former) return;
    await saveCredential(tx, id, sealCredential(key, { office, id }, newer));
  });
}

/** Asks Microsoft whether it accepts this installation, for `doctor`. Returns what is wrong; null: nothing. */
export async function checkGraph(
  settings: GraphSettings,
  clock: Clock,
): Promise<TroubleKind | null> {
  const nobody = { privately: new Set<string>(), loopback: true };
  const reach = {
    origin: new URL(settings.loginUrl).origin,
    guard: { allowed: hostsOf(nobody, settings.loginUrl), ...LIMITS },
    refused: () => {},
  };
  try {
    await checkClient({ settings, reach, now: () => clock.now() });
    return null;
  } catch (error) {
    if (error instanceof Trouble) return error.kind;
    throw error;
  }
}
