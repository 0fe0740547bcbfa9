import { CHANNELS } from '../../../domain/channel.ts';
import type { HalfHour } from '../../../features/insight/live-board/types.ts';
import { Table, Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import type { NowProps } from './words.ts';

/** The bookings of the next two hours against the present agents: where agents are missing, in words. */
export function Ahead({ visit, board }: NowProps) {
  const { t, dates } = visit;
  return (
    <div class="now-ahead">
      <Table
        caption={t('liveBoard.ahead.title')}
        columns={[
          {
            head: t('liveBoard.ahead.when'),
            cell: ({ from, to }) => (
              <span class="figures">{`${dates.time(from)}–${dates.time(to)}`}</span>
            ),
          },
          { head: t('liveBoard.ahead.appointments'), cell: (each) => formatBooked(visit, each) },
          { head: t('liveBoard.ahead.atOnce'), number: true, cell: ({ atOnce }) => atOnce },
          { head: t('liveBoard.ahead.desks'), number: true, cell: ({ desks }) => desks },
          {
            head: t('liveBoard.ahead.verdict'),
            cell: (each) => <Verdict visit={visit} half={each} />,
          },
        ]}
        rows={board.ahead}
        keyOf={({ from }) => from.toString()}
      />
      <p class="small soft">{t('liveBoard.ahead.how')}</p>
    </div>
  );
}

function formatBooked({ t }: DeskVisit, { appointments, byChannel }: HalfHour) {
  const parts = CHANNELS.filter((each) => byChannel[each] > 0).map(
    (each) => `${byChannel[each]} ${t(`liveBoard.ahead.by.${each}`)}`,
  );
  return (
    <>
      <span class="figures">{appointments}</span>
      {parts.length > 1 ? <span class="small soft"> ({parts.join(', ')})</span> : null}
    </>
  );
}

function Verdict({ visit: { t }, half }: { visit: DeskVisit; half: HalfHour }) {
  const { missing, atOnce, appointments } = half;
  if (missing > 0) return <Tag kind="warn">{t('liveBoard.ahead.missing', { count: missing })}</Tag>;
  if (atOnce > 0) return <Tag kind="good">{t('liveBoard.ahead.enough')}</Tag>;
  // The hours of what is booked in the present half hour may be over, though somebody still waits.
  const words = appointments > 0 ? 'liveBoard.ahead.begun' : 'liveBoard.ahead.nothing';
  return <span class="soft">{t(words)}</span>;
}
