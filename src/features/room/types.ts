export const SIDES = ['citizen', 'agent'] as const;
/** Who somebody is in the room of a video appointment. */
export type Side = (typeof SIDES)[number];

/** A page of a browser that is in a room. */
export interface Seat {
  id: string;
  body: number;
  appointment: string;
  side: Side;
}

/** How a room stands, seen from a seat. `over`: it is no more; `taken`: another page of the same side is there instead. */
export interface RoomState {
  phase: 'waiting' | 'admitted' | 'over' | 'taken';
  /** The other side's seat; null: they aren't there. */
  them: string | null;
  /** Who asked to go on by telephone; null: nobody. */
  byPhone: Side | null;
}

/** What the two sides tell each other (docs/protocol.md). `call` names the connection that it is about. */
export type Signal =
  | { type: 'offer' | 'answer'; call: string; sdp: string }
  | { type: 'candidate'; call: string; candidate: string; mid: string | null; line: number | null }
  | { type: 'need'; call: string; what: 'restart' | 'rebuild' }
  | { type: 'media'; camera: boolean; microphone: boolean };
