import type { Office } from '../../../domain/office/types.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import type { Claim } from '../slots/service.ts';
import { type AppointmentsDeps, onCurrent } from './claiming.ts';
import { type ReassignOutcome, reassignAppointment } from './store.ts';

/** The desks to which an appointment may go, and the time that it takes. */
export interface Reassignment {
  id: string;
  /** Its place at the time of the decision; if it has moved since, it stays there. */
  seen: { desk: number; start: Temporal.Instant };
  /** Decides again on an office that has changed meanwhile; null: no desk is suitable. */
  claim(office: Office): Claim | null;
  /** Its hour has come, and the claim has one desk: it takes the first gap of the desk from the claim's start on. */
  isLate?: boolean;
  /** For the event and the audit record. */
  data?: Record<string, unknown>;
}

export type ReassignResult =
  | { ok: true; desk: number }
  /** `changed`: another person moved it or gave it to another desk. */
  | { ok: false; reason: 'taken' | 'changed' | 'not_open' | 'not_found' };

export interface Reassigning {
  /** Gives an appointment to another desk at its hour, and records it. Its citizen isn't informed: they booked an hour and no desk. */
  reassign(viewer: Viewer, office: Office, to: Reassignment): Promise<ReassignResult>;
}

export function createReassigning(deps: AppointmentsDeps): Reassigning {
  const { clock, unit } = deps;
  const { pool } = deps.database;
  return {
    async reassign(viewer, office, { id, seen, claim, isLate = false, data = {} }) {
      const result = await onCurrent<ReassignOutcome>(deps, office, async (current) => {
        const claimed = claim(current);
        if (!claimed) return { outcome: 'taken' };
        const { revision } = current;
        const on = { office: office.id, revision, claim: claimed, now: clock.now() };
        return unit.statement(
          office.id,
          () => reassignAppointment(pool, on, id, seen, actorOf(viewer), { data, isLate }),
          ({ outcome }) => outcome === 'reassigned',
        );
      });
      if (result.outcome !== 'reassigned')
        return { ok: false, reason: result.outcome === 'stale' ? 'taken' : result.outcome };
      return { ok: true, desk: result.desk };
    },
  };
}
