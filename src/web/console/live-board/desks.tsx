import type { DeskNow, WithoutDesk } from '../../../features/insight/live-board/types.ts';
import type { DayEntry } from '../../../features/service/encounter/types.ts';
import type { Standing, Work } from '../../../features/service/presence/types.ts';
import { Tag } from '../../../ui/parts.tsx';
import { STATE_KINDS } from '../bar/presence-menu.tsx';
import { DeskName } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';
import { procedureName } from '../words.ts';
import { type NowProps, sinceIn } from './words.ts';

/** The desks, their presence, and their next citizens. */
export function Desks(props: NowProps) {
  const { t } = props.visit;
  const { desks, withoutDesk } = props.board;
  return (
    <section aria-labelledby="desks" class="now-desks">
      <h2 id="desks">{t('liveBoard.desks.title')}</h2>
      {desks.length + withoutDesk.length === 0 ? (
        <p class="soft">{t('liveBoard.desks.none')}</p>
      ) : null}
      <ul class="unmarked entries">
        {desks.map((each) => (
          <DeskLine key={each.desk.id} {...props} now={each} />
        ))}
        {withoutDesk.map((each) => (
          <WithoutDeskLine key={each.standing.work?.appointment} {...props} now={each} />
        ))}
      </ul>
    </section>
  );
}

function DeskLine({ visit, isWall, now }: NowProps & { now: DeskNow }) {
  const { t, base } = visit;
  const { desk, standing, isOnShift, waiting, isUnresponsive, next } = now;
  const state = standing?.state ?? 'away';
  const hidden = <span class="hide"> {desk.name}</span>;
  return (
    <li class={isUnresponsive ? 'desk-now bad' : 'desk-now'} data-state={state}>
      <p>
        <strong>{isWall ? desk.name : <DeskName visit={visit} desk={desk.id} />}</strong>
      </p>
      <p class="marks">
        {isUnresponsive ? <Tag kind="bad">{t('liveBoard.unresponsive')}</Tag> : null}
        <State visit={visit} standing={standing} />
        {isOnShift ? null : <span class="small soft">{t('liveBoard.offShift')}</span>}
        {waiting > 0 ? (
          <span class="small">{t('liveBoard.waitFor', { count: waiting })}</span>
        ) : null}
      </p>
      <WorkLink visit={visit} isWall={isWall} work={standing?.work} />
      {next && !isWall ? (
        <p class="small soft">
          {t('liveBoard.next', { time: visit.dates.time(next.start), what: whatIn(visit, next) })}
        </p>
      ) : null}
      {isUnresponsive && !isWall ? (
        <p class="row small ways">
          <a href={`${base}/desk-away?desk=${desk.id}`}>
            {t('liveBoard.giveAway')}
            {hidden}
          </a>
        </p>
      ) : null}
    </li>
  );
}

/** The agents without a desk; on a wall, only that there are some. */
function WithoutDeskLine({
  visit,
  isWall,
  now: { who, standing },
}: NowProps & { now: WithoutDesk }) {
  const { t } = visit;
  const name = isWall ? null : who;
  return (
    <li class="desk-now" data-state={standing.state}>
      <p>
        <strong>{name ?? t('liveBoard.withoutDesk')}</strong>
        {name ? <span class="soft small"> {t('liveBoard.withoutDesk')}</span> : null}
      </p>
      <p class="marks">
        <State visit={visit} standing={standing} />
      </p>
      <WorkLink visit={visit} isWall={isWall} work={standing.work} />
    </li>
  );
}

function State({ visit, standing }: { visit: DeskVisit; standing: Standing | null }) {
  const { t } = visit;
  const state = standing?.state ?? 'away';
  return (
    <>
      <Tag kind={STATE_KINDS[state]}>{t(`liveBoard.state.${state}`)}</Tag>
      <span class="small figures">
        {standing
          ? t('liveBoard.for', { span: sinceIn(visit, standing.since) })
          : t('liveBoard.nobodyYet')}
      </span>
    </>
  );
}

function WorkLink(props: Pick<NowProps, 'visit' | 'isWall'> & { work: Work | null | undefined }) {
  const { visit, isWall, work } = props;
  return work && !isWall ? (
    <p class="small">
      <a href={`${visit.base}/appointment/${work.appointment}`}>{whatIn(visit, work)}</a>
    </p>
  ) : null;
}

/** "Volant de padró, per telèfon" */
const whatIn = (
  { t, office }: NowProps['visit'],
  { procedure, channel }: Pick<DayEntry, 'procedure' | 'channel'>,
): string => `${procedureName(t, office, procedure)}, ${t(`board.by.${channel}`)}`;
