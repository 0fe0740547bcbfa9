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

export const ALERT_CHOICES = ['title', 'notification', 'names', 'sound'] as const;
/**
 * How a person is alerted to who waits. `title`: in the titles of the console's tabs; `notification`: by the browser, outside its window;
 * `names`: with the citizen's name in it; `sound`: a short one.
 */
export type AlertChoice = (typeof ALERT_CHOICES)[number];

/** A person's console settings, on every computer. */
export interface Preferences {
  keys: ShortcutsChoice;
  view: DayView;
  alerts: readonly AlertChoice[];
}
