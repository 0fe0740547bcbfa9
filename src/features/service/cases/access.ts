import type { Actor } from '../../../domain/form/states.ts';
import { isEnough } from '../../../domain/identity.ts';
import { can } from '../../../domain/roles.ts';
import type { ApplicantViewer, StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { type Case, DRAFT } from './types.ts';

type Whose = Pick<
  Case,
  | 'id'
  | 'office'
  | 'assignee'
  | 'team'
  | 'handedInBy'
  | 'handedInAt'
  | 'stateAt'
  | 'atOnce'
  | 'level'
  | 'person'
  | 'state'
  | 'encounter'
  | 'representation'
>;

/**
 * Whether a case is a viewer's: the applicant's own, or of staff in its office. What an identified person began opens to them alone, at the
 * level that it needs; its link is not enough. Those who coordinate see every case; an agent sees the ones
 * that they handle and those that nobody handles yet, unless these came to a team that they are not in;
 * and what they have handed in for somebody, until a step is taken. What
 * was not handed in is seen by staff where one of them began it with its applicant, or its applicant shows it to them, and by nobody of the
 * office otherwise.
 */
export function isTheirs(viewer: Viewer, of: Whose): boolean {
  if (viewer.kind === 'applicant') return viewer.case === of.id && opensTo(viewer, of);
  if (viewer.kind !== 'staff' || viewer.office !== of.office) return viewer.kind === 'system';
  if (of.state === DRAFT && of.encounter === null) return false;
  if (can(viewer, 'see_every_document')) return true;
  if (!can(viewer, 'serve_citizens')) return false;
  if (of.assignee === viewer.staff || isJustHandedIn(viewer, of)) return true;
  return of.assignee === null && !isOtherTeams(viewer, of);
}

/** Returns whether a case came to a team that a member of staff is not in. A team that is not declared any more is the whole office's. */
const isOtherTeams = ({ otherTeams }: StaffViewer, { team }: Pick<Case, 'team'>): boolean =>
  team !== null && (otherTeams?.includes(team) ?? true);

/** Returns whether an official has handed a case in for somebody, and nobody took a step since but to issue it at once. */
const isJustHandedIn = (
  { staff }: StaffViewer,
  { handedInBy, handedInAt, stateAt, atOnce }: Whose,
): boolean =>
  handedInBy === staff &&
  (atOnce === 'issued' || (handedInAt !== null && stateAt.equals(handedInAt)));

/**
 * Whether a case opens to an applicant. What was begun for another person opens to that person, and to whoever acts for them by the authorisation
 * with which it was begun, while it is valid; what was begun for an organisation, to whoever acts for it.
 */
export function opensTo(
  { identified }: ApplicantViewer,
  { level, person, representation }: Pick<Whose, 'level' | 'person' | 'representation'>,
): boolean {
  if (!representation && level === 'none') return true;
  if (!identified || !isEnough(identified.level, level)) return false;
  if (representation?.organisation) return identified.organisation === representation.organisation;
  return identified.person === person || actsBy(identified, representation);
}

/** Returns whether somebody acts in their browser by the authorisation with which a case was begun, which nobody has ended. */
const actsBy = (
  { person, actsFor }: NonNullable<ApplicantViewer['identified']>,
  by: Case['representation'],
): boolean =>
  by !== null &&
  by.id !== null &&
  by.isAccepted &&
  by.id === actsFor &&
  by.representative === person;

/** Returns whether a draft was begun for somebody who has not made it theirs yet: it opens to nobody (docs/adr/0102). */
export const isUnclaimed = ({
  state,
  level,
  person,
}: Pick<Case, 'state' | 'level' | 'person'>): boolean =>
  state === DRAFT && level !== 'none' && person === null;

const CITIZEN: ReadonlySet<Actor> = new Set(['citizen']);
const OFFICE: ReadonlySet<Actor> = new Set(['office']);
const HABILITATED: ReadonlySet<Actor> = new Set(['office', 'habilitated']);
const SYSTEM: ReadonlySet<Actor> = new Set(['system']);
const NOBODY: ReadonlySet<Actor> = new Set();

/** Returns as whom a viewer takes steps in a form's table. `isHabilitated`: whether a member of staff is in the register of officials today. */
export function actsAs(viewer: Viewer, isHabilitated = false): ReadonlySet<Actor> {
  switch (viewer.kind) {
    case 'applicant':
      return CITIZEN;
    case 'staff':
      return isHabilitated ? HABILITATED : OFFICE;
    case 'system':
      return SYSTEM;
    default:
      return NOBODY;
  }
}
