import { CHANNELS } from '../../../domain/channel.ts';
import type { HalfHour } from '../../../features/insight/live-board/types.ts';
import { Table, Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import type { NowProps } from './words.ts';

/** What is booked in the next two hours against who is there: where somebody is missing, in words. */
export function Ahead({ visit, board }: NowProps) {
  const { t, dates } = visit;
  return (
    <div class="now-ahead">
      <Table
        caption={t('now.ahead.title')}
        columns={[
          {
            head: t('now.ahead.when'),
            cell: ({ from, to }) => (
              <span class="figures">{`${dates.time(from)}–${dates.time(to)}`}</span>
            ),
          },
          { head: t('now.ahead.appointments'), cell: (each) => formatBooked(visit, each) },
          { head: t('now.ahead.atOnce'), number: true, cell: ({ atOnce }) => atOnce },
          { head: t('now.ahead.desks'), number: true, cell: ({ desks }) => desks },
          { head: t('now.ahead.verdict'), cell: (each) => <Verdict visit={visit} half={each} /> },
        ]}
        rows={board.ahead}
        keyOf={({ from }) => from.toString()}
      />
      <p class="small soft">{t('now.ahead.how')}</p>
    </div>
  );
}

function formatBooked({ t }: DeskVisit, { appointments, byChannel }: HalfHour) {
  const parts = CHANNELS.filter((each) => byChannel[each] > 0).map(
    (each) => `${byChannel[each]} ${t(`now.ahead.by.${each}`)}`,
  );
  return (
    <>
      <span class="figures">{appointments}</span>
      {parts.length > 1 ? <span class="small soft"> ({parts.join(', ')})</span> : null}
    </>
  );
}

function Verdict({ visit: { t }, half }: { visit: DeskVisit; half: HalfHour }) {
  const { missing, atOnce } = half;
  if (missing > 0) return <Tag kind="warn">{t('now.ahead.missing', { count: missing })}</Tag>;
  return atOnce > 0 ? (
    <Tag kind="good">{t('now.ahead.enough')}</Tag>
  ) : (
    <span class="soft">{t('now.ahead.nothing')}</span>
  );
}
