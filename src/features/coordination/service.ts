import { createDeskAway, type DeskAway } from './away.ts';
import { type BoardReading, createBoardReading } from './board.ts';
import type { CoordinationDeps } from './deps.ts';
import { endGivenUp } from './displacing.ts';
import { createReassigning, type Reassigning } from './reassigning.ts';
import { createSeveral, type Several } from './several.ts';
import { createTakingOver, type TakingOver } from './taking-over.ts';

/**
 * What coordinators do with a day: see it whole (`board.ts`), give an appointment to another desk (`reassigning.ts`), see to
 * those of a desk that is away (`away.ts`, by the rule of `placing.ts`), do one thing to several (`several.ts`), and take over
 * an attention (`taking-over.ts`), which whoever attends may.
 */
export interface Coordination extends BoardReading, Reassigning, DeskAway, Several, TakingOver {
  /** Goes on with what was begun, and cancels what nobody chose another hour for. */
  lookAfter(): Promise<void>;
}

export function createCoordination(deps: CoordinationDeps): Coordination {
  const reassigning = createReassigning(deps);
  const away = createDeskAway(deps);
  return {
    ...createBoardReading(deps),
    ...reassigning,
    ...away,
    ...createSeveral(deps, reassigning),
    ...createTakingOver(deps),
    async lookAfter() {
      try {
        await away.settleAll();
      } finally {
        await endGivenUp(deps);
      }
    },
  };
}

export type { AwayPlan, AwayResult } from './away.ts';
export type { DeskChoices } from './reassigning.ts';
export type { SeveralAction, SeveralOutcome } from './several.ts';
