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
import type { Reached, SentTo, Standing } from './types.ts';
import { holdsDocuments, readProof, readStanding, readToldCurrent } from './views.ts';

/** `needs_proof`: a code must be typed first, from the other address. `not_frozen`: there is nothing to confirm. */
export type ConfirmResult = { ok: true } | { ok: false; reason: 'not_frozen' | 'needs_proof' };

/** `not_independent`: they set the address themselves, or could have acted as the citizen who did. A colleague must confirm it. */
export type VouchResult = { ok: true } | { ok: false; reason: 'not_frozen' | 'not_independent' };

/**
 * Proof of being the citizen: a one-time code that went to an address which only the citizen, proved, has changed; and a
 * browser in which one was typed. The link, a staff account or a token proves nothing (docs/adr/0040).
 */
export interface Proofs {
  /** Returns the present state of an appointment's addresses and link. */
  standing(appointment: Reached): Promise<Standing>;
  /** Returns the proof of the browser with this secret; null: none, or expired. */
  find(appointment: Pick<Reached, 'id' | 'office'>, secret: string): Promise<CitizenProof | null>;
  /** Returns whether there are documents or acts for which the link alone isn't enough. */
  holdsDocuments(appointment: Pick<Reached, 'id' | 'office'>): Promise<boolean>;
  /** Confirms a frozen address by the citizen, proved. */
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

/** Records a browser in which a code was typed. Returns its secret. */
export async function rememberBrowser(
  { tx, now }: Unit,
  on: Pick<Reached, 'id' | 'office'>,
  sent: SentTo,
): Promise<string> {
  const secret = newSecret();
  await insertProved(tx, on, { ...sent, hash: hashSecret(secret), at: now });
  return secret;
}

/**
 * Records that the unit's viewer changed the addresses of an appointment, which determines where codes go. `told`: the
 * notices to the former addresses; `link`: the number of the link after the change. The appointment is locked by the caller.
 */
export async function noteAddresses(
  { tx, viewer, now }: Unit,
  change: {
    of: Pick<Reached, 'id' | 'office'>;
    before: Reached['citizen'];
    after: Reached['citizen'];
    link: number;
    told: readonly string[];
  },
): Promise<void> {
  const { of, before, after, link, told } = change;
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
      link,
      told,
    }),
  );
  await insertSteps(tx, of, steps);
}

/** Records that the unit's viewer was given the link of an appointment, for later proofs. */
export const noteLinkGiven = (
  { tx, viewer, now }: Unit,
  of: Pick<Reached, 'id' | 'office' | 'link'>,
): Promise<void> =>
  insertSteps(tx, of, [{ kind: 'link_given', at: now, actor: actorOf(viewer), link: of.link }]);

/**
 * Confirms a frozen address by a member of staff who checked the citizen's identity. The caller checks that the appointment is
 * theirs and passes the method (`how`).
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
 * Records that the viewer, at a former address, objects to a change. Codes don't go to the new address until the
 * citizen or a second member of staff confirms it, and every proved browser needs another code.
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

/** Returns a frozen address of an appointment, with its row locked; null: there is none. */
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
