/** The place to which sealed data belongs. A missing part stands for all of them. */
export interface Place {
  office: number;
  /** The id of an appointment or of a case. */
  space?: string;
  /** Which of a space's keys: what is destroyed together shares one. */
  shelf?: string;
  document?: string;
}

const VERSION = 1;

/**
 * Returns the data that is authenticated with everything sealed for a place: moved to another document, appointment or office, it can't be
 * opened. `what` names the kind of data, so that a name can't be used as a key.
 */
export function placeData(place: Place, what: string): Buffer {
  const { office, space = '', shelf = '', document = '' } = place;
  return Buffer.from([VERSION, office, space, shelf, document, what].join('|'));
}
