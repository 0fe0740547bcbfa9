import { z } from '@hono/zod-openapi';
import { isNear, NEAR_YEARS } from '../../lib/calendar/near.ts';

/** Schemas of single fields, and their mistakes in the words of a problem. */

/** A text that PostgreSQL can keep: no NUL, no half of a surrogate pair. */
export function text(max: number, description: string, min = 0) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), {
      params: { reason: 'not_text' },
      message: 'There are characters in it that are no text.',
    })
    .openapi({ description });
}

/** Optional; null means the same as absent. */
export const nullish = <T extends z.ZodType>(schema: T) => schema.nullish();

const farAway = { params: { reason: 'out_of_range' }, message: `It must be ${NEAR_YEARS}.` };

/** A local day, `YYYY-MM-DD`. */
export const day = z.iso.date().refine((value) => isNear(Number(value.slice(0, 4))), farAway);

/** RFC 3339 with an offset or Z. Finer than nanoseconds is read as nanoseconds. */
export const instant = z.iso
  .datetime({ offset: true })
  .max(40)
  .refine((value) => isNear(Number(value.slice(0, 4))), farAway)
  .transform((value, context) => {
    try {
      return Temporal.Instant.from(value);
    } catch {
      context.addIssue({ code: 'custom', message: 'Not a time.', params: { reason: 'not_time' } });
      return z.NEVER;
    }
  })
  .openapi({
    type: 'string',
    format: 'date-time',
    description: 'RFC 3339 with an offset or Z.',
    example: '2026-12-09T09:20:00+01:00',
  });
