import type { PersonId } from '../identity.ts';

/** Somebody in the register of inhabitants (padró), with no more than a certificate needs: RD 1690/1986, arts. 57 and 61. */
export interface Resident {
  /** Null: the register has none, as of many children, or none that can be right. */
  id: PersonId | null;
  given: string;
  /** One family name or two, as they are written. */
  family: string;
  born: Temporal.PlainDate | null;
  /** The code of the dwelling (full padronal): whoever has the same lives in the same household. */
  dwelling: string;
  /** Street, number, floor and door in one line. */
  address: string;
  /** Postcode and place in one line. */
  place: string;
  /** The day from which on they are registered at this address; null: the register doesn't have it. */
  since: Temporal.PlainDate | null;
  /** Whether their address must not be known, as of victims of violence. */
  isProtected: boolean;
}

/** The full name of a resident. */
export const nameOf = ({ given, family }: Pick<Resident, 'given' | 'family'>): string =>
  `${given} ${family}`.trim();

/** Who stands on a certificate: the person alone, or everybody in the dwelling. */
export const EXTENTS = ['person', 'household'] as const;
export type Extent = (typeof EXTENTS)[number];

/** What the register has of a person. */
export interface Registered {
  resident: Resident;
  /** Everybody in the dwelling, the person too, as the register lists them; of a look for the person alone, only they. */
  household: readonly Resident[];
  /** The day on which the register was as it is here. */
  asOf: Temporal.PlainDate;
  /** Whether the register tells whose address must not be known (`isProtected`), or leaves those people out. */
  tellsProtected: boolean;
}

/**
 * What a look into the register finds of an identifier. `no_list`: there is no register here; `unknown`: nobody has the identifier; `several`:
 * more than one person has it.
 */
export type Found =
  | { kind: 'found'; registered: Registered }
  | { kind: 'no_list' | 'unknown' | 'several' };
