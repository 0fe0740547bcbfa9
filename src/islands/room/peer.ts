import type { Signal } from '../../features/service/room/types.ts';
import { isUnanswered, Mending } from './mending.ts';
import { watchPictures } from './pictures.ts';
import { createSaver } from './saving.ts';
import { framesOf, sampleOf, setEncoding } from './stats.ts';

/** The kinds of media, in the order of a connection's transceivers. */
export const KINDS = ['audio', 'video', 'screen'] as const;
export type Kind = (typeof KINDS)[number];
export type PeerPhase = 'connecting' | 'connected' | 'again';

export interface PeerDeps {
  /** Whether this side makes the offers. */
  offers: boolean;
  /** Whether the offers have room for a screen of this side. */
  hasScreen: boolean;
  ways: RTCConfiguration;
  /** Returns the current track of each kind; null: nothing is sent. */
  track(kind: Kind): MediaStreamTrack | null;
  /** Returns the maximum bits a second of pictures. */
  mostVideo(): number;
  send(signal: Signal): void;
  phase(phase: PeerPhase): void;
  /** Returns whether the others say that they send something. */
  theySend(): boolean;
  /** Nothing arrives for now, or media arrive again. */
  silent(isSilent: boolean): void;
  /** The network is too slow for our pictures, or fast enough again. */
  saving(isSaving: boolean): void;
  /** A channel for text is open, and text arrives over it. */
  textOpen(kind: TextKind): void;
  text(kind: TextKind, data: string): void;
  /** The connection can't be repaired: the offering side must make a new one. */
  broken(): void;
}

const SAMPLE_MS = 2_000;
/** The channels for text, by their labels: what people type, and their speech as text (docs/protocol.md). */
const CHANNELS = { typed: 't140', spoken: 'captions' } as const;
export type TextKind = keyof typeof CHANNELS;
const TEXT_KINDS = Object.keys(CHANNELS) as TextKind[];
/** The subprotocol of a T.140 channel (RFC 8865, 4.2). */
const SUBPROTOCOL = 't140';
/** The maximum length of one message of real-time text, which normally has a few characters. */
const LONGEST_TEXT = 4_000;

/**
 * One connection of a pair. Only one side makes offers: with offers from both, some percent never connect. The other side asks for the
 * offers that it needs.
 */
export class Peer {
  readonly call: string;
  readonly connection: RTCPeerConnection;
  /** Shows their camera, and their screen; the page puts them in place. */
  readonly video: HTMLVideoElement;
  readonly screen: HTMLVideoElement;
  readonly #deps: PeerDeps;
  /** Candidates that arrived before their description. */
  readonly #early: RTCIceCandidateInit[] = [];
  readonly #decide = createSaver();
  readonly #mending: Mending;
  readonly #pictures: { stop(): void };
  readonly #sampler: number;
  readonly #channels = new Map<TextKind, RTCDataChannel>();
  #isClosed = false;
  #isSaving = false;

  constructor(call: string, deps: PeerDeps) {
    const connection = new RTCPeerConnection(deps.ways);
    this.call = call;
    this.connection = connection;
    this.#deps = deps;
    this.video = playerOf(connection, 'camera');
    this.screen = playerOf(connection, 'screen');
    this.#pictures = watchPictures(this.video, () => framesOf(connection), deps.broken);
    this.#mending = new Mending(connection, {
      restart: () => this.#restart(),
      broken: deps.broken,
      theySend: deps.theySend,
      silent: deps.silent,
    });
    this.#sampler = window.setInterval(() => void this.#sample(), SAMPLE_MS);
  }

  /** Starts the connection: with an offer, or by waiting for theirs. */
  open(): void {
    const { connection } = this;
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) this.#sendCandidate(candidate);
    };
    connection.onconnectionstatechange = () => this.#follow(connection.connectionState);
    connection.ondatachannel = ({ channel }) => {
      const kind = TEXT_KINDS.find((each) => CHANNELS[each] === channel.label);
      if (kind) this.#useChannel(kind, channel);
    };
    if (this.#deps.offers) this.#begin();
    this.#deps.phase('connecting');
  }

  async take(signal: Signal): Promise<void> {
    if (this.#isClosed || signal.type === 'media' || signal.call !== this.call) return;
    switch (signal.type) {
      case 'offer':
        return this.#answer(signal.sdp);
      case 'answer':
        if (isUnanswered(this.connection))
          await this.#describe({ type: 'answer', sdp: signal.sdp });
        return;
      case 'candidate':
        return this.#takeCandidate({
          candidate: signal.candidate,
          sdpMid: signal.mid,
          sdpMLineIndex: signal.line,
        });
      case 'need':
        if (!this.#deps.offers || isUnanswered(this.connection)) return;
        if (signal.what === 'rebuild') this.#deps.broken();
        else this.#mending.restart();
    }
  }

  replace(kind: Kind): void {
    void this.#senderOf(kind)
      ?.replaceTrack(this.#deps.track(kind))
      .catch(() => {});
  }

  /**
   * Applies the allowance for pictures. Sign language needs movement: camera pictures lose size before frames. Screens need sharpness: they
   * lose frames before size.
   */
  tune(): void {
    const active = !this.#isSaving;
    const maxBitrate = this.#deps.mostVideo();
    void setEncoding(this.#senderOf('video'), 'maintain-framerate', { active, maxBitrate });
    void setEncoding(this.#senderOf('screen'), 'maintain-resolution', { active });
  }

  write(kind: TextKind, text: string): void {
    const channel = this.#channels.get(kind);
    if (channel?.readyState === 'open') channel.send(text);
  }

  close(): void {
    this.#isClosed = true;
    this.#mending.stop();
    clearInterval(this.#sampler);
    this.#pictures.stop();
    this.connection.close();
  }

  #begin(): void {
    const { connection } = this;
    const { track, hasScreen } = this.#deps;
    connection.addTransceiver(track('audio') ?? 'audio', { direction: 'sendrecv' });
    connection.addTransceiver(track('video') ?? 'video', { direction: 'sendrecv' });
    if (hasScreen) connection.addTransceiver(track('screen') ?? 'video', { direction: 'sendonly' });
    for (const kind of TEXT_KINDS) {
      const how = { ordered: true, protocol: SUBPROTOCOL };
      this.#useChannel(kind, connection.createDataChannel(CHANNELS[kind], how));
    }
    void this.#offer();
  }

  #follow(state: RTCPeerConnectionState): void {
    if (this.#isClosed) return;
    if (state === 'connected') {
      this.#mending.connected();
      this.tune();
      this.#deps.phase('connected');
    } else if (state === 'disconnected' || state === 'failed') {
      this.#deps.phase('again');
      this.#mending.lost(state);
    }
  }

  #restart(): void {
    if (this.#deps.offers) {
      this.connection.restartIce();
      void this.#offer();
    } else this.#deps.send({ type: 'need', call: this.call, what: 'restart' });
  }

  async #offer(): Promise<void> {
    if (this.#isClosed || this.connection.signalingState !== 'stable') return;
    await this.connection.setLocalDescription();
    const sdp = this.connection.localDescription?.sdp ?? '';
    this.#deps.send({ type: 'offer', call: this.call, sdp });
  }

  async #answer(offered: string): Promise<void> {
    await this.#describe({ type: 'offer', sdp: offered });
    this.#attach();
    await this.connection.setLocalDescription();
    const sdp = this.connection.localDescription?.sdp ?? '';
    this.#deps.send({ type: 'answer', call: this.call, sdp });
  }

  async #describe(description: RTCSessionDescriptionInit): Promise<void> {
    await this.connection.setRemoteDescription(description);
    for (const each of this.#early.splice(0))
      await this.connection.addIceCandidate(each).catch(() => {});
  }

  #sendCandidate({ candidate, sdpMid: mid, sdpMLineIndex: line }: RTCIceCandidate): void {
    this.#deps.send({ type: 'candidate', call: this.call, candidate, mid, line });
  }

  async #takeCandidate(given: RTCIceCandidateInit): Promise<void> {
    if (!this.connection.remoteDescription) this.#early.push(given);
    else await this.connection.addIceCandidate(given).catch(() => {});
  }

  /** Puts our tracks into the transceivers of the offer; a screen in it is only theirs. */
  #attach(): void {
    this.connection.getTransceivers().forEach((each, at) => {
      const kind = KINDS[at];
      if (!kind || kind === 'screen') return;
      each.direction = 'sendrecv';
      void each.sender.replaceTrack(this.#deps.track(kind));
    });
  }

  #senderOf(kind: Kind): RTCRtpSender | undefined {
    return this.connection.getTransceivers()[KINDS.indexOf(kind)]?.sender;
  }

  #useChannel(kind: TextKind, channel: RTCDataChannel): void {
    this.#channels.set(kind, channel);
    channel.onopen = () => this.#deps.textOpen(kind);
    channel.onmessage = ({ data }) => {
      if (typeof data === 'string' && data.length <= LONGEST_TEXT) this.#deps.text(kind, data);
    };
  }

  /** Leaves our pictures out when the network is too slow, and sends them again later. */
  async #sample(): Promise<void> {
    if (this.connection.connectionState !== 'connected' || !this.#deps.track('video')) return;
    const now = this.#decide(await sampleOf(this.connection));
    if (now === this.#isSaving || this.#isClosed) return;
    this.#isSaving = now;
    this.tune();
    this.#deps.saving(now);
  }
}

/** Makes the player for their camera and microphone, or for their screen. */
function playerOf(peer: RTCPeerConnection, what: 'camera' | 'screen'): HTMLVideoElement {
  const stream = new MediaStream();
  const player = document.createElement('video');
  player.playsInline = true;
  player.autoplay = true;
  player.srcObject = stream;
  peer.addEventListener('track', ({ track, transceiver }) => {
    const isScreen = peer.getTransceivers().indexOf(transceiver) === KINDS.indexOf('screen');
    if (isScreen === (what === 'screen')) stream.addTrack(track);
  });
  return player;
}

/** Whether a connection could be made, tried once for the page. */
let isAble = false;

/** Returns whether this browser can make calls. Some blockers keep the name and break its function. */
export function canCall(): boolean {
  try {
    if (!isAble) new RTCPeerConnection().close();
    isAble = true;
  } catch {
    return false;
  }
  return true;
}
