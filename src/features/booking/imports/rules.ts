import { IMPORTED } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { Mapping } from '../../../formats/appointments/mapping.ts';
import type { ForeignAppointment } from '../../../formats/appointments/read.ts';
import { digest } from '../../../lib/digest.ts';
import { unaccented } from '../../../lib/unaccented.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { Places } from './places.ts';
import { type Offered, resolve } from './resolving.ts';
import {
  BROUGHT,
  type ImportOptions,
  type KnownAppointment,
  type PlannedRow,
  SETTLED,
  type Verdict,
  WITHDRAWN,
} from './types.ts';

/** How many days ahead somebody can have an appointment; a later one is a mistake of the file. */
const DAYS_AHEAD = 730;

/** Whether somebody may bring appointments into an office: whoever runs the installation, and its own administrators. */
export const mayImport = (viewer: Viewer, office: Pick<Office, 'id'>): boolean =>
  viewer.kind === 'system' ||
  (viewer.kind === 'staff' && viewer.office === office.id && can(viewer, 'administer'));

/** Returns the beginning of the external ids of a source. */
export const prefixOf = ({ source }: Pick<Mapping, 'source'>): string => `${IMPORTED}${source}:`;

/**
 * Returns the external id by which a line is recognised when it comes again: from its id in the other tool, or, where it has none, from
 * its hour, person and procedure. An id of other signs than letters and digits may hold an address, and is kept as a digest.
 */
export function externalIdOf(row: ForeignAppointment, mapping: Mapping): string {
  const { id, name, phone, email, procedure, start } = row;
  const content = [`${start}`, ...[name, phone, email, procedure].map(unaccented)];
  const own = id === '' ? `#${digest(JSON.stringify(content))}` : `~${digest(id)}`;
  return prefixOf(mapping) + (/^[A-Za-z0-9._-]{1,60}$/.test(id) ? id : own);
}

/** Whether an instant can still be somebody's hour. */
export const isToCome = (start: Temporal.Instant, now: Temporal.Instant): boolean =>
  isAfter(start, now) && !isAfter(start, lastOf(now));

/** Returns the last instant for which appointments are brought. */
export const lastOf = (now: Temporal.Instant): Temporal.Instant =>
  now.add({ hours: 24 * DAYS_AHEAD });

const isAfter = (one: Temporal.Instant, other: Temporal.Instant): boolean =>
  Temporal.Instant.compare(one, other) > 0;

/** What a plan is made from. */
export interface PlanFrom {
  offered: Offered;
  rows: readonly ForeignAppointment[];
  /** The appointments of this source that were brought before, and those to come of everybody. */
  known: readonly KnownAppointment[];
  places: Places;
  now: Temporal.Instant;
}

/** Says of each line of a file what comes of it, in the order of the lines; and of what was brought before and is not in it any more. */
export function planRows(from: PlanFrom): PlannedRow[] {
  const { offered, rows, known, now } = from;
  const prefix = prefixOf(offered.mapping);
  const brought = new Map(
    known.flatMap((each) => (each.externalId ? [[each.externalId, each] as const] : [])),
  );
  const people = new Map(known.flatMap((each) => keysOfPerson(each).map((key) => [key, each])));
  const seen = new Set<string>();
  const settled = new Set<string>();
  const planned = rows.map((row): PlannedRow => {
    const externalId = externalIdOf(row, offered.mapping);
    if (settled.has(externalId)) return planOf(row, 'twice');
    seen.add(externalId);
    const before = brought.get(externalId);
    const plan = before
      ? { ...planOf(row, againVerdict(row, before, now)), appointment: before.id }
      : planNew(row, externalId, people, from);
    if (before || plan.wanted) settled.add(externalId);
    return plan;
  });
  const [first, last] = spanOf(rows);
  const met = new Set(planned.map(({ appointment }) => appointment));
  const gone = known.filter(
    ({ id, externalId, status, start }) =>
      externalId?.startsWith(prefix) &&
      !seen.has(externalId) &&
      !met.has(id) &&
      status === 'booked' &&
      isAfter(start, now) &&
      first !== null &&
      last !== null &&
      !isAfter(first, start) &&
      !isAfter(start, last),
  );
  return [...planned, ...gone.map(goneRow)];
}

function planOf(row: ForeignAppointment, verdict: Verdict, about = ''): PlannedRow {
  const start = row.start instanceof Temporal.Instant ? row.start : null;
  const { line, name } = row;
  const nothing = { leftOut: [], wanted: null, appointment: null };
  return { line, verdict, row, start, name, about, ...nothing };
}

const goneRow = ({ id, start, name }: KnownAppointment): PlannedRow => ({
  line: 0,
  verdict: 'gone_there',
  row: null,
  ...{ start, name, about: '', leftOut: [], wanted: null, appointment: id },
});

/** What comes of a line that was brought before. */
function againVerdict(
  row: ForeignAppointment,
  { status, start }: KnownAppointment,
  now: Temporal.Instant,
): Verdict {
  if (status === 'cancelled') return 'cancelled_here';
  if (row.standing === 'cancelled')
    return status === 'booked' && isAfter(start, now) ? 'cancelled_there' : 'there';
  const isSame = row.start instanceof Temporal.Instant && row.start.equals(start);
  return isSame || !isAfter(start, now) ? 'there' : 'differs';
}

function planNew(
  row: ForeignAppointment,
  externalId: string,
  people: ReadonlyMap<string, KnownAppointment>,
  { offered, places, now }: PlanFrom,
): PlannedRow {
  const { start } = row;
  if (row.standing !== 'open') return planOf(row, 'not_open');
  if (!(start instanceof Temporal.Instant)) return planOf(row, start);
  if (!isAfter(start, now)) return planOf(row, 'past');
  if (!isToCome(start, now)) return planOf(row, 'too_far');
  const resolved = resolve(row, offered);
  if (!resolved.ok) return planOf(row, resolved.verdict, resolved.about);
  const { procedure, channel, language, duration, details, leftOut } = resolved;
  const { citizen } = details;
  const same = keysOfPerson({ start, ...citizen }).find((key) => people.has(key));
  if (same) return { ...planOf(row, 'same_person'), appointment: people.get(same)!.id };
  const place = places.take({ procedure, channel, language, duration }, start);
  if (!place) return planOf(row, 'no_desk', row.procedure || procedure);
  const { desk, site, verdict } = place;
  const way = { channel, language, noticeLanguage: language, noticesBy: null };
  const request = { procedure, ...way, ...(site && { site }), start, ...details };
  return { ...planOf(row, verdict), leftOut, wanted: { request, externalId, desk } };
}

/** Returns what a person is recognised by at an hour: telephone and address. */
const keysOfPerson = ({
  start,
  phone,
  email,
}: Pick<KnownAppointment, 'start' | 'phone' | 'email'> & { status?: string }): string[] =>
  [phone, email].flatMap((each) => (each ? [`${start.epochMilliseconds} ${each}`] : []));

/** Returns the first and the last hour of a file. */
function spanOf(rows: readonly ForeignAppointment[]) {
  const starts = rows.flatMap(({ start }) => (start instanceof Temporal.Instant ? [start] : []));
  const sorted = starts.toSorted(Temporal.Instant.compare);
  return [sorted[0] ?? null, sorted.at(-1) ?? null] as const;
}

/** Returns the code of a plan for an office: another one as soon as anything else would be done. */
export function codeOf(
  office: Pick<Office, 'code'>,
  rows: readonly PlannedRow[],
  options: ImportOptions,
): string {
  const done = rows.map(({ line, verdict, wanted, appointment }) => [
    line,
    verdict,
    wanted?.externalId,
    wanted?.request.start.epochMilliseconds,
    wanted?.request.procedure,
    appointment,
  ]);
  const { isConfirmed, isWithdrawn } = options;
  const whole = digest(JSON.stringify([office.code, isConfirmed, isWithdrawn, done]));
  // A hyphen at the beginning would be an option of the command.
  return whole.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 10);
}

export const isBrought = (verdict: Verdict): boolean =>
  (BROUGHT as readonly Verdict[]).includes(verdict);

export const isWithdrawn = (verdict: Verdict): boolean =>
  (WITHDRAWN as readonly Verdict[]).includes(verdict);

/** Whether a line needs a person: it is not booked, or not as it should be. */
export const needsSomebody = (verdict: Verdict): boolean =>
  verdict !== 'book' && !(SETTLED as readonly Verdict[]).includes(verdict);
