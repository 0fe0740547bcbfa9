import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Exchange } from './exchange.ts';
import { until } from './processes.ts';
import { demoTown } from './town.ts';

/** The demo town with an exchange, in a file of this folder: Marta's desk is 101, Pere's 103. */
export function townWithExchange(folder: string, { url, domain }: Exchange): string {
  const line = 'phone: { caller: "+34 930 100 012", prefix: "0" }';
  const exchange = `exchange: { url: "${url}", domain: ${domain}, desks: { taula-1: "101", taula-3: "103" } }`;
  const text = demoTown();
  if (!text.includes(line)) throw new Error('The demo town writes its telephone in another way');
  const file = join(folder, 'town.yaml');
  writeFileSync(file, text.replace(line, `${line.slice(0, -2)}, ${exchange} }`));
  return file;
}

/** The traffic of a page's connection so far. */
export interface Media {
  sent: number;
  received: number;
  /** The energy of the received sound: it grows only while there is a sound. */
  energy: number;
  /** When it was counted, in milliseconds. */
  at: number;
}

/** Remembers the page's connections, for `mediaOf`. To be called before the page is loaded. */
export async function rememberConnections(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const known: RTCPeerConnection[] = [];
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
      constructor(...given: ConstructorParameters<typeof Original>) {
        super(...given);
        known.push(this);
      }
    };
    Object.assign(window, { connections: known });
  });
}

/** Returns the traffic of the page's last connection. */
export function mediaOf(page: Page): Promise<Media> {
  return page.evaluate(async () => {
    const { connections } = window as unknown as { connections: RTCPeerConnection[] };
    const media = { sent: 0, received: 0, energy: 0, at: performance.now() };
    const stats = await connections.at(-1)?.getStats();
    stats?.forEach((each) => {
      if (each.type === 'outbound-rtp') media.sent += each.packetsSent;
      if (each.type !== 'inbound-rtp') return;
      media.received += each.packetsReceived;
      media.energy += each.totalAudioEnergy ?? 0;
    });
    return media;
  });
}

/** Waits until there is more of everything: both hear each other now. */
export async function heardBothWays(page: Page): Promise<void> {
  const before = await mediaOf(page);
  await until('both sides hear each other', async () => {
    const now = await mediaOf(page);
    return (
      now.sent > before.sent + 20 &&
      now.received > before.received + 20 &&
      now.energy > before.energy + 2 * SILENCE
    );
  });
}

/** A second with the fake microphone's beeps has ten times this energy; G.711 never sends complete silence. */
const SILENCE = 0.025;

/** Waits until a second went by in which there was no sound, whether packets came or not. */
export async function silent(page: Page): Promise<void> {
  await until('nothing is heard', async () => {
    const before = await mediaOf(page);
    await until('time goes by', async () => (await mediaOf(page)).at > before.at + 1000);
    return (await mediaOf(page)).energy < before.energy + SILENCE;
  });
}
