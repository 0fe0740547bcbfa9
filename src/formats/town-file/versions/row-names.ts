import { type FollowedRow, followRows, type NamedRow } from './rows.ts';

/** The names of the rows of lists without codes, so that a row can be followed when others come in front of it. */
export class RowNames {
  private readonly present = new Map<string, string[]>();
  private readonly gone = new Map<string, NamedRow[]>();

  /** Follows the rows of a list through a version. `isBack`: it brings something back, so that rows that were gone are found again. */
  follow(
    { path, from, to }: { path: string; from: readonly unknown[]; to: readonly unknown[] },
    { number, isBack }: { number: number; isBack: boolean },
  ): FollowedRow[] {
    const names = this.present.get(path);
    const before = from.map((row, index) => ({
      // Another list than the last version left: defaults may have changed since.
      id: names ? (names[index] ?? `${number}-${index}-before`) : String(index),
      row,
    }));
    const known = this.gone.get(path) ?? [];
    const rows = followRows(before, to, {
      gone: isBack ? known : [],
      nameAt: (index) => `${number}-${index}`,
    });
    const ids = rows.map(({ id }) => id);
    this.present.set(path, ids);
    this.gone.set(
      path,
      [...known, ...before].filter(({ id }) => !ids.includes(id)),
    );
    return rows;
  }

  /** Returns a present path with the names of its rows instead of their numbers. */
  keyOf(path: string): string {
    const steps = path.split('.');
    return steps
      .map((step, index) => {
        const names = this.present.get(steps.slice(0, index).join('.'));
        return names?.[Number(step)] ?? step;
      })
      .join('.');
  }
}
