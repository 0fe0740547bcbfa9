import { obstacleOf, type Surroundings, troubleOf } from '../../features/service/device/rules.ts';
import type { Found } from '../../features/service/device/types.ts';

export type MediaKind = 'camera' | 'microphone';
export type MediaFound = Exclude<Found<'camera'> & Found<'microphone'>, 'works'>;
export type Given = { ok: true; track: MediaStreamTrack } | { ok: false; trouble: MediaFound };

const KINDS = { camera: 'videoinput', microphone: 'audioinput' } as const;

/** Asks for both together first, so that the browser asks once; then for each alone, so that a failing one doesn't block the other. */
export async function askForBoth(where: Surroundings): Promise<Record<MediaKind, Given>> {
  const obstacle = obstacleOf(where);
  if (obstacle) {
    const none = { ok: false, trouble: obstacle } as const;
    return { camera: none, microphone: none };
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: wanted('camera'),
      audio: true,
    });
    const video = stream.getVideoTracks()[0];
    const audio = stream.getAudioTracks()[0];
    return { camera: given(video), microphone: given(audio) };
  } catch {
    return { camera: await ask('camera', where), microphone: await ask('microphone', where) };
  }
}

const given = (track: MediaStreamTrack | undefined): Given =>
  track ? { ok: true, track } : { ok: false, trouble: 'none' };

const wanted = (kind: MediaKind): MediaTrackConstraints | true =>
  kind === 'camera' ? { facingMode: 'user', width: { ideal: 640 } } : true;

async function ask(
  kind: MediaKind,
  where: Surroundings,
  constraints: MediaTrackConstraints | true = wanted(kind),
): Promise<Given> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(
      kind === 'camera' ? { video: constraints } : { audio: constraints },
    );
    return given(stream.getTracks()[0]);
  } catch (error) {
    return { ok: false, trouble: troubleOf(error instanceof Error ? error : new Error(), where) };
  }
}

/** Returns the devices of a kind; their names stay in the browser. */
export async function devicesOf(kind: MediaKind): Promise<MediaDeviceInfo[]> {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return all.filter((each) => each.kind === KINDS[kind]);
}

/** Returns the next device of the kind. The current one is stopped first: many telephones run one camera at a time. */
export async function askForNext(
  kind: MediaKind,
  current: MediaStreamTrack,
  where: Surroundings,
): Promise<Given> {
  const { deviceId, facingMode } = current.getSettings();
  const devices = await devicesOf(kind);
  const at = devices.findIndex((each) => each.deviceId === deviceId);
  const next = devices[(at + 1) % devices.length];
  current.stop();
  // Telephones have several rear lenses; the useful change is to the other side.
  if (kind === 'camera' && facingMode)
    return ask(kind, where, { facingMode: facingMode === 'user' ? 'environment' : 'user' });
  return ask(kind, where, next ? { deviceId: { exact: next.deviceId } } : true);
}

const FRAME_WITHIN_MS = 8_000;
const DARK = 8; // of 255
const SAMPLE = 16;

/** Returns whether pictures arrive, and whether they are all black. */
export async function look(video: HTMLVideoElement): Promise<'works' | 'covered' | 'failed'> {
  for (let frame = 0; frame < 10; frame++) {
    // Cameras start with dark pictures, so the first ones are ignored.
    if (!(await nextFrame(video))) return 'failed';
    if (!isDark(video)) return 'works';
  }
  return 'covered';
}

const nextFrame = (video: HTMLVideoElement): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = window.setTimeout(() => resolve(false), FRAME_WITHIN_MS);
    const onFrame = () => {
      window.clearTimeout(timer);
      resolve(true);
    };
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(onFrame);
    else (video as HTMLVideoElement).addEventListener('timeupdate', onFrame, { once: true });
  });

function isDark(video: HTMLVideoElement): boolean {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SAMPLE;
  const context = canvas.getContext('2d');
  if (!context) return false;
  context.drawImage(video, 0, 0, SAMPLE, SAMPLE);
  const { data } = context.getImageData(0, 0, SAMPLE, SAMPLE);
  return data.every((value, index) => index % 4 === 3 || value <= DARK);
}
