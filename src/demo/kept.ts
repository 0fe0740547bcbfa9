import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How far the clock is ahead, and how far the cases are written. */
export const CLOCK_FILE = 'demo-clock.json';
export const CASES_FILE = 'demo-cases.json';

/** A value that a demo keeps in the folder of data. */
export interface Kept<Value> {
  /** Null: nothing is kept, or it can't be read. */
  read(): Value | null;
  keep(value: Value): void;
}

/** Keeps a value in a file, which is whole at any time, also when the process is killed. */
export function keptIn<Value>(dataDir: string, name: string): Kept<Value> {
  const file = join(dataDir, name);
  return {
    read: () => {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as Value;
      } catch {
        return null;
      }
    },
    keep: (value) => {
      writeFileSync(`${file}.new`, JSON.stringify(value));
      renameSync(`${file}.new`, file);
    },
  };
}

/** Keeps a value for as long as the process runs. */
export function keptHere<Value>(): Kept<Value> {
  let kept: Value | null = null;
  return {
    read: () => kept,
    keep: (value) => {
      kept = structuredClone(value);
    },
  };
}
