import { workingDaysOf } from '../../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { nearDay, nearInstant } from '../../../../lib/calendar/near.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Keyring } from '../../documents/service.ts';
import { concernedIn, openApplicant } from '../applicant.ts';
import type { CasesDeps } from '../keeping.ts';
import { placeOf } from '../sealing.ts';
import { mayHandleCases, maySaveNames, SOON_DAYS } from './rules.ts';
import type { InboxFilter, InboxPage, InboxRow, NumberedCase } from './types.ts';
import {
  type After,
  type Asked,
  countInbox,
  NEVER,
  readInbox,
  readNumbered,
  type SealedInboxRow,
} from './views.ts';

/** Cases on a page of the inbox. */
export const ON_A_PAGE = 50;
/** Cases that are read at once for a file, and the most of a file. */
const IN_A_PIECE = 1000;
export const MOST_IN_A_FILE = 50_000;
/** The most cases that are found by typing their number. */
const MOST_NUMBERED = 300;

/** The inbox of an office: the cases that somebody may open, what is due first. */
export interface Inbox {
  /** Returns a page of the inbox. `after`: what the page before said; null: the first one. Null: the viewer has no inbox here. */
  inbox(
    viewer: StaffViewer,
    office: Office,
    filter: InboxFilter,
    after: string | null,
  ): Promise<InboxPage | null>;
  /** Returns the numbers of the open cases that the viewer may open, at most `MOST_NUMBERED`, the newest first. */
  numbered(viewer: StaffViewer, office: Office): Promise<NumberedCase[]>;
  /** Returns all of it for a file, at most `MOST_IN_A_FILE`. Names are empty for those who may not save them. It is on the trail. */
  inboxFile(
    viewer: StaffViewer,
    office: Office,
    filter: InboxFilter,
  ): Promise<{ rows: InboxRow[]; hasNames: boolean } | null>;
}

export interface InboxDeps extends Pick<CasesDeps, 'unit' | 'clock'> {
  keyring: Pick<Keyring, 'shelves'>;
}

export function createInbox({ unit, clock, keyring }: InboxDeps): Inbox {
  return {
    async inbox(viewer, office, filter, after) {
      if (!mayHandleCases(viewer) || viewer.office !== office.id) return null;
      const asked = askedOf(viewer, office, filter, clock.now());
      return unit(viewer, office.id, async ({ tx, record }) => {
        await record('cases_listed', { data: { group: filter.group } });
        const read = { after: afterIn(after), most: ON_A_PAGE + 1 };
        const found = await readInbox(tx, asked, read);
        const rows = await named(keyring, tx, office.id, found.slice(0, ON_A_PAGE));
        const last = found.length > ON_A_PAGE ? rows.at(-1) : undefined;
        return { rows, counts: await countInbox(tx, asked), next: last ? whereIs(last) : null };
      });
    },

    async numbered(viewer, office) {
      if (!mayHandleCases(viewer) || viewer.office !== office.id) return [];
      const asked = askedOf(viewer, office, { group: 'open' }, clock.now());
      return unit(viewer, office.id, ({ tx }) => readNumbered(tx, asked, MOST_NUMBERED));
    },

    async inboxFile(viewer, office, filter) {
      if (!mayHandleCases(viewer) || viewer.office !== office.id) return null;
      const asked = askedOf(viewer, office, filter, clock.now());
      const hasNames = maySaveNames(viewer);
      return unit(viewer, office.id, async ({ tx, record }) => {
        const rows: InboxRow[] = [];
        for (let after: After | null = null; rows.length < MOST_IN_A_FILE; ) {
          const piece: SealedInboxRow[] = await readInbox(tx, asked, { after, most: IN_A_PIECE });
          const opened = hasNames
            ? await named(keyring, tx, office.id, piece)
            : piece.map(nameless);
          rows.push(...opened);
          const last = opened.at(-1);
          if (!last || piece.length < IN_A_PIECE) break;
          after = afterIn(whereIs(last));
        }
        const data = { group: filter.group, cases: rows.length, names: hasNames };
        await record('cases_exported', { data });
        return { rows, hasNames };
      });
    },
  };
}

function askedOf(
  viewer: StaffViewer,
  office: Office,
  filter: InboxFilter,
  now: Temporal.Instant,
): Asked {
  const { timeZone } = office;
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  const soon = workingDaysOf(office.settings).endOf({ workingDays: SOON_DAYS }, today) ?? today;
  return {
    office: office.id,
    viewer,
    ...{ today, soon, timeZone, filter },
  };
}

const nameless = ({ sealedApplicant: _, ...row }: SealedInboxRow): InboxRow => ({
  ...row,
  name: '',
});

/** Opens the names of cases, with one query for all their keys. */
async function named(
  keyring: InboxDeps['keyring'],
  tx: Tx,
  office: number,
  rows: readonly SealedInboxRow[],
): Promise<InboxRow[]> {
  const keys = await keyring.shelves(
    tx,
    rows.map(({ id }) => placeOf({ id, office })),
  );
  return rows.map(({ sealedApplicant, ...row }) => {
    const key = keys.get(row.id);
    const who =
      key && sealedApplicant ? openApplicant(key, { id: row.id, office }, sealedApplicant) : null;
    return { ...row, name: who ? concernedIn(who).name : '' };
  });
}

const whereIs = ({ due, closedAt, id }: InboxRow): string =>
  `${closedAt?.toString() ?? due?.toString() ?? NEVER}_${id}`;

/** Returns where a page begins; null: at the first case. */
function afterIn(text: string | null): After | null {
  const [at = '', id = ''] = (text ?? '').split('_');
  const term = at === NEVER ? at : (nearDay(at) ?? nearInstant(at))?.toString();
  return term && isUuid(id) ? { at: term, id } : null;
}
