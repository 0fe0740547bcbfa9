import type { Dossier } from '../../../features/service/encounter/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

export type Written = Awaited<ReturnType<StaffDeps['room']['messages']>>[number];

/** The messages of the video call, during and after it: a telephone number, the name of a form. */
export function WrittenInCall(props: {
  visit: DeskVisit;
  dossier: Dossier;
  written: readonly Written[];
}) {
  const { visit, dossier, written } = props;
  const { t, dates, office } = visit;
  if (written.length === 0) return null;
  const { desk, citizen } = dossier.appointment;
  const nameOf = ({ companion, colleague, name, author }: Written): string => {
    if (colleague)
      return name || t('room.them.colleague', { office: textIn(office.name, t.language) });
    if (companion) return name || t('companions.written.companion');
    if (author === 'citizen') return citizen.name || t('companions.written.citizen');
    // Whoever writes as staff has begun the encounter or taken it over, so the history has their name.
    const who = dossier.events.find((each) => each.actor === author)?.who;
    return who ?? office.desk(desk)?.name ?? t('staff.actor.staff');
  };
  return (
    <>
      <h2>{t('companions.written.title')}</h2>
      <ul class="unmarked">
        {written.map((each) => (
          <li key={each.id}>
            <span class="figures soft small">{dates.time(each.at)}</span> <b>{nameOf(each)}</b>{' '}
            <span class="said">{each.text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
