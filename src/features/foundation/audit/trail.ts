import { can } from '../../../domain/roles.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import { type StaffViewer, staffIn } from '../../../lib/viewer.ts';
import type { TrailEntry, TrailFilter } from './types.ts';
import type { RunUnit } from './unit.ts';
import { readTrail } from './views.ts';

export interface TrailPage {
  entries: TrailEntry[];
  /** Where the next page starts; null: this was the last page. */
  before: number | null;
}

export interface AuditTrail {
  /** Returns a page of the office's trail, newest first; null for viewers who may not read it. Reading it is recorded too. */
  read(
    viewer: StaffViewer,
    filter: TrailFilter,
    page: { before: number | null; most: number },
  ): Promise<TrailPage | null>;
}

/** Returns whether the viewer may read the audit trail. */
export const mayReadTrail = (viewer: StaffViewer): boolean => can(viewer, 'read_audit_trail');

export function createAuditTrail(deps: { unit: RunUnit; staff: StaffNames }): AuditTrail {
  const { unit, staff } = deps;
  return {
    async read(viewer, filter, { before, most }) {
      if (!mayReadTrail(viewer)) return null;
      const found = await unit(viewer, viewer.office, async ({ tx, record }) => {
        const rows = await readTrail(tx, viewer.office, filter, { before, most: most + 1 });
        const data = { from: filter.from.toString(), to: filter.to.toString(), count: rows.length };
        await record('trail_read', { data });
        return rows;
      });
      const ids = found.flatMap((each) => [staffIn(each.actor) ?? [], aboutIn(each) ?? []].flat());
      const names = await staff.namesOf([...new Set(ids)]);
      const entries = found.slice(0, most).map((each) => ({
        ...each,
        who: names.get(staffIn(each.actor) ?? 0) ?? null,
        about: names.get(aboutIn(each) ?? 0) ?? null,
      }));
      const last = found.length > most ? entries.at(-1) : undefined;
      return { entries, before: last?.id ?? null };
    },
  };
}

/** Id of the colleague who was affected. */
const aboutIn = ({ data }: Pick<TrailEntry, 'data'>): number | null =>
  typeof data.staff === 'number' ? data.staff : null;
