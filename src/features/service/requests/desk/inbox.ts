import type { Office } from '../../../../domain/office/types.ts';
import { dueSoonUntil } from '../../../../domain/requests/terms.ts';
import { can } from '../../../../domain/roles.ts';
import { nearDay, nearInstant } from '../../../../lib/calendar/near.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { type RequestsDeps, settingsOf } from '../keeping.ts';
import type { NumberedRequest, RequestFilter, RequestInboxPage, RequestInboxRow } from './types.ts';
import {
  type AfterRequest,
  type AskedRequests,
  countRequestInbox,
  NO_TERM,
  readNumberedRequests,
  readRequestInbox,
} from './views.ts';

/** Requests on a page of the inbox. */
export const REQUESTS_ON_A_PAGE = 50;
/** Requests that are read at once for a file, and the most of a file. */
const IN_A_PIECE = 1000;
export const MOST_REQUESTS_IN_A_FILE = 50_000;
/** The most requests that are found by typing their reference, and for how many days after their close. */
const MOST_NUMBERED = 300;
const FOUND_DAYS = 30;

/** The inbox of requests of an office: those that somebody may open, what is due first. */
export interface RequestInbox {
  /**
   * Returns a page of the inbox, whose requests are on the trail, since it has the beginning of what people wrote. `after`: what the page before said; null:
   * the first one. Null: the viewer has no inbox here.
   */
  inbox(
    viewer: StaffViewer,
    office: Office,
    filter: RequestFilter,
    after: string | null,
  ): Promise<RequestInboxPage | null>;
  /** Returns all of it for a file, at most `MOST_REQUESTS_IN_A_FILE`, which has nobody's words. It is on the trail. */
  inboxFile(
    viewer: StaffViewer,
    office: Office,
    filter: RequestFilter,
  ): Promise<RequestInboxRow[] | null>;
  /** Returns the references of the requests that the viewer may open, at most `MOST_NUMBERED`, the newest first. */
  numbered(viewer: StaffViewer, office: Office): Promise<NumberedRequest[]>;
}

/** Returns whether a member of staff handles requests in the office of their session. */
export const mayHandleRequests = (viewer: StaffViewer): boolean =>
  can(viewer, 'serve_citizens') || can(viewer, 'see_every_document');

/** Returns whether an office has an inbox of requests: it takes some. */
export const takesRequests = (office: Pick<Office, 'settings'>): boolean =>
  (settingsOf(office)?.types.length ?? 0) > 0;

const opens = (viewer: StaffViewer, office: Office): boolean =>
  mayHandleRequests(viewer) && viewer.office === office.id;

export function createRequestInbox({
  unit,
  clock,
}: Pick<RequestsDeps, 'unit' | 'clock'>): RequestInbox {
  return {
    async inbox(viewer, office, filter, after) {
      if (!opens(viewer, office)) return null;
      const asked = askedOf(viewer, office, filter, clock.now());
      return unit(viewer, office.id, async ({ tx, record }) => {
        const read = { after: afterIn(after), most: REQUESTS_ON_A_PAGE + 1 };
        const found = await readRequestInbox(tx, asked, read);
        const rows = found.slice(0, REQUESTS_ON_A_PAGE);
        const last = found.length > REQUESTS_ON_A_PAGE ? rows.at(-1) : undefined;
        const data = { group: filter.group, requests: rows.map(({ id }) => id) };
        await record('request_inbox_opened', { data });
        const counts = await countRequestInbox(tx, asked);
        return { rows, counts, next: last ? whereIs(filter, last) : null };
      });
    },

    async inboxFile(viewer, office, filter) {
      if (!opens(viewer, office)) return null;
      const asked = askedOf(viewer, office, filter, clock.now());
      return unit(viewer, office.id, async ({ tx, record }) => {
        const rows: RequestInboxRow[] = [];
        for (let after: AfterRequest | null = null; rows.length < MOST_REQUESTS_IN_A_FILE; ) {
          const piece = await readRequestInbox(tx, asked, { after, most: IN_A_PIECE });
          rows.push(...piece);
          const last = piece.at(-1);
          if (!last || piece.length < IN_A_PIECE) break;
          after = afterIn(whereIs(filter, last));
        }
        const data = { group: filter.group, requests: rows.length };
        await record('requests_exported', { data });
        return rows;
      });
    },

    async numbered(viewer, office) {
      if (!opens(viewer, office) || !takesRequests(office)) return [];
      const now = clock.now();
      const asked = askedOf(viewer, office, { group: 'open' }, now);
      const closedSince = now.subtract({ hours: 24 * FOUND_DAYS });
      return unit(viewer, office.id, ({ tx }) =>
        readNumberedRequests(tx, asked, { closedSince, most: MOST_NUMBERED }),
      );
    },
  };
}

function askedOf(
  viewer: StaffViewer,
  office: Office,
  filter: RequestFilter,
  now: Temporal.Instant,
): AskedRequests {
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const { otherTeams = null } = viewer;
  return {
    ...{ office: office.id, viewer, today, filter },
    soon: dueSoonUntil(today, { holidays: office.settings }),
    teams: office.settings.teams.flatMap(({ code }) =>
      otherTeams === null || otherTeams.includes(code) ? [] : [code],
    ),
  };
}

const whereIs = (
  { group }: RequestFilter,
  { due, closedAt, sentAt, id }: RequestInboxRow,
): string => `${(group === 'closed' ? closedAt : due)?.toString() ?? NO_TERM}_${sentAt}_${id}`;

/** Returns where a page begins; null: at the first request. */
function afterIn(text: string | null): AfterRequest | null {
  const [at = '', sent = '', id = ''] = (text ?? '').split('_');
  const term = at === NO_TERM ? at : (nearDay(at) ?? nearInstant(at))?.toString();
  const sentAt = nearInstant(sent)?.toString();
  return term && sentAt && isUuid(id) ? { at: term, sent: sentAt, id } : null;
}
