import type { Appointment, AppointmentEvent } from '../../../domain/appointment.ts';
import { hasRoom } from '../../../domain/channel.ts';
import { holderOf } from '../coordination/rules.ts';
import {
  type HandedOver,
  type Party,
  type Person,
  type RoomState,
  type Seat,
  SIDES,
  type Side,
  type StillState,
} from './types.ts';

/** How long before its hour the room can be entered. */
export const OPENS_BEFORE_MINUTES = 30;
/** How long after its end somebody who wasn't attended may still wait. */
const WAITS_AFTER_MINUTES = 120;

/** Whether a room can be entered: `early`, not yet; `over`, it isn't for a video call, or no more. */
export function roomStands(
  { channel, status, start, end }: Pick<Appointment, 'channel' | 'status' | 'start' | 'end'>,
  now: Temporal.Instant,
): 'early' | 'open' | 'over' {
  if (!hasRoom(channel)) return 'over';
  if (status === 'in_progress') return 'open';
  if (status !== 'booked' && status !== 'arrived') return 'over';
  const opens = start.subtract({ minutes: OPENS_BEFORE_MINUTES });
  if (Temporal.Instant.compare(now, opens) < 0) return 'early';
  const closes = end.add({ minutes: WAITS_AFTER_MINUTES });
  return Temporal.Instant.compare(now, closes) < 0 ? 'open' : 'over';
}

type Deed = Pick<AppointmentEvent, 'kind' | 'actor'>;
const GIVES_THE_CALL: ReadonlySet<string> = new Set(['started', 'taken_over', 'handed_over']);

/** Whose the call is for the office: whoever began the encounter, took it over or got it last, as in events; null: it hasn't begun. */
export const whoseCall = (events: readonly Deed[]): string | null =>
  events.findLast((each) => GIVES_THE_CALL.has(each.kind))?.actor ?? null;

/** Who of the office may be in the room: whose call it is, and whoever has the encounter since they wrote in it. */
export const mayTalk = (events: readonly Deed[], actor: string): boolean =>
  whoseCall(events) === actor || holderOf(events)?.actor === actor;

/** Who agreed to a picture agreed to one now, and not to one later. */
const STILL_MINUTES = 5;
const STILL_STATES: Partial<Record<AppointmentEvent['kind'], StillState>> = {
  still_asked: 'asked',
  still_agreed: 'agreed',
  still_refused: 'refused',
};

/** Whether a picture of a document may be kept, as the last that was said of it says; null: nothing, or it is done. */
export function stillOf(
  events: readonly Pick<AppointmentEvent, 'kind' | 'at'>[],
  now: Temporal.Instant,
): StillState | null {
  const last = events.findLast((each) => each.kind.startsWith('still_'));
  if (!last || last.at.until(now).total('minutes') >= STILL_MINUTES) return null;
  return STILL_STATES[last.kind] ?? null;
}

/** The act that a citizen is asked to consent to: the last that was prepared and is not settled. Null: none. */
export function askedAct(
  events: readonly Pick<AppointmentEvent, 'kind' | 'data'>[],
): string | null {
  const settled = new Set<unknown>();
  for (const { kind, data } of events.toReversed()) {
    if (kind === 'act_prepared' && !settled.has(data.act)) return String(data.act);
    if (kind.startsWith('act_')) settled.add(data.act);
  }
  return null;
}

/** Streams are touched this often while they are open. */
export const TOUCH_SECONDS = 10;
/** A page in a room is told so often that it is still heard: the way to it may be gone without a word. */
export const BEAT_SECONDS = 3;
/** Who hasn't been seen for so long has left: long enough for a reload, or for a process that starts again. */
export const GONE_SECONDS = 35;
/** A stream that ended is come back to within this: a reload, or a network that changes. */
export const BACK_SECONDS = 8;
/** Signals that nobody fetched, and seats that were left, are kept so long. */
export const FORGET_MINUTES = 10;

/**
 * Whether the first makes the offers to the second. One of each pair does, and always the same: with offers from both, a few
 * in a hundred never connect (docs/protocol.md).
 */
export function offersTo(one: Party, other: Party): boolean {
  const rank = ({ side }: Party) => SIDES.indexOf(side);
  return rank(one) === rank(other) ? idOf(one) < idOf(other) : rank(one) < rank(other);
}

/** Returns whether two are the same person of a room. */
export const isSameParty = (one: Party, other: Party): boolean =>
  one.side === other.side && idOf(one) === idOf(other);

const idOf = ({ companion, colleague }: Party): string => companion ?? colleague ?? '';

/** How many companions and colleagues fit into a call beside the citizen and the agent: four people meet (docs/adr/0025). */
export const MOST_GUESTS = 2;

/** Somebody who sits in a room. */
export interface Seated extends Party {
  id: string;
  name: string;
  /** Of the agent or the colleague; null: of the others. */
  staff: number | null;
  /**
   * For companions: since when they may be in, as whoever attends said. For colleagues: when they said yes. Null: not yet, or it is
   * nobody's to say.
   */
  admittedAt: Temporal.Instant | null;
  /** The companion's link was taken back, or the colleague's place has ended. */
  isRevoked: boolean;
}

/** A colleague who said that they join the call. */
export interface Joining {
  /** The request. */
  id: string;
  /** First name. */
  name: string;
}

/** A room, as it is found. */
export interface RoomFound extends Pick<Appointment, 'channel' | 'status' | 'start' | 'end'> {
  /** How the two are called that it is about. */
  names: Record<'agent' | 'citizen', string>;
  seats: Seated[];
  /** The colleagues who have a place in the call, in it or not. */
  colleagues: Joining[];
  handed: (HandedOver & { at: Temporal.Instant }) | null;
  byPhone: Side | null;
  still: StillState | null;
  identity: RoomState['identity'];
  act: string | null;
  /** The case whose form citizen and agent fill in; null: none. */
  form: string | null;
  /** How many results the citizen can fetch and has not opened. */
  papers: number;
}

/** Nobody is in before they are let in: the citizen by beginning the encounter, companions and colleagues each. */
export const isIn = (
  { side, admittedAt, isRevoked }: Pick<Seated, 'side' | 'admittedAt' | 'isRevoked'>,
  status: Appointment['status'],
): boolean => status === 'in_progress' && !isRevoked && (!isGuest(side) || admittedAt !== null);

const isGuest = (side: Side): boolean => side === 'companion' || side === 'colleague';

/** How long the people in a room read that the call was handed over. */
const HANDED_MINUTES = 2;

/** How a room stands, for a page in it. Who isn't in is told of nobody. */
export function stateOf(seat: Seat, room: RoomFound | null, now: Temporal.Instant): RoomState {
  const mine = room?.seats.find(({ id }) => id === seat.id);
  const byPhone = room?.byPhone ?? null;
  const nothing = { still: null, identity: null, act: null, form: null, papers: 0 };
  const nobody = { people: [], coming: [], handed: null, byPhone, ...nothing };
  if (!room || roomStands(room, now) === 'over' || mine?.isRevoked)
    return { phase: 'over', ...nobody };
  if (!mine) return { phase: isHandedOn(seat, room) ? 'handed' : 'taken', ...nobody };
  if (!isIn(mine, room.status)) return { phase: 'waiting', ...nobody };
  const people = room.seats
    .filter((each) => each.id !== seat.id && !each.isRevoked)
    .filter((each) => isIn(each, room.status) || seat.side === 'agent')
    .map(
      (each): Person => ({
        seat: each.id,
        side: each.side,
        name: each.name,
        isIn: isIn(each, room.status),
        companion: each.companion,
        offers: offersTo(seat, each),
      }),
    );
  const ofTheTwo = isGuest(seat.side)
    ? { still: null, identity: null }
    : { still: room.still, identity: room.identity };
  const isCitizens = seat.side === 'citizen';
  const asked = {
    ...ofTheTwo,
    act: isCitizens ? room.act : null,
    form: isCitizens ? room.form : null,
    papers: isCitizens ? room.papers : 0,
  };
  const coming = room.colleagues
    .filter(({ id }) => room.seats.every((each) => each.colleague !== id))
    .map(({ name }) => name);
  return { phase: 'admitted', people, coming, handed: handedIn(room, now), byPhone, ...asked };
}

/** Returns whether the page of an agent was left because another agent sits there now. */
const isHandedOn = ({ side, staff }: Seat, { seats }: RoomFound): boolean =>
  side === 'agent' && seats.some((each) => each.side === 'agent' && each.staff !== staff);

function handedIn({ handed }: RoomFound, now: Temporal.Instant): HandedOver | null {
  if (!handed || handed.at.until(now).total('minutes') >= HANDED_MINUTES) return null;
  return { from: handed.from, to: handed.to };
}

/** The pages that the room shows the citizen in a panel: what they hand over, consent to, invite to, or fill in with the agent. */
const PANEL_PAGE =
  /^\/[a-z]{2}\/(?:appointment\/[^/]+\/(?:documents|acts|companions|form)(?:\/(?!.*\/identify$)|$)|case\/[^/]+(?:\/(?!(?:pay|sign)$)|$))/;

/** Whether the page at a path may be shown in a panel of the room. */
export const isPanelPage = (path: string): boolean => PANEL_PAGE.test(path);

/** How often somebody may sit down; their pages' signals; what they write. In this process. */
export const LIMITS = {
  enter: { burst: 20, perMinute: 10 },
  signal: { burst: 300, perMinute: 600 },
  say: { burst: 20, perMinute: 40 },
} as const;
