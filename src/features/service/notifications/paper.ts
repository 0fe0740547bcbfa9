import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { findTheirs, mayHandleCases, tellCase } from '../cases/service.ts';
import { readCase } from '../cases/views.ts';
import type { NotificationsDeps } from './deps.ts';
import { handoverOf } from './elsewhere/service.ts';
import { dayOf, paperMistake, recordable, recordedBy } from './rules.ts';
import { settle } from './store.ts';
import type { Listed, OfficeNotification, PaperResult, RecordResult, ToNotify } from './types.ts';
import { readNotices, readOfCase, readToDo } from './views.ts';

/** The most notifications in the office's list. */
const MOST = 200;

/** What an office does with its notifications. */
export interface Desk {
  /** Returns the notification of a case; null: there is none, or the case isn't the viewer's. The page of the case has recorded the look. */
  ofCase(viewer: StaffViewer, office: Office, id: string): Promise<OfficeNotification | null>;
  /** Returns those of the viewer's cases that do not count yet; null: they handle no cases. The look is recorded. `most`: so many at most. */
  toDo(viewer: StaffViewer, office: Office, most?: number): Promise<Listed<ToNotify> | null>;
  /** Records what became of one on paper, also where its person opened it in the folder meanwhile: the earlier day counts. */
  record(
    viewer: StaffViewer,
    office: Office,
    id: string,
    given: PaperResult,
  ): Promise<RecordResult>;
}

export const createDesk = (deps: Pick<NotificationsDeps, 'unit' | 'keyring'>): Desk => ({
  ofCase: (viewer, office, id) =>
    deps.unit(viewer, office.id, async (each) => {
      const row = await findTheirs(each, id, readCase);
      const notification = row && (await readOfCase(each.tx, row.id));
      if (!notification) return null;
      const notices = await readNotices(each.tx, notification);
      return { notification, notices, handover: await handoverOf(deps, each, notification) };
    }),

  async toDo(viewer, office, most = MOST) {
    if (!mayHandleCases(viewer)) return null;
    return deps.unit(viewer, office.id, async ({ tx, record }) => {
      const found = await readToDo(tx, { office: office.id, viewer, most });
      await record('cases_listed', { data: { notifications: found.shown.length } });
      return found;
    });
  },

  record: (viewer, office, id, given) =>
    deps.unit(viewer, office.id, async (each): Promise<RecordResult> => {
      const row = await findTheirs(each, id, readCase);
      const of = row && (await readOfCase(each.tx, row.id, true));
      if (!of) return { ok: false, reason: 'not_found' };
      if (!recordable(of).includes(given.result)) return { ok: false, reason: 'not_allowed' };
      const mistake = paperMistake(given, {
        madeOn: dayOf(of.madeAt, office.timeZone),
        triedOn: of.attemptedAgainOn,
        now: each.now.toZonedDateTimeISO(office.timeZone).toPlainDateTime(),
        days: workingDaysOf(office.settings),
      });
      if (mistake) return { ok: false, reason: mistake };
      await settle(each, of.id, recordedBy(of, given));
      await tellCase(each, of.case, 'notification_recorded', dataOf(given));
      return { ok: true };
    }),
});

const dataOf = (given: PaperResult): Record<string, string> =>
  given.result === 'failed'
    ? { result: given.result, first: given.first.toString(), second: given.second.toString() }
    : { result: given.result, on: given.on.toString() };
