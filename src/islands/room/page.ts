import type {
  HandedOver,
  Person,
  RoomState,
  Side,
  StillState,
} from '../../features/service/room/types.ts';
import type { Captions } from './captions/ctrl.ts';
import type { Own, OwnKind } from './own.ts';
import type { Pair } from './pairs.ts';
import type { Writing } from './writing.ts';

/** The server's data about the room in its page. */
export interface RoomPlace {
  side: Side;
  /** The room's own address. */
  base: string;
  /** Whether typed text is shown immediately, from the beginning. */
  isLive: boolean;
  /** Whether the office keeps pictures of documents. */
  maySnap: boolean;
  /** Whether this person signs: the others learn it from the beginning. */
  signs: boolean;
  /** The citizen's telephone on which the conversation can go on, as text; '' when there is none, or for guests. */
  phone: string;
  /** The names of the providers with which the citizen can identify, by level. */
  providers: Partial<Record<string, string>>;
  /** The keys of the agent's actions, in readable form; '' for none. */
  keys: Record<'mute' | 'hangUp', string>;
  /** Who runs the speech-to-text engine, and the address of the island `speech`; null: there are no captions. */
  engine: { provider: string; worklet: string } | null;
}

/** A panel beside the picture; one is open at a time. */
export type PanelName = 'write' | 'more' | FramedName;
/** A panel that shows a page of the citizen's appointment. */
export type FramedName = 'papers' | 'act' | 'companions' | 'form';

export interface Panels {
  open: PanelName | null;
  /** The addresses of the pages that were opened; each stays loaded, so that nothing typed in it is lost. */
  framed: Partial<Record<FramedName, string>>;
  /** The last message that came while the panel of messages wasn't open, with its writer; '' for none. */
  unread: string;
  /** A result came in this call, and the panel of papers was neither opened nor closed since. */
  hasNewPapers: boolean;
  /** Where the focus goes with the next drawing, as a selector; null: it stays. */
  toFocus: string | null;
}

/** The state of a room on this page, for its view. */
export interface RoomPage extends RoomPlace {
  /** Whether this browser can make calls at all. */
  canCall: boolean;
  isIn: boolean;
  /** Another page of the same person has the seat: it can be taken back. */
  isTaken: boolean;
  isAdmitted: boolean;
  isOnline: boolean;
  /** The last event of this page's visit: a word. */
  said: 'entering' | 'taken' | 'over' | 'handed' | 'left' | 'failed' | null;
  /** Camera or microphone weren't granted. */
  isPartial: boolean;
  /** The browser requires a press before it plays sound. */
  isMuted: boolean;
  byPhone: Side | null;
  /** The state of the question whether a picture of a document may be kept. */
  still: StillState | null;
  /** The state of the request to identify. */
  identity: RoomState['identity'];
  /** The case whose form the citizen fills in with the agent. */
  form: string | null;
  /** The act that the citizen is asked to consent to. */
  act: string | null;
  /** How many results the citizen can fetch and has not opened. */
  papers: number;
  /** The result of the last one. */
  picture: 'kept' | 'failed' | null;
  own: Own;
  pairs: Pair[];
  /** The first names of colleagues of the agent who are about to come in. */
  coming: string[];
  /** The agents between whom the call was just handed over. */
  handed: HandedOver | null;
  /** The people who wait to be let in. */
  door: Person[];
  /** Own switches beside camera and microphone. */
  hold: boolean;
  /** This page is not in sight while the person identifies elsewhere. */
  isAway: boolean;
  signing: boolean;
  sharing: boolean;
  /** The corner of one's own picture, clockwise from the upper right. */
  corner: number;
  panels: Panels;
  writing: Writing;
  captions: Captions;
  /** The citizen is asked whether their speech may be turned into text. */
  isCaptionQuestion: boolean;
}

/** The actions in a room. */
export interface RoomActions {
  enter(): void;
  leave(): void;
  toggle(kind: OwnKind): void;
  nextCamera(): void;
  choose(kind: OwnKind | 'speaker', id: string): void;
  setBlur(isOn: boolean): void;
  setHold(isOn: boolean): void;
  setSigning(isOn: boolean): void;
  /** Puts one's own picture into a corner, clockwise from the upper right. */
  moveMe(corner: number): void;
  /** Opens a panel beside the picture, and closes the one that is open. */
  open(panel: PanelName): void;
  closePanel(): void;
  /** Starts or stops sharing a window or a screen beside the camera. */
  share(): void;
  hear(): void;
  admit(person: Person): void;
  /** Asks the citizen whether a picture may be kept; they answer; the picture is taken. */
  askStill(): void;
  answerStill(answer: 'yes' | 'no'): void;
  takePicture(): void;
  /** The citizen does not want to identify now. */
  declineIdentity(): void;
  phone(): void;
  type(draft: string): void;
  setLive(isOn: boolean): void;
  /** Asks for captions of the call, or no longer. */
  askCaptions(isOn: boolean): void;
  /** Lets the own speech be turned into text, or no longer. */
  agreeCaptions(agrees: boolean): void;
  send(): void;
  /** Returns whether the encounter may be closed; opens the panel of messages if it has one that was not sent. */
  mayClose(): boolean;
}

/** Returns whether the call runs: the citizen and the companions see nothing but the room then. */
export const isRunning = ({ isIn, isAdmitted }: RoomPage): boolean => isIn && isAdmitted;

export interface RoomCtrl {
  page: RoomPage;
  act: RoomActions;
}

/** After this many tries a way probably doesn't exist. */
const HOPELESS_TRIES = 2;

/** Returns the pair that the words about the connection describe: the agent for a citizen, the citizen for an agent. */
export const mainPair = ({ side, pairs }: Pick<RoomPage, 'side' | 'pairs'>): Pair | undefined =>
  pairs.find(({ person }) => person.side === (side === 'agent' ? 'citizen' : 'agent')) ?? pairs[0];

/** Returns the state of the room for this page, as a word. */
export function standing(page: RoomPage): string {
  const { said, side, isIn, isOnline, isAdmitted } = page;
  if (!page.canCall) return 'unable';
  if (said) return `said.${said}`;
  if (!isIn) return '';
  const main = mainPair(page);
  if (!isOnline && main?.phase !== 'connected') return 'said.offline';
  if (!main) return side === 'agent' ? 'desk.waiting' : isAdmitted ? 'said.alone' : 'said.waiting';
  if (main.tries >= HOPELESS_TRIES) return 'said.hopeless';
  // Whoever identifies elsewhere may send no picture: nothing is lost.
  return `said.${main.isSilent && !main.media?.away ? 'again' : main.phase}`;
}
