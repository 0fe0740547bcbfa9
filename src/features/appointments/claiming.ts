import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/db/database.ts';
import { hashSecret, type PurposeKey } from '../../lib/secrets.ts';
import type { Bodies } from '../bodies/service.ts';
import type { Body } from '../bodies/types.ts';
import type { Slots } from '../slots/service.ts';
import type { ClaimOn } from './store.ts';
import type { Choice } from './types.ts';

export interface AppointmentsDeps {
  database: Database;
  bodies: Bodies;
  slots: Slots;
  clock: Clock;
  key: PurposeKey;
  baseUrl: string;
  /** Called after something happened in this body, so that nobody need wait for the next look. */
  wake(body: number): void;
}

/** Runs `attempt` on the body as it is now: when its catalogue or rota turns out to be newer, reads it and tries again. */
export async function onCurrent<T extends { outcome: string }>(
  { bodies }: AppointmentsDeps,
  body: Body,
  attempt: (body: Body) => Promise<T>,
): Promise<T> {
  for (let current = body, tries = 1; ; tries++) {
    const result = await attempt(current);
    if (result.outcome !== 'stale' || tries === 5) return result;
    bodies.forget(body.id);
    current = await bodies.byId(body.id);
  }
}

/** What to claim in the database for a choice, or why it can't be asked for. Without agents it isn't offered. */
export async function claimOn(
  { slots, clock }: AppointmentsDeps,
  body: Body,
  choice: Choice,
  /** The appointment that is to be moved. */
  except?: string,
  /** The secret of a hold that may keep it for whoever asks. */
  hold?: string,
) {
  const asked = await slots.claim(
    body,
    choice,
    choice.start,
    except,
    hold === undefined ? undefined : hashSecret(hold),
  );
  if (!asked.ok) return { outcome: 'refused' as const, reason: asked.reason };
  const on: ClaimOn = {
    body: body.id,
    revision: body.revision,
    claim: asked.claim,
    now: clock.now(),
  };
  return { outcome: 'claimed' as const, on };
}
