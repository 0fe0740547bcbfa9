import { ifWanted } from '../device/late.ts';

export type OwnKind = 'camera' | 'microphone';

/** A device as its browser names it. */
export interface Choice {
  id: string;
  name: string;
}

/** Somebody's own camera and microphone in a call; either may be missing. */
export interface Own {
  /** Asks for both, then for each. Answers whether both were given, before it was closed. */
  open(): Promise<boolean>;
  track(kind: OwnKind): MediaStreamTrack | null;
  isOn(kind: OwnKind): boolean;
  /** Off lets the camera go, so that its light goes out; a microphone is muted, so that it is there at once. */
  toggle(kind: OwnKind): Promise<void>;
  /** The other side's camera on a telephone, else the next one. */
  nextCamera(): Promise<void>;
  /** All that the browser names of a kind. */
  choices(kind: OwnKind | 'speaker'): Promise<Choice[]>;
  choose(kind: OwnKind, id: string): Promise<void>;
  /** Whether what stands behind oneself is blurred; null: this browser and camera don't do it by themselves. */
  blur(): boolean | null;
  setBlur(isOn: boolean): Promise<void>;
  close(): void;
}

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 25 } };
const KIND_OF = {
  camera: 'videoinput',
  microphone: 'audioinput',
  speaker: 'audiooutput',
} as const;

/** What the browser's own blur is called (Media Capture and Streams Extensions); not in the types yet. */
interface Blurring {
  backgroundBlur?: boolean[] | boolean;
}

export function createOwn(changed: (kind: OwnKind) => void): Own {
  const tracks: Record<OwnKind, MediaStreamTrack | null> = { camera: null, microphone: null };
  let facing: 'user' | 'environment' = 'user';
  /** Null: closed. What was asked for in an opening before comes too late. */
  let opening: symbol | null = null;

  const use = (kind: OwnKind, track: MediaStreamTrack | null) => {
    const old = tracks[kind];
    old?.stop();
    // Who is muted stays so with another microphone.
    if (track && old && kind === 'microphone') track.enabled = old.enabled;
    tracks[kind] = track;
    if (track && kind === 'camera') track.contentHint = 'motion'; // frames before sharpness, for who signs
    track?.addEventListener('ended', () => {
      if (tracks[kind] === track) use(kind, null); // pulled out, or taken back
    });
    changed(kind);
  };

  const get = async (wanted: MediaStreamConstraints) => {
    const mine = opening;
    const stream = await navigator.mediaDevices?.getUserMedia(wanted).catch(() => null);
    return ifWanted(stream ?? null, opening === mine);
  };

  const ask = async (kind: OwnKind, how: MediaTrackConstraints = {}) => {
    const mine = opening;
    if (!mine) return;
    const wanted =
      kind === 'camera'
        ? { video: { ...PICTURE, ...('deviceId' in how ? {} : { facingMode: facing }), ...how } }
        : { audio: { ...SOUND, ...how } };
    const stream = await get(wanted);
    if (opening === mine) use(kind, stream?.getTracks()[0] ?? null);
  };

  const choices = async (kind: OwnKind | 'speaker') => {
    const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
    return (all ?? [])
      .filter((each) => each.kind === KIND_OF[kind] && each.deviceId !== '')
      .map(({ deviceId: id, label: name }) => ({ id, name }));
  };

  return {
    async open() {
      const mine = Symbol();
      opening = mine;
      const both = await get({ video: { ...PICTURE, facingMode: facing }, audio: SOUND });
      if (opening !== mine) return false;
      if (both) {
        use('camera', both.getVideoTracks()[0] ?? null);
        use('microphone', both.getAudioTracks()[0] ?? null);
      } else {
        await ask('microphone');
        await ask('camera');
      }
      return tracks.camera !== null && tracks.microphone !== null;
    },
    track: (kind) => tracks[kind],
    isOn: (kind) => tracks[kind]?.enabled ?? false,
    async toggle(kind) {
      const track = tracks[kind];
      if (!track) return ask(kind);
      if (kind === 'camera') return use(kind, null);
      track.enabled = !track.enabled;
      changed(kind);
    },
    async nextCamera() {
      const current = tracks.camera?.getSettings();
      use('camera', null); // many telephones run one camera at a time
      if (current?.facingMode) {
        facing = facing === 'user' ? 'environment' : 'user';
        return ask('camera');
      }
      const all = await choices('camera');
      const next = all[(all.findIndex(({ id }) => id === current?.deviceId) + 1) % all.length];
      await ask('camera', next ? { deviceId: { exact: next.id } } : {});
    },
    choices,
    async choose(kind, id) {
      if (kind === 'camera') use(kind, null);
      await ask(kind, { deviceId: { exact: id } });
    },
    blur() {
      const track = tracks.camera;
      const can: unknown = (track?.getCapabilities?.() as Blurring | undefined)?.backgroundBlur;
      if (!track || !Array.isArray(can) || can.length < 2) return null;
      return (track.getSettings() as Blurring).backgroundBlur === true;
    },
    async setBlur(isOn) {
      const wanted = { backgroundBlur: isOn } as MediaTrackConstraints;
      await tracks.camera?.applyConstraints(wanted).catch(() => {});
      changed('camera');
    },
    close() {
      opening = null;
      for (const kind of ['camera', 'microphone'] as const) {
        tracks[kind]?.stop();
        tracks[kind] = null;
      }
    },
  };
}
