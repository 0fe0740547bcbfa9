import type { TownAbsence, TownClosure, TownDesk, TownProcedure, TownShift } from './schema.ts';
import type { OfficeSettings, Town } from './types.ts';

/** What a town file declares, as the database keeps it or as a file wants it. Retired things are marked, not gone. */
export interface TownState {
  town: Town | null;
  offices: ReadonlyMap<string, OfficeState>;
  /** By e-mail address. */
  staff: ReadonlyMap<string, PersonState>;
}

export interface OfficeState {
  position: number;
  retired: boolean;
  settings: OfficeSettings;
  procedures: ReadonlyMap<string, { position: number; retired: boolean; settings: TownProcedure }>;
  desks: ReadonlyMap<string, TownDesk & { retired: boolean }>;
  shifts: readonly TownShift[];
  absences: readonly TownAbsence[];
  closures: readonly TownClosure[];
  /** Of desks that are retired: theirs again when they come back. No file says it. */
  retiredRotas: { shifts: readonly TownShift[]; absences: readonly TownAbsence[] };
}

export interface PersonState {
  name: string;
  operator: boolean;
  retired: boolean;
  roles: readonly { office: string; role: string; desk: string | null }[];
}
