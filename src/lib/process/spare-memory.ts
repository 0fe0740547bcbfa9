import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How often it looks: until the start is over, and then. */
const STARTING_MS = 1_000;
const EVERY_MS = 30_000;
/** The share of a processor below which nobody is kept waiting. */
const IDLE = 0.05;
/** What a load left behind is worth collecting from here on, in bytes. */
const WORTH = 24_000_000;

/** What is known of the process at a moment. */
export interface Sample {
  /** In ms, as `cpu`. */
  at: number;
  /** Of the processor, so far. */
  cpu: number;
  /** Resident memory, in bytes. */
  memory: number;
}

/**
 * Returns a function that is given a sample from time to time and says whether to collect garbage now: when the process did next to nothing since the last
 * one, and has grown since the last collection. The first time, what the start has left behind counts.
 */
export function spareMemory(): (now: Sample) => boolean {
  let before: Sample | null = null;
  let least = 0;
  return (now) => {
    const isIdle = before !== null && now.cpu - before.cpu < IDLE * (now.at - before.at);
    before = now;
    least = Math.min(least, now.memory);
    if (!isIdle || now.memory - least < WORTH) return false;
    // What this collection can't give back is needed, until more comes.
    least = now.memory;
    return true;
  };
}

/**
 * Gives the memory back that the start or a load has left behind, once the process has nothing to do: V8 collects garbage when it needs room, so without
 * requests it would never. It takes a fifth of a second after the start, and a tenth later.
 */
export function giveMemoryBack(): void {
  const isDue = spareMemory();
  let isStarting = true;
  const look = (everyMs: number) => {
    const { user, system } = process.cpuUsage();
    const sample = { at: performance.now(), cpu: (user + system) / 1000 };
    const isNow = isDue({ ...sample, memory: process.memoryUsage.rss() });
    if (isNow) collectGarbage(isStarting ? 'last-resort' : 'regular');
    if (isNow) isStarting = false;
    const nextMs = isNow ? EVERY_MS : everyMs;
    setTimeout(look, nextMs, nextMs).unref();
  };
  look(STARTING_MS);
}

/** Only as a last resort V8 also gives back the room for new objects, which takes twice as long. */
type Flavor = 'regular' | 'last-resort';
type Collector = (how: { type: 'major'; execution: 'sync'; flavor: Flavor }) => void;
let collector: Collector | undefined;

/** Collects all garbage, as `node --expose-gc` lets a program do. */
export function collectGarbage(flavor: Flavor): void {
  if (!collector) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as Collector;
    setFlagsFromString('--no-expose-gc');
  }
  collector({ type: 'major', execution: 'sync', flavor });
}
