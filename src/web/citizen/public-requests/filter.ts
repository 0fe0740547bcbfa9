import type { Area } from '../../../domain/requests/areas.ts';
import type { RequestType } from '../../../domain/requests/schema.ts';
import type { ShownFilter, ShownPlace } from '../../../features/service/requests/service.ts';
import { nearDay } from '../../../lib/calendar/near.ts';

/** How many months back one can choose. */
const MONTHS = 24;

/** What a page's form asks for, as its address has it; empty: anything. */
export interface Chosen {
  type: string;
  area: string;
  standing: '' | 'open' | 'closed';
  /** `YYYY-MM`. */
  month: string;
}

/** Returns the choices in an address; what is none of those that are offered counts as anything. */
export function chosenIn(
  query: (name: string) => string | undefined,
  types: readonly Pick<RequestType, 'code'>[],
  areas: readonly Pick<Area, 'code'>[],
  months: readonly string[],
): Chosen {
  const among = (name: string, all: readonly string[]) =>
    all.find((each) => each === query(name)) ?? '';
  return {
    type: among(
      'type',
      types.map(({ code }) => code),
    ),
    area: among(
      'area',
      areas.map(({ code }) => code),
    ),
    standing: among('standing', ['open', 'closed']) as Chosen['standing'],
    month: among('month', months),
  };
}

/** Returns the months that can be chosen, the newest first. */
export function monthsUntil(today: Temporal.PlainDate): string[] {
  const last = today.toPlainYearMonth();
  return Array.from({ length: MONTHS }, (_, back) => last.subtract({ months: back }).toString());
}

/** Returns which requests are looked for. */
export function filterOf({ type, area, standing, month }: Chosen): ShownFilter {
  const first = month === '' ? null : Temporal.PlainYearMonth.from(month);
  return {
    ...(type && { types: [type] }),
    ...(area && { area }),
    ...(standing && { isOpen: standing === 'open' }),
    ...(first && {
      from: first.toPlainDate({ day: 1 }),
      to: first.toPlainDate({ day: first.daysInMonth }),
    }),
  };
}

/** Returns the address of the list with the same choices, behind a place; null: from its beginning. */
export function hrefOf(chosen: Chosen, behind: ShownPlace | null = null): string {
  const given = Object.entries(chosen).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given);
  if (behind) query.set('after', `${behind.day}_${behind.reference}`);
  return `?${query}`;
}

/** Returns the place that an address names; null: none. */
export function placeIn(text: string): ShownPlace | null {
  const [, day = '', reference = ''] = /^(\d{4}-\d{2}-\d{2})_([A-Z0-9-]{1,20})$/.exec(text) ?? [];
  const near = nearDay(day);
  return near && { day: near, reference };
}
