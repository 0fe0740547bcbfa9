export const SOLVED = ['yes', 'partly', 'no'] as const;
export type Solved = (typeof SOLVED)[number];

export const HEARD = ['yes', 'partly', 'no'] as const;
/** Whether they could hear each other well, and see each other by video. */
export type Heard = (typeof HEARD)[number];

/** What a citizen says of the encounter. Any of it may be left out. */
export interface SurveyAnswer {
  /** 0 (very bad) to 10 (very good). */
  score: number | null;
  solved: Solved | null;
  /** Asked of a call that took place; else null. */
  heard: Heard | null;
  comment: string;
}
