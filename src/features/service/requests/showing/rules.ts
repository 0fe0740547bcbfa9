import type { MapPoint } from '../../../../domain/requests/areas.ts';
import type { RequestSettings, RequestType } from '../../../../domain/requests/schema.ts';
import { isClosedRequest, type RequestState } from '../../../../domain/requests/states.ts';
import type { RequestRow } from '../types.ts';
import type { ShownRequest, ShownState } from './types.ts';

/**
 * Decimals of a degree to which a point is shown: a grid of about 110 metres from south to north and, in our latitudes, 80 from west to east. A
 * house is not told from its neighbours, a corner of a street still is from the next one (docs/adr/0123).
 */
const DECIMALS = 3;

/** Returns a point as anybody may see it. */
export const coarsePoint = ({ lat, lon }: MapPoint): MapPoint => ({
  lat: rounded(lat),
  lon: rounded(lon),
});

const rounded = (degrees: number): number => {
  const found = Math.round(degrees * 10 ** DECIMALS) / 10 ** DECIMALS;
  return found === 0 ? 0 : found;
};

/** Returns the types whose requests anybody may see. */
export const publicTypes = (settings: Pick<RequestSettings, 'types'> | null): RequestType[] =>
  settings?.types.filter((each) => each.public) ?? [];

/** Returns where a request stands, for everybody. */
export const shownState = (state: RequestState): ShownState =>
  state === 'asked' ? 'in_progress' : state;

/** A row with what else is shown of it. */
export interface ShownRow
  extends Pick<
    RequestRow,
    'reference' | 'type' | 'kind' | 'state' | 'stateAt' | 'closedAt' | 'due' | 'area' | 'point'
  > {
  sentAt: Temporal.Instant;
  /** The reference of what it was merged with, and that one's type. */
  into: { reference: string; type: string } | null;
  followers: number;
  /** Null: no official passed it. */
  text: string | null;
  photos: readonly string[];
  sides: ShownRequest['sides'];
}

/** Returns what anybody may see of a request. `isShown`: whether a type is public. */
export function shownOf(
  row: ShownRow,
  timeZone: string,
  isShown: (type: string) => boolean,
): ShownRequest {
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate();
  const isOpen = !isClosedRequest(row.state);
  const [sentOn, closedOn] = [dayOf(row.sentAt), row.closedAt && dayOf(row.closedAt)];
  const { into, point, text, photos, sides } = row;
  return {
    ...{ reference: row.reference, type: row.type, kind: row.kind, area: row.area },
    state: shownState(row.state),
    isOpen,
    sentOn,
    changedOn: closedOn ?? (row.state === 'asked' ? sentOn : dayOf(row.stateAt)),
    closedOn,
    days: closedOn && sentOn.until(closedOn).days,
    due: isOpen ? row.due : null,
    point: point && coarsePoint(point),
    into: into && isShown(into.type) ? into.reference : null,
    followers: row.followers,
    ...{ text, photos, sides },
  };
}
