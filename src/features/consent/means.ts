import { maskAddress } from '../codes/rules.ts';
import type { Codes } from '../codes/service.ts';
import type { Means } from './types.ts';

/** A one-time code, typed by the citizen; or read out by them, and typed by the official. */
export const byCode = (codes: Codes): Means<string> => ({
  async accept(tx, { viewer, appointment, act }, typed) {
    const taken = await codes.take(tx, appointment, `act ${act.id}`, typed);
    if (!taken.ok) return taken;
    const method = viewer.kind === 'staff' ? 'code_by_phone' : 'code';
    const code = { id: taken.code, channel: taken.to.channel, to: maskAddress(taken.to) };
    // It may have been said aloud before: the row says so for good.
    return { ok: true, proof: { method, code, heard: act.heardAt?.toString() ?? null } };
  },
});

/** Said in the call, heard by the official, confirmed by the citizen on their own screen. */
export const spoken: Means<null> = {
  async accept(_tx, { act }) {
    if (!act.heardAt) return { ok: false, reason: 'not_heard' };
    return { ok: true, proof: { method: 'spoken', code: null, heard: act.heardAt.toString() } };
  },
};
