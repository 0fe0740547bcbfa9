import { type Choosing, createChoosing } from './choosing.ts';
import type { NotificationsDeps } from './deps.ts';
import { createElsewhere, type Elsewhere } from './elsewhere/service.ts';
import { createEvidence, type Evidence } from './evidence.ts';
import { expire, noteNotices } from './expiring.ts';
import { createOpening, type Opening } from './opening.ts';
import { createDesk, type Desk } from './paper.ts';

export { shownSigner } from './elsewhere/rules.ts';
export { dayText, factText } from './facts.ts';
export { createNotifying } from './making.ts';

/** Notification of decisions, with its evidence: Ley 39/2015, arts. 40 to 46 (docs/adr/0098). */
export interface Notifications extends Choosing, Opening, Desk, Evidence, Elsewhere {
  /** Notes of all notifications whose days have passed that they count as rejected. Returns how many. */
  expire(): Promise<number>;
  /** Notes what became of the notices of notifications. Returns how many. */
  noteNotices(): Promise<number>;
}

export const createNotifications = (deps: NotificationsDeps): Notifications => ({
  ...createOpening(deps),
  ...createDesk(deps),
  ...createEvidence(deps),
  ...createChoosing(deps),
  ...createElsewhere(deps),
  expire: () => expire(deps),
  noteNotices: () => noteNotices(deps),
});
