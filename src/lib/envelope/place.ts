/** Where something sealed belongs. What is left out stands for all of them. */
export interface Place {
  office: number;
  appointment?: string;
  /** Which of an appointment's keys: what is destroyed together has one. */
  shelf?: string;
  document?: string;
}

const VERSION = 1;

/**
 * What is authenticated with everything sealed for a place: moved to another document, appointment or office, it opens nothing.
 * `what` says what was sealed, so that a name can't stand for a key.
 */
export function placeData(place: Place, what: string): Buffer {
  const { office, appointment = '', shelf = '', document = '' } = place;
  return Buffer.from([VERSION, office, appointment, shelf, document, what].join('|'));
}
