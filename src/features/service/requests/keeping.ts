import type { Office } from '../../../domain/office/types.ts';
import type { RequestSettings, RequestType } from '../../../domain/requests/schema.ts';
import { lastCallUntil, type RequestCalendar, requestDue } from '../../../domain/requests/terms.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { CasePapers, Keyring } from '../documents/service.ts';
import { askedTimes, isTheirs, typeOf } from './rules.ts';
import type { RequestEvent, RequestRow } from './types.ts';
import type { readRequest } from './views.ts';

export interface RequestsDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  offices: Pick<Offices, 'areas' | 'byId'>;
  papers: CasePapers;
  keyring: Pick<Keyring, 'end'>;
  /** The key of links. */
  key: PurposeKey;
  /** Returns the names of accounts, by their ids. */
  namesOf(staff: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Whether SMS go to a number (E.164). */
  isReached(phone: string): boolean;
  log: { warn(what: object, message: string): void; error(what: object, message: string): void };
}

/** What an office says of its requests; null: it takes none. */
export const settingsOf = ({ settings }: Pick<Office, 'settings'>): RequestSettings | null =>
  settings.requests ?? null;

/** Returns a type that an office declares; null: it doesn't (any more). */
export const declaredType = (office: Pick<Office, 'settings'>, code: string): RequestType | null =>
  typeOf(settingsOf(office), code);

/** Returns a request of the viewer; null: it isn't theirs. */
export async function findTheirs(
  { tx, viewer, office }: Pick<Unit, 'tx' | 'viewer' | 'office'>,
  id: string,
  read: typeof readRequest,
): Promise<RequestRow | null> {
  const row = await read(tx, id);
  return row?.office === office && isTheirs(viewer, row) ? row : null;
}

/** Returns a request of the viewer that was sent; null: it isn't theirs, or is being written. */
export async function findSent(
  unit: Pick<Unit, 'tx' | 'viewer' | 'office'>,
  id: string,
  read: typeof readRequest,
): Promise<RequestRow | null> {
  const row = await findTheirs(unit, id, read);
  return row?.sentAt ? row : null;
}

/** Returns the last day to answer a request; null: none, or it stands still. */
export function dueOf(
  office: Office,
  { type, since }: Pick<RequestRow, 'type' | 'since'>,
  events: readonly RequestEvent[],
): Temporal.PlainDate | null {
  if (since === null) return null;
  const days = declaredType(office, type)?.days;
  return requestDue({ since, days, asked: askedTimes(events, since) }, calendarOf(office));
}

/** Returns the calendar by which an office counts days. */
export const calendarOf = (office: Office): RequestCalendar => ({
  timeZone: office.timeZone,
  holidays: office.settings,
});

/** Returns the last day on which an answer is waited for; null: its person was not told for the last time, or has to be called yet. */
export const lapsesAfter = (
  office: Office,
  { state, lastCallAt, callOwedAt }: Pick<RequestRow, 'state' | 'lastCallAt' | 'callOwedAt'>,
): Temporal.PlainDate | null =>
  state === 'asked' && lastCallAt && !callOwedAt
    ? lastCallUntil(lastCallAt, calendarOf(office))
    : null;

/** Whether a request may be closed since its person never said what they were asked. */
export function mayLapse(
  office: Office,
  row: Pick<RequestRow, 'state' | 'lastCallAt' | 'callOwedAt'>,
  now: Temporal.Instant,
): boolean {
  const until = lapsesAfter(office, row);
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  return until !== null && Temporal.PlainDate.compare(today, until) > 0;
}

/** Where its photos are. */
export const spaceOf = ({ id, office }: Pick<RequestRow, 'id' | 'office'>) => ({
  office,
  request: id,
});
