import { sql } from 'kysely';
import type { AddressKind } from '../../../domain/address.ts';
import type { Tx } from '../../../lib/db/database.ts';
import type { CodeWay, Reached, StepKind } from './types.ts';

/** A step to be kept. See `Step`. */
export interface NewStep {
  kind: StepKind;
  at: Temporal.Instant;
  actor: string;
  address?: AddressKind;
  hash?: string | null;
  before?: string | null;
  proved?: boolean;
  link?: number;
  /** Ids of the notices that tell those who were reached before. */
  told?: readonly string[];
}

const bytes = (hash: string | null | undefined): Buffer | null =>
  hash ? Buffer.from(hash, 'hex') : null;

export async function insertSteps(
  tx: Tx,
  on: Pick<Reached, 'id' | 'office'>,
  steps: readonly NewStep[],
): Promise<void> {
  if (steps.length === 0) return;
  await tx
    .insertInto('proof_step')
    .values(
      steps.map((each) => ({
        office_id: on.office,
        appointment_id: on.id,
        at: each.at.toString(),
        actor: each.actor,
        kind: each.kind,
        address: each.address ?? null,
        hash: bytes(each.hash),
        before: bytes(each.before),
        proved: each.proved ?? false,
        link: each.link ?? null,
        told: sql<string[]>`${[...(each.told ?? [])]}::uuid[]`,
      })),
    )
    .execute();
}

/** Locks an appointment's row until the transaction ends, so that what is decided on its addresses stays true. */
export async function lockReached(tx: Tx, id: string): Promise<Reached | null> {
  const row = await tx
    .selectFrom('appointment')
    .select(['id', 'office_id', 'email', 'phone', 'link'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row
    ? { id, office: row.office_id, citizen: { email: row.email, phone: row.phone }, link: row.link }
    : null;
}

/** Remembers a browser in which a code was typed. `hash`: of the secret that it keeps. */
export async function insertProved(
  tx: Tx,
  on: Pick<Reached, 'id' | 'office'>,
  proof: { hash: Buffer; at: Temporal.Instant; masked: string } & Pick<
    CodeWay,
    'channel' | 'setBy'
  >,
): Promise<void> {
  await tx
    .insertInto('proved_browser')
    .values({
      hash: proof.hash,
      office_id: on.office,
      appointment_id: on.id,
      at: proof.at.toString(),
      channel: proof.channel,
      masked: proof.masked,
      set_by: proof.setBy,
    })
    .execute();
}

/**
 * Ends what was proved where a citizen was reached before: open codes, and browsers, each of which needs a new code.
 * `but`: the browser (see `CitizenProof`) in which the citizen made the change themselves.
 */
export async function endProofs(
  tx: Tx,
  appointment: string,
  now: Temporal.Instant,
  but: string | null = null,
): Promise<void> {
  await tx
    .updateTable('one_time_code')
    .set({ ended_at: now.toString() })
    .where('appointment_id', '=', appointment)
    .where('ended_at', 'is', null)
    .execute();
  let ending = tx.deleteFrom('proved_browser').where('appointment_id', '=', appointment);
  if (but) ending = ending.where('hash', '<>', Buffer.from(but, 'hex'));
  await ending.execute();
}
