import type { Office } from '../../../domain/office/types.ts';
import type { Mapping } from '../../../formats/appointments/mapping.ts';
import type { ForeignAppointment } from '../../../formats/appointments/read.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Database, within } from '../../../lib/db/database.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { Appointments } from '../appointments/service.ts';
import { minuteAtOrAfter } from '../slots/rules.ts';
import { readBusy } from '../slots/views.ts';
import { Places } from './places.ts';
import { offeredBy } from './resolving.ts';
import {
  codeOf,
  isBooked,
  isBrought,
  isToCome,
  isWithdrawn,
  lastOf,
  mayImport,
  mustSayOf,
  type PlanFrom,
  planRows,
  prefixOf,
} from './rules.ts';
import type { CarriedOut, ImportOptions, ImportPlan, PlannedRow } from './types.ts';
import { readKnown } from './views.ts';

/** A file of another tool, read. */
export interface ImportFile {
  rows: readonly ForeignAppointment[];
  mapping: Mapping;
  /** SHA-256 of its bytes, for the audit trail. */
  digest: string;
}

/** Each function throws for viewers who may not import into the office (`mayImport`). */
export interface Imports {
  /** Says what would come of each line of a file, and changes nothing. */
  plan(
    viewer: Viewer,
    office: Office,
    file: ImportFile,
    options: ImportOptions,
  ): Promise<ImportPlan>;
  /**
   * Does what a plan says, line by line, each in a transaction of its own. `code`: of the plan that a person has read. Where something
   * else would be done meanwhile, nothing is. `said`: how many are cancelled, where the plan asks for it (`mustSay`). A line whose hour was
   * taken during the run is placed anew, and at the worst kept as a clash; one that can't be carried out is `failed`, and the others go on.
   */
  carryOut(
    viewer: Viewer,
    office: Office,
    file: ImportFile,
    options: ImportOptions & {
      code: string;
      said?: number;
      onRow?(row: PlannedRow): void | Promise<void>;
    },
  ): Promise<CarriedOut>;
}

export interface ImportsDeps {
  database: Database;
  offices: Offices;
  appointments: Appointments;
  clock: Clock;
  unit: RunUnit;
}

export function createImports(deps: ImportsDeps): Imports {
  const planOf = async (
    viewer: Viewer,
    office: Office,
    file: ImportFile,
    options: ImportOptions,
  ) => {
    if (!mayImport(viewer, office)) throw new Error('They may not bring appointments here');
    const { rows, from } = await plan(deps, office, file, options);
    const code = codeOf({ office, file: file.digest }, rows, options);
    return { rows, code, mustSay: mustSayOf(rows, from, options) };
  };
  return {
    async plan(viewer, office, file, options) {
      const planned = await planOf(viewer, office, file, options);
      await record(deps, viewer, office, file, { action: 'import_planned', planned });
      return planned;
    },

    async carryOut(viewer, office, file, { code, said, onRow = () => {}, ...options }) {
      const planned = await planOf(viewer, office, file, options);
      if (planned.code !== code) return { ok: false, reason: 'changed', plan: planned };
      const { mustSay } = planned;
      if (mustSay > 0 && said !== mustSay) return { ok: false, reason: 'unsaid', plan: planned };
      await record(deps, viewer, office, file, { action: 'imported', planned });
      const carry = carrier(deps, viewer, office, file, options);
      const done: PlannedRow[] = [];
      for (const each of planned.rows) {
        const row = await carry(each);
        await onRow(row);
        done.push(row);
      }
      return { ok: true, rows: done };
    },
  };
}

/**
 * Returns what carries out line after line. One that fails is reported as that: what was done before stays, and has to be said. After several
 * one after the other, as when the database is away, nothing more is tried.
 */
function carrier(
  deps: ImportsDeps,
  viewer: Viewer,
  office: Office,
  file: ImportFile,
  options: ImportOptions,
): (planned: PlannedRow) => Promise<PlannedRow> {
  let failures = 0;
  let about = '';
  return async (planned) => {
    if (!isDeed(planned, options)) return planned;
    if (failures < MOST_FAILURES) {
      try {
        const row = await carryOutRow(deps, viewer, office, file, planned, options);
        failures = 0;
        return row;
      } catch (error) {
        failures++;
        about = error instanceof Error ? error.message : '';
      }
    }
    return { ...planned, verdict: 'failed', about };
  };
}

/** How many lines may fail one after the other. */
const MOST_FAILURES = 5;

const isDeed = ({ verdict }: PlannedRow, options: ImportOptions): boolean =>
  isBooked(verdict) || (options.isWithdrawn && isWithdrawn(verdict));

/** Reads what the office has, and plans. */
async function plan(
  { database, offices, clock }: ImportsDeps,
  office: Office,
  { rows, mapping }: Pick<ImportFile, 'rows' | 'mapping'>,
  { isWhole }: Pick<ImportOptions, 'isWhole'>,
): Promise<{ rows: PlannedRow[]; from: PlanFrom }> {
  const now = clock.now();
  const all = await offices.list();
  const known = await within(database.kysely, office.id, (tx) =>
    readKnown(tx, office.id, prefixOf(mapping), now),
  );
  const last = lastHour(rows, now);
  const desks = office.rota.desks.map((each) => each.id);
  const span = { from: minuteAtOrAfter(now), to: minuteAtOrAfter(last) };
  const busy = await readBusy(database.pool, office.id, desks, span, now);
  const places = new Places(office, busy, { now, last });
  const offered = offeredBy(office, mapping, all);
  const from = { offered, rows, known, places, now, isWhole };
  return { rows: planRows(from), from };
}

/** Returns until when the rota is needed: a day after the last hour that may be booked. */
function lastHour(rows: readonly ForeignAppointment[], now: Temporal.Instant): Temporal.Instant {
  let last = now;
  for (const { start } of rows) {
    if (!(start instanceof Temporal.Instant) || !isToCome(start, now)) continue;
    if (Temporal.Instant.compare(start, last) > 0) last = start;
  }
  const end = last.add({ hours: 24 });
  return Temporal.Instant.compare(end, lastOf(now)) > 0 ? lastOf(now) : end;
}

async function carryOutRow(
  deps: ImportsDeps,
  viewer: Viewer,
  office: Office,
  { mapping }: ImportFile,
  planned: PlannedRow,
  options: ImportOptions,
): Promise<PlannedRow> {
  const { appointments } = deps;
  const { source } = mapping;
  const { verdict, appointment } = planned;
  if (appointment && isWithdrawn(verdict)) {
    await appointments.withdraw(viewer, office, appointment, { source, isTold: options.isTold });
    return { ...planned, verdict: 'cancelled_here' };
  }
  if (appointment && verdict === 'reopened_there') {
    const result = await appointments.bringBack(viewer, office, appointment, source);
    const came = { booked: verdict, displaced: 'clash', stands: 'there' } as const;
    return { ...planned, verdict: came[result] };
  }
  let row = planned;
  for (let tries = 1; row.wanted && isBrought(row.verdict); tries++) {
    const isTimed = row.verdict !== 'clash' && tries <= MOST_TRIES;
    const { isConfirmed } = options;
    const brought = { ...row.wanted, isTimed, source, isConfirmed };
    const result = await appointments.bring(viewer, office, brought);
    if (result === 'booked') return isTimed ? row : { ...row, verdict: 'clash' };
    if (result === 'there') return { ...row, verdict: 'there', wanted: null };
    // Somebody took the hour since the plan was made, or the desk is gone.
    if (!isTimed) return { ...row, verdict: 'failed' };
    const current = await deps.offices.byId(office.id);
    const again = await plan(deps, current, { rows: [row.row!], mapping }, { isWhole: false });
    row = again.rows[0] ?? row;
  }
  return row;
}

/** How often a line is placed anew before it is kept without a desk. */
const MOST_TRIES = 3;

async function record(
  { unit }: ImportsDeps,
  viewer: Viewer,
  office: Office,
  { digest: file, mapping }: ImportFile,
  { action, planned }: { action: 'imported' | 'import_planned'; planned: ImportPlan },
): Promise<void> {
  const counts = Object.fromEntries(
    [...Map.groupBy(planned.rows, ({ verdict }) => verdict)].map(([verdict, rows]) => [
      verdict,
      rows.length,
    ]),
  );
  const data = { from: mapping.source, file, ...counts };
  await unit(viewer, office.id, (each) => each.record(action, { data }));
}
