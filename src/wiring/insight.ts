import { createRetention } from '../features/foundation/retention/service.ts';
import { createCallQuality } from '../features/insight/call-quality/service.ts';
import { createLiveBoards } from '../features/insight/live-board/service.ts';
import { createPlanning } from '../features/insight/planning/service.ts';
import { createStatistics } from '../features/insight/statistics/service.ts';
import type { Base } from './base.ts';
import type { Foundation } from './foundation.ts';
import { wireOperating } from './operating.ts';
import { forgetting } from './retention.ts';
import type { Service } from './service.ts';

export type Insight = ReturnType<typeof wireInsight>;

/** Wires the live board, figures and planning, and also retention, which destroys data of the lower layers. */
export function wireInsight(base: Base, { offices, staff }: Foundation, service: Service) {
  const { clock, database, keys, unit } = base;
  const { kysely: db } = database;
  const reading = base.reading.kysely;
  return {
    liveBoards: createLiveBoards({ clock, staff, unit }),
    statistics: createStatistics({ db, reading, clock, offices, key: keys.forms, unit }),
    callQuality: createCallQuality({ db, reading, clock }),
    operating: wireOperating(base),
    planning: createPlanning({ db: reading, clock }),
    retention: createRetention({ db, offices, clock, ...forgetting(service) }),
  };
}
