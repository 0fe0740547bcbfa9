import type { Band, Kind, PlannedHalf, Verdict } from '../../../features/insight/planning/types.ts';
import type { TagKind } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';

/** Returns the formats of numbers, bands and half hours in the reader's language. */
export function wordsOfPlan({ t, dates }: DeskVisit) {
  const format = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(t.language, options);
  const [whole, tenths] = [0, 1].map((digits) => format({ maximumFractionDigits: digits }));
  const number = (value: number) => tenths!.format(value);
  const percent = format({ style: 'percent', maximumFractionDigits: 0 });
  const weekdays = new Intl.DateTimeFormat(t.language, { weekday: 'long', timeZone: 'UTC' });
  const between = (low: string, high: string) => (low === high ? low : `${low}–${high}`);
  return {
    number,
    /** For values that may be below a tenth: "0,063". */
    small: (value: number) => format({ maximumSignificantDigits: 2 }).format(value),
    share: (of: number) => percent.format(of),
    /** "3–4", in whole numbers; "3" where both are the same. */
    band: ({ low, high }: Band) => between(whole!.format(low), whole!.format(high)),
    /** The same where the first decimal matters. */
    fine: ({ low, high }: Band) => between(number(low), number(high)),
    clock: (half: number) => dates.clock(30 * half),
    /** "Dilluns" */
    weekday: (weekday: number) => {
      const name = weekdays.format(Date.UTC(2024, 0, weekday)); // the first of 2024 was a Monday
      return name.charAt(0).toLocaleUpperCase(t.language) + name.slice(1);
    },
    kind: (kind: Kind | 'all') => t(`planning.kind.${kind}`),
  };
}

export type PlanWords = ReturnType<typeof wordsOfPlan>;

export const SIGN_OF: Record<Verdict, TagKind> = { enough: 'good', tight: 'warn', short: 'bad' };

/** Returns the stretches of a day with a verdict: "9:00–10:30, 12:00–12:30". */
export function stretches(
  halves: readonly PlannedHalf[],
  verdict: Verdict,
  words: PlanWords,
): string {
  const ends: [from: number, to: number][] = [];
  for (const { half } of halves.filter((each) => each.verdict === verdict)) {
    const last = ends.at(-1);
    if (last?.[1] === half) last[1] = half + 1;
    else ends.push([half, half + 1]);
  }
  return ends.map(([from, to]) => `${words.clock(from)}–${words.clock(to % 48)}`).join(', ');
}
