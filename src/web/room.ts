import type { Context as Request } from 'hono';
import type { Context } from '../context.ts';
import type { Seat } from '../features/service/room/types.ts';
import type { Viewer } from '../lib/viewer.ts';
import { type Form, readBytes, readForm } from './form.ts';
import { get, type Handler, type Policy, post, type Route } from './routes.ts';

/** The participant and the appointment of a request about a room. */
export interface AtRoom {
  c: Request;
  viewer: Viewer;
  office: number;
  appointment: string;
  /** Returns whether the participant still has the permission: checked while a stream is open. It keeps nothing of `c`, which is large. */
  mayGoOn(): Promise<boolean>;
}

type RoomDeps = Pick<
  Context,
  'room' | 'stills' | 'captions' | 'callQuality' | 'streams' | 'relay' | 'offices'
>;
type Answer = (at: AtRoom) => Promise<Response>;

/** Maximum bytes of a picture of a document: from a camera, not a scanner. */
const MOST_PICTURE = 3_000_000;

const STATUS = {
  not_found: 404,
  not_open: 409,
  alone: 409,
  taken: 410,
  invalid: 422,
  not_kept: 503,
  too_often: 429,
} as const;

/**
 * Returns the requests of a page in a room (docs/protocol.md): the same for all participants, each below
 * its own address.
 * `wrap` makes a handler that finds the participant.
 */
export function roomRoutes(
  deps: RoomDeps,
  room: string,
  policy: Policy,
  wrap: (answer: Answer) => Handler,
): Route[] {
  const answers = roomAnswers(deps);
  const { stream, servers, seat, leave, signal, say, quality, captions, still, picture } = answers;
  return [
    get(`${room}/stream`, policy, wrap(stream)),
    get(`${room}/servers`, policy, wrap(servers)),
    post(`${room}/seat`, policy, wrap(seat)),
    post(`${room}/leave`, policy, wrap(leave)),
    post(`${room}/signal`, policy, wrap(signal)),
    post(`${room}/say`, policy, wrap(say)),
    post(`${room}/quality`, policy, wrap(quality)),
    post(`${room}/captions`, policy, wrap(captions)),
    post(`${room}/still`, policy, wrap(still)),
    post(`${room}/picture`, policy, wrap(picture)),
  ];
}

function roomAnswers(deps: RoomDeps) {
  const theirs = theirsOf(deps.room);
  return {
    ...seatAnswers(deps, theirs),
    ...stillAnswers(deps, theirs),
    stream: theirs((at) => streamAnswer(deps, at)),

    /** The TURN servers, for an hour. */
    servers: theirs(async (at) => {
      at.c.header('Cache-Control', 'no-store');
      if ((await standsFor(deps.room, at)) !== 'open') return refused(at.c, 'not_open');
      return at.c.json(deps.relay.ways(await deps.offices.byId(at.office), at.appointment));
    }),
  };
}

type Theirs = (answer: Answer) => Answer;

type InRoom = Omit<AtRoom, 'c'>;

const standsFor = (room: RoomDeps['room'], { viewer, office, appointment }: InRoom) =>
  room.stands(viewer, office, appointment);

const seatOf = (room: RoomDeps['room'], { viewer, office, appointment }: InRoom, id: string) =>
  room.seat(viewer, office, appointment, id);

/** A room without permission answers like a missing one. */
const theirsOf =
  (room: RoomDeps['room']): Theirs =>
  (answer) =>
  async (at) =>
    (await standsFor(room, at)) === null ? at.c.notFound() : answer(at);

/** Returns the actions of a seat. */
function seatAnswers({ room, callQuality, captions, offices }: RoomDeps, theirs: Theirs) {
  const unseated = theirs(async ({ c }) => c.body(null, 410));
  /** Requires a valid seat in an open room. */
  const seated =
    (act: (seat: Seat, form: Form, who: Viewer) => Promise<Outcome>): Answer =>
    async (at) => {
      const form = await readForm(at.c);
      const seat = await seatOf(room, at, form.text('seat'));
      return seat ? answerTo(at.c, await act(seat, form, at.viewer)) : unseated(at);
    };

  return {
    /** Enters; returns the seat. */
    seat: theirs(async (at) => {
      const isAgain = (await readForm(at.c)).text('again') === '1';
      const entered = await room.enter(at.viewer, at.office, at.appointment, isAgain);
      at.c.header('Cache-Control', 'no-store');
      return entered.ok ? at.c.json({ seat: entered.seat.id }) : refused(at.c, entered.reason);
    }),

    leave: theirs(async (at) => {
      const seat = await seatOf(room, at, (await readForm(at.c)).text('seat'));
      if (seat) await room.leave(seat);
      return at.c.body(null, 204);
    }),

    /** Sends a signal to another seat. */
    signal: seated((seat, form) => room.signal(seat, form.text('to'), form.text('signals'))),

    /** Sends a written message. */
    say: seated((seat, form, who) => room.say(who, seat, form.text('id'), form.text('text'))),

    /** Reports the quality of a connection; comes before `leave`, after which there is no seat. */
    quality: seated((seat, form) => callQuality.report(seat, form.text('report'))),

    /** The address of the speech-to-text engine, for one connection. */
    captions: theirs(async (at) => {
      at.c.header('Cache-Control', 'no-store');
      const seat = await seatOf(room, at, (await readForm(at.c)).text('seat'));
      if (!seat) return at.c.body(null, 410);
      const found = await captions.address(await offices.byId(at.office), seat);
      return found.ok ? at.c.json({ url: found.url }) : refused(at.c, found.reason);
    }),
  };
}

/** Returns the actions on pictures of documents. */
function stillAnswers({ stills, offices }: Pick<RoomDeps, 'stills' | 'offices'>, theirs: Theirs) {
  return {
    /** Staff asks for permission to keep a picture of a document; the citizen answers. */
    still: theirs(async (at) => {
      const { viewer, appointment } = at;
      const office = await offices.byId(at.office);
      const done =
        viewer.kind === 'staff'
          ? await stills.ask(viewer, office, appointment)
          : await stills.answer(viewer, office, appointment, (await readForm(at.c)).text('answer'));
      return answerTo(at.c, done);
    }),

    /** Stores the permitted picture: a JPEG, as the request's body. */
    picture: theirs(async (at) => {
      if (at.viewer.kind !== 'staff') return at.c.notFound();
      const bytes = await readBytes(at.c, 'image/jpeg', MOST_PICTURE);
      const office = await offices.byId(at.office);
      return answerTo(at.c, await stills.keep(at.viewer, office, at.appointment, bytes));
    }),
  };
}

/** Streams `room`: the state; `signal`: another page's signals; `message`: the written messages. */
async function streamAnswer(
  { room, streams }: RoomDeps,
  // Without its request, which would be kept as long as the stream.
  { c, ...at }: AtRoom,
): Promise<Response> {
  const seat = await seatOf(room, at, c.req.query('seat') ?? '');
  if (!seat) return c.body(null, 410);
  const after = lastTold(c);
  const answer = await streams.open({
    of: `room ${at.appointment} ${seat.companion ?? seat.side}`,
    only: seat.id,
    begin: (stream) => room.follow(seat, stream, after),
    mayGoOn: async () => (await at.mayGoOn()) && (await seatOf(room, at, seat.id)) !== null,
  });
  return answer ?? refused(c, 'too_often');
}

type Outcome = { ok: true } | { ok: false; reason: keyof typeof STATUS };

const answerTo = (c: Request, done: Outcome): Response =>
  done.ok ? c.body(null, 204) : refused(c, done.reason);

function refused(c: Request, reason: keyof typeof STATUS): Response {
  if (reason === 'not_found') return c.notFound() as Response;
  if (reason === 'too_often') c.header('Retry-After', '10');
  return c.body(null, STATUS[reason]);
}

/** Returns the last signal that the page got: the browser sends it on its own reconnection. */
function lastTold(c: Request): number {
  const given = c.req.header('Last-Event-ID') ?? c.req.query('after') ?? '';
  return /^\d{1,15}$/.test(given) ? Number(given) : 0;
}
