/** What an alert is about: somebody came, an appointment comes soon, it is time. */
export type Moment = 'arrived' | 'soon' | 'due';

/** An appointment that waits to be served at a desk. Times are in milliseconds since 1970. */
export interface AlertEntry {
  id: string;
  /** The address of its page. */
  href: string;
  /** When to call: the start, or the next attempt's time. */
  dueAt: number;
  /** Since when the citizen waits in the room or at the site; null: they do not. */
  arrivedAt: number | null;
  /** The citizen comes to a site: before they are there, nobody can be served. */
  comes: boolean;
  /** The words in the title of a tab; empty where the person did not choose them. */
  tab: { waiting: string; due: string };
  /** The words of a notification. */
  words: Record<Moment, string>;
  /** The hour and the channel, below the words. */
  detail: string;
}

/** What a desk's open pages know of its day. */
export interface DeskAlerts {
  /** The server's time, in milliseconds since 1970. */
  now: number;
  /** Somebody is being served at the desk. */
  isServing: boolean;
  /** In the order of serving. */
  entries: AlertEntry[];
}

export interface Alert {
  entry: AlertEntry;
  moment: Moment;
}

/** What was alerted in this browser, and what its user has in view. */
export interface AlertPast {
  /** The keys of `dueAlerts`. */
  known: ReadonlySet<string>;
  /** The appointment that is open in the tab with the focus; null: none. */
  inView: string | null;
}
