import { CHANNELS } from '../../../domain/channel.ts';
import { defaultSpan, withinReach } from '../../../features/insight/statistics/rules.ts';
import type { Span } from '../../../features/insight/statistics/types.ts';
import { nearDay } from '../../../lib/calendar/near.ts';
import { ENCOUNTER_LANGUAGES } from '../../../lib/i18n/languages.ts';
import type { DeskVisit } from '../visit.tsx';

/** Returns the span of the address, of ten years at most. Invalid parts are ignored; two days in the wrong order are swapped. */
export function spanAsked({ c, now, office }: DeskVisit): Span {
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const usual = defaultSpan(today);
  const from = nearDay(c.req.query('from') ?? '') ?? usual.from;
  const to = nearDay(c.req.query('to') ?? '') ?? usual.to;
  const isTurned = Temporal.PlainDate.compare(from, to) > 0;
  const span = {
    from: isTurned ? to : from,
    to: isTurned ? from : to,
    channel: CHANNELS.find((each) => each === c.req.query('channel')) ?? null,
    procedure: office.procedure(c.req.query('procedure') ?? '')?.id ?? null,
    language: ENCOUNTER_LANGUAGES.find((each) => each === c.req.query('language')) ?? null,
  };
  return withinReach(span, today);
}

/** Returns the same span as an address. */
export function queryOf(
  { office }: DeskVisit,
  span: Span,
  more: Record<string, string> = {},
): string {
  const { channel, procedure, language } = span;
  return new URLSearchParams({
    from: span.from.toString(),
    to: span.to.toString(),
    ...(channel && { channel }),
    ...(procedure !== null && { procedure: office.procedure(procedure)?.code ?? '' }),
    ...(language && { language }),
    ...more,
  }).toString();
}

export function yearAsked({ c, now, office }: DeskVisit): number {
  const { year } = now.toZonedDateTimeISO(office.timeZone);
  const asked = c.req.query('year') ?? '';
  return /^2[01]\d\d$/.test(asked) ? Number(asked) : year;
}
