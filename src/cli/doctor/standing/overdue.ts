import type { OfficeSettings } from '../../../domain/office/types.ts';
import { boundsOf } from '../../../features/foundation/retention/rules.ts';
import { countForgettable } from '../../../features/foundation/retention/views.ts';
import type { JobRun } from '../../../features/insight/operating/types.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { type Finding, right, warning } from '../report.ts';

/** What an office still has of people, a while after its periods ended. */
export interface Overdue {
  /** The office's code. */
  office: string;
  /** Appointments, encounters, calls and the like. */
  rows: number;
}

/** It is destroyed every six hours: a machine may be off for a night, and a weekend. */
const GRACE = { hours: 3 * 24 };
/** A job that failed once or twice is tried again. */
const FAILURES = 3;

/** Counts what retention should have destroyed three days ago. Runs for the installation. */
export async function readOverdue(tx: Tx, now: Temporal.Instant): Promise<Overdue[]> {
  const offices = await tx.selectFrom('office').select(['id', 'code', 'settings']).execute();
  const all: Overdue[] = [];
  for (const { id, code, settings } of offices) {
    const bounds = boundsOf(settings as OfficeSettings, now.subtract(GRACE));
    const counts = await countForgettable(tx, id, bounds);
    all.push({ office: code, rows: Object.values(counts).reduce((sum, each) => sum + each, 0) });
  }
  return all;
}

/** Reports data that is kept for longer than the town says, and background jobs that fail. Pure. */
export function aboutOverdue(overdue: readonly Overdue[], jobs: readonly JobRun[]): Finding[] {
  const late = overdue.filter(({ rows }) => rows > 0);
  return [
    ...late.map(({ office, rows }) =>
      warning(
        `${office} keeps personal data of ${rows} appointments, calls or notes for more than three days longer than its retention says.`,
        'Is a worker running (ROLES)? CLOCK_JUMPED in its log: start it again when the clock is right.',
      ),
    ),
    ...(late.length === 0 && overdue.length > 0
      ? [right('No personal data is kept for longer than the town says.')]
      : []),
    ...jobs
      .filter(({ failures }) => failures >= FAILURES)
      .map(({ what, failures, trouble, failedAt }) =>
        warning(
          `It was not possible ${what}: ${failures} times since it last worked, last at ${failedAt} (${trouble}).`,
          'The log of the worker says why.',
        ),
      ),
  ];
}
