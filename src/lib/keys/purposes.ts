/**
 * How long earlier versions of a purpose's key stay valid after a newer one:
 *
 * - `retired`: until the operator retires them (`key retire`), since citizens and other systems hold secrets derived from them;
 * - `recent`: only the version before the newest stays valid, since the derived secrets live for minutes;
 * - `wrapped`: until the worker has sealed everything under them again;
 * - `always`: derived values are only recognised, for as long as they are kept.
 */
export type Lasting = 'retired' | 'recent' | 'wrapped' | 'always';

interface Traits {
  /** The secrets derived from it, for the operator. */
  of: string;
  lasting: Lasting;
}

/** The purposes, each with a key of its own. The table in docs/operating.md gives the consequences of rotation and compromise for each. */
export const PURPOSES = {
  links: { of: 'links in notices: appointments, companions, waiting list', lasting: 'retired' },
  codes: { of: 'one-time codes', lasting: 'recent' },
  forms: { of: 'forms on their way, single sign-on, pseudonyms of a day', lasting: 'recent' },
  addresses: { of: 'the list of those who want no reminders', lasting: 'always' },
  seals: { of: 'seals of the audit trail', lasting: 'always' },
  webhooks: { of: 'secrets that sign webhooks', lasting: 'retired' },
  staff: { of: 'sessions and second factors of staff', lasting: 'wrapped' },
  calendars: { of: 'passwords of connected calendars', lasting: 'wrapped' },
  people: { of: 'identities of citizens, and their evidence', lasting: 'wrapped' },
  documents: { of: "the offices' keys, above all documents", lasting: 'wrapped' },
} as const satisfies Record<string, Traits>;

export type Purpose = keyof typeof PURPOSES;

export const PURPOSE_NAMES = Object.keys(PURPOSES) as Purpose[];

export const isPurpose = (text: string): text is Purpose => Object.hasOwn(PURPOSES, text);
