import type { Standing } from '../../booking/proof/types.ts';
import type { ActEntry } from '../consent/types.ts';
import type { DocumentEntry } from '../documents/types.ts';
import type { DayEntry, Dossier } from '../encounter/types.ts';
import type { IdentityStanding } from '../identifying/types.ts';
import type { Around } from '../representation/types.ts';
import type { MessageFound } from '../room/views.ts';

/** Everything that the console shows around an appointment. */
export interface Card {
  /** The office's newest event from before everything else was read: later ones come over the stream. */
  after: number;
  dossier: Dossier;
  /** The local day of the appointment. */
  day: Temporal.PlainDate;
  /** The desk whose day is shown: the viewer's own, or the appointment's for whoever sees every desk. */
  desk: number | null;
  entries: DayEntry[];
  /** Null: its documents and acts are not the viewer's. */
  space: CardSpace | null;
  /** The state of the citizen's addresses and link. */
  standing: Standing;
  /** Whether the citizen was asked to identify, and who did. */
  identity: IdentityStanding;
  /** Authorisations that were asked for with its documents, and the one by which it was booked. */
  authorisations: Around;
  /** What was written in its call. */
  written: MessageFound[];
}

/** The confidential space of an appointment. */
export interface CardSpace {
  papers: DocumentEntry[];
  /** How many of the citizen's documents were refused. */
  refusals: number;
  acts: ActEntry[];
}
