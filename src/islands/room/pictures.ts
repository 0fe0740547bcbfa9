import { countShown } from './stats.ts';

/** The time without a shown picture, although pictures arrive, that counts as frozen. */
const FROZEN_MS = 6_000;

/**
 * Reports when pictures arrive and none is shown any more. Statistics look healthy then, so the shown pictures are counted. Browsers may
 * show none in hidden pages.
 */
export function watchPictures(
  video: HTMLVideoElement,
  received: () => Promise<number>,
  frozen: () => void,
): { stop(): void } {
  const shownNow = countShown(video);
  let shown = 0;
  let arrived = 0;
  let since = performance.now();
  let isInSight = false;
  const observer = new IntersectionObserver(([entry]) => {
    isInSight = entry?.isIntersecting ?? false;
  });
  observer.observe(video);
  const look = async () => {
    const now = shownNow();
    const come = await received();
    const isStuck = now === shown && now > 0 && come > arrived;
    if (!isStuck || !isInSight || document.hidden) since = performance.now();
    [shown, arrived] = [now, come];
    if (performance.now() - since > FROZEN_MS) frozen();
  };
  const timer = setInterval(() => void look().catch(() => {}), 1_000);
  return {
    stop: () => {
      clearInterval(timer);
      observer.disconnect();
    },
  };
}

/** The time without media until it is reported: browsers notice after five seconds. */
const SILENT_MS = 3_000;

/** Reports when no media arrive from a sending side, and when they arrive again. */
export function watchSilence(
  sends: () => boolean,
  received: () => Promise<number>,
  tell: (isSilent: boolean) => void,
): { stop(): void } {
  let arrived = 0;
  let since = performance.now();
  let isSilent = false;
  const look = async () => {
    const come = await received();
    if (come !== arrived || !sends()) since = performance.now();
    arrived = come;
    const now = performance.now() - since > SILENT_MS;
    if (now !== isSilent) tell(now);
    isSilent = now;
  };
  const timer = setInterval(() => void look().catch(() => {}), 1_000);
  return { stop: () => clearInterval(timer) };
}

/** Returns the current picture of a player, as a JPEG in full size; null: none. */
export async function pictureOf(video: HTMLVideoElement | undefined): Promise<Blob | null> {
  if (!video?.videoWidth) return null;
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92));
}
