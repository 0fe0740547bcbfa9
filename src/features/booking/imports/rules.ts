import { IMPORTED } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { Mapping } from '../../../formats/appointments/mapping.ts';
import type { ForeignAppointment } from '../../../formats/appointments/read.ts';
import { digest } from '../../../lib/digest.ts';
import { unaccented } from '../../../lib/unaccented.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { isOther, likeness, mayBe, nameKey } from './people.ts';
import type { Places } from './places.ts';
import { isOfOffice, type Offered, procedureOf, resolve } from './resolving.ts';
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
  /** See `ImportOptions`. */
  isWhole: boolean;
}

type PeopleByHour = ReadonlyMap<string, readonly KnownAppointment[]>;

/** Says of each line of a file what comes of it, in the order of the lines; and of what was brought before and is gone there. */
export function planRows(from: PlanFrom): PlannedRow[] {
  const { offered, rows, known } = from;
  const brought = new Map(
    known.flatMap((each) => (each.externalId ? [[each.externalId, each] as const] : [])),
  );
  const people = peopleByHour(known);
  const seen = new Set<string>();
  const settled = new Set<string>();
  const planned = rows.map((row): PlannedRow => {
    const externalId = externalIdOf(row, offered.mapping);
    if (settled.has(externalId)) return planOf(row, 'twice');
    seen.add(externalId);
    const before = brought.get(externalId);
    const plan = before
      ? { ...planOf(row, againVerdict(row, before, from)), appointment: before.id }
      : planNew(row, externalId, people, from);
    if (before || plan.wanted) settled.add(externalId);
    return plan;
  });
  if (!from.isWhole) return planned;
  const met = new Set(planned.map(({ appointment }) => appointment));
  const gone = known.filter(
    ({ id, externalId }) => externalId !== null && !seen.has(externalId) && !met.has(id),
  );
  return [...planned, ...gone.filter(isLackedBy(from)).map(goneRow)];
}

/**
 * Returns the appointments that a whole file would have: of its source, to come, from its first hour to its last one, of a procedure that
 * occurs in it, and of nobody whose line can't be read. An export of one agenda says nothing about the procedures of another.
 */
function isLackedBy({ offered, rows, now }: PlanFrom): (known: KnownAppointment) => boolean {
  const prefix = prefixOf(offered.mapping);
  const ours = rows.filter((each) => isOfOffice(each, offered));
  const [first, last] = spanOf(ours);
  const procedures = new Set(ours.map((each) => procedureOf(each, offered)));
  const unread = new Set(
    ours.flatMap(({ start, name }) => (start instanceof Temporal.Instant ? [] : [nameKey(name)])),
  );
  return ({ externalId, status, start, procedure, name }) =>
    !!externalId?.startsWith(prefix) &&
    isOpen({ status, start }, now) &&
    first !== null &&
    last !== null &&
    !isAfter(first, start) &&
    !isAfter(start, last) &&
    procedures.has(procedure) &&
    !unread.has(nameKey(name));
}

const isOpen = (
  { status, start }: Pick<KnownAppointment, 'status' | 'start'>,
  now: Temporal.Instant,
): boolean => status === 'booked' && isAfter(start, now);

/**
 * Returns how many appointments a plan cancels, where they are more than a tenth of what its source brought and is still to come: so many
 * are rather a wrong file than a change. Otherwise 0.
 */
export function mustSayOf(
  rows: readonly PlannedRow[],
  { offered, known, now }: Pick<PlanFrom, 'offered' | 'known' | 'now'>,
  options: ImportOptions,
): number {
  if (!options.isWithdrawn) return 0;
  const prefix = prefixOf(offered.mapping);
  const open = known.filter((each) => each.externalId?.startsWith(prefix) && isOpen(each, now));
  const count = rows.filter(({ verdict }) => isWithdrawn(verdict)).length;
  return count * 10 > open.length ? count : 0;
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

/** What comes of a line whose id was brought before. */
function againVerdict(
  row: ForeignAppointment,
  before: KnownAppointment,
  { offered, now }: PlanFrom,
): Verdict {
  if (!mayBe(row, before)) return 'other_person';
  const { status, start } = before;
  const isSameHour = row.start instanceof Temporal.Instant && row.start.equals(start);
  if (status === 'cancelled') {
    const isBack = before.isWithdrawn && row.standing === 'open' && isAfter(start, now);
    if (!isBack) return 'cancelled_here';
    return isSameHour ? 'reopened_there' : 'differs';
  }
  if (!isOpen(before, now)) return 'there';
  if (row.standing === 'cancelled') return 'cancelled_there';
  if (row.standing === 'unknown') return 'unknown_status';
  if (!isSameHour) return 'differs';
  const resolved = resolve(row, offered);
  return resolved.ok && isOther(resolved.details.citizen, before) ? 'contact_differs' : 'there';
}

function planNew(
  row: ForeignAppointment,
  externalId: string,
  people: PeopleByHour,
  { offered, places, now }: PlanFrom,
): PlannedRow {
  const { start } = row;
  if (row.standing !== 'open' && row.standing !== 'unknown') return planOf(row, 'not_open');
  if (!(start instanceof Temporal.Instant)) return planOf(row, start);
  if (!isAfter(start, now)) return planOf(row, 'past');
  if (!isToCome(start, now)) return planOf(row, 'too_far');
  const resolved = resolve(row, offered);
  if (!resolved.ok) return planOf(row, resolved.verdict, resolved.about);
  if (row.standing === 'unknown') return planOf(row, 'unknown_status', row.status);
  const { procedure, channel, language, duration, details, leftOut } = resolved;
  const { citizen } = details;
  const alike = alikeThen({ start, ...citizen }, people);
  if (alike) return { ...planOf(row, alike.verdict), appointment: alike.appointment };
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
}: Pick<KnownAppointment, 'start' | 'phone' | 'email'>): string[] =>
  [phone, email].flatMap((each) => (each ? [`${start.epochMilliseconds} ${each}`] : []));

function peopleByHour(known: readonly KnownAppointment[]): PeopleByHour {
  const people = new Map<string, KnownAppointment[]>();
  for (const each of known)
    for (const key of keysOfPerson(each)) people.set(key, [...(people.get(key) ?? []), each]);
  return people;
}

/**
 * Returns what somebody has at that hour already: with the same telephone or address, and the same name or one that may be theirs. Those who
 * only share a telephone are two people, as a mother and her son at two desks.
 */
function alikeThen(
  of: Pick<KnownAppointment, 'start' | 'name' | 'phone' | 'email'>,
  people: PeopleByHour,
): { verdict: Verdict; appointment: string } | null {
  const then = keysOfPerson(of).flatMap((key) => people.get(key) ?? []);
  const verdicts = { same: 'same_person', similar: 'similar_person' } as const;
  for (const kind of ['same', 'similar'] as const) {
    const found = then.find(({ name }) => likeness(of.name, name) === kind);
    if (found) return { verdict: verdicts[kind], appointment: found.id };
  }
  return null;
}

/** Returns the first and the last hour of a file. */
function spanOf(rows: readonly ForeignAppointment[]) {
  const starts = rows.flatMap(({ start }) => (start instanceof Temporal.Instant ? [start] : []));
  const sorted = starts.toSorted(Temporal.Instant.compare);
  return [sorted[0] ?? null, sorted.at(-1) ?? null] as const;
}

/** Returns the code of a plan for an office and a file: another one as soon as anything else would be done. `file`: its digest. */
export function codeOf(
  { office, file }: { office: Pick<Office, 'code'>; file: string },
  rows: readonly PlannedRow[],
  options: ImportOptions,
): string {
  const done = rows.map(({ line, verdict, wanted, appointment }) => [
    line,
    verdict,
    wanted,
    appointment,
  ]);
  const { isConfirmed, isWithdrawn, isWhole, isTold } = options;
  const how = [isConfirmed, isWithdrawn, isWhole, isTold];
  const whole = digest(JSON.stringify([office.code, file, how, done]));
  // A hyphen at the beginning would be an option of the command.
  return whole.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 10);
}

/** Whether a line is booked, or booked again. */
export const isBooked = (verdict: Verdict): boolean =>
  verdict === 'reopened_there' || isBrought(verdict);

export const isBrought = (verdict: Verdict): boolean =>
  (BROUGHT as readonly Verdict[]).includes(verdict);

export const isWithdrawn = (verdict: Verdict): boolean =>
  (WITHDRAWN as readonly Verdict[]).includes(verdict);

/** Whether a line needs a person: it is not booked, or not as it should be. */
export const needsSomebody = (verdict: Verdict): boolean =>
  verdict !== 'book' &&
  verdict !== 'reopened_there' &&
  !(SETTLED as readonly Verdict[]).includes(verdict);
