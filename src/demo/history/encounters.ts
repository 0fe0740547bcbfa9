import type { Language } from '../../lib/i18n/languages.ts';
import { type Draws, drawsOf } from './draws.ts';
import { COMMENTS } from './people.ts';
import type {
  Millis,
  PlannedAnswer,
  PlannedEncounter,
  PlannedItem,
  PlannedQuality,
  Seed,
} from './types.ts';

const MINUTE = 60_000;

/** Somebody who is served. */
export interface Served {
  id: string;
  /** When it begins, and how many minutes were planned for it. */
  begins: Millis;
  minutes: number;
  language: Language;
  /** Code; null: nothing was booked. */
  procedureCode: string | null;
  /** How late it began, in milliseconds. */
  late: number;
  isVideo: boolean;
  /** Whether they could not hear each other: a counter has no line. */
  isAtCounter?: boolean;
}

/** Returns what happens when somebody is served, until the survey. */
export function encounterOf(seed: Seed, draws: Draws, served: Served): PlannedEncounter {
  const { begins, minutes, isVideo } = served;
  // Most are done sooner than planned, and few take much longer.
  const share = 0.35 + 0.75 * draws.number() ** 1.4 + (draws.chance(0.06) ? 0.5 : 0);
  const ended = Math.round(begins + Math.max(2, minutes * share) * MINUTE);
  const quality = isVideo ? qualityOf(served.id) : [];
  const items = itemsOf(seed, draws, served.procedureCode);
  const isBad = quality.some(({ path, lossPercent }) => path === null || (lossPercent ?? 0) > 4);
  const answer = draws.chance(0.27) ? answerOf(draws, served, { items, isBad, ended }) : null;
  return {
    started: begins,
    ended,
    items,
    quality,
    answer,
    notes: '',
    identity: draws.weighed({
      questions: 5,
      shown: isVideo || served.isAtCounter ? 8 : 1,
      none: 4,
    }),
    wrapUp: draws.weighed({ solved: 82, 'to-follow': 12, 'new-appointment': 6 }),
  };
}

function itemsOf({ office }: Seed, draws: Draws, booked: string | null): readonly PlannedItem[] {
  const { queries } = office.settings;
  const asks = (): PlannedItem => ({
    kind: 'query',
    procedure: null,
    outcome: 'answered',
    query: draws.pick(queries).code,
  });
  const first: PlannedItem | null = booked
    ? {
        kind: 'procedure',
        procedure: booked,
        query: null,
        outcome: draws.weighed({
          done: 78,
          answered: 10,
          'papers-missing': 8,
          referred: 2,
          'not-possible': 2,
        }),
      }
    : null;
  const isMore = queries.length > 0 && draws.chance(booked ? 0.3 : 1);
  const also =
    booked && draws.chance(0.07)
      ? ({
          ...first,
          procedure: draws.pick(office.procedures).code,
          outcome: 'done',
        } as PlannedItem)
      : null;
  return [first, also, isMore ? asks() : null].filter((each) => each !== null);
}

/** What somebody says of it afterwards. Whoever waited, could not hear or goes home without it is less content. */
function answerOf(
  draws: Draws,
  { language, late, begins, isAtCounter = false }: Served,
  { items, isBad, ended }: { items: readonly PlannedItem[]; isBad: boolean; ended: Millis },
): PlannedAnswer {
  const isDone = items.every(({ outcome }) => outcome === 'done' || outcome === 'answered');
  const cost = (late > 5 * MINUTE ? 2 : 0) + (isBad ? 2 : 0) + (isDone ? 0 : 2);
  const best = draws.weighed({ '10': 46, '9': 27, '8': 16, '7': 6, '5': 3, '2': 2 });
  const score = Math.max(0, Number(best) - draws.between(0, cost));
  const mood = score >= 8 ? 'good' : score >= 5 ? 'mixed' : 'bad';
  const heard = isBad ? draws.weighed({ partly: 6, no: 3, yes: 1 }) : 'yes';
  return {
    at: Math.max(ended, begins) + Math.round(draws.waiting(9) * 60 * MINUTE) + 5 * MINUTE,
    score: draws.chance(0.96) ? score : null,
    solved: isDone
      ? draws.weighed({ yes: 90, partly: 8, no: 2 })
      : draws.weighed({ partly: 6, no: 4 }),
    heard: isAtCounter ? null : heard,
    comment: draws.chance(0.24) ? draws.pick(COMMENTS[mood][language]) : '',
  };
}

/** How a video call went at both ends: most go well, a few are bad on one side, and some never connect. */
function qualityOf(id: string): PlannedQuality[] {
  const draws = drawsOf('quality', id);
  const how = draws.weighed({ good: 86, fair: 9, poor: 4, never: 1 });
  const path = draws.weighed({ srflx: 58, host: 22, relay: 20 });
  return (['agent', 'citizen'] as const).map((side) => {
    if (how === 'never')
      return {
        side,
        path: null,
        firstFrameMs: null,
        lossPercent: null,
        rttMs: null,
        fps: null,
        freezes: 0,
        frozenSeconds: 0,
        reconnections: 2,
        audioOnlySeconds: 0,
      };
    const bad = how === 'good' || draws.chance(0.3) ? 0 : how === 'fair' ? 1 : 2;
    return {
      side,
      path,
      firstFrameMs: draws.between(420, 1500) + bad * draws.between(300, 1900),
      lossPercent: rounded(draws.number() * 0.8 + bad * (1.6 + draws.number() * 3)),
      rttMs: draws.between(18, 95) + bad * draws.between(80, 260),
      fps: rounded(29 - draws.number() * 4 - bad * 6),
      freezes: bad * draws.between(1, 6),
      frozenSeconds: rounded(bad * draws.number() * 9),
      reconnections: bad === 2 ? draws.between(0, 2) : 0,
      audioOnlySeconds: bad === 2 ? draws.between(0, 60) : 0,
    };
  });
}

const rounded = (number: number): number => Math.round(number * 10) / 10;
