import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import { couldBeCitizen, insidersOf } from '../../booking/proof/rules.ts';
import type { OneTimeCodes } from '../one-time-codes/service.ts';
import type { Means, MeansOn, Proof, ProofOfIdentity } from './types.ts';

const NOT_INDEPENDENT = { ok: false, reason: 'not_independent' } as const;

/**
 * Returns a proof with the facts that all means share; each means adds its own. The consent may have been said aloud before; `heard`
 * records it.
 */
const proofOf = (
  { act, standing }: MeansOn,
  proof: Pick<Proof, 'method'> & Partial<Proof>,
): Proof => ({
  code: null,
  browser: null,
  heard: act.heardAt?.toString() ?? null,
  witness: null,
  identity: null,
  insiders: insidersOf(standing),
  ...proof,
});

/**
 * A one-time code that the citizen types, or that they read out and the official types. It proves nothing if the official who prepared the
 * act could have received it, or opened the citizen's page.
 */
export const byCode = (oneTimeCodes: OneTimeCodes): Means<string> => ({
  async accept(unit, on, typed) {
    const { viewer, appointment, act, standing } = on;
    if (couldBeCitizen(act.preparedBy, standing)) return NOT_INDEPENDENT;
    const taken = await oneTimeCodes.take(unit, appointment, `act ${act.id}`, typed);
    if (!taken.ok) return taken;
    const { channel, masked: to, setBy } = taken.sent;
    const method = viewer.kind === 'staff' ? 'code_by_phone' : 'code';
    return {
      ok: true,
      proof: proofOf(on, { method, code: { id: taken.code, channel, to, setBy } }),
    };
  },
});

/** A consent that is said in the call, heard by the official, and confirmed by the citizen in a browser in which they typed a code. */
export const spoken: Means<null> = {
  async accept(_unit, on) {
    const { viewer, act, standing } = on;
    if (!act.heardAt) return { ok: false, reason: 'not_heard' };
    if (couldBeCitizen(act.preparedBy, standing)) return NOT_INDEPENDENT;
    const browser = browserOf(viewer);
    // An identity is asked for anew, for the act itself: see `identified`.
    if (!browser || browser.channel === 'identity') return { ok: false, reason: 'needs_proof' };
    return { ok: true, proof: proofOf(on, { method: 'spoken', browser }) };
  },
};

/** Returns what proved the citizen's browser; null: nothing did. */
function browserOf(viewer: Viewer): Proof['browser'] {
  const proof = viewer.kind === 'citizen' ? viewer.proof : null;
  if (!proof) return null;
  const { channel, masked: to, setBy, at } = proof;
  return { channel, to, setBy, at: at.toString() };
}

/**
 * Returns the proof of an identification that the citizen made for this act, and that was judged (see `judgeIdentity`). Where a code shows that
 * they are the citizen, the proof has the browser in which it was typed too.
 */
export const identified = (on: MeansOn, identity: ProofOfIdentity): Proof =>
  proofOf(on, {
    ...{ method: 'identified', identity },
    browser: identity.shownBy === 'code' ? browserOf(on.viewer) : null,
  });

/** A consent that is said in the call, and heard by the official and by a second member of staff. */
export const witnessed: Means<null> = {
  async accept(_unit, on) {
    const { viewer, act } = on;
    if (!act.heardAt) return { ok: false, reason: 'not_heard' };
    if (viewer.kind !== 'staff' || actorOf(viewer) === act.preparedBy) return NOT_INDEPENDENT;
    const witness = { staff: viewer.staff, name: viewer.name };
    return { ok: true, proof: proofOf(on, { method: 'witnessed', witness }) };
  },
};
