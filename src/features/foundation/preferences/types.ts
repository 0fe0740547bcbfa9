import type { ActionName } from './rules.ts';

/** What somebody has chosen about their keys. */
export interface ShortcutsChoice {
  /** Whether no key does anything. */
  isOff: boolean;
  /** Shortcuts of their own, by action; '' for none. The rest are as delivered. */
  own: Partial<Record<ActionName, string>>;
}

/** The key of each action, or ''. No two are the same. */
export type Shortcuts = Record<ActionName, string>;

export const DAY_VIEWS = ['list', 'line'] as const;
/** How the day is shown: one under the other, or along the hours. */
export type DayView = (typeof DAY_VIEWS)[number];

/** How somebody likes the console, wherever they sit. */
export interface Preferences {
  keys: ShortcutsChoice;
  view: DayView;
}
