import { INSTALLATION, within } from '../../../lib/db/database.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import type { NotificationsDeps } from './deps.ts';
import { createEvidence, type Evidence } from './evidence.ts';
import { expire, noteNotices } from './expiring.ts';
import { createOpening, type Opening } from './opening.ts';
import { createDesk, type Desk } from './paper.ts';
import { insertChoice } from './store.ts';
import type { NotificationChoice } from './types.ts';
import { readChoice } from './views.ts';

export { dayText, factText } from './facts.ts';
export { createNotifying } from './making.ts';

/** Notification of decisions, with its evidence: Ley 39/2015, arts. 40 to 46 (docs/adr/0098). */
export interface Notifications extends Opening, Desk, Evidence {
  /** Returns how a person wants to be notified; null: they chose nothing, so that it goes by paper. */
  choice(viewer: PersonViewer): Promise<NotificationChoice | null>;
  /** Changes how a person is notified from now on, by all offices of the town (art. 41.1). */
  choose(viewer: PersonViewer, electronic: boolean): Promise<void>;
  /** Notes of all notifications whose days have passed that they count as rejected. Returns how many. */
  expire(): Promise<number>;
  /** Notes what became of the notices of notifications. Returns how many. */
  noteNotices(): Promise<number>;
}

export const createNotifications = (deps: NotificationsDeps): Notifications => ({
  ...createOpening(deps),
  ...createDesk(deps),
  ...createEvidence(deps),
  choice: ({ person }) => within(deps.db, { person }, (tx) => readChoice(tx, person)),
  choose: ({ person }, electronic) =>
    within(deps.db, INSTALLATION, (tx) =>
      insertChoice(tx, { person, electronic, at: deps.clock.now() }),
    ),
  expire: () => expire(deps),
  noteNotices: () => noteNotices(deps),
});
