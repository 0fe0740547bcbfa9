import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import type { OpenDocument } from '../../documents/types.ts';
import { type RequestsDeps, settingsOf } from '../keeping.ts';
import { plainReferences } from '../rules.ts';
import { coarsePoint, publicTypes, shownOf } from './rules.ts';
import type { ShownDot, ShownFilter, ShownPage, ShownRequest } from './types.ts';
import { readPublic, readPublicPoints, type ShownAsked } from './views.ts';

/** What anybody may see of an office's requests. What of their words and photos, officials decide. */
export interface PublicRequests {
  /** Returns a page of the requests of public types. `page`: from 1 on. */
  publicRequests(
    office: Office,
    filter: ShownFilter,
    page: { page: number; most: number },
  ): Promise<ShownPage>;
  /** Returns where there are some, coarsely. */
  publicDots(office: Office, filter: ShownFilter): Promise<ShownDot[]>;
  /** Returns one by its reference; null: there is none that anybody may see. */
  publicRequest(office: Office, reference: string): Promise<ShownRequest | null>;
  /** Opens a photo that was passed; null: none of this id was. */
  publicPhoto(office: Office, reference: string, photo: string): Promise<OpenDocument | null>;
}

/** The most points that are counted for the map. */
const MOST_POINTS = 5_000;

export function createPublicRequests(deps: RequestsDeps): PublicRequests {
  const { db } = deps;
  return {
    publicRequests: (office, filter, page) => shown(deps, office, filter, page),

    async publicDots(office, filter) {
      const asked = askedOf(office, filter);
      const points = await within(db, office.id, (tx) => readPublicPoints(tx, asked, MOST_POINTS));
      const dots = Map.groupBy(points.map(coarsePoint), ({ lat, lon }) => `${lat} ${lon}`);
      return [...dots.values()].flatMap(([point, ...others]) =>
        point ? [{ point, requests: others.length + 1 }] : [],
      );
    },

    async publicRequest(office, reference) {
      const { requests } = await shown(...([deps, office, { references: [reference] }] as const), {
        page: 1,
        most: 1,
      });
      return requests[0] ?? null;
    },

    async publicPhoto(office, reference, photo) {
      const asked = askedOf(office, { references: [reference] });
      return within(db, office.id, async (tx) => {
        const { rows } = await readPublic(tx, asked, { after: 0, most: 1 });
        const [row] = rows;
        if (!row?.photos.includes(photo)) return null;
        return deps.papers.openPassed(tx, { office: office.id, request: row.id }, photo);
      });
    },
  };
}

/** Whole local days, so that no question tells at which time something came. */
function askedOf(
  office: Office,
  { types, from, to, references, ...filter }: ShownFilter,
): ShownAsked {
  const open = publicTypes(settingsOf(office)).map(({ code }) => code);
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(office.timeZone).toInstant();
  return {
    ...filter,
    ...{ office: office.id, timeZone: office.timeZone },
    types: types ? open.filter((each) => types.includes(each)) : open,
    from: from && startOf(from),
    before: to && startOf(to.add({ days: 1 })),
    references: references && plainReferences(references),
  };
}

async function shown(
  { db }: RequestsDeps,
  office: Office,
  filter: ShownFilter,
  { page, most }: { page: number; most: number },
): Promise<ShownPage> {
  const asked = askedOf(office, filter);
  const open = publicTypes(settingsOf(office));
  const isShown = (type: string) => open.some(({ code }) => code === type);
  const after = (page - 1) * most;
  const { rows, total } = await within(db, office.id, (tx) =>
    readPublic(tx, asked, { after, most }),
  );
  return { requests: rows.map((row) => shownOf(row, office.timeZone, isShown)), total };
}
