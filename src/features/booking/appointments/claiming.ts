import type { Choice } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Database } from '../../../lib/db/database.ts';
import { hashSecret, type PurposeKey } from '../../../lib/secrets.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { Slots } from '../slots/service.ts';
import type { ClaimOn } from './store.ts';

export interface AppointmentsDeps {
  database: Database;
  offices: Offices;
  slots: Slots;
  clock: Clock;
  key: PurposeKey;
  baseUrl: string;
  unit: RunUnit;
}

/** Runs `attempt` on the office's present state. When its catalogue or rota turns out to be newer, reads it and tries again. */
export async function onCurrent<T extends { outcome: string }>(
  { offices }: AppointmentsDeps,
  office: Office,
  attempt: (office: Office) => Promise<T>,
): Promise<T> {
  for (let current = office, tries = 1; ; tries++) {
    const result = await attempt(current);
    if (result.outcome !== 'stale' || tries === 5) return result;
    offices.forget(office.id);
    current = await offices.byId(office.id);
  }
}

/** Returns the database claim of a choice, or why it isn't valid. Without desks the time isn't offered. */
export async function claimOn(
  { slots, clock }: AppointmentsDeps,
  office: Office,
  choice: Choice,
  /** The appointment that is to be moved. */
  except?: string,
  /** The secret of a hold on the time. */
  hold?: string,
) {
  const asked = await slots.claim(
    office,
    choice,
    choice.start,
    except,
    hold === undefined ? undefined : hashSecret(hold),
  );
  if (!asked.ok) return { outcome: 'refused' as const, reason: asked.reason };
  const on: ClaimOn = {
    office: office.id,
    revision: office.revision,
    claim: asked.claim,
    now: clock.now(),
  };
  return { outcome: 'claimed' as const, on };
}
