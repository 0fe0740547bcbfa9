import type { Context as Request } from 'hono';
import { type Bundle, type Extent, extentOf } from '../../../domain/office/bundle.ts';
import { aboutQuery } from '../cases/talking/about.tsx';
import type { ProcedureVisit } from '../visit.tsx';

/** More than any office allows; a longer list is refused as one that is too long. */
const MOST = 20;

/** Returns the further procedures and the people that an address asks for. `people: 0`: a number that is none. */
export function extentIn(c: Request): Extent {
  const further = (c.req.queries('with') ?? []).flatMap((each) => each.split(' ')).filter(Boolean);
  const people = c.req.query('people') ?? '';
  return {
    further: [...new Set(further)].slice(0, MOST),
    people: people === '' ? 1 : /^\d{1,4}$/.test(people) ? Number(people) : 0,
  };
}

/** Returns what makes a bundle more than one procedure for one person. */
export const extentOfBundle = ({ parts, people }: Bundle): Extent =>
  extentOf({ further: parts.slice(1).map((each) => each.code), people });

/**
 * Returns what an address keeps on the way to the times: the further procedures, the people, the interpreter's language, and the case that it is
 * about.
 */
export const carriedQuery = (visit: ProcedureVisit): URLSearchParams =>
  new URLSearchParams({
    ...extentQuery(extentOfBundle(visit.procedure)),
    ...(visit.interpreter && { interpreter: visit.interpreter }),
    ...aboutQuery(visit),
  });

/** Returns an extent as the parameters of an address: nothing for one procedure and one person. */
export function extentQuery(extent: Extent): { with?: string; people?: string } {
  const { further, people } = extentOf(extent);
  return {
    ...(further && { with: further.join(' ') }),
    ...(people !== undefined && { people: String(people) }),
  };
}
