import { type Area, areaAt, type MapPoint } from './areas.ts';
import type { RequestType } from './schema.ts';

/** Where a request is: a point, the code of an area that was chosen, both or neither. */
export interface RequestWhere {
  point?: MapPoint | null;
  area?: string | null;
}

/** To which team a request comes. */
export interface RequestRoute {
  /** The code of the team; null: whoever coordinates gives it to one. */
  team: string | null;
  /** The code of the area in which it is; null: in none that is known. */
  area: string | null;
  /** What decided: the area, the type alone, or nothing. */
  by: 'area' | 'type' | 'nobody';
}

interface Known {
  areas: readonly Area[];
  /** The teams of the office. */
  teams: readonly { code: string }[];
}

/**
 * Returns the team to which a new request comes. A point decides about the area before what was chosen, since people are often wrong about
 * where a district ends; outside all areas what was chosen counts. A team that is not declared any more is none.
 */
export function requestRoute(
  { team, byArea }: Pick<RequestType, 'team' | 'byArea'>,
  where: RequestWhere,
  { areas, teams }: Known,
): RequestRoute {
  const area = areaOf(where, areas)?.code ?? null;
  const isTeam = (code: string | undefined): code is string =>
    teams.some((each) => each.code === code);
  const ofArea = area === null ? undefined : byArea[area];
  if (isTeam(ofArea)) return { team: ofArea, area, by: 'area' };
  return isTeam(team) ? { team, area, by: 'type' } : { team: null, area, by: 'nobody' };
}

const areaOf = ({ point, area }: RequestWhere, areas: readonly Area[]): Area | undefined =>
  (point && areaAt(areas, point)) || areas.find(({ code }) => code === area);
