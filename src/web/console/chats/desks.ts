import { answersAbout } from '../../../domain/office/chat/topics.ts';
import { can } from '../../../domain/roles.ts';
import type { DeskChats } from '../../../features/service/chat/service.ts';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';

/** Returns whether the viewer gives conversations to desks. */
export const mayAssign = ({ viewer }: Pick<DeskVisit, 'viewer'>): boolean =>
  can(viewer, 'coordinate');

/** Returns the desks at which somebody is who can answer a conversation, those with most room first; not the one that has it. */
export function ableDesks(
  visit: Pick<DeskVisit, 'office' | 'people' | 't'>,
  { desks, own, others }: DeskChats,
  chat: { topic: string; language: string; desk?: number | null },
): { id: number; words: string }[] {
  const { t, office } = visit;
  const topic = office.settings.chat.topics.find(({ code }) => code === chat.topic);
  const held = (desk: number) => [...own, ...others].filter((each) => each.desk === desk).length;
  return desks
    .filter(
      (each) =>
        each.id !== chat.desk &&
        !each.isGone &&
        answersAbout({ ...each, chats: null }, topic ?? { procedures: [] }, chat.language),
    )
    .map((each) => ({ id: each.id, room: Math.max(0, each.capacity - held(each.id)) }))
    .toSorted((a, b) => b.room - a.room || a.id - b.id)
    .map(({ id, room }) => ({
      id,
      words: t('chatDesk.room', { desk: formatDesk(visit, id), room }),
    }));
}
