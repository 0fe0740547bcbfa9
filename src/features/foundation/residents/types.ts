/** What is known of the list of residents that is here. */
export interface ResidentList {
  id: string;
  /** The day on which the register was as the list has it. */
  asOf: Temporal.PlainDate;
  importedAt: Temporal.Instant;
  people: number;
  /** How many have an identifier, by which they are found. */
  findable: number;
}

/** A list that is brought here. */
export interface Import {
  asOf: Temporal.PlainDate;
  /** Whether it may be older than the list that is here, or much shorter. */
  anyway: boolean;
}

/**
 * What became of an import. `older`, `shorter`: than the list that is here; `future`: its day is not over yet somewhere; `too_old`: it would
 * be deleted at once; `empty`: nobody is in it.
 */
export type Imported =
  | { ok: true; list: ResidentList }
  | { ok: false; reason: 'older' | 'shorter'; before: ResidentList; people: number }
  | { ok: false; reason: 'future' | 'too_old' | 'empty' };
