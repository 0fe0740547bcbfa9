import type { ActionName } from './rules.ts';

/** A person's choices about their keys. */
export interface ShortcutsChoice {
  /** Whether all keys are off. */
  isOff: boolean;
  /** The person's own keys, by action; '' for none. Other actions have the default. */
  own: Partial<Record<ActionName, string>>;
}

/** The key of each action, or ''. No two are the same. */
export type Shortcuts = Record<ActionName, string>;

export const DAY_VIEWS = ['list', 'line'] as const;
/** Layout of the day: a list, or a timeline of hours. */
export type DayView = (typeof DAY_VIEWS)[number];

/** A person's console settings, on every computer. */
export interface Preferences {
  keys: ShortcutsChoice;
  view: DayView;
}
