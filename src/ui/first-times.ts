import type { Language } from '../lib/i18n/languages.ts';

/** The first free times of a procedure as the server words them for a page that isn't ours. */
export interface FirstTimes {
  /** The language that everything is worded in. */
  lang: Language;
  title: string;
  /** How one is attended, and for how long; empty where nobody attends. */
  how: string;
  /** `start`: RFC 3339. */
  times: { start: string; text: string; href: string }[];
  /** Said where there are none. */
  none: string | null;
  /** Where to go on. */
  more: { text: string; href: string };
}
