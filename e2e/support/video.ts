import type { Page } from 'playwright-core';
import { type Client, startsIn } from './client.ts';
import { entry, NURIA } from './console.ts';
import { type Person, press, say, signIn } from './pages.ts';
import { rememberConnections } from './phone.ts';
import { until } from './processes.ts';
import type { Town } from './town.ts';

export const MARIA = { name: 'Maria Puig', phone: '612 345 678', email: 'maria@example.com' };

export interface BookedVideo {
  /** The page of the citizen's appointment. */
  manage: string;
  start: string;
}

/** Books the first free video call, in the language of the encounter. */
export async function bookVideo(
  client: Client,
  person: Person = MARIA,
  language = 'ca',
): Promise<BookedVideo> {
  const times = `/ca/oac/volant-padro/times?channel=video&language=${language}`;
  const start = startsIn((await client.get(times)).html)[0] ?? '';
  const details = await client.post(times, { start });
  const check = await client.post(details.path, { ...person, whom: 'self', anything: 'no' });
  const confirmed = await client.post(check.path, {});
  return { manage: confirmed.path.replace('/confirmed', ''), start };
}

/**
 * How many pictures of the other side were shown since they are there. They are counted as they are drawn, too, from the first time that
 * this is asked: Firefox counts none of a stream's pictures itself (`totalVideoFrames` stays 0).
 */
export const framesShown = (page: Page): Promise<number> =>
  page
    .locator('[data-goes-on] .room-tile[data-side] video')
    .evaluate((video: HTMLVideoElement & { drawn?: number }) => {
      if (video.drawn === undefined) {
        const count = () => {
          video.drawn = (video.drawn ?? -1) + 1;
          video.requestVideoFrameCallback(count);
        };
        count();
      }
      return Math.max(video.drawn ?? 0, video.getVideoPlaybackQuality().totalVideoFrames);
    });

/** About one second of frames. */
const SOME_FRAMES = 8;

/** Pictures of the other side come, one after the other. */
export async function untilSeen(page: Page, seconds?: number): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  const areComing = async () => {
    const now = await framesShown(page).catch(() => null);
    if (now === null) return false;
    least = Math.min(least, now);
    return now >= least + SOME_FRAMES;
  };
  await until('pictures of the other side come', areComing, seconds);
}

/** How loud the other side is, at its loudest in a moment: fake devices beep. */
export const loudness = (page: Page) =>
  page.locator('.room-tile video').evaluate(async (video: HTMLVideoElement) => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 32_768; // more than half a second, the time between two beeps: however seldom it is read
    context.createMediaStreamSource(video.srcObject as MediaStream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let most = 0;
    const until = performance.now() + 2_500;
    while (performance.now() < until) {
      analyser.getFloatTimeDomainData(samples);
      most = Math.max(most, ...samples);
      await new Promise(requestAnimationFrame);
    }
    await context.close();
    return most;
  });

/** Returns the room's message. */
export const said = (page: Page) => page.locator('.room-said').textContent();

type Word = 'waiting' | 'alone' | 'connected' | 'taken' | 'over' | 'left' | 'hopeless';

/** Waits until the room says so. */
export async function says(page: Page, word: Word): Promise<void> {
  const words = say(`room.said.${word}`);
  await until(`the room says “${words}”`, async () => (await said(page))?.includes(words));
}

/** The citizen goes in five minutes before the hour, and the agent, signed in, lets them in. */
export async function admit(
  { manage, start }: BookedVideo,
  { town, citizen, agent }: { town: Town; citizen: Page; agent: Page },
): Promise<void> {
  await town.comeTo(Temporal.Instant.from(start).subtract({ minutes: 5 }).toString());
  await letIn(manage, { town, citizen, agent });
}

/** The same where it is that hour already. */
export async function letIn(
  manage: string,
  { town, citizen, agent }: { town: Town; citizen: Page; agent: Page },
): Promise<void> {
  await signIn(agent, await town.server.access(), NURIA);
  await citizen.goto(`${manage}/room`);
  await press(citizen, say('room.enter'));
  await says(citizen, 'waiting');
  await agent.goto('/console/oac');
  await entry(agent, MARIA.name).getByRole('link').click();
  await agent.getByText(say('room.desk.here')).waitFor();
  await agent.locator('[data-action="begin"]').click();
}

/** Records the page's connections and the room's messages. Call it before the page is loaded. */
export async function listenIn(page: Page): Promise<void> {
  await rememberConnections(page);
  await page.addInitScript(() => {
    const words: string[] = [];
    Object.assign(window, { words });
    const note = () => {
      const text = document.querySelector('.room-said')?.textContent ?? '';
      if (text !== words.at(-1)) words.push(text);
    };
    const all = { childList: true, subtree: true, characterData: true };
    new MutationObserver(note).observe(document, all);
  });
}

/** Returns the room's messages since the last call. Needs `listenIn`. */
export const wordsSaid = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { words: string[] }).words.splice(0));

/** How the other side is received now. */
export interface Figures {
  /** The kind of our own candidate: `host` direct, `relay` through the relay. */
  path: string;
  /** Our address on it, as others see it. */
  from: string;
  width: number;
  fps: number;
  /** Frames shown late, and how long nothing new was seen. */
  freezes: number;
  frozenSeconds: number;
  /** The amount of sound that replaced lost packets. */
  concealed: number;
  lost: number;
}

/** Returns the figures of the active connection. Needs `listenIn`. */
export const figures = (page: Page): Promise<Figures> =>
  page.evaluate(async () => {
    const { connections } = window as unknown as { connections: RTCPeerConnection[] };
    const peer = connections.findLast((each) => each.connectionState !== 'closed');
    const all = [...((await peer?.getStats()) ?? new Map()).values()];
    const of = (kind: string) =>
      all.find((each) => each.type === 'inbound-rtp' && each.kind === kind) ?? {};
    const transport = all.find((each) => each.type === 'transport');
    const pair = all.find((each) => each.id === transport?.selectedCandidatePairId);
    const local = all.find((each) => each.id === pair?.localCandidateId);
    const video = of('video');
    const audio = of('audio');
    return {
      path: local?.candidateType ?? 'none',
      from: (local?.candidateType === 'relay' ? local.relatedAddress : local?.address) ?? '',
      width: video.frameWidth ?? 0,
      fps: video.framesPerSecond ?? 0,
      freezes: video.freezeCount ?? 0,
      frozenSeconds: video.totalFreezesDuration ?? 0,
      concealed: audio.totalSamplesReceived
        ? audio.concealedSamples / audio.totalSamplesReceived
        : 0,
      lost: (video.packetsLost ?? 0) + (audio.packetsLost ?? 0),
    };
  });

/** Sizes at which people sit in a room: telephones upright and on their side, a laptop, a large screen. */
export const ROOM_SIZES = [
  { width: 360, height: 740 },
  { width: 740, height: 360 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where the parts of a room are, in pixels of what is seen. */
export interface RoomSeen {
  width: number;
  height: number;
  /** The others' pictures, and a shown window. */
  pictures: Box[];
  buttons: Box[];
  panel: Box | null;
  /** How far the page can be scrolled. */
  scrolls: number;
}

/** Measures a room, once it keeps still. */
export async function roomSeen(page: Page): Promise<RoomSeen> {
  const measure = () =>
    page.evaluate(async () => {
      const frame = () => new Promise(requestAnimationFrame);
      await frame();
      await frame(); // the room follows the window in one
      const boxOf = (each: Element) => {
        const { left, top, right, bottom } = each.getBoundingClientRect();
        return { left, top, right, bottom };
      };
      const all = (what: string) => [...document.querySelectorAll(what)].map(boxOf);
      return {
        width: innerWidth,
        height: innerHeight,
        pictures: all('.room-tile .room-picture'),
        buttons: all('.room-controls > button'),
        panel: all('.room-panel:not([hidden])')[0] ?? null,
        scrolls: (document.scrollingElement?.scrollHeight ?? 0) - innerHeight,
      };
    });
  let last = await measure();
  return until('the room keeps still', async () => {
    const now = await measure();
    const isStill = JSON.stringify(now) === JSON.stringify(last);
    last = now;
    return isStill && now;
  });
}

/** What is wrong with how a room fills its window: nothing may be cut off, lie over a picture, or be scrolled away. */
export function roomFaults({ width, height, pictures, buttons, panel, scrolls }: RoomSeen) {
  const inside = ({ left, top, right, bottom }: Box) =>
    left >= -1 && top >= -1 && right <= width + 1 && bottom <= height + 1;
  const over = (one: Box, other: Box) =>
    one.left < other.right - 1 &&
    other.left < one.right - 1 &&
    one.top < other.bottom - 1 &&
    other.top < one.bottom - 1;
  const faults: string[] = [];
  if (scrolls > 0) faults.push(`it can be scrolled by ${scrolls}`);
  if (buttons.length < 5 || !buttons.every(inside)) faults.push('a button is out of sight');
  if (pictures.length === 0 || !pictures.every(inside)) faults.push('a picture is out of sight');
  const others = panel ? [...buttons, panel] : buttons;
  if (pictures.some((each) => others.some((other) => over(each, other))))
    faults.push('something lies over a picture');
  return faults;
}

/** The share of the window's shorter side that the largest picture fills with its own shorter side. */
export function pictureShare({ width, height, pictures }: RoomSeen): number {
  const sides = pictures.map((each) => Math.min(each.right - each.left, each.bottom - each.top));
  return Math.max(...sides) / Math.min(width, height);
}

const framesOfAll = (page: Page) =>
  page
    .locator('.room-tile[data-side] video')
    .evaluateAll((videos) =>
      (videos as HTMLVideoElement[]).map((each) => each.getVideoPlaybackQuality().totalVideoFrames),
    );

/** Pictures come of so many others, of each one after the other. */
export async function seesAll(page: Page, others: number): Promise<void> {
  let least: number[] = [];
  await until(`pictures of ${others} come`, async () => {
    const now = await framesOfAll(page);
    least = now.map((each, at) => Math.min(each, least[at] ?? each));
    return now.length === others && now.every((each, at) => each > (least[at] ?? 0) + 5);
  });
}
