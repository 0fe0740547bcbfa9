import type { Office } from '../../../domain/office/types.ts';
import { type Clock, withoutJumps } from '../../../lib/clock.ts';
import { inBatches } from '../../../lib/jobs/batches.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { latestSince, warningHours } from './messages/rules.ts';
import { type ChatKeys, placeOf } from './sealing.ts';
import { DESTROYED_AT_ONCE, destroyChats } from './store.ts';

/** Destroys what was written, when the office's period ends. */
export interface ChatForgetting {
  /**
   * Destroys the words, files, names and addresses of conversations that ended before `chat.keepDays`. Returns of how many.
   * @throws ClockJumped
   */
  forget(office: Office): Promise<number>;
}

const SYSTEM = { kind: 'system', why: 'retention' } as const;

export function createChatForgetting(deps: {
  clock: Clock;
  unit: RunUnit;
  keyring: Pick<ChatKeys, 'end'>;
}): ChatForgetting {
  const steady = withoutJumps(deps.clock);
  return {
    forget(office) {
      const { keepDays } = office.settings.chat;
      const now = steady();
      const before = now.subtract({ hours: 24 * keepDays });
      const told = now.subtract({ hours: warningHours(keepDays) });
      const latest = latestSince(keepDays, now);
      return inBatches(DESTROYED_AT_ONCE, () =>
        deps.unit(SYSTEM, office.id, async (unit) => {
          const gone = await destroyChats(unit, { before, told, latest });
          for (const id of gone)
            await deps.keyring.end(unit.tx, placeOf({ id, office: office.id }));
          return gone.length;
        }),
      );
    },
  };
}
