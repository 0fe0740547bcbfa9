import type { Language, Texts } from '../../lib/i18n/languages.ts';
import type { Rota } from '../rota.ts';
import type { TownFile, TownOffice, TownProcedure } from './schema.ts';

/** The data of the town that its offices share. */
export type Town = TownFile['town'];

/** The parts of the town file that an office's row keeps; parts with tables of their own are left out. */
export type OfficeSettings = Omit<
  TownOffice,
  'procedures' | 'desks' | 'shifts' | 'absences' | 'closures'
>;

/** An office, its catalogue and its rota, as of one revision. Immutable: a change makes a new object. */
export interface Office {
  id: number;
  code: string;
  revision: number;
  /** The moment of the last change to its declarations; null: unknown. */
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
  /** Returns a procedure by code or id, retired ones included, since old appointments refer to them. */
  procedure(key: string | number): Procedure | undefined;
  /** Returns a desk by id, retired ones included. */
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
