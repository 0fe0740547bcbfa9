import { sql } from 'kysely';
import type { AddressKind } from '../../../domain/address.ts';
import type { Tx } from '../../../lib/db/database.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { CodePurpose, CodeWay, MadeCode, Reached, StepKind } from './types.ts';

/** A step to store. See `Step`. */
export interface NewStep {
  kind: StepKind;
  at: Temporal.Instant;
  actor: string;
  address?: AddressKind;
  hash?: string | null;
  before?: string | null;
  proved?: boolean;
  link?: number;
  /** Ids of the notices to the former addresses. */
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

/** Locks an appointment's row until the transaction ends, so that decisions on its addresses stay valid. */
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

/** Records a browser in which a code was typed. `hash`: of its secret. */
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
 * Ends the proofs of former addresses: open codes, and browsers, each of which needs a new code.
 * `but`: the browser (see `CitizenProof`) in which the citizen made the change themselves.
 */
export async function endProofs(
  { tx, now }: Unit,
  appointment: string,
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

/** Adds a code; earlier ones end. */
export async function insertCode(
  { tx }: Pick<Unit, 'tx'>,
  on: { office: number; appointment: string; purpose: CodePurpose },
  code: Omit<MadeCode, 'tries' | 'endedAt'>,
): Promise<void> {
  const { office, appointment, purpose } = on;
  const { id, madeAt, expiresAt, channel, masked, setBy } = code;
  await tx
    .updateTable('one_time_code')
    .set({ ended_at: madeAt.toString() })
    .where('appointment_id', '=', appointment)
    .where('purpose', '=', purpose)
    .where('ended_at', 'is', null)
    .execute();
  await tx
    .insertInto('one_time_code')
    .values({
      id,
      office_id: office,
      appointment_id: appointment,
      purpose,
      made_at: madeAt.toString(),
      expires_at: expiresAt.toString(),
      channel,
      masked,
      set_by: setBy,
    })
    .execute();
}

/** Records that the code was typed, right or wrong. */
export async function countTry(
  { tx }: Pick<Unit, 'tx'>,
  id: string,
  { tries, ended }: { tries: number; ended: Temporal.Instant | null },
): Promise<void> {
  await tx
    .updateTable('one_time_code')
    .set({ tries, ended_at: ended?.toString() ?? null })
    .where('id', '=', id)
    .execute();
}

/** Destroys the hashes of addresses of the forgotten appointments, their codes and the browsers in which one was typed. */
export async function forgetProofs({ tx }: RetentionPass, { contacts }: Forgotten): Promise<void> {
  if (contacts.length === 0) return;
  await sql`select forget_addresses(${[...contacts]}::uuid[])`.execute(tx);
  await tx.deleteFrom('one_time_code').where('appointment_id', 'in', contacts).execute();
  await tx.deleteFrom('proved_browser').where('appointment_id', 'in', contacts).execute();
}
