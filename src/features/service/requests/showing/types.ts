import type { MapPoint } from '../../../../domain/requests/areas.ts';
import type { RequestKind } from '../../../../domain/requests/kinds.ts';
import type { PhotoSides } from '../desk/types.ts';

/** Where a request stands, for everybody. That its person was asked something is between them and the office. */
export const SHOWN_STATES = [
  ...(['received', 'planned', 'in_progress', 'answered', 'refused', 'merged'] as const),
] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

/** What anybody may see of a request: days, no times; a coarse point; and words and photos only where an official passed them. */
export interface ShownRequest {
  reference: string;
  /** The code of its type. */
  type: string;
  kind: RequestKind;
  state: ShownState;
  isOpen: boolean;
  /** The local day on which it came. */
  sentOn: Temporal.PlainDate;
  /** The local day on which it changed last; of a closed one, on which it was closed. */
  changedOn: Temporal.PlainDate;
  closedOn: Temporal.PlainDate | null;
  /** Local days from when it came until it was closed; null: it is open. */
  days: number | null;
  /** The last local day to answer it; null: none, or it is closed. */
  due: Temporal.PlainDate | null;
  /** The code of the district. */
  area: string | null;
  point: MapPoint | null;
  /** The reference of the request with which it was merged, if that one can be seen too. */
  into: string | null;
  /** How many people said that they have seen it too. */
  followers: number;
  /** Its person's words, where an official passed them; null: nobody did. */
  text: string | null;
  /** Ids of the photos that an official passed. */
  photos: readonly string[];
  /** Their width and height in pixels, as far as they are known. */
  sides: Readonly<Record<string, PhotoSides>>;
}

/** Which requests are looked for. */
export interface ShownFilter {
  /** Codes of types; absent: all that are public. */
  types?: readonly string[] | undefined;
  area?: string | undefined;
  isOpen?: boolean | undefined;
  /** Local days on which they came, both included. */
  from?: Temporal.PlainDate | undefined;
  to?: Temporal.PlainDate | undefined;
  references?: readonly string[] | undefined;
}

/** A page of them, the newest day first. */
export interface ShownPage {
  requests: readonly ShownRequest[];
  /** The place behind which the next page begins; null: this is the last one. */
  next: ShownPlace | null;
}

/** A place in the list: the one of a request. */
export interface ShownPlace {
  day: Temporal.PlainDate;
  reference: string;
}

/** What a whole list has, up to a minute ago. */
export interface ShownSummary {
  total: number;
  dots: readonly ShownDot[];
}

/** Where there are some on the map, and how many. */
export interface ShownDot {
  point: MapPoint;
  requests: number;
}
