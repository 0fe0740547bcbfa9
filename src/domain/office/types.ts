import type { Language, Texts } from '../../lib/i18n/languages.ts';
import type { Rota } from '../rota.ts';
import type { TownFile, TownOffice, TownProcedure } from './schema.ts';

/** The town as a whole: what its offices share. */
export type Town = TownFile['town'];

/** What an office's row keeps of the town file as it is; what has tables of its own is left out. */
export type OfficeSettings = Omit<
  TownOffice,
  'procedures' | 'desks' | 'shifts' | 'absences' | 'closures'
>;

/** An office, its catalogue and its rota, as of one revision. Immutable: a change makes a new one. */
export interface Office {
  id: number;
  code: string;
  revision: number;
  /** When what is declared of it last changed; null: nobody knows. */
  declaredAt: Temporal.Instant | null;
  name: Texts;
  timeZone: string;
  languages: readonly Language[];
  settings: OfficeSettings;
  /** In the catalogue's order, without those retired. */
  procedures: readonly Procedure[];
  /** Desks, without those retired. */
  desks: readonly OfficeDesk[];
  rota: Rota;
  /** A procedure by code or id, retired ones too, since old appointments name them. */
  procedure(key: string | number): Procedure | undefined;
  /** A desk by id, retired ones too. */
  desk(id: number): OfficeDesk | undefined;
}

export interface Procedure extends TownProcedure {
  id: number;
  code: string;
  retired: boolean;
}

export interface OfficeDesk {
  id: number;
  code: string;
  name: string;
  retired: boolean;
}
