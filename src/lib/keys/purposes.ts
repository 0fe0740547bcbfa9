/**
 * What a key is for, and for how long its earlier versions count once there is a newer one:
 *
 * - `retired`: until the operator retires them (`key retire`), since citizens and other systems hold what derives from them;
 * - `recent`: the version before the newest counts too, since what derives from them lives for minutes;
 * - `wrapped`: until everything that they sealed is sealed anew, which the worker does;
 * - `always`: what derives from them is only recognised, and has to be for as long as it is kept.
 */
export type Lasting = 'retired' | 'recent' | 'wrapped' | 'always';

interface Traits {
  /** What derives from it, for the operator. */
  of: string;
  lasting: Lasting;
}

/** Each purpose has a key of its own. The table in docs/operating.md says what rotation and compromise mean for each. */
export const PURPOSES = {
  links: { of: 'links in notices: appointments, companions, waiting list', lasting: 'retired' },
  codes: { of: 'one-time codes', lasting: 'recent' },
  forms: { of: 'forms on their way, single sign-on, pseudonyms of a day', lasting: 'recent' },
  addresses: { of: 'the list of those who want no reminders', lasting: 'always' },
  seals: { of: 'seals of the audit trail', lasting: 'always' },
  webhooks: { of: 'secrets that sign webhooks', lasting: 'retired' },
  staff: { of: 'sessions and second factors of staff', lasting: 'wrapped' },
  documents: { of: "the offices' keys, above all documents", lasting: 'wrapped' },
} as const satisfies Record<string, Traits>;

export type Purpose = keyof typeof PURPOSES;

export const PURPOSE_NAMES = Object.keys(PURPOSES) as Purpose[];

export const isPurpose = (text: string): text is Purpose => Object.hasOwn(PURPOSES, text);
