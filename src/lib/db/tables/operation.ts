import type { GeneratedAlways } from 'kysely';
import type { Identity, NullableTimestamp, Timestamp } from '../columns.ts';

/** What the installation did by itself; the comments stand in migrations/0043. */
export interface OperationTables {
  backup_run: {
    id: Identity;
    kind: string;
    name: string | null;
    started_at: Timestamp;
    ended_at: Timestamp;
    bytes: number | null;
    rows: number | null;
    trouble: string | null;
  };
  installation: {
    is_one: GeneratedAlways<boolean>;
    id: string;
  };
  job_run: {
    what: string;
    ran_at: NullableTimestamp;
    failed_at: NullableTimestamp;
    failures: number;
    trouble: string | null;
  };
}
