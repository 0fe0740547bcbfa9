import type { Replay, Replayed } from '../../../features/insight/planning/types.ts';
import { Table } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { wordsOfPlan } from './words.ts';

interface Row {
  name: string;
  cell(run: Replayed): string;
}

/** A past month with more and fewer desks, side by side. */
export function PlayedAgain(props: { visit: DeskVisit; replay: Replay; days: number }) {
  const { visit, replay, days } = props;
  const { t, dates } = visit;
  const { asked, oneIn, runs } = replay;
  const to = replay.to.subtract({ hours: 1 });
  return (
    <section class="stack" aria-labelledby="replay" id="played">
      <h2 id="replay">{t('planning.replay.title')}</h2>
      {runs.length === 0 ? (
        <p role="status">{t('planning.replay.none')}</p>
      ) : (
        <>
          <p>
            {t('planning.replay.lead', {
              asked,
              from: dates.shortDay(replay.from),
              to: dates.shortDay(to),
            })}
          </p>
          <Table
            caption={t('planning.replay.caption')}
            wide="played-again"
            rows={rowsOf(visit, days)}
            keyOf={(row) => row.name}
            columns={[
              { head: t('planning.replay.column'), cell: (row: Row) => row.name },
              ...runs.map((run) => ({
                head: formatChange(visit, run.change * oneIn),
                number: true,
                cell: (row: Row) => row.cell(run),
              })),
            ]}
          />
          <Notes visit={visit} replay={replay} />
        </>
      )}
    </section>
  );
}

function formatChange({ t }: DeskVisit, change: number): string {
  if (change === 0) return t('planning.replay.same');
  const desks = Math.abs(change);
  return t(change > 0 ? 'planning.replay.more' : 'planning.replay.fewer', { desks });
}

function rowsOf(visit: DeskVisit, days: number): Row[] {
  const { t } = visit;
  const { number, share } = wordsOfPlan(visit);
  const within = (wait: number) => t('planning.days', { days: wait });
  return [
    { name: t('planning.replay.desks'), cell: (run) => number(run.desks) },
    { name: t('planning.replay.half'), cell: ({ wait }) => within(wait.half) },
    { name: t('planning.replay.most'), cell: ({ wait }) => within(wait.most) },
    { name: t('planning.replay.kept', { days }), cell: ({ kept }) => share(kept) },
    { name: t('planning.replay.noTime'), cell: ({ none }) => number(none) },
    { name: t('planning.replay.occupied'), cell: ({ occupied }) => share(occupied) },
    { name: t('planning.replay.late'), cell: ({ late }) => share(late.share) },
    {
      name: t('planning.replay.lateMost'),
      cell: ({ late }) => t('common.minutes', { count: Math.round(late.most) }),
    },
  ];
}

/** The desks that were added and removed, and the omissions. */
function Notes({ visit, replay }: { visit: DeskVisit; replay: Replay }) {
  const { t, office } = visit;
  const { comes, go, oneIn } = replay;
  const name = (id: number) => office.desk(id)?.name ?? '';
  const list = new Intl.ListFormat(t.language, { type: 'conjunction' });
  return (
    <div class="soft small">
      {oneIn > 1 ? <p>{t('planning.replay.oneIn', { of: oneIn })}</p> : null}
      {comes === null ? null : <p>{t('planning.replay.comes', { desk: name(comes) })}</p>}
      {go.length > 0 ? (
        <p>{t('planning.replay.go', { desks: list.format(go.map(name)) })}</p>
      ) : null}
      <p>{t('planning.replay.limits')}</p>
    </div>
  );
}
