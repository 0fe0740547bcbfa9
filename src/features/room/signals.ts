import { z } from 'zod';
import type { Side, Signal } from './types.ts';

const call = z.string().regex(/^[\w-]{1,40}$/);
/** What the database can keep. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((given) => given.isWellFormed() && !given.includes('\0'));

const signal = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['offer', 'answer']), call, sdp: text(20_000) }),
  z.strictObject({
    type: z.literal('candidate'),
    call,
    candidate: text(1_000),
    mid: text(40).nullable(),
    line: z.number().int().min(0).max(20).nullable(),
  }),
  z.strictObject({ type: z.literal('need'), call, what: z.enum(['restart', 'rebuild']) }),
  z.strictObject({ type: z.literal('media'), camera: z.boolean(), microphone: z.boolean() }),
]);

/** Several at once, as they come together when addresses are found. */
const MOST = 50;
const LONGEST = 40_000;

/** What one side alone sends: nobody but staff makes offers to the other's browser (docs/protocol.md). */
const ONLY: Partial<Record<Signal['type'], Side>> = {
  offer: 'agent',
  answer: 'citizen',
  need: 'citizen',
};

/** Reads what a page of this side sends; null where it isn't what our page sends. */
export function readSignals(text: string, side: Side): Signal[] | null {
  if (text.length > LONGEST) return null;
  try {
    const read = z.array(signal).min(1).max(MOST).safeParse(JSON.parse(text));
    const isTheirs = read.data?.every(({ type }) => (ONLY[type] ?? side) === side) ?? false;
    return read.success && isTheirs ? read.data : null;
  } catch {
    return null;
  }
}
