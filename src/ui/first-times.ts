import type { Language } from '../lib/i18n/languages.ts';

/** The first free times of a procedure, as the server words them for another website; of a chat, whether somebody can answer, without times. */
export interface FirstTimes {
  /** The language of all texts. */
  lang: Language;
  title: string;
  /** The channels and the duration; empty when no desk serves the procedure. */
  how: string;
  /** `start`: RFC 3339. */
  times: { start: string; text: string; href: string }[];
  /** The text when there are none. */
  none: string | null;
  /** The link to all times. */
  more: { text: string; href: string };
}
