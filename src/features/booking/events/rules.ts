import { can } from '../../../domain/roles.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import type { OfficeEvent } from './types.ts';

/**
 * Returns whether a viewer is informed: an agent about the present or former appointments of their desk, other roles about the whole
 * office; never about their own actions.
 */
export function concerns(viewer: StaffViewer, news: OfficeEvent): boolean {
  if (news.office !== viewer.office || news.actor === actorOf(viewer)) return false;
  return (
    can(viewer, 'see_every_desk') ||
    isAt(news, viewer.desk) ||
    hasLeft(news, viewer.desk) ||
    isInvolved(news, viewer)
  );
}

const isAt = (news: OfficeEvent, desk: number | null): boolean =>
  desk !== null && news.desk === desk;

/** Returns whether it was at this desk before and is at another now. */
export const hasLeft = (news: OfficeEvent, desk: number | null): boolean =>
  desk !== null && news.data.leftDesk === desk && news.desk !== desk;

/** Returns whether another person took over the encounter, or got it from the viewer. */
export const wasTakenFrom = (news: OfficeEvent, viewer: StaffViewer): boolean =>
  (news.kind === 'taken_over' || news.kind === 'handed_over') && news.data.from === actorOf(viewer);

/** Returns whether an event is about something that the viewer asked of a colleague. */
export const wasAskedBy = ({ data }: OfficeEvent, viewer: StaffViewer): boolean =>
  data.from === actorOf(viewer);

/** Returns whether an event is about what the viewer asked of a colleague or a colleague of the viewer. */
const isInvolved = ({ data }: OfficeEvent, viewer: StaffViewer): boolean =>
  data.from === actorOf(viewer) || data.to === actorOf(viewer);
