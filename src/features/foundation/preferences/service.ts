import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { ALERTS_DELIVERED, DELIVERED, ownOf } from './rules.ts';
import { saveAlerts, saveKeys, saveView } from './store.ts';
import {
  ALERT_CHOICES,
  type AlertChoice,
  DAY_VIEWS,
  type DayView,
  type Preferences,
  type ShortcutsChoice,
} from './types.ts';
import { readPreference } from './views.ts';

/** Each person's console settings, stored with their account, so that they apply on every computer. */
export interface PreferencesService {
  of(staff: number): Promise<Preferences>;
  chooseKeys(staff: number, choice: ShortcutsChoice): Promise<void>;
  chooseView(staff: number, view: DayView): Promise<void>;
  chooseAlerts(staff: number, alerts: readonly AlertChoice[]): Promise<void>;
}

export function createPreferences({ db }: { db: Db }): PreferencesService {
  return {
    of: async (staff) => {
      const row = await readPreference(db, staff);
      return {
        keys: row ? { isOff: row.keys_off, own: ownOf(row.keys) } : DELIVERED,
        view: DAY_VIEWS.find((each) => each === row?.day_view) ?? 'list',
        alerts: row ? ALERT_CHOICES.filter((each) => row.alerts.includes(each)) : ALERTS_DELIVERED,
      };
    },
    chooseKeys: (staff, choice) => within(db, INSTALLATION, (tx) => saveKeys(tx, staff, choice)),
    chooseView: (staff, view) => within(db, INSTALLATION, (tx) => saveView(tx, staff, view)),
    chooseAlerts: (staff, alerts) =>
      within(db, INSTALLATION, (tx) => saveAlerts(tx, staff, alerts)),
  };
}
