import { can } from '../../../domain/roles.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import type { OfficeEvent } from './types.ts';

/**
 * Whether somebody who looks on is told: an agent of what is or was at their desk, others of all in their office; nobody
 * of what they did themselves.
 */
export function concerns(viewer: StaffViewer, news: OfficeEvent): boolean {
  if (news.office !== viewer.office || news.actor === actorOf(viewer)) return false;
  return (
    can(viewer, 'see_every_desk') ||
    isAt(news, viewer.desk) ||
    hasLeft(news, viewer.desk) ||
    wasTakenFrom(news, viewer)
  );
}

const isAt = (news: OfficeEvent, desk: number | null): boolean =>
  desk !== null && news.desk === desk;

/** Whether it was at this desk before, and now is at another. */
export const hasLeft = (news: OfficeEvent, desk: number | null): boolean =>
  desk !== null && news.data.leftDesk === desk && news.desk !== desk;

/** Whether it is an encounter that somebody else goes on with in their place. */
export const wasTakenFrom = (news: OfficeEvent, viewer: StaffViewer): boolean =>
  news.kind === 'taken_over' && news.data.from === actorOf(viewer);
