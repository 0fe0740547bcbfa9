/** An address at which a calendar program reads the appointments of a desk, without its secret. */
export interface Feed {
  /** A UUID. */
  id: string;
  /** Id of the desk. */
  desk: number;
  /** Id of the member of staff who made it, and for whom it opens. */
  staff: number;
  /** Whether it has the citizens' names, while the office allows them. */
  names: boolean;
  madeAt: Temporal.Instant;
  /** The day (UTC) on which a program last read it; null: not yet. */
  readOn: string | null;
}

/** A role of a person in an office, by which they may see a desk. */
export interface Post {
  /** A stored `StaffRole`. */
  role: string;
  /** Id of their desk as an agent, if any. */
  desk: number | null;
}
