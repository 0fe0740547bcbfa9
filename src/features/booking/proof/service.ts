import { ADDRESS_KINDS, type AddressKind } from '../../../domain/address.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { hashSecret, newSecret } from '../../../lib/secrets.ts';
import {
  actorOf,
  type CitizenProof,
  type CitizenViewer,
  type StaffViewer,
} from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { addressHash } from './rules.ts';
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
import { holdsDocuments, readProof, readStanding, readToldCurrent } from './views.ts';

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

export function createProofs(deps: { db: Db; clock: Clock; unit: RunUnit }): Proofs {
  const { db, clock } = deps;
  return {
    standing: (appointment) =>
      within(db, appointment.office, (tx) => readStanding(tx, appointment, clock.now())),

    find: async ({ id, office }, secret) =>
      secret === '' ? null : within(db, office, (tx) => readProof(tx, id, hashSecret(secret))),

    holdsDocuments: ({ id, office }) => within(db, office, (tx) => holdsDocuments(tx, id)),

    confirm: (viewer, office, kind) =>
      deps.unit(viewer, office.id, async (unit): Promise<ConfirmResult> => {
        const frozen = await lockFrozen(unit, viewer.appointment, kind);
        if (!frozen) return { ok: false, reason: 'not_frozen' };
        if (!viewer.proof) return { ok: false, reason: 'needs_proof' };
        await release(unit, frozen, 'confirmed');
        return { ok: true };
      }),
  };
}

/** Remembers a browser in which a code was typed. Answers the secret that it keeps. */
export async function rememberBrowser(
  { tx, now }: Unit,
  on: Pick<Reached, 'id' | 'office'>,
  sent: Pick<CitizenProof, 'channel' | 'masked' | 'setBy'>,
): Promise<string> {
  const secret = newSecret();
  await insertProved(tx, on, { ...sent, hash: hashSecret(secret), at: now });
  return secret;
}

/**
 * Notes that the unit's viewer changed the addresses of an appointment, which decides where codes go from now on. `told`: the
 * notices that tell whoever was reached before. The appointment is locked by the caller.
 */
export async function noteAddresses(
  { tx, viewer, now }: Unit,
  change: {
    of: Pick<Reached, 'id' | 'office'>;
    before: Reached['citizen'];
    after: Reached['citizen'];
    told: readonly string[];
  },
): Promise<void> {
  const { of, before, after, told } = change;
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

/** Notes that the unit's viewer was given the link of an appointment: later proofs stand beside it. */
export const noteLinkGiven = (
  { tx, viewer, now }: Unit,
  of: Pick<Reached, 'id' | 'office' | 'link'>,
): Promise<void> =>
  insertSteps(tx, of, [{ kind: 'link_given', at: now, actor: actorOf(viewer), link: of.link }]);

/**
 * A member of staff who checked who the citizen is says that a frozen address is theirs. Whether the appointment is theirs to
 * attend, and how they checked (`how`), the caller decides and says.
 */
export async function vouch(
  unit: Unit<StaffViewer>,
  on: { appointment: string; kind: AddressKind; how: string },
): Promise<VouchResult> {
  const frozen = await lockFrozen(unit, on.appointment, on.kind);
  if (!frozen) return { ok: false, reason: 'not_frozen' };
  const actor = actorOf(unit.viewer);
  if (frozen.setBy === actor || frozen.heldBy.includes(actor))
    return { ok: false, reason: 'not_independent' };
  await release(unit, frozen, 'vouched', { how: on.how });
  return { ok: true };
}

/**
 * The unit's viewer was reached before, and says that it wasn't them who changed an address: codes don't go there until the
 * citizen or a second member of staff confirms it, and every browser that was proved needs another code.
 */
export async function dispute(
  unit: Unit,
  { notice, reached }: { notice: string; reached: Reached },
): Promise<void> {
  const { tx, viewer, now } = unit;
  const current = await readToldCurrent(tx, notice, reached);
  const actor = actorOf(viewer);
  await insertSteps(
    tx,
    reached,
    current.map((each): NewStep => ({ kind: 'disputed', at: now, actor, ...each })),
  );
  await endProofs(unit, reached.id);
}

interface Frozen {
  reached: Reached;
  kind: AddressKind;
  setBy: string;
  heldBy: readonly string[];
}

/** An appointment's address that codes don't go to yet, its row locked; null: there is none such. */
async function lockFrozen(
  { tx, now }: Unit,
  appointment: string,
  kind: AddressKind,
): Promise<Frozen | null> {
  const reached = await lockReached(tx, appointment);
  if (!reached) return null;
  const standing = (await readStanding(tx, reached, now))[kind];
  if (standing?.state !== 'frozen') return null;
  const { setBy, heldBy } = standing;
  return { reached, kind, setBy, heldBy };
}

async function release(
  { tx, viewer, now, record }: Unit,
  { reached, kind, setBy }: Frozen,
  how: 'confirmed' | 'vouched',
  data: Record<string, unknown> = {},
): Promise<void> {
  const { id, citizen } = reached;
  const hash = addressHash(id, citizen[kind] ?? '');
  await insertSteps(tx, reached, [
    { kind: how, at: now, actor: actorOf(viewer), address: kind, hash },
  ]);
  const action = how === 'confirmed' ? 'address_confirmed' : 'address_vouched';
  await record(action, { appointment: id, data: { address: kind, setBy, ...data } });
}

export { countTry, endProofs, insertCode };
