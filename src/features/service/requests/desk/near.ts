import type { Office } from '../../../../domain/office/types.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { findSent, type RequestsDeps, settingsOf } from '../keeping.ts';
import { extractOf, isTheirs, metresBetween } from '../rules.ts';
import { type FollowedRow, readRequest, readSimilar } from '../views.ts';
import type { NearRequest } from './types.ts';

/** The most requests that are compared, and that are shown. */
const MOST_COMPARED = 200;
const MOST_NEAR = 10;

/** Finding what may be the same. */
export interface NearRequests {
  /**
   * Returns the open requests of the same type that are near one, or in the same place in words, and that the viewer may open; the nearest first. Those that are
   * found are on the trail.
   */
  near(viewer: StaffViewer, office: Office, id: string): Promise<NearRequest[]>;
}

export function createNearRequests({ unit }: Pick<RequestsDeps, 'unit'>): NearRequests {
  return {
    near: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findSent(each, id, readRequest);
        const similar = settingsOf(office)?.similar;
        if (!row?.sentAt || row.anonymisedAt || !similar) return [];
        const { type, point, address } = row;
        const since = each.now.subtract({ hours: 24 * similar.days });
        const asked = { type, point, address, area: null, since, except: id, onlyPublic: false };
        const found = await readSimilar(
          each.tx,
          { ...asked, metres: similar.metres },
          MOST_COMPARED,
        );
        const near = found
          .filter((other) => isTheirs(viewer, other))
          .map((other) => nearOf(other, point))
          .filter(
            ({ metres, ...other }) =>
              (metres !== null && metres <= similar.metres) ||
              isSameAddress(other.address, address),
          )
          .sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity))
          .slice(0, MOST_NEAR);
        if (near.length > 0) {
          const data = { request: id, near: near.map((other) => other.id) };
          await each.record('requests_near_seen', { data });
        }
        return near;
      }),
  };
}

const isSameAddress = (one: string, other: string): boolean =>
  one !== '' && one.toLowerCase() === other.toLowerCase();

const nearOf = (other: FollowedRow, from: NearRequest['point']): NearRequest => ({
  id: other.id,
  reference: other.reference,
  state: other.state,
  extract: extractOf(other.text),
  address: other.address,
  point: other.point,
  version: other.version,
  sentAt: other.sentAt as Temporal.Instant,
  metres: from && other.point ? metresBetween(from, other.point) : null,
  followers: other.followers,
});
