import type { Slip } from '../../../domain/office/fields.ts';
import type { Path } from './source.ts';
import type { Spot } from './spot.ts';
import { didYouMean, nameOf } from './words.ts';

/** Reports a mistake or a warning at a path of the file; the slip is its translatable form, for forms. */
export type Tell = (path: Path, message: string, part?: 'key' | 'value', slip?: Slip) => void;
export interface Tellers {
  mistake: Tell;
  warning: Tell;
}

/** Checks that a day exists: there is no 30 February. */
export function checkDay(spot: Spot, mistake: Tell): void {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(spot.text() ?? '')?.[0];
  if (day === undefined) return;
  try {
    Temporal.PlainDate.from(day);
  } catch {
    const slip = { kind: 'no_day', values: { day } } as const;
    mistake(spot.path, `The calendar has no day ${day}.`, 'value', slip);
  }
}

/** Reports the items that appear twice in a list of distinct items. */
export function checkRepeats(list: Spot, { mistake }: Tellers): void {
  const seen = new Set<string>();
  for (const item of list.items()) {
    const text = item.text();
    if (text === undefined) continue;
    if (seen.has(text)) mistake(item.path, `"${text}" stands twice in ${nameOf(list.path)}.`);
    seen.add(text);
  }
}

/** Checks that a code is declared in a group. */
export function checkReference(spot: Spot, group: Spot, what: string, { mistake }: Tellers): void {
  const code = spot.text();
  if (code === undefined || group.has(code)) return;
  const known = group.entries().map(([each]) => each);
  const list = known.length > 0 && known.length <= 12 ? ` There are: ${known.join(', ')}.` : '';
  const message = `There is no ${what} "${code}".${didYouMean(code, known) || list}`;
  mistake(spot.path, message, 'value', { kind: 'choose' });
}
