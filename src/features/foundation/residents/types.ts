import type { PersonId } from '../../../domain/identity.ts';
import type { Extent, Found } from '../../../domain/residence/resident.ts';

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

/** Why the register that is asked elsewhere told nothing. `away`: another try may succeed. */
export interface RegisterFailure {
  reason: 'away' | 'refused' | 'unclear';
  /** For logs: small letters and digits, without personal data. */
  code: string;
}

/** The register of inhabitants itself, where a town asks it elsewhere. */
export interface OutsideRegister {
  /**
   * Looks somebody up, and for a household those they live with. `about`: the reference of what it is asked for; `isAsked`: whether they asked for it
   * themselves.
   */
  find(
    id: PersonId,
    on: { extent: Extent; about: string; isAsked: boolean },
  ): Promise<{ ok: true; value: Found } | ({ ok: false } & RegisterFailure)>;
}

/** Thrown where the register that is asked elsewhere told nothing. */
export class RegisterSilent extends Error {
  readonly failure: RegisterFailure;

  constructor(failure: RegisterFailure) {
    super(`The register of inhabitants told nothing: ${failure.code}`);
    this.failure = failure;
  }
}
