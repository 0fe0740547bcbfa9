import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { type BoardReading, createBoardReading } from './board.ts';
import type { CoordinationDeps } from './deps.ts';
import { endGivenUp, giveBack } from './displacing.ts';
import { createLateCalls, type LateCalls } from './late-calls.ts';
import { createReassigning, type Reassigning } from './reassigning.ts';
import { resolutionsOf, seeToAll } from './settling.ts';
import { createSeveral, type Several } from './several.ts';
import { createTakingOver, type TakingOver } from './taking-over.ts';
import type { Resolution, ToSettle } from './types.ts';
import { endUncalled } from './uncalled.ts';

/**
 * What coordinators do with a day: see it whole (`board.ts`), give an appointment to another desk (`reassigning.ts`), do one
 * thing to several (`several.ts`), and take over an encounter (`taking-over.ts`), which whoever attends may. Changes of the rota
 * see to the appointments that lose their desk by `settling.ts`, and by the rule of `placing.ts`.
 */
export interface Coordination extends BoardReading, LateCalls, Reassigning, Several, TakingOver {
  /**
   * Which desk each of these could go to at its hour, by the rota that the office is given with, so that as many as possible keep
   * it. Changes nothing.
   */
  resolutionsOf(office: Office, appointments: readonly Appointment[]): Promise<Resolution[]>;
  /** Sees to appointments whose desk won't work at their hour, each in a transaction of its own. `data`: for its events. */
  settle(
    viewer: Viewer,
    office: Office,
    what: ToSettle,
    data: Record<string, unknown>,
  ): Promise<void>;
  /** Gives their own hour back to citizens who lost it and have no other yet, as far as a desk is free; they are told. Returns how many got it. */
  giveBack(viewer: StaffViewer, office: Office, lost: readonly Appointment[]): Promise<number>;
  /** Takes the hour of appointments whose citizens nobody called in the promised time, and offers another. Returns how many. */
  endUncalled(): Promise<number>;
  /** Cancels the appointments for which nobody chose another hour. Returns how many. */
  endGivenUp(): Promise<number>;
}

export function createCoordination(deps: CoordinationDeps): Coordination {
  const reassigning = createReassigning(deps);
  return {
    ...createBoardReading(deps),
    ...createLateCalls(deps),
    ...reassigning,
    ...createSeveral(deps, reassigning),
    ...createTakingOver(deps.unit),
    resolutionsOf: (office, appointments) => resolutionsOf(deps, office, appointments),
    settle: (viewer, office, what, data) => seeToAll(deps, viewer, office, what, data),
    giveBack: (viewer, office, lost) => giveBack(deps, viewer, office, lost),
    endUncalled: () => endUncalled(deps),
    endGivenUp: () => endGivenUp(deps),
  };
}

export type { OfferedCall } from './late-calls.ts';
export type { DeskChoices } from './reassigning.ts';
export type { SeveralAction, SeveralOutcome } from './several.ts';
