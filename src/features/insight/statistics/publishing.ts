import type { Channel } from '../../../domain/channel.ts';

/** Of fewer appointments than this no figure is published, and nothing is said of what their surveys answered. Somebody may have several. */
export const FEWEST = 5;

/** Where a figure belongs; null: of all. */
export interface Place {
  channel: Channel | null;
  /** Code. */
  procedure: string | null;
  language: string | null;
}

/** A figure that may be published, with the ways in which it is divided: each way's parts add up to it, the appointments that they are about too. */
export interface Cell<At> {
  at: At;
  /** How many appointments it is about. */
  appointments: number;
  value: number;
  parts: readonly (readonly Cell<At>[])[];
  /** Kept back, however many it is about: something that is kept back would follow from it. */
  isKept?: boolean;
}

/** `value` null: kept back. */
export interface Published<At> {
  at: At;
  value: number | null;
}

/**
 * What may be published of a figure and its parts (docs/adr/0032). Kept back is what is about fewer than five appointments, none
 * included, and with it the smallest of the other parts, so that no subtraction tells: what is kept back of a whole is about none or
 * about five and more, and each of it may be the one that is not small. Parts of what is kept back are kept back. The ways in which
 * something is divided have nothing in common but the whole, so that no two of them tell more than one.
 * `choose`: one of so many parts that are equally small, by chance, since a rule would tell.
 */
export function publish<At>(
  cell: Cell<At>,
  choose: (many: number) => number,
  isShown = maySay(cell),
): Published<At>[] {
  return [
    { at: cell.at, value: isShown ? cell.value : null },
    ...cell.parts.flatMap((parts) => {
      const hidden = isShown ? keptBack(parts, choose) : new Set(parts);
      return parts.flatMap((part) => publish(part, choose, !hidden.has(part)));
    }),
  ];
}

const maySay = ({
  appointments,
  isKept = false,
}: Pick<Cell<unknown>, 'appointments' | 'isKept'>): boolean => appointments >= FEWEST && !isKept;

function keptBack<At>(parts: readonly Cell<At>[], choose: (many: number) => number): Set<Cell<At>> {
  const others = parts.filter(maySay);
  const small = parts.filter((each) => !others.includes(each));
  if (others.length === 0 || small.every((each) => each.appointments === 0)) return new Set(small);
  const least = Math.min(...others.map((each) => each.appointments));
  const smallest = others.filter((each) => each.appointments === least);
  return new Set([...small, smallest[choose(smallest.length)]!]);
}
