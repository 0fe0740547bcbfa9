import type { StaffRole, StaffViewer } from '../lib/viewer.ts';

/** Every role of the staff, from the weakest to the strongest. */
export const ROLES = [
  'councillor',
  'agent',
  'coordinator',
  'administrator',
] as const satisfies StaffRole[];

/**
 * Every ability that a role can have in its office. Services ask for an ability and never compare roles, so a new role can do nothing until
 * it is listed in `CAN`.
 */
export const ABILITIES = [
  /** Opens the office's console. */
  'open_console',
  /** Works with the office's citizens from a desk of their own. */
  'serve_citizens',
  /** Works with the office's citizens without a desk of their own. */
  'serve_without_desk',
  /** Sees the day of every desk, and receives the changes of all of them. */
  'see_every_desk',
  /** Sees the documents of every appointment, not only those of their own desk. */
  'see_every_document',
  /** Releases a document that no antivirus could check. */
  'release_documents',
  /** Keeps a document or a case beyond its period for a legal reason, reads that reason, and sees which cases end. */
  'hold_documents',
  /** Takes closed cases that are kept for good to the archive of the town, as packages. */
  'hand_over_cases',
  /** Withdraws a result that a colleague gave to a citizen. */
  'take_back_results',
  /** Accepts, refuses and ends authorisations to act for somebody else. */
  'accept_representations',
  /** Issues the decision of a case that somebody else wrote. */
  'decide_cases',
  /** Changes the desk of an appointment, and the absences of desks. */
  'coordinate',
  /** Notifies the waiting citizens that a desk runs late. */
  'announce_delays',
  /** Changes the shifts of desks. */
  'change_rota',
  /** Sees the sums of the office's months, on one sheet. */
  'see_month',
  /** Sees the office's statistics. */
  'see_figures',
  /** Reads the office's audit trail. */
  'read_audit_trail',
  /** Sees the staff of the office. */
  'see_people',
  /** Invites people, grants and removes their roles. */
  'manage_people',
  /** Decides which systems receive the office's events. */
  'manage_webhooks',
  /** Sees what was paid to the office, and gives payments back. */
  'manage_payments',
  /** Changes the office's declarations, and its API tokens. */
  'administer',
] as const;

export type Ability = (typeof ABILITIES)[number];

/** Somebody who governs the town, such as the mayor: sums alone, nobody's name. */
const COUNCILLOR = ['see_month'] as const satisfies Ability[];

const AGENT = ['open_console', 'serve_citizens'] as const satisfies Ability[];

const COORDINATOR = [
  ...AGENT,
  'serve_without_desk',
  'see_every_desk',
  'see_every_document',
  'release_documents',
  'hold_documents',
  'hand_over_cases',
  'take_back_results',
  'accept_representations',
  'decide_cases',
  'coordinate',
  'announce_delays',
  'change_rota',
  'see_month',
  'see_figures',
  'read_audit_trail',
  'see_people',
] as const satisfies Ability[];

const ADMINISTRATOR = [
  ...COORDINATOR,
  'manage_people',
  'manage_webhooks',
  'manage_payments',
  'administer',
] as const satisfies Ability[];

/** The abilities of each role. An ability that is not listed is refused. */
export const CAN: Readonly<Record<StaffRole, ReadonlySet<Ability>>> = {
  councillor: new Set(COUNCILLOR),
  agent: new Set(AGENT),
  coordinator: new Set(COORDINATOR),
  administrator: new Set(ADMINISTRATOR),
};

/** Returns whether a role has this ability. A role that is not listed, such as one that a newer version stored, has none. */
export const roleCan = (role: string, ability: Ability): boolean =>
  isRole(role) && CAN[role].has(ability);

/** Returns the roles that have an ability. */
export const rolesThatCan = (ability: Ability): StaffRole[] =>
  ROLES.filter((role) => CAN[role].has(ability));

/** Returns whether cases and requests can be given to somebody of a role: they work with the office's citizens. */
export const roleHandles = (role: string): boolean => roleCan(role, 'serve_citizens');

/** Returns whether a member of staff has this ability in their current office. */
export const can = (viewer: Pick<StaffViewer, 'role'>, ability: Ability): boolean =>
  roleCan(viewer.role, ability);

export const isRole = (text: string): text is StaffRole => ROLES.some((each) => each === text);

/** The role that has a desk: the desk is stored with it. */
export const DESK_ROLE = 'agent' as const satisfies StaffRole;

export const isDeskRole = (role: string): boolean => role === DESK_ROLE;

/** Returns the strongest of several roles; null: none of them is known. */
export const strongestRole = (roles: readonly string[]): StaffRole | null =>
  ROLES.findLast((each) => roles.includes(each)) ?? null;

/** Returns whether both have the same role; null: no role. */
export const hasSameRole = (one: { role: string } | null, other: { role: string }): boolean =>
  one !== null && one.role === other.role;

/** Returns whether two people, or one person at two moments, have the same role and desk. */
export const isSamePost = (
  one: { role: string; desk: number | string | null } | null,
  other: { role: string; desk: number | string | null },
): boolean => one !== null && one.role === other.role && one.desk === other.desk;
