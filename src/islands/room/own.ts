export type OwnKind = 'camera' | 'microphone';

/** Somebody's own camera and microphone in a call; either may be missing. */
export interface Own {
  /** Asks for both, then for each. Answers whether both were given. */
  open(): Promise<boolean>;
  track(kind: OwnKind): MediaStreamTrack | null;
  isOn(kind: OwnKind): boolean;
  /** Off lets the camera go, so that its light goes out; a microphone is muted, so that it is there at once. */
  toggle(kind: OwnKind): Promise<void>;
  /** The other side's camera on a telephone, else the next one. */
  nextCamera(): Promise<void>;
  hasOtherCamera(): Promise<boolean>;
  close(): void;
}

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 25 } };

export function createOwn(changed: (kind: OwnKind) => void): Own {
  const tracks: Record<OwnKind, MediaStreamTrack | null> = { camera: null, microphone: null };
  let facing: 'user' | 'environment' = 'user';

  const use = (kind: OwnKind, track: MediaStreamTrack | null) => {
    tracks[kind]?.stop();
    tracks[kind] = track;
    track?.addEventListener('ended', () => {
      if (tracks[kind] === track) use(kind, null); // pulled out, or taken back
    });
    changed(kind);
  };

  const ask = async (
    kind: OwnKind,
    video: MediaTrackConstraints = { ...PICTURE, facingMode: facing },
  ) => {
    const wanted = kind === 'camera' ? { video } : { audio: SOUND };
    const stream = await navigator.mediaDevices?.getUserMedia(wanted).catch(() => null);
    use(kind, stream?.getTracks()[0] ?? null);
  };

  const cameras = async () => {
    const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
    return (all ?? []).filter((each) => each.kind === 'videoinput');
  };

  return {
    async open() {
      const both = await navigator.mediaDevices
        ?.getUserMedia({ video: { ...PICTURE, facingMode: facing }, audio: SOUND })
        .catch(() => null);
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
      tracks.camera?.stop();
      if (current?.facingMode) {
        facing = facing === 'user' ? 'environment' : 'user';
        return ask('camera');
      }
      const all = await cameras();
      const at = all.findIndex((each) => each.deviceId === current?.deviceId);
      const next = all[(at + 1) % all.length];
      await ask('camera', { ...PICTURE, ...(next && { deviceId: { exact: next.deviceId } }) });
    },
    hasOtherCamera: async () => (await cameras()).length > 1,
    close() {
      for (const kind of ['camera', 'microphone'] as const) {
        tracks[kind]?.stop();
        tracks[kind] = null;
      }
    },
  };
}
