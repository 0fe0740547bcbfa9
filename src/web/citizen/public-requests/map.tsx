import type { Area, MapPoint } from '../../../domain/requests/areas.ts';
import type { ShownDot } from '../../../features/service/requests/service.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { TownMap } from '../../../ui/map/town-map.tsx';

/** A place with the numbers of the list that are there. */
export interface Numbered {
  point: MapPoint;
  numbers: readonly number[];
}

/** Returns the places of a page of the list, each with the numbers that are there. */
export function numberedOf(rows: readonly { point: MapPoint | null }[], first: number): Numbered[] {
  const places = rows.flatMap(({ point }, at) => (point ? [{ point, number: first + at }] : []));
  const byPoint = Map.groupBy(places, ({ point: { lat, lon } }) => `${lat} ${lon}`);
  return [...byPoint.values()].flatMap(([one, ...others]) =>
    one ? [{ point: one.point, numbers: [one, ...others].map(({ number }) => number) }] : [],
  );
}

/** Where requests are in the town. Everything in the picture is in the list. */
export function RequestMap(props: {
  t: Translate;
  areas: readonly Area[];
  /** All places of the list, on whichever page. */
  dots: readonly ShownDot[];
  numbered: readonly Numbered[];
}) {
  const { t, areas, dots, numbered } = props;
  return (
    <TownMap
      label={t('requests.public.map.alt', { count: Math.max(dots.length, numbered.length) })}
      language={t.language}
      areas={areas}
      points={[...dots, ...numbered].map(({ point }) => point)}
    >
      {(at) => (
        <>
          {dots.map(({ point, requests }) => {
            const { x, y } = at(point);
            return <circle key={`${x} ${y}`} class="dot" cx={x} cy={y} r={requests > 1 ? 6 : 4} />;
          })}
          {numbered.map(({ point, numbers }) => {
            const { x, y } = at(point);
            return (
              <g key={`${x} ${y}`} class="point main">
                <circle cx={x} cy={y} r={numbers.length > 1 ? 12 : 10} />
                <text x={x} y={y} text-anchor="middle" dominant-baseline="central">
                  {numbers[0]}
                  {numbers.length > 1 ? '+' : ''}
                </text>
              </g>
            );
          })}
        </>
      )}
    </TownMap>
  );
}
