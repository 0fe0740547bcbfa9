import type { TownAbsence, TownClosure, TownDesk, TownProcedure, TownShift } from './schema.ts';
import type { OfficeSettings, Town } from './types.ts';

/** The declarations of a town file, as the database keeps them or as a file wants them. Retired things are marked and stay in the list. */
export interface TownState {
  town: Town | null;
  offices: ReadonlyMap<string, OfficeState>;
  /** The staff by e-mail address. */
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
  /** The rota of retired desks, restored when they come back. The town file doesn't contain it. */
  retiredRotas: { shifts: readonly TownShift[]; absences: readonly TownAbsence[] };
}

export interface PersonState {
  name: string;
  operator: boolean;
  retired: boolean;
  roles: readonly { office: string; role: string; desk: string | null }[];
}
