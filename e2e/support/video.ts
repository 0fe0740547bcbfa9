import type { Page } from 'playwright-core';
import { type Client, startsIn } from './client.ts';
import type { Person } from './pages.ts';
import { until } from './processes.ts';

export const MARIA = { name: 'Maria Puig', phone: '612 345 678', email: 'maria@example.com' };

export interface BookedVideo {
  /** The page of the citizen's appointment. */
  manage: string;
  start: string;
}

/** Books somebody the first video call that is free. */
export async function bookVideo(client: Client, person: Person = MARIA): Promise<BookedVideo> {
  const times = '/ca/oac/volant-padro/times?channel=video&language=ca';
  const start = startsIn((await client.get(times)).html)[0] ?? '';
  const details = await client.post(times, { start });
  const check = await client.post(details.path, { ...person, whom: 'self' });
  const confirmed = await client.post(check.path, {});
  return { manage: confirmed.path.replace('/confirmed', ''), start };
}

/** How many pictures of the other side were shown since they are there. */
export const framesShown = (page: Page): Promise<number> =>
  page
    .locator('[data-goes-on] .room-tile video')
    .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);

/** Of a second, more or less. */
const SOME_FRAMES = 20;

/** Pictures of the other side come, one after the other. */
export async function untilSeen(page: Page): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  await until('pictures of the other side come', async () => {
    const now = await framesShown(page).catch(() => null);
    if (now === null) return false;
    least = Math.min(least, now);
    return now >= least + SOME_FRAMES;
  });
}
