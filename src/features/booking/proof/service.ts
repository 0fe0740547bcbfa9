import { ADDRESS_KINDS, type AddressKind } from '../../../domain/address.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { hashSecret, newSecret } from '../../../lib/secrets.ts';
import {
  actorOf,
  type CitizenProof,
  type CitizenViewer,
  type StaffViewer,
  type Viewer,
} from '../../../lib/viewer.ts';
import { record } from '../../foundation/audit/service.ts';
import { cameOf } from './history.ts';
import { addressHash, standingOf } from './rules.ts';
import {
  countTry,
  endProofs,
  insertCode,
  insertProved,
  insertSteps,
  lockReached,
  type NewStep,
} from './store.ts';
import type { Reached, Standing } from './types.ts';
import { holdsDocuments, readBookedBy, readProof, readSteps, readTold } from './views.ts';

/** `needs_proof`: a code must be typed first, from the other address. `not_frozen`: there is nothing to confirm. */
export type ConfirmResult = { ok: true } | { ok: false; reason: 'not_frozen' | 'needs_proof' };

/** `not_independent`: they set the address themselves, or could have passed for the citizen who did; so a colleague must. */
export type VouchResult = { ok: true } | { ok: false; reason: 'not_frozen' | 'not_independent' };

/**
 * Proof of being the citizen: a one-time code that went to an address which nobody but the citizen, proved, has changed; and a
 * browser in which one was typed. Holding the link, working here or holding a token proves nothing (docs/adr/0040).
 */
export interface Proofs {
  /** How an appointment's addresses and link stand now. */
  standing(appointment: Reached): Promise<Standing>;
  /** What was proved in the browser that keeps this secret; null: nothing, or no more. */
  find(appointment: Pick<Reached, 'id' | 'office'>, secret: string): Promise<CitizenProof | null>;
  /** Whether there are papers or acts that the link alone mustn't lead to. */
  holdsDocuments(appointment: Pick<Reached, 'id' | 'office'>): Promise<boolean>;
  /** The citizen, proved, says that an address is theirs that codes don't go to yet. */
  confirm(viewer: CitizenViewer, office: { id: number }, kind: AddressKind): Promise<ConfirmResult>;
}

export function createProofs({ db, clock }: { db: Db; clock: Clock }): Proofs {
  return {
    standing: (appointment) =>
      within(db, appointment.office, (tx) => readStanding(tx, appointment, clock.now())),

    find: async ({ id, office }, secret) =>
      secret === '' ? null : within(db, office, (tx) => readProof(tx, id, hashSecret(secret))),

    holdsDocuments: ({ id, office }) => within(db, office, (tx) => holdsDocuments(tx, id)),

    confirm: (viewer, office, kind) =>
      within(db, office.id, async (tx): Promise<ConfirmResult> => {
        const now = clock.now();
        const frozen = await lockFrozen(tx, viewer.appointment, kind, now);
        if (!frozen) return { ok: false, reason: 'not_frozen' };
        if (!viewer.proof) return { ok: false, reason: 'needs_proof' };
        await release(tx, viewer, frozen, 'confirmed', now);
        return { ok: true };
      }),
  };
}

/** How an appointment's addresses and link stand now. */
export async function readStanding(
  tx: Tx,
  reached: Reached,
  now: Temporal.Instant,
): Promise<Standing> {
  const steps = await readSteps(tx, reached.id);
  return standingOf(reached, await readBookedBy(tx, reached.id), steps, now);
}

/** Remembers a browser in which a code was typed. Answers the secret that it keeps. */
export async function rememberBrowser(
  tx: Tx,
  on: Pick<Reached, 'id' | 'office'>,
  sent: Pick<CitizenProof, 'channel' | 'masked' | 'setBy'>,
  now: Temporal.Instant,
): Promise<string> {
  const secret = newSecret();
  await insertProved(tx, on, { ...sent, hash: hashSecret(secret), at: now });
  return secret;
}

/**
 * Notes who changed the addresses of an appointment, which decides where codes go from now on. `told`: the notices that tell
 * whoever was reached before. The appointment is locked by the caller.
 */
export async function noteAddresses(
  tx: Tx,
  viewer: Viewer,
  change: {
    of: Pick<Reached, 'id' | 'office'>;
    before: Reached['citizen'];
    after: Reached['citizen'];
    told: readonly string[];
    now: Temporal.Instant;
  },
): Promise<void> {
  const { of, before, after, told, now } = change;
  const hashed = (address: string | null) => address && addressHash(of.id, address);
  const steps = ADDRESS_KINDS.filter((kind) => before[kind] !== after[kind]).map(
    (kind): NewStep => ({
      kind: 'set',
      at: now,
      actor: actorOf(viewer),
      address: kind,
      hash: hashed(after[kind]),
      before: hashed(before[kind]),
      proved: viewer.kind === 'citizen' && !!viewer.proof,
      told,
    }),
  );
  await insertSteps(tx, of, steps);
}

/** Notes that somebody other than the citizen was given the link of an appointment: later proofs stand beside it. */
export const noteLinkGiven = (
  tx: Tx,
  viewer: Viewer,
  of: Pick<Reached, 'id' | 'office' | 'link'>,
  now: Temporal.Instant,
): Promise<void> =>
  insertSteps(tx, of, [{ kind: 'link_given', at: now, actor: actorOf(viewer), link: of.link }]);

/**
 * A member of staff who checked who the citizen is says that a frozen address is theirs. Whether the appointment is theirs to
 * attend, and how they checked (`how`), the caller decides and says.
 */
export async function vouch(
  tx: Tx,
  viewer: StaffViewer,
  on: { appointment: string; kind: AddressKind; how: string },
  now: Temporal.Instant,
): Promise<VouchResult> {
  const frozen = await lockFrozen(tx, on.appointment, on.kind, now);
  if (!frozen) return { ok: false, reason: 'not_frozen' };
  const actor = actorOf(viewer);
  if (frozen.setBy === actor || frozen.heldBy.includes(actor))
    return { ok: false, reason: 'not_independent' };
  await release(tx, viewer, frozen, 'vouched', now, { how: on.how });
  return { ok: true };
}

/** What became of the change that a notice told of. `over`: the address has changed again, or nothing is known of it any more. */
export type ToldState = 'open' | 'disputed' | 'over';

/** What became of the change that a notice of this appointment told of. */
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

/**
 * Whoever was reached before says that it wasn't them who changed an address: codes don't go there until the citizen or a second
 * member of staff confirms it, and every browser that was proved needs another code.
 */
export async function dispute(
  tx: Tx,
  { notice, reached }: { notice: string; reached: Reached },
  now: Temporal.Instant,
): Promise<void> {
  const current = await readToldCurrent(tx, notice, reached);
  const actor = actorOf({ kind: 'addressee' });
  await insertSteps(
    tx,
    reached,
    current.map((each): NewStep => ({ kind: 'disputed', at: now, actor, ...each })),
  );
  await endProofs(tx, reached.id, now);
}

type Told = Awaited<ReturnType<typeof readTold>>[number];

/** The addresses that a notice told of, as they stand now, where nobody has answered for them since (see `cameOf`). */
async function readToldCurrent(tx: Tx, notice: string, { id, citizen }: Reached): Promise<Told[]> {
  const steps = await readSteps(tx, id);
  return (await readTold(tx, notice)).flatMap((told): Told[] => {
    const { address } = told;
    const is = citizen[address];
    const hash = is && addressHash(id, is);
    return cameOf(steps, told, hash) ? [{ address, hash }] : [];
  });
}

interface Frozen {
  reached: Reached;
  kind: AddressKind;
  setBy: string;
  heldBy: readonly string[];
}

/** An appointment's address that codes don't go to yet, its row locked; null: there is none such. */
async function lockFrozen(
  tx: Tx,
  appointment: string,
  kind: AddressKind,
  now: Temporal.Instant,
): Promise<Frozen | null> {
  const reached = await lockReached(tx, appointment);
  if (!reached) return null;
  const standing = (await readStanding(tx, reached, now))[kind];
  if (standing?.state !== 'frozen') return null;
  const { setBy, heldBy } = standing;
  return { reached, kind, setBy, heldBy };
}

async function release(
  tx: Tx,
  viewer: Viewer,
  { reached, kind, setBy }: Frozen,
  how: 'confirmed' | 'vouched',
  now: Temporal.Instant,
  data: Record<string, unknown> = {},
): Promise<void> {
  const { id, office, citizen } = reached;
  const hash = addressHash(id, citizen[kind] ?? '');
  await insertSteps(tx, reached, [
    { kind: how, at: now, actor: actorOf(viewer), address: kind, hash },
  ]);
  const action = how === 'confirmed' ? 'address_confirmed' : 'address_vouched';
  await record(tx, {
    viewer,
    office,
    appointment: id,
    action,
    now,
    data: { address: kind, setBy, ...data },
  });
}

export { countTry, endProofs, holdsDocuments, insertCode };
