import { sql } from 'kysely';
import type { AddressKind } from '../../../domain/address.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import type { CitizenProof } from '../../../lib/viewer.ts';
import { cameOf } from './history.ts';
import { addressHash, standingOf } from './rules.ts';
import type { Reached, Standing, Step, StepKind, ToldState } from './types.ts';

/** Returns the history of an appointment's addresses and link, oldest first. */
export async function readSteps(tx: Tx, appointment: string): Promise<Step[]> {
  const rows = await tx
    .selectFrom('proof_step as s')
    .selectAll('s')
    .select((eb) =>
      eb
        .selectFrom('notice as n')
        .select(sql<Temporal.Instant | null>`min(n.sent_at)`.as('at'))
        .where(sql<boolean>`n.id = any (s.told)`)
        .where('n.failed_at', 'is', null)
        .where('n.bounced_at', 'is', null)
        .as('told_at'),
    )
    .modifyFront(FREQUENT)
    .where('s.appointment_id', '=', appointment)
    .orderBy('s.id')
    .execute();
  return rows.map((row) => ({
    kind: row.kind as StepKind,
    at: row.at,
    actor: row.actor,
    address: row.address as AddressKind | null,
    hash: row.hash?.toString('hex') ?? null,
    before: row.before?.toString('hex') ?? null,
    proved: row.proved,
    link: row.link,
    toldAt: row.told_at,
  }));
}

/** Returns the addresses of a notice with their hashes at the time; none: it was about no change. */
export async function readTold(
  tx: Tx,
  notice: string,
): Promise<{ address: AddressKind; hash: string | null }[]> {
  const rows = await tx
    .selectFrom('proof_step')
    .select(['address', 'hash'])
    .where(sql<boolean>`told @> array[${notice}]::uuid[]`)
    .where('kind', '=', 'set')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    address: row.address as AddressKind,
    hash: row.hash?.toString('hex') ?? null,
  }));
}

/** Returns the actor who booked an appointment (see `actorOf`). */
export async function readBookedBy(tx: Tx, appointment: string): Promise<string> {
  const row = await tx
    .selectFrom('event')
    .select('actor')
    .modifyFront(FREQUENT)
    .where('appointment_id', '=', appointment)
    .where('kind', '=', 'booked')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row?.actor ?? 'citizen';
}

/** Returns the proof of the browser with this secret; null: none, or expired. */
export async function readProof(
  tx: Tx,
  appointment: string,
  hash: Buffer,
): Promise<CitizenProof | null> {
  const row = await tx
    .selectFrom('proved_browser')
    .selectAll()
    .where('hash', '=', hash)
    .where('appointment_id', '=', appointment)
    .executeTakeFirst();
  if (!row) return null;
  return {
    browser: hash.toString('hex'),
    at: row.at,
    channel: row.channel as CitizenProof['channel'],
    masked: row.masked,
    setBy: row.set_by,
  };
}

/** Returns whether an appointment's space has documents or acts for which its link alone isn't enough. */
export async function holdsDocuments(tx: Tx, appointment: string): Promise<boolean> {
  const { rows } = await sql<{ holds: boolean }>`
    select exists (select from document where appointment_id = ${appointment} and destroyed_at is null)
      or exists (select from act where appointment_id = ${appointment} and state in ('prepared', 'consented') and destroyed_at is null)
      as holds`.execute(tx);
  return rows[0]?.holds ?? false;
}

/** Returns the present state of an appointment's addresses and link. */
export async function readStanding(
  tx: Tx,
  reached: Reached,
  now: Temporal.Instant,
): Promise<Standing> {
  const steps = await readSteps(tx, reached.id);
  return standingOf(reached, await readBookedBy(tx, reached.id), steps, now);
}

/** Returns the state of the change in a notice of this appointment. */
export async function readToldState(
  tx: Tx,
  { notice, reached }: { notice: string; reached: Reached },
): Promise<ToldState> {
  const current = await readToldCurrent(tx, notice, reached);
  if (current.length === 0) return 'over';
  const steps = await readSteps(tx, reached.id);
  const isDisputed = ({ address, hash }: Told) =>
    steps.findLast((each) => each.address === address && each.hash === hash)?.kind === 'disputed';
  return current.every(isDisputed) ? 'disputed' : 'open';
}

type Told = Awaited<ReturnType<typeof readTold>>[number];

/** Returns the present values of a notice's addresses that haven't been confirmed since (see `cameOf`). */
export async function readToldCurrent(
  tx: Tx,
  notice: string,
  { id, citizen }: Reached,
): Promise<Told[]> {
  const steps = await readSteps(tx, id);
  return (await readTold(tx, notice)).flatMap((told): Told[] => {
    const { address } = told;
    const is = citizen[address];
    const hash = is && addressHash(id, is);
    return cameOf(steps, told, hash) ? [{ address, hash }] : [];
  });
}
