/**
 * How a notification goes: into the folder of whoever is obliged to it or chose it (Ley 39/2015, art. 41.1 and 14), or on paper. One on paper is
 * in the folder too, for whoever wants to open it there (art. 42.1).
 */
export const NOTIFICATION_WAYS = ['electronic', 'paper'] as const;
export type NotificationWay = (typeof NOTIFICATION_WAYS)[number];

/** Where it goes electronically: in the folder, or at e-NOTUM of the Consorci AOC (docs/adr/0105). */
export const NOTIFICATION_VIAS = ['folder', 'enotum'] as const;
export type NotificationVia = (typeof NOTIFICATION_VIAS)[number];

/**
 * Why a notification is in the folder although the town notifies at e-NOTUM: somebody acts by an authorisation, their identifier is none that it
 * knows, or no first surname, e-mail or telephone of theirs is known, the document is too large, or e-NOTUM refused it. `failed`, `cancelled`: it was
 * there, and e-NOTUM could not go on with it, or somebody cancelled it there.
 */
export const WHY_HERE = [
  'represented',
  'identifier',
  'name',
  'address',
  'size',
  'refused',
  'failed',
  'cancelled',
] as const;
export type WhyHere = (typeof WHY_HERE)[number];

/** What ended a notification at e-NOTUM before it counted: an error from which it does not recover, or somebody who cancelled it there. */
export const STOPPED_STATES = ['failed', 'cancelled'] as const;
export type StoppedState = (typeof STOPPED_STATES)[number];

/** Why it goes so: the law obliges the person to it, they chose it, they did not, or nobody knows who they are. */
export const NOTIFICATION_REASONS = ['obliged', 'chosen', 'not_chosen', 'unidentified'] as const;
export type NotificationReason = (typeof NOTIFICATION_REASONS)[number];

/**
 * How a notification stands. `available`: it waits. In the folder it is then `accepted` (opened), `rejected`, or `expired` (ten days went by). On
 * paper it is `delivered`, `refused` at the door, or `failed` twice and then `published` in the official gazette (art. 44).
 */
export const NOTIFICATION_STATES = [
  'available',
  'accepted',
  'rejected',
  'expired',
  'delivered',
  'refused',
  'failed',
  'published',
] as const;
export type NotificationState = (typeof NOTIFICATION_STATES)[number];

const WAITING: ReadonlySet<NotificationState> = new Set(['available', 'failed']);

/** Returns whether a notification does not count yet, so that something can still become of it. */
export const isWaiting = (state: NotificationState): boolean => WAITING.has(state);

/** What happens to a case that its notification is about. */
export const NOTIFICATION_EVENTS = [
  'notification_made',
  'notification_handed',
  'notification_deposited',
  'notification_stopped',
  'notification_again',
  'notification_taken_back',
  'notification_noticed',
  'notification_accepted',
  'notification_rejected',
  'notification_expired',
  'notification_recorded',
] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

/** Returns whether something that happened to a case is of its notification. */
export const isOfNotification = (kind: string): kind is NotificationEvent =>
  (NOTIFICATION_EVENTS as readonly string[]).includes(kind);
