export const TRACES = ['sent', 'given', 'consented', 'declined', 'withdrawn', 'expired'] as const;

/** What a citizen or the office did about an appointment, beside meeting. It has no name of a document, and no words of a consent. */
export interface Trace {
  at: Temporal.Instant;
  /** `sent`: documents of the citizen; `given`: results. The others are what became of an act. */
  what: (typeof TRACES)[number];
  /** Of documents on that day; 1 of an act. */
  count: number;
}
