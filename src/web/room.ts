import type { Context as Request } from 'hono';
import type { Context } from '../context.ts';
import type { Viewer } from '../lib/viewer.ts';
import { readForm } from './form.ts';

/** Who asks about the room of which appointment. */
export interface AtRoom {
  c: Request;
  viewer: Viewer;
  body: number;
  appointment: string;
}

type Deps = Pick<Context, 'room' | 'streams'>;

const STATUS = { not_found: 404, not_open: 409, taken: 410, alone: 409, invalid: 422 } as const;

/** What a page in a room asks for by itself (docs/protocol.md): the same for both sides, each at its own address. */
export function roomAnswers({ room, streams }: Deps) {
  const seatOf = ({ viewer, body, appointment }: AtRoom, id: string) =>
    room.seat(viewer, body, appointment, id);
  /** What isn't theirs answers as what doesn't exist. */
  const theirs =
    <More extends unknown[]>(answer: (at: AtRoom, ...more: More) => Promise<Response>) =>
    async (at: AtRoom, ...more: More): Promise<Response> =>
      (await room.stands(at.viewer, at.body, at.appointment)) === null
        ? at.c.notFound()
        : answer(at, ...more);

  return {
    /** Enters; answers the seat. */
    enter: theirs(async (at) => {
      const isAgain = (await readForm(at.c)).text('again') === '1';
      const entered = await room.enter(at.viewer, at.body, at.appointment, isAgain);
      at.c.header('Cache-Control', 'no-store');
      if (!entered.ok) return at.c.body(null, STATUS[entered.reason]);
      return at.c.json({ seat: entered.seat.id });
    }),

    leave: theirs(async (at) => {
      const seat = await seatOf(at, (await readForm(at.c)).text('seat'));
      if (seat) await room.leave(seat);
      return at.c.body(null, 204);
    }),

    signal: theirs(async (at) => {
      const form = await readForm(at.c);
      const seat = await seatOf(at, form.text('seat'));
      if (!seat) return at.c.body(null, 410);
      const sent = await room.signal(seat, form.text('signals'));
      return at.c.body(null, sent.ok ? 204 : STATUS[sent.reason]);
    }),

    /** `room`: how it stands; `signal`: what the other side sends. `mayGoOn` ends it with the authority to be there. */
    stream: theirs(async (at, mayGoOn: () => Promise<boolean>) => {
      const seat = await seatOf(at, at.c.req.query('seat') ?? '');
      if (!seat) return at.c.body(null, 410);
      const answer = await streams.open({
        of: `room ${at.appointment} ${seat.side}`,
        begin: (stream) => room.follow(seat, stream, lastTold(at.c)),
        mayGoOn: async () => (await mayGoOn()) && (await seatOf(at, seat.id)) !== null,
      });
      return answer ?? at.c.body(null, 429, { 'Retry-After': '10' });
    }),
  };
}

/** The signal that the page was told last: the browser says it when it comes again by itself. */
function lastTold(c: Request): number {
  const given = c.req.header('Last-Event-ID') ?? '';
  return /^\d{1,15}$/.test(given) ? Number(given) : 0;
}
