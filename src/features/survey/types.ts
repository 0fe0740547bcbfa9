export const SOLVED = ['yes', 'partly', 'no'] as const;
export type Solved = (typeof SOLVED)[number];

/** What a citizen says of the attention. Any of it may be left out. */
export interface SurveyAnswer {
  /** 0 (very bad) to 10 (very good). */
  score: number | null;
  solved: Solved | null;
  comment: string;
}
