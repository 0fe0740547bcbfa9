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

/** Returns whether the viewer may see the staff of their office. */
export const mayLookAtPeople = (viewer: StaffViewer): boolean => can(viewer, 'see_people');

/** Returns whether the viewer may change the staff of their office. */
export const mayManagePeople = (viewer: StaffViewer): boolean => can(viewer, 'manage_people');

/** A stored role. A desk is stored with the role that has one. */
export interface KeptRole {
  role: StaffRole;
  desk: number | null;
}

/** Returns the stored roles of a post. A coordinator who is also an agent has two. Whoever serves nobody has no desk, also where one was chosen. */
export function rolesOf({ role, desk }: Post): KeptRole[] {
  if (isDeskRole(role)) return [{ role, desk }];
  const hasDesk = desk !== null && roleCan(role, 'serve_citizens');
  return [{ role, desk: null }, ...(hasDesk ? [{ role: DESK_ROLE, desk }] : [])];
}

/** Returns the post of stored roles: the strongest role, with the desk of whichever role has one. Null: no role, no post. */
export function postOf(roles: readonly KeptRole[]): Post | null {
  const role = strongestRole(roles.map((kept) => kept.role));
  return role ? { role, desk: roles.find((each) => each.desk !== null)?.desk ?? null } : null;
}

/** Returns whether a post may change staff. Each office always has at least one such person. */
export const managesPeople = ({ role }: Post): boolean => roleCan(role, 'manage_people');

/** Returns whether this role may give roles. Giving it needs a second factor first. */
export const grantsControl = (role: string): boolean => roleCan(role, 'manage_people');

/** Returns a post as text for a form's hidden field, to detect a change since. */
export const postKey = ({ role, desk }: Post): string => `${role}:${desk ?? ''}`;

/**
 * Returns whether a change would leave the office without an administrator who can sign in. `others`: the number of others who
 * can. A person who can't sign in doesn't count.
 */
export function isLastAdministrator(
  person: { state: PersonState; post: Post },
  next: Post | null,
  others: number,
): boolean {
  const isOne = managesPeople(person.post) && person.state === 'ready';
  return isOne && !(next && managesPeople(next)) && others === 0;
}

/** Pattern of an office's mail addresses: ASCII, no quotes. */
const EMAIL = /^[!#-+\-./0-9=?A-Z^_`a-z{|}~]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

const LONGEST = { email: 254, name: 120 };

/** Returns the error of a typed e-mail address; null: none. */
export function emailMistake(typed: string): EmailMistake | null {
  const email = typed.trim();
  if (email === '') return 'missing';
  if (email.length > LONGEST.email) return 'too_long';
  return EMAIL.test(email) ? null : 'not_email';
}

/** Returns the errors of an invitation; an empty object: none. `desks`: the office's, by id. */
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

/** Returns whether the choice is a desk of the office, or none. */
const isDesk = (chosen: string, desks: readonly number[]): boolean =>
  chosen === '' || desks.includes(Number(chosen));

export const deskIn = (chosen: string): number | null => (chosen === '' ? null : Number(chosen));

/** Returns a person's progress of setting up their account. */
export function stateOf(
  person: { isRetired: boolean; hasAccount: boolean; invitedUntil: Temporal.Instant | null },
  now: Temporal.Instant,
): PersonState {
  if (person.isRetired) return 'retired';
  if (person.hasAccount) return 'ready';
  if (!person.invitedUntil) return 'waiting';
  return Temporal.Instant.compare(person.invitedUntil, now) > 0 ? 'invited' : 'expired';
}
