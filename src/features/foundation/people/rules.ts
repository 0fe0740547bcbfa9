import { nameMistake } from '../../../domain/names.ts';
import {
  can,
  DESK_ROLE,
  isDeskRole,
  isRole,
  roleCan,
  strongestRole,
} from '../../../domain/roles.ts';
import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import type {
  EmailMistake,
  InvitationDraft,
  InvitationMistakes,
  PersonState,
  Post,
} from './types.ts';

/** Who may see who works in their office. */
export const mayLookAtPeople = (viewer: StaffViewer): boolean => can(viewer, 'see_people');

/** Who decides about it. */
export const mayManagePeople = (viewer: StaffViewer): boolean => can(viewer, 'manage_people');

/** A role as the database keeps it: a desk goes with the role that stands at one. */
export interface KeptRole {
  role: StaffRole;
  desk: number | null;
}

/** The roles that a post is kept as: who coordinates and also attends has two. */
export function rolesOf({ role, desk }: Post): KeptRole[] {
  if (isDeskRole(role)) return [{ role, desk }];
  return [{ role, desk: null }, ...(desk === null ? [] : [{ role: DESK_ROLE, desk }])];
}

/** The post that roles make: the strongest, with the desk of whichever has one. Null: no role, no post. */
export function postOf(roles: readonly KeptRole[]): Post | null {
  const role = strongestRole(roles.map((kept) => kept.role));
  return role ? { role, desk: roles.find((each) => each.desk !== null)?.desk ?? null } : null;
}

/** Whether a post decides about people: an office is never left without one. */
export const managesPeople = ({ role }: Post): boolean => roleCan(role, 'manage_people');

/** Whether giving this role lets somebody give roles in turn: whoever gives it confirms it with a second factor first. */
export const grantsControl = (role: string): boolean => roleCan(role, 'manage_people');

/** A post in a form's hidden field, to tell whether it has changed since. */
export const postKey = ({ role, desk }: Post): string => `${role}:${desk ?? ''}`;

/**
 * Whether a change would leave the office without an administrator who can sign in. `others`: how many more of those there
 * are; somebody who can't sign in is none to begin with.
 */
export function isLastAdministrator(
  person: { state: PersonState; post: Post },
  next: Post | null,
  others: number,
): boolean {
  const isOne = managesPeople(person.post) && person.state === 'ready';
  return isOne && !(next && managesPeople(next)) && others === 0;
}

/** As mailboxes of an office are written: ASCII, no quotes. */
const EMAIL = /^[!#-+\-./0-9=?A-Z^_`a-z{|}~]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

const LONGEST = { email: 254, name: 120 };

/** What is wrong with an e-mail address that was typed; null: nothing. */
export function emailMistake(typed: string): EmailMistake | null {
  const email = typed.trim();
  if (email === '') return 'missing';
  if (email.length > LONGEST.email) return 'too_long';
  return EMAIL.test(email) ? null : 'not_email';
}

/** What is wrong with an invitation; an empty object: nothing. `desks`: the office's, by id. */
export function invitationMistakes(
  draft: InvitationDraft,
  desks: readonly number[],
): InvitationMistakes {
  const email = emailMistake(draft.email);
  const name = draft.name.trim();
  const mistakes: InvitationMistakes = {};
  if (email) mistakes.email = email;
  if (name === '') mistakes.name = 'missing';
  else if (name.length > LONGEST.name) mistakes.name = 'too_long';
  else if (nameMistake(name) === 'has_link') mistakes.name = 'has_link';
  if (!isRole(draft.role)) mistakes.role = 'missing';
  if (!isDesk(draft.desk, desks)) mistakes.desk = 'not_known';
  return mistakes;
}

/** Whether what was chosen is a desk of the office, or none. */
const isDesk = (chosen: string, desks: readonly number[]): boolean =>
  chosen === '' || desks.includes(Number(chosen));

export const deskIn = (chosen: string): number | null => (chosen === '' ? null : Number(chosen));

/** How far somebody has come. */
export function stateOf(
  person: { isRetired: boolean; hasAccount: boolean; invitedUntil: Temporal.Instant | null },
  now: Temporal.Instant,
): PersonState {
  if (person.isRetired) return 'retired';
  if (person.hasAccount) return 'ready';
  if (!person.invitedUntil) return 'waiting';
  return Temporal.Instant.compare(person.invitedUntil, now) > 0 ? 'invited' : 'expired';
}
