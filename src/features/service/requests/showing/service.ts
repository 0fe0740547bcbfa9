import type { Office } from '../../../../domain/office/types.ts';
import type { MapPoint } from '../../../../domain/requests/areas.ts';
import { within } from '../../../../lib/db/database.ts';
import type { OpenDocument } from '../../documents/types.ts';
import { type RequestsDeps, settingsOf } from '../keeping.ts';
import { plainReferences } from '../rules.ts';
import { coarsePoint, publicTypes, shownOf } from './rules.ts';
import type {
  ShownDot,
  ShownFilter,
  ShownPage,
  ShownPlace,
  ShownRequest,
  ShownSummary,
} from './types.ts';
import { countPublic, readPublic, readPublicPoints, type ShownAsked } from './views.ts';

/** What anybody may see of an office's requests. What of their words and photos, officials decide. */
export interface PublicRequests {
  /** Returns a page of the requests of public types. `page`: from 1 on; `behind`: what the page before said, null for the first one. */
  publicRequests(
    office: Office,
    filter: ShownFilter,
    page: ({ page: number } | { behind: ShownPlace | null }) & { most: number },
  ): Promise<ShownPage>;
  /** Returns how many there are, and coarsely where. It may be a minute old. */
  publicSummary(office: Office, filter: ShownFilter): Promise<ShownSummary>;
  /** Returns one by its reference; null: there is none that anybody may see. */
  publicRequest(office: Office, reference: string): Promise<ShownRequest | null>;
  /** Opens a photo that was passed; null: none of this id was. */
  publicPhoto(office: Office, reference: string, photo: string): Promise<OpenDocument | null>;
}

/** The most points that are counted for the map. */
const MOST_POINTS = 5_000;
/** How long a summary is kept, and of how many filters: everybody who looks at the list asks for the same few. */
const KEPT_MS = 60_000;
const MOST_KEPT = 200;

export function createPublicRequests(deps: RequestsDeps): PublicRequests {
  const { db } = deps;
  const kept = createKept(deps);
  return {
    publicRequests: (office, filter, page) => shown(deps, office, filter, page),

    publicSummary(office, filter) {
      const asked = askedOf(office, filter);
      return kept(JSON.stringify(asked), () =>
        within(db, office.id, async (tx) => {
          const points = await readPublicPoints(tx, asked, MOST_POINTS);
          return { total: await countPublic(tx, asked), dots: dotsOf(points) };
        }),
      );
    },

    async publicRequest(office, reference) {
      const { requests } = await shown(...([deps, office, { references: [reference] }] as const), {
        behind: null,
        most: 1,
      });
      return requests[0] ?? null;
    },

    async publicPhoto(office, reference, photo) {
      const asked = askedOf(office, { references: [reference] });
      return within(db, office.id, async (tx) => {
        const [row] = await readPublic(tx, asked, { behind: null, most: 1 });
        if (!row?.photos.includes(photo)) return null;
        return deps.papers.openPassed(tx, { office: office.id, request: row.id }, photo);
      });
    },
  };
}

/** Whole local days, so that no question tells at which time something came. */
function askedOf(office: Office, { types, references, ...filter }: ShownFilter): ShownAsked {
  const open = publicTypes(settingsOf(office)).map(({ code }) => code);
  return {
    ...filter,
    office: office.id,
    types: types ? open.filter((each) => types.includes(each)) : open,
    references: references && plainReferences(references),
  };
}

/** Returns a reader that keeps what it read for a minute, so that many who look cost one reading. */
function createKept({ clock }: Pick<RequestsDeps, 'clock'>) {
  const kept = new Map<string, { at: number; summary: Promise<ShownSummary> }>();
  return (key: string, read: () => Promise<ShownSummary>): Promise<ShownSummary> => {
    const now = clock.now().epochMilliseconds;
    const found = kept.get(key);
    if (found && now >= found.at && now < found.at + KEPT_MS) return found.summary;
    const summary = read();
    kept.delete(key);
    kept.set(key, { at: now, summary });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    // What failed is read again by whoever asks next.
    summary.catch(() => kept.delete(key));
    return summary;
  };
}

function dotsOf(points: readonly MapPoint[]): ShownDot[] {
  const dots = Map.groupBy(points.map(coarsePoint), ({ lat, lon }) => `${lat} ${lon}`);
  return [...dots.values()].flatMap(([point, ...others]) =>
    point ? [{ point, requests: others.length + 1 }] : [],
  );
}

async function shown(
  { db }: RequestsDeps,
  office: Office,
  filter: ShownFilter,
  { most, ...from }: Parameters<PublicRequests['publicRequests']>[2],
): Promise<ShownPage> {
  const asked = askedOf(office, filter);
  const open = publicTypes(settingsOf(office));
  const isShown = (type: string) => open.some(({ code }) => code === type);
  const begins = 'page' in from ? { after: (from.page - 1) * most } : from;
  const rows = await within(db, office.id, (tx) =>
    readPublic(tx, asked, { ...begins, most: most + 1 }),
  );
  const requests = rows.slice(0, most).map((row) => shownOf(row, office.timeZone, isShown));
  const last = rows.length > most ? requests.at(-1) : undefined;
  return { requests, next: last ? { day: last.sentOn, reference: last.reference } : null };
}
