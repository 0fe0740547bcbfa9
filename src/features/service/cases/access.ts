import type { Actor } from '../../../domain/form/states.ts';
import { can } from '../../../domain/roles.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { Case } from './types.ts';

/**
 * Whether a case is a viewer's: the applicant's own, or of staff in its office. Those who coordinate see every case; an agent sees the ones
 * that they handle and those that nobody handles yet.
 */
export function isTheirs(viewer: Viewer, of: Pick<Case, 'id' | 'office' | 'assignee'>): boolean {
  if (viewer.kind === 'applicant') return viewer.case === of.id;
  if (viewer.kind !== 'staff' || viewer.office !== of.office) return viewer.kind === 'system';
  if (can(viewer, 'see_every_document')) return true;
  return can(viewer, 'serve_citizens') && (of.assignee === null || of.assignee === viewer.staff);
}

const CITIZEN: ReadonlySet<Actor> = new Set(['citizen']);
const OFFICE: ReadonlySet<Actor> = new Set(['office']);
const SYSTEM: ReadonlySet<Actor> = new Set(['system']);
const NOBODY: ReadonlySet<Actor> = new Set();

/** Returns as whom a viewer takes steps in a form's table. */
export function actsAs(viewer: Viewer): ReadonlySet<Actor> {
  switch (viewer.kind) {
    case 'applicant':
      return CITIZEN;
    case 'staff':
      return OFFICE;
    case 'system':
      return SYSTEM;
    default:
      return NOBODY;
  }
}
