import { ifWanted } from '../device/late.ts';

export type OwnKind = 'camera' | 'microphone';

/** A device as the browser names it. */
export interface Choice {
  id: string;
  name: string;
}

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 25 } };
const KIND_OF = {
  camera: 'videoinput',
  microphone: 'audioinput',
  speaker: 'audiooutput',
} as const;

/** The browser's background blur (Media Capture and Streams Extensions); not in the types yet. */
interface Blurring {
  backgroundBlur?: boolean[] | boolean;
}

/** One's own camera and microphone in a call; either may be missing. */
export class Own {
  readonly #changed: (kind: OwnKind) => void;
  readonly #tracks: Record<OwnKind, MediaStreamTrack | null> = { camera: null, microphone: null };
  #facing: 'user' | 'environment' = 'user';
  /** Null: closed. Devices requested in an earlier opening are ignored. */
  #opening: symbol | null = null;

  constructor(changed: (kind: OwnKind) => void) {
    this.#changed = changed;
  }

  /** Asks for both, then for each. Resolves to whether both were granted before closing. */
  async open(): Promise<boolean> {
    const mine = Symbol();
    this.#opening = mine;
    const both = await this.#get({
      video: { ...PICTURE, facingMode: this.#facing },
      audio: SOUND,
    });
    if (this.#opening !== mine) return false;
    if (both) {
      this.#use('camera', both.getVideoTracks()[0] ?? null);
      this.#use('microphone', both.getAudioTracks()[0] ?? null);
    } else {
      await this.#ask('microphone');
      await this.#ask('camera');
    }
    return this.#tracks.camera !== null && this.#tracks.microphone !== null;
  }

  track(kind: OwnKind): MediaStreamTrack | null {
    return this.#tracks[kind];
  }

  isOn(kind: OwnKind): boolean {
    return this.#tracks[kind]?.enabled ?? false;
  }

  /** Turns a device on or off. A camera is released, so that its light goes out; a microphone is muted, so that it is available at once. */
  async toggle(kind: OwnKind): Promise<void> {
    const track = this.#tracks[kind];
    if (!track) return this.#ask(kind);
    if (kind === 'camera') return this.#use(kind, null);
    track.enabled = !track.enabled;
    this.#changed(kind);
  }

  /** Switches to the other side's camera on a telephone, else to the next one. */
  async nextCamera(): Promise<void> {
    const current = this.#tracks.camera?.getSettings();
    this.#use('camera', null); // many telephones run one camera at a time
    if (current?.facingMode) {
      this.#facing = this.#facing === 'user' ? 'environment' : 'user';
      return this.#ask('camera');
    }
    const all = await this.choices('camera');
    const next = all[(all.findIndex(({ id }) => id === current?.deviceId) + 1) % all.length];
    await this.#ask('camera', next ? { deviceId: { exact: next.id } } : {});
  }

  /** Returns all devices of a kind that the browser names. */
  async choices(kind: OwnKind | 'speaker'): Promise<Choice[]> {
    const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
    return (all ?? [])
      .filter((each) => each.kind === KIND_OF[kind] && each.deviceId !== '')
      .map(({ deviceId: id, label: name }) => ({ id, name }));
  }

  async choose(kind: OwnKind, id: string): Promise<void> {
    if (kind === 'camera') this.#use(kind, null);
    await this.#ask(kind, { deviceId: { exact: id } });
  }

  /** Returns whether the background is blurred; null: this browser or camera has no blur. */
  blur(): boolean | null {
    const track = this.#tracks.camera;
    const can: unknown = (track?.getCapabilities?.() as Blurring | undefined)?.backgroundBlur;
    if (!track || !Array.isArray(can) || can.length < 2) return null;
    return (track.getSettings() as Blurring).backgroundBlur === true;
  }

  async setBlur(isOn: boolean): Promise<void> {
    const wanted = { backgroundBlur: isOn } as MediaTrackConstraints;
    await this.#tracks.camera?.applyConstraints(wanted).catch(() => {});
    this.#changed('camera');
  }

  close(): void {
    this.#opening = null;
    for (const kind of ['camera', 'microphone'] as const) {
      this.#tracks[kind]?.stop();
      this.#tracks[kind] = null;
    }
  }

  #use(kind: OwnKind, track: MediaStreamTrack | null): void {
    const old = this.#tracks[kind];
    old?.stop();
    // A new microphone stays muted if the old one was.
    if (track && old && kind === 'microphone') track.enabled = old.enabled;
    this.#tracks[kind] = track;
    if (track && kind === 'camera') track.contentHint = 'motion'; // frame rate before sharpness, for sign language
    track?.addEventListener('ended', () => {
      if (this.#tracks[kind] === track) this.#use(kind, null); // unplugged, or permission withdrawn
    });
    this.#changed(kind);
  }

  async #get(wanted: MediaStreamConstraints): Promise<MediaStream | null> {
    const mine = this.#opening;
    const stream = await navigator.mediaDevices?.getUserMedia(wanted).catch(() => null);
    return ifWanted(stream ?? null, this.#opening === mine);
  }

  async #ask(kind: OwnKind, how: MediaTrackConstraints = {}): Promise<void> {
    const mine = this.#opening;
    if (!mine) return;
    const facing = 'deviceId' in how ? {} : { facingMode: this.#facing };
    const wanted =
      kind === 'camera'
        ? { video: { ...PICTURE, ...facing, ...how } }
        : { audio: { ...SOUND, ...how } };
    const stream = await this.#get(wanted);
    if (this.#opening === mine) this.#use(kind, stream?.getTracks()[0] ?? null);
  }
}
