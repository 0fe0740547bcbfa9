import type { Media, RoomState } from '../../features/service/room/types.ts';
import { waysFrom } from '../device/ways.ts';
import { keepInTab } from '../stored/tab.ts';
import { actionsOf } from './actions.ts';
import { CaptionsCtrl } from './captions/ctrl.ts';
import { noteAway } from './identity/away.ts';
import { Own, type OwnKind } from './own.ts';
import { mainPair, type PanelName, type RoomCtrl, type RoomPage, type RoomPlace } from './page.ts';
import { type Pair, Pairs } from './pairs.ts';
import { canCall, KINDS, type Kind } from './peer.ts';
import { pictureOf } from './pictures.ts';
import { ScreenShare } from './screen-share.ts';
import { Seat } from './seat.ts';
import { refresh, refreshAct } from './view/framed.tsx';
import { closePanel, followPapers, leaveFramed, openPanel, showWriting } from './view/panels.ts';
import { WakeLock } from './wake-lock.ts';
import { WritingCtrl } from './writing.ts';

const RENEW_MS = 30 * 60_000;

/** Receives the room's changes, for its page. */
interface RoomListener {
  /** The page must be drawn again. */
  changed(): void;
  /** The browser named its devices after the first permission, or a device was added. */
  devicesChanged(): void;
  /** Aborted once the page has no place for the room any more. */
  signal: AbortSignal;
}

/** Returns the controller of a page in a room: takes a seat, reports the state, and connects with the others once admitted. */
export function createRoom(place: RoomPlace, listener: RoomListener): RoomCtrl {
  const room = new Room(place, listener);
  room.listen(listener.signal);
  return { page: room.page, act: actionsOf(room) };
}

/** Returns the state of a page that isn't in its room yet. */
const newPage = (
  place: RoomPlace,
  own: Own,
  writing: WritingCtrl,
  captions: CaptionsCtrl,
): RoomPage => ({
  ...place,
  canCall: canCall(),
  isIn: false,
  isTaken: false,
  isAdmitted: false,
  isOnline: true,
  said: null,
  isPartial: false,
  isMuted: false,
  byPhone: null,
  still: null,
  identity: null,
  act: null,
  form: null,
  papers: 0,
  coming: [],
  handed: null,
  picture: null,
  own,
  pairs: [],
  door: [],
  hold: false,
  isAway: false,
  signing: place.signs,
  sharing: false,
  corner: 0,
  panels: { open: null, framed: {}, unread: '', hasNewPapers: false, toFocus: null },
  writing: writing.state,
  captions: captions.state,
  isCaptionQuestion: false,
});

/** The room of a page: its seat, its connections, and its messages. */
export class Room {
  readonly page: RoomPage;
  readonly own: Own;
  readonly writing: WritingCtrl;
  readonly captions: CaptionsCtrl;
  readonly #listener: RoomListener;
  readonly #screen: ScreenShare;
  readonly #awake: WakeLock;
  /** Null: not in. Results requested in an earlier visit are ignored. */
  #visit: symbol | null = null;
  #seat: Seat | null = null;
  #pairs: Pairs | null = null;
  #ways: RTCConfiguration = {};
  #speaker = '';
  #renewing = 0;
  #isSnapping = false;

  constructor(place: RoomPlace, listener: RoomListener) {
    this.#listener = listener;
    this.own = new Own((kind) => this.#ownChanged(kind));
    this.writing = new WritingCtrl(place.isLive, {
      write: (text) => this.#pairs?.write('typed', text),
      say: (id, text) => this.#seat?.say(id, text),
      changed: () => listener.changed(),
    });
    this.captions = this.#newCaptions(place);
    this.page = newPage(place, this.own, this.writing, this.captions);
    this.#screen = new ScreenShare(
      () => this.#visit,
      () => this.#screenChanged(),
    );
    this.#awake = new WakeLock(() => this.#visit);
  }

  /** Listens to the page until `signal` is aborted. */
  listen(signal: AbortSignal): void {
    const notify = () => {
      if (this.#seat && !document.hidden) void this.#awake.keep();
      if (noteAway(this.page, document.hidden)) this.#tellMedia();
    };
    document.addEventListener('visibilitychange', notify, { signal });
    // The call's report is also sent when the page goes away.
    addEventListener('pagehide', () => this.#pairs?.close(), { signal });
  }

  async enter(): Promise<void> {
    const { page } = this;
    if (!page.canCall) return;
    const mine = Symbol();
    this.#visit = mine;
    keepInTab('room', page.base);
    Object.assign(page, { isIn: true, isTaken: false, said: 'entering' });
    this.#changed();
    const opened = this.own.open();
    const [isWhole, found] = await Promise.all([opened, waysFrom(`${page.base}/servers`)]);
    if (this.#visit !== mine) return; // they left during the browser's question
    this.#ways = found;
    page.isPartial = !isWhole;
    void this.#awake.keep();
    this.#renewing = window.setInterval(() => void this.#renew(), RENEW_MS);
    this.#pairs = this.#newPairs();
    this.#seat = this.#newSeat();
    this.#seat.open();
    this.#changed();
  }

  leave(): void {
    if (this.page.isIn) this.#end('left');
  }

  setSpeaker(id: string): void {
    this.#speaker = id;
    void this.play();
  }

  setHold(isOn: boolean): void {
    this.page.hold = isOn;
    for (const kind of KINDS) this.#pairs?.replace(kind);
    void this.play();
    this.#tellMedia();
  }

  setSigning(isOn: boolean): void {
    this.page.signing = isOn;
    this.#tellMedia();
  }

  moveMe(corner: number): void {
    this.page.corner = corner;
    this.#changed();
  }

  /** Opens a panel and puts the focus into it; the panel that is open closes. */
  openPanel(name: PanelName): void {
    openPanel(this.page, name);
    this.#changed();
  }

  closePanel(): void {
    closePanel(this.page.panels);
    this.#changed();
  }

  share(): void {
    void this.#screen.toggle();
  }

  /** Plays all incoming media. Where the browser requires a press before it plays sound, the pictures move without it. */
  async play(): Promise<void> {
    const { page } = this;
    const players = (this.#pairs?.all() ?? []).flatMap(({ peer }) =>
      peer ? [peer.video, peer.screen] : [],
    );
    for (const each of players) {
      each.muted = page.hold || page.isMuted;
      void each.setSinkId?.(this.#speaker).catch(() => {});
    }
    await Promise.all(players.map((each) => this.#playOrMute(each)));
    this.#changed();
  }

  /** Plays, or remembers that sound needs a press. A player to which nothing is sent waits, and the others don't wait for it. */
  async #playOrMute(player: HTMLVideoElement): Promise<void> {
    if (!(await isRefused(player))) return;
    this.page.isMuted = true;
    this.#changed();
    player.muted = true;
    await player.play().catch(() => {});
  }

  /** Plays the sound, after a press that the browser requires. */
  async hear(): Promise<void> {
    this.page.isMuted = false;
    await this.play();
  }

  /** Stores a picture from the other side's camera. */
  async takePicture(): Promise<void> {
    if (this.#isSnapping) return;
    this.#isSnapping = true;
    const { page } = this;
    const body = await pictureOf(mainPair(page)?.peer?.video);
    const headers = { 'Content-Type': 'image/jpeg' };
    const how = { method: 'POST', headers, body };
    const answer = body && (await fetch(`${page.base}/picture`, how).catch(() => null));
    this.#isSnapping = false;
    page.picture = answer?.ok ? 'kept' : 'failed';
    this.#changed();
  }

  #changed(): void {
    this.captions.follow();
    this.page.isCaptionQuestion = this.page.isAdmitted && this.captions.isQuestion;
    this.#listener.changed();
  }

  #ownChanged(kind: OwnKind): void {
    this.#pairs?.replace(kind === 'camera' ? 'video' : 'audio');
    this.#tellMedia();
    this.#listener.devicesChanged();
  }

  #screenChanged(): void {
    this.page.sharing = this.#screen.track !== null;
    this.#pairs?.replace('screen');
    this.#tellMedia();
  }

  #track(kind: Kind): MediaStreamTrack | null {
    if (this.page.hold) return null;
    if (kind === 'screen') return this.#screen.track;
    return this.own.track(kind === 'video' ? 'camera' : 'microphone');
  }

  #media(saving: boolean): Media {
    return {
      camera: this.own.isOn('camera'),
      microphone: this.own.isOn('microphone'),
      saving,
      screen: this.#screen.track !== null,
      hold: this.page.hold,
      away: this.page.isAway,
      signing: this.page.signing,
      captions: this.page.captions.isAsked,
      captioned: this.page.captions.own === 'on',
    };
  }

  #tellMedia(): void {
    this.#pairs?.tellMedia();
    this.#changed();
  }

  #newCaptions({ side, engine }: RoomPlace): CaptionsCtrl {
    return new CaptionsCtrl({
      side,
      provider: engine?.provider ?? null,
      worklet: engine?.worklet ?? '',
      address: () => this.#seat?.engineAddress() ?? Promise.resolve(null),
      microphone: () => {
        const { isAdmitted, hold, own } = this.page;
        return isAdmitted && !hold && own.isOn('microphone') ? own.track('microphone') : null;
      },
      isWanted: () => this.page.pairs.some(({ media }) => media?.captions),
      send: (text) => this.#pairs?.write('spoken', text),
      tell: () => this.#tellMedia(),
      changed: () => this.#listener.changed(),
    });
  }

  #newPairs(): Pairs {
    const { page, writing, captions } = this;
    return new Pairs({
      side: page.side,
      track: (kind) => this.#track(kind),
      media: (isSaving) => this.#media(isSaving),
      changed: () => this.#changed(),
      ways: () => this.#ways,
      send: (to, signal) => this.#seat?.send(to, signal),
      isOnline: () => page.isOnline,
      current: (kind) => (kind === 'typed' ? writing.typed() : captions.spoken()),
      connected: () => void this.play(),
      report: (report) => this.#seat?.report(report),
      wrote: (pair: Pair, line) => writing.ended(pair, line),
      gone: (pair: Pair) => writing.gone(pair),
    });
  }

  #newSeat(): Seat {
    const { page, writing } = this;
    return new Seat(page.base, {
      room: (state) => this.#follow(state),
      signal: (from, signal) => this.#pairs?.take(from, signal),
      message: (message) => {
        if (!writing.has(message)) showWriting(page.panels, `${message.name}: ${message.text}`);
        writing.take(message);
      },
      unsaid: (id) => writing.lost(id),
      online: (isOnline) => this.#followStream(isOnline),
      ended: (why) => this.#end(why),
    });
  }

  #follow(state: RoomState): void {
    const { page } = this;
    const wasAdmitted = page.isAdmitted;
    if (!wasAdmitted && state.phase === 'admitted' && page.isLive) showWriting(page.panels);
    if (wasAdmitted && followPapers(page.panels, page.papers, state.papers)) refresh('papers');
    page.papers = state.papers;
    page.isAdmitted = state.phase === 'admitted';
    page.byPhone = state.byPhone;
    if (state.still && state.still !== page.still) page.picture = null;
    page.still = state.still;
    page.identity = state.identity;
    if (page.act && page.act !== state.act) refreshAct();
    page.act = state.act;
    page.form = state.form;
    page.coming = state.coming;
    page.handed = state.handed;
    page.said = null;
    const people = page.isAdmitted ? state.people : [];
    this.#pairs?.meet(people.filter((each) => each.isIn));
    page.door = people.filter((each) => !each.isIn);
    page.pairs = this.#pairs?.all() ?? [];
    this.#changed();
  }

  #followStream(isOnline: boolean): void {
    const isBack = isOnline && !this.page.isOnline;
    this.page.isOnline = isOnline;
    if (isBack) this.#pairs?.mendAll();
    this.#changed();
  }

  /** Renews the relay's credentials, which end after an hour; a call may be longer. */
  async #renew(): Promise<void> {
    const found = await waysFrom(`${this.page.base}/servers`);
    if (!found.iceServers) return;
    this.#ways = found;
    for (const { peer } of this.page.pairs) peer?.connection.setConfiguration(found);
  }

  #end(said: NonNullable<RoomPage['said']>): void {
    this.#visit = null;
    keepInTab('room', null);
    this.#pairs?.close();
    this.#pairs = null;
    if (said === 'left') this.#seat?.leave();
    this.#seat = null;
    this.#screen.stop();
    clearInterval(this.#renewing);
    this.captions.end();
    this.#awake.release();
    this.own.close();
    Object.assign(this.page, {
      said,
      isIn: false,
      isTaken: said === 'taken',
      isAdmitted: false,
      pairs: [],
      door: [],
      coming: [],
      handed: null,
      hold: false,
      isAway: false,
      sharing: false,
      isOnline: true,
    });
    leaveFramed(this.page.panels);
    this.#changed();
  }
}

/** Plays. Resolves to whether the browser refuses sound before a press; a player that was replaced meanwhile doesn't count. */
async function isRefused(player: HTMLVideoElement): Promise<boolean> {
  try {
    await player.play();
    return false;
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError';
  }
}
