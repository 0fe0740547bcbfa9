import { isSpaceOpen } from '../../../features/booking/appointments/rules.ts';
import { addressOf } from '../../../features/foundation/notices/rules.ts';
import { mayCoordinate } from '../../../features/service/coordination/rules.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { ReassignLink } from '../board/reassign-link.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';

interface DeskProps {
  visit: DeskVisit;
  dossier: Dossier;
}

/** The further actions for this citizen. */
export function DeskLinks({ visit, dossier }: DeskProps) {
  const { t, base } = visit;
  const { id, status, displacedAt } = dossier.appointment;
  const isBooked = status === 'booked';
  // After the end there may be documents to fetch, and a citizen whose contact must change.
  const isReachable = isSpaceOpen(dossier.appointment, visit.office.settings.retention, visit.now);
  const canGive = displacedAt === null && (status === 'booked' || status === 'arrived');
  const at = `${base}/appointment/${id}`;
  const links = [
    ...(isBooked ? [{ href: `${at}/move`, action: 'move', text: t('desk.move.link') }] : []),
    ...(isReachable
      ? [{ href: `${at}/contact`, action: 'contact', text: t('desk.contact.title') }]
      : []),
    ...(isBooked ? [{ href: `${at}/print`, action: 'print', text: t('desk.print.link') }] : []),
    { href: `${base}/book?like=${id}`, action: 'another', text: t('desk.book.another') },
  ];
  return (
    <ul class="unmarked ways">
      {links.map((each) => (
        <li key={each.href}>
          <a href={each.href} data-action={each.action}>
            {each.text}
          </a>
        </li>
      ))}
      {canGive && mayCoordinate(visit.viewer) ? (
        <li>
          <ReassignLink visit={visit} id={id} />
        </li>
      ) : null}
    </ul>
  );
}

const DONE = ['booked', 'moved', 'contact', 'vouched', 'undone', 'corrected'] as const;

/**
 * The result of a form, and the citizen's notice. It takes the focus, so that screen readers read it first.
 */
export function SayDone({ visit, dossier }: DeskProps) {
  const { t, c, dates, base } = visit;
  const { id, citizen, start, status } = dossier.appointment;
  if (c.req.query('done') === 'reassigned')
    return <SayReassigned visit={visit} dossier={dossier} />;
  const done = DONE.find((each) => each === c.req.query('done'));
  if (done === 'vouched') return <Good text={t('desk.done.vouched')} />;
  if (done === 'undone') return <Good text={t('undo.done')} />;
  if (done === 'corrected') return <Good text={t('correct.done')} />;
  if (!done || (status !== 'booked' && done !== 'contact')) return null;
  const address = addressOf(citizen);
  const isPaper = done === 'booked' && !citizen.email;
  return (
    <div class="over" role="status" id="done" tabIndex={-1} autofocus>
      <Notice kind="good">
        <p>
          <strong>
            {t(`desk.done.${done}`, { day: dates.day(start), time: dates.time(start) })}
          </strong>{' '}
          {address ? t(`desk.done.told.${address.channel}`) : t('desk.done.told.nobody')}
        </p>
        {done === 'contact' ? null : (
          <p>
            <ButtonLink kind={isPaper ? 'main' : 'quiet'} href={`${base}/appointment/${id}/print`}>
              {t('desk.print.link')}
            </ButtonLink>
          </p>
        )}
      </Notice>
    </div>
  );
}

function SayReassigned({ visit, dossier }: DeskProps) {
  const desk = formatDesk(visit, dossier.appointment.desk);
  return <Good text={visit.t('reassign.done', { desk })} />;
}

function Good({ text }: { text: string }) {
  return (
    <div class="over" role="status" id="done" tabIndex={-1} autofocus>
      <Notice kind="good">{text}</Notice>
    </div>
  );
}
