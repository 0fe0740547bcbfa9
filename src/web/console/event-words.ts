import { can } from '../../domain/roles.ts';
import { hasLeft, wasAskedBy, wasTakenFrom } from '../../features/booking/events/rules.ts';
import type { OfficeEvent } from '../../features/booking/events/types.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import type { DeskVisit } from './visit.tsx';
import { procedureName, whenIn } from './words.ts';

/** An event, as the pages of the console get it. */
export interface NewsSaid {
  /** The id of the appointment. */
  appointment: string;
  kind: OfficeEvent['kind'];
  /** The text for screen readers; empty where the display is sufficient. */
  text: string;
  /** The local days whose lists change, `2026-11-30`. */
  days: string[];
}

type Around = Pick<DeskVisit, 't' | 'dates' | 'office' | 'now' | 'viewer'>;

/**
 * Returns the message of an event. Agents get changes of their day; calls and encounters are visible on
 * the page itself.
 */
export function formatNews(around: Around, news: OfficeEvent): NewsSaid {
  const days = [news.start, ...placeBefore(news)].map((at) => dayIn(around, at));
  const { appointment, kind } = news;
  return { appointment, kind, text: textOf(around, news), days: [...new Set(days)] };
}

/** Returns the desk of a viewer who sees only their own; null: they see every desk. */
const ownDeskOnly = (viewer: StaffViewer): number | null =>
  can(viewer, 'see_every_desk') ? null : viewer.desk;

function textOf(around: Around, news: OfficeEvent): string {
  const { t, office, viewer } = around;
  const values = {
    when: whenIn(around, news.start),
    name: news.name,
    procedure: procedureName(t, office, news.procedure),
  };
  switch (news.kind) {
    case 'reassigned':
      return hasLeft(news, ownDeskOnly(viewer))
        ? t('live.left', values)
        : t('live.reassigned', { ...values, desk: office.desk(news.desk)?.name ?? '' });
    case 'taken_over':
      return wasTakenFrom(news, viewer) ? t('live.takenOver', values) : '';
    case 'handed_over':
    case 'colleague_joined':
    case 'colleague_declined':
    case 'hand_over_declined':
      return wasAskedBy(news, viewer) ? t(`colleagues.live.${news.kind}`, values) : '';
    case 'displaced':
      return t(news.data.uncalled ? 'live.uncalled' : 'live.displaced', values);
    case 'moved':
      return hasLeft(news, ownDeskOnly(viewer)) ? t('live.left', values) : t('live.moved', values);
    case 'arrived':
    case 'left':
      return t(news.data.site ? `checkIn.live.${news.kind}` : `room.live.${news.kind}`, values);
    case 'by_phone':
      return t(`room.live.${news.kind}`, values);
    case 'invited':
    case 'companion_arrived':
      return t(`companions.live.${news.kind}`, values);
    case 'identified':
    case 'identity_failed':
      return t(`identifying.live.${news.kind}`, values);
    case 'case_shown':
    case 'case_hidden':
      return t(`talking.live.${news.kind}`, values);
    case 'act_consented':
    case 'act_declined':
      return t(`acts.live.${news.kind}`, values);
    case 'booked':
    case 'cancelled':
    case 'contact_changed':
      return t(`live.${news.kind}`, values);
    default:
      return '';
  }
}

const dayIn = ({ office }: Around, at: Temporal.Instant): string =>
  at.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();

/** Returns the start before a move. */
function placeBefore({ data: { from } }: OfficeEvent): Temporal.Instant[] {
  const start = typeof from === 'object' && from !== null && 'start' in from ? from.start : null;
  return typeof start === 'string' ? [Temporal.Instant.from(start)] : [];
}
