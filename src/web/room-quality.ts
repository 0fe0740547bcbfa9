import type { Context } from '../context.ts';
import { readForm } from './form.ts';
import type { AtRoom } from './room.ts';

const STATUS = { invalid: 422, not_found: 404, too_often: 429 } as const;

/**
 * `POST …/room/quality`, `seat` and `report`: how a page's call goes (docs/protocol.md). It comes by `sendBeacon` at the end, so it
 * is sent before `leave`: who has left has no seat to speak from.
 */
export function qualityAnswer({ room, callQuality }: Pick<Context, 'room' | 'callQuality'>) {
  return async ({ c, viewer, body, appointment }: AtRoom): Promise<Response> => {
    if ((await room.stands(viewer, body, appointment)) === null) return c.notFound();
    const form = await readForm(c);
    const seat = await room.seat(viewer, body, appointment, form.text('seat'));
    if (!seat) return c.body(null, 410);
    const kept = await callQuality.report(seat, form.text('report'));
    return c.body(null, kept.ok ? 204 : STATUS[kept.reason]);
  };
}
