/** By what a case was begun for another person, or for an organisation (docs/adr/0107). */
export interface CaseRepresentation {
  /** The id of the authorisation; null: it is of an organisation, or the authorisation is gone. */
  id: string | null;
  /** Who acts by it; null: there is none, or they erased their folder. */
  representative: string | null;
  /** Whether nobody has ended it. */
  isAccepted: boolean;
  /** The NIF of the organisation, for which people act by certificates; null: it is of a person. */
  organisation: string | null;
}

/** For whom somebody acts, in a record: the name and the identifier, and the authorisation; null: a certificate, in their identification. */
export interface RecordRepresented {
  name: string;
  identifier: string;
  authorisation: string | null;
}
