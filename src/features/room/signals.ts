import { z } from 'zod';
import type { Signal } from './types.ts';

const call = z.string().regex(/^[\w-]{1,40}$/);

const signal = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['offer', 'answer']), call, sdp: z.string().max(20_000) }),
  z.strictObject({
    type: z.literal('candidate'),
    call,
    candidate: z.string().max(1_000),
    mid: z.string().max(40).nullable(),
    line: z.number().int().min(0).max(20).nullable(),
  }),
  z.strictObject({ type: z.literal('need'), call, what: z.enum(['restart', 'rebuild']) }),
  z.strictObject({ type: z.literal('media'), camera: z.boolean(), microphone: z.boolean() }),
]);

/** Several at once, as they come together when addresses are found. */
const MOST = 50;
const LONGEST = 40_000;

/** Reads what a page sends; null where it isn't what our page sends. */
export function readSignals(text: string): Signal[] | null {
  if (text.length > LONGEST) return null;
  try {
    const read = z.array(signal).min(1).max(MOST).safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
