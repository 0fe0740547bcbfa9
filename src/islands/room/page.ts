import type { Person, Side, StillState } from '../../features/service/room/types.ts';
import type { Own, OwnKind } from './own.ts';
import type { Pair } from './pairs.ts';
import type { Writing } from './writing.ts';

/** What the server says of the room in its page. */
export interface RoomPlace {
  side: Side;
  /** The room's own address. */
  base: string;
  /** Whether what is typed is shown as it is, from the beginning. */
  isLive: boolean;
  /** Whether the office keeps pictures of documents. */
  maySnap: boolean;
}

/** How a room stands on this page: what its view shows. */
export interface RoomPage extends RoomPlace {
  isIn: boolean;
  /** Another page of theirs has the seat: it can be taken back. */
  isTaken: boolean;
  isAdmitted: boolean;
  isOnline: boolean;
  /** How it ended for this page, or began: a word. */
  said: 'entering' | 'taken' | 'over' | 'left' | 'failed' | null;
  /** Camera or microphone weren't given. */
  isPartial: boolean;
  /** A press is wanted before anything is heard. */
  isMuted: boolean;
  byPhone: Side | null;
  /** Whether a picture of a document may be kept. */
  still: StillState | null;
  /** The act that the citizen is asked to consent to. */
  act: string | null;
  /** What came of the last one. */
  picture: 'kept' | 'failed' | null;
  own: Own;
  pairs: Pair[];
  /** Who waits to be let in. */
  door: Person[];
  /** What is on and off of ours beside camera and microphone. */
  hold: boolean;
  signing: boolean;
  sharing: boolean;
  /** Where one's own picture stands, clockwise from the lower right. */
  corner: number;
  writing: Writing;
}

/** What can be done in a room. */
export interface RoomActions {
  enter(): void;
  leave(): void;
  toggle(kind: OwnKind): void;
  nextCamera(): void;
  choose(kind: OwnKind | 'speaker', id: string): void;
  setBlur(isOn: boolean): void;
  setHold(isOn: boolean): void;
  setSigning(isOn: boolean): void;
  moveMe(): void;
  /** Shows a window or a screen beside the camera, or no more. */
  share(): void;
  hear(): void;
  admit(person: Person): void;
  /** Asks the citizen whether a picture may be kept; they answer; it is taken. */
  askStill(): void;
  answerStill(answer: 'yes' | 'no'): void;
  takePicture(): void;
  phone(): void;
  type(draft: string): void;
  setLive(isOn: boolean): void;
  send(): void;
}

export interface RoomCtrl {
  page: RoomPage;
  act: RoomActions;
}

/** By then it is likelier that there is no way than that the next try finds it. */
const HOPELESS_TRIES = 2;

/** Whom the words about the connection are about: who attends, or who is attended. */
export const mainPair = ({ side, pairs }: Pick<RoomPage, 'side' | 'pairs'>): Pair | undefined =>
  pairs.find(({ person }) => person.side === (side === 'agent' ? 'citizen' : 'agent')) ?? pairs[0];

/** How the room stands for this page, as a word. */
export function standing(page: RoomPage): string {
  const { said, side, isIn, isOnline, isAdmitted } = page;
  if (said) return `said.${said}`;
  if (!isIn) return '';
  const main = mainPair(page);
  if (!isOnline && main?.phase !== 'connected') return 'said.offline';
  if (!main) return side === 'agent' ? 'desk.waiting' : isAdmitted ? 'said.alone' : 'said.waiting';
  if (main.tries >= HOPELESS_TRIES) return 'said.hopeless';
  return `said.${main.isSilent ? 'again' : main.phase}`;
}
