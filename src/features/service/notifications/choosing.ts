import { isEnough } from '../../../domain/identity.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import { addressOf } from '../../foundation/notices/rules.ts';
import { handedInBy, tellApplicant } from '../cases/service.ts';
import type { CaseRow } from '../cases/types.ts';
import { readCasesOf } from '../cases/views.ts';
import type { NotificationsDeps } from './deps.ts';
import { CHOOSE_LEVEL } from './rules.ts';
import { insertChoice } from './store.ts';
import type { ChooseResult, NotificationChoice } from './types.ts';
import { readChoice } from './views.ts';

/** The most cases, the newest first, whose address is told that the way was changed. */
const MOST = 50;

/** How a person wants to be notified. */
export interface Choosing {
  /** Returns how a person wants to be notified; null: they chose nothing, so that it goes by paper. */
  choice(viewer: PersonViewer): Promise<NotificationChoice | null>;
  /**
   * Changes how a person is notified from now on, by all offices of the town (art. 41.1), and tells each address of what they handed in before:
   * whoever got hold of their identity does not change it in silence.
   */
  choose(viewer: PersonViewer, electronic: boolean): Promise<ChooseResult>;
}

export const createChoosing = (deps: NotificationsDeps): Choosing => ({
  choice: (viewer) => choiceOf(deps, viewer),

  async choose(viewer, electronic) {
    if (!isEnough(viewer.level, CHOOSE_LEVEL)) return { ok: false, reason: 'level' };
    const before = (await choiceOf(deps, viewer))?.electronic ?? false;
    // Told first: what fails now changes nothing.
    if (before !== electronic) await tellChange(deps, viewer);
    const { person } = viewer;
    const at = deps.clock.now();
    await within(deps.db, INSTALLATION, (tx) => insertChoice(tx, { person, electronic, at }));
    return { ok: true };
  },
});

const choiceOf = (
  { db }: Pick<NotificationsDeps, 'db'>,
  { person }: PersonViewer,
): Promise<NotificationChoice | null> => within(db, { person }, (tx) => readChoice(tx, person));

async function tellChange(
  { db, unit, keyring }: Pick<NotificationsDeps, 'db' | 'unit' | 'keyring'>,
  viewer: PersonViewer,
): Promise<void> {
  const { person } = viewer;
  const rows = await within(db, { person }, (tx) => readCasesOf(tx, person, MOST));
  const told = new Set<string>();
  for (const row of rows.filter((each) => isOwn(each, person)))
    await unit(viewer, row.office, async (each) => {
      const who = await handedInBy(keyring, each, row);
      const to = who && addressOf(who)?.recipient;
      if (!to || told.has(to)) return;
      told.add(to);
      await tellApplicant(keyring, each, row, { news: 'chosen' });
    });
}

/** Returns whether a case was handed in, and is the person's own: not what they handed in for somebody else. */
const isOwn = ({ handedInAt, representation, ...of }: CaseRow, person: string): boolean =>
  handedInAt !== null && of.person === person && !representation?.organisation;
