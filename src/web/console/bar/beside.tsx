import { mayAssist } from '../../../features/service/encounter/rules.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ChatsHere } from '../chats/here.tsx';
import { WaitingRegion } from '../colleagues/waiting.tsx';
import type { DeskVisit } from '../visit.tsx';

/** The requests of colleagues and the conversations in writing, for everybody who serves citizens. */
export function besideIn(
  t: Translate,
  now: Temporal.Instant,
  more: Partial<DeskVisit>,
  back: string,
) {
  const { office, viewer, base, waiting, chats } = more;
  if (!office || !viewer || !base || !waiting || !mayAssist(viewer)) return null;
  const reader = { t, office, viewer, base, now };
  return (
    <>
      <WaitingRegion visit={reader} waiting={waiting} back={back} />
      {chats ? <ChatsHere visit={reader} own={chats} back={back} /> : null}
    </>
  );
}
