import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How often it looks, and the share of a processor below which nobody is kept waiting. */
const EVERY_MS = 30_000;
const IDLE = 0.05;
/** What a load left behind is worth collecting from here on, in bytes. */
const WORTH = 24_000_000;

/** What is known of the process at a moment. */
export interface Sample {
  /** Of the processor, so far, in ms. */
  cpu: number;
  /** Resident memory, in bytes. */
  memory: number;
}

/**
 * Returns a function that is given a sample from time to time and says whether to collect garbage now: when the process did next to nothing since the last
 * one, and has grown since the last collection.
 */
export function spareMemory(everyMs: number): (now: Sample) => boolean {
  let before: Sample | null = null;
  let least = Number.POSITIVE_INFINITY;
  return (now) => {
    const isIdle = before !== null && now.cpu - before.cpu < IDLE * everyMs;
    before = now;
    least = Math.min(least, now.memory);
    if (!isIdle || now.memory - least < WORTH) return false;
    // What this collection can't give back is needed, until more comes.
    least = now.memory;
    return true;
  };
}

/**
 * Gives the memory back that a load has left behind, once the process has nothing to do: V8 collects garbage when it needs room, so without requests
 * it would never. It takes a tenth of a second.
 */
export function giveMemoryBack(): void {
  const isDue = spareMemory(EVERY_MS);
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage();
    if (isDue({ cpu: (user + system) / 1000, memory: process.memoryUsage.rss() })) collect();
  }, EVERY_MS);
  timer.unref();
}

let collector: (() => void) | undefined;

/** Collects all garbage, as `node --expose-gc` lets a program do. */
function collect(): void {
  if (!collector) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collector();
}
