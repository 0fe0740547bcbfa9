import { z } from 'zod';
import { SIDES } from '../../service/room/types.ts';
import { PATHS, type QualityReport } from './types.ts';

/** Maximum of a duration and of each measure. */
const LONGEST_SECONDS = 24 * 3600;
const WORST_MS = 10 * 60_000;
const MOST_TIMES = 100_000;
const LARGEST_SIDE = 16_384;

const number = (most: number) => z.number().min(0).max(most);
const whole = (most: number) => number(most).int();

/** Accepts only known words and numbers within bounds: free text is never stored. */
const report = z.strictObject({
  id: z.uuid().toLowerCase(),
  from: z.enum(SIDES),
  seconds: whole(LONGEST_SECONDS),
  firstFrameMs: whole(WORST_MS).nullable(),
  path: z.enum(PATHS).nullable(),
  lossPercent: number(100).nullable(),
  rttMs: number(WORST_MS).nullable(),
  fps: number(300).nullable(),
  freezes: whole(MOST_TIMES).nullable(),
  frozenSeconds: number(LONGEST_SECONDS).nullable(),
  reconnections: whole(MOST_TIMES),
  audioOnlySeconds: whole(LONGEST_SECONDS),
  width: whole(LARGEST_SIDE).nullable(),
  height: whole(LARGEST_SIDE).nullable(),
});

const LONGEST = 1_000;

/** Reads a page's report; null when it isn't valid. */
export function readReport(text: string): QualityReport | null {
  if (text.length > LONGEST) return null;
  try {
    return report.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
