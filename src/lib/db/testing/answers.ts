import type { KyselyPlugin } from 'kysely';
import type { Db } from '../database.ts';

/** What was asked of a database. */
export interface Asked {
  kysely: Db;
  /** The rows of each answer, in order: one answer for each statement. */
  answers: Record<string, unknown>[][];
  /** Returns how many rows the largest answer had, of those with this column. */
  largest(column: string): number;
}

/** Returns a database on which each answer is noted. */
export function notingAnswers(db: Db): Asked {
  const answers: Record<string, unknown>[][] = [];
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      answers.push(result.rows);
      return result;
    },
  };
  const largest = (column: string) =>
    Math.max(0, ...answers.filter(([row]) => row && column in row).map(({ length }) => length));
  return { kysely: db.withPlugin(plugin), answers, largest };
}
