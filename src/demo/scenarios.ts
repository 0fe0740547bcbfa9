import type { Context } from '../context.ts';
import type { Scenario } from '../web/demo/types.ts';
import type { DemoDay } from './day.ts';

export interface Scenarios {
  play(scenario: Scenario): Promise<boolean>;
}

export function createScenarios(_context: Context, _day: DemoDay): Scenarios {
  return { play: async () => false };
}
