import type { Channel } from '../../../domain/channel.ts';

/** Figures about fewer appointments than this aren't published, nor their surveys. One citizen may have several. */
export const FEWEST = 5;

/** The place of a figure; null: of all. */
export interface Place {
  channel: Channel | null;
  /** Code. */
  procedure: string | null;
  language: string | null;
}

/** A figure that may be published, with its divisions: each division's parts add up to it, and so do their appointments. */
export interface Cell<At> {
  at: At;
  /** Number of appointments that it is about. */
  appointments: number;
  value: number;
  parts: readonly (readonly Cell<At>[])[];
  /** Hidden regardless of the number, since a hidden figure would follow from it. */
  isKept?: boolean;
}

/** `value` null: hidden. */
export interface Published<At> {
  at: At;
  value: number | null;
}

/**
 * Returns the publishable values of a figure and its parts (docs/adr/0032). Values about fewer than five appointments are hidden, also
 * about none, and with them the smallest of the other parts, so that a subtraction doesn't reveal them: the hidden parts of a whole are
 * about none, or
 * about five and more, and any of them may be the one that is not small. Parts of a hidden value are hidden. The divisions of
 * a figure have only the whole in common, so two of them reveal no more than one.
 * `choose`: a random choice among equally small parts, since a rule would reveal them.
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
