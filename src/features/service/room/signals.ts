import { z } from 'zod';
import type { Signal } from './types.ts';

const call = z.string().regex(/^[\w-]{1,40}$/);
/** What the database can keep. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((given) => given.isWellFormed() && !given.includes('\0'));

const flag = z.boolean();
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
  z.strictObject({
    type: z.literal('media'),
    camera: flag,
    microphone: flag,
    screen: flag,
    hold: flag,
    away: flag,
    signing: flag,
    saving: flag,
    captions: flag,
    captioned: flag,
  }),
]);

/** Several at once, as they come together when addresses are found. */
const MOST = 50;
const LONGEST = 40_000;

/** What only one of a pair sends: one makes the offers, and the other never does (docs/protocol.md). */
const FROM_WHO_OFFERS: Partial<Record<Signal['type'], boolean>> = {
  offer: true,
  answer: false,
  need: false,
};

/** Reads what a page sends to somebody to whom it `offers`, or who offers to it; null where it isn't what our page sends. */
export function readSignals(text: string, offers: boolean): Signal[] | null {
  if (text.length > LONGEST) return null;
  try {
    const read = z.array(signal).min(1).max(MOST).safeParse(JSON.parse(text));
    const isTheirs = read.data?.every(({ type }) => (FROM_WHO_OFFERS[type] ?? offers) === offers);
    return read.success && isTheirs ? read.data : null;
  } catch {
    return null;
  }
}

const LONGEST_MESSAGE = 2_000;

/** Reads what somebody wrote; null: nothing, too much, or what can't be kept. */
export function readMessage(given: string): string | null {
  const written = given.replaceAll(/\r\n?/g, '\n').trim();
  return written === '' || !text(LONGEST_MESSAGE).safeParse(written).success ? null : written;
}
