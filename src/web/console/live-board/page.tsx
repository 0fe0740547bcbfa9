import { CHANNELS } from '../../../domain/channel.ts';
import type { Filter } from '../../../features/insight/live-board/types.ts';
import { ChatsNow } from '../chats/on-board.tsx';
import { Live } from '../live.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { procedureName, spanIn } from '../words.ts';
import { Ahead } from './ahead.tsx';
import { Desks } from './desks.tsx';
import { Waits } from './waits.tsx';
import type { NowProps } from './words.ts';

/** `…/now`: the present state of the office; `?procedure=&channel=`: part of it; `?wall=1`: for a wall. */
export function nowPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { t, c, viewer, office, base, now } = visit;
    const filter = filterOf(visit);
    const isWall = c.req.query('wall') === '1';
    const after = await deps.eventFeed.newest(office.id);
    const board = await deps.liveBoards.board(viewer, office, filter);
    if (!board) return c.notFound();
    const chats =
      office.settings.chat.topics.length > 0 ? await deps.chatDesk.list(viewer, office) : null;
    const props = { visit, board, isWall };
    const silent = board.desks.filter((each) => each.isUnresponsive).map(({ desk }) => desk.name);
    return visit.show(
      { title: t('liveBoard.title'), layout: 'regions', islands: ['console'] },
      <>
        <section
          class={`region day-region now-board stack${isWall ? ' wall' : ''}`}
          aria-labelledby="day"
          data-from={addressOf(base, filter, isWall)}
          data-day={now.toZonedDateTimeISO(office.timeZone).toPlainDate().toString()}
          data-hears="presence"
          data-alarm={
            silent.length > 0 ? t('liveBoard.alarm', { desks: silent.join(', ') }) : undefined
          }
        >
          <div class="board-head" id="day">
            <h1>{t('liveBoard.title')}</h1>
            <p class="day-title">{t('staff.day.now', { time: visit.dates.time(now) })}</p>
          </div>
          {isWall ? (
            <p class="choose">
              <SayFilter visit={visit} filter={filter} />
              <a href={addressOf(base, filter, false)}>{t('liveBoard.wall.leave')}</a>
            </p>
          ) : (
            <Chooser visit={visit} filter={filter} />
          )}
          <Figures {...props} />
          <div class="now-parts">
            <Waits {...props} />
            <Desks {...props} />
            <Ahead {...props} />
            {chats ? <ChatsNow visit={visit} chats={chats} isWall={isWall} /> : null}
          </div>
        </section>
        <Live visit={visit} after={after} />
      </>,
    );
  };
}

/** Returns the address's filters that the office has; unknown ones show all. */
function filterOf({ c, office }: DeskVisit): Filter {
  const procedure = c.req.query('procedure') ?? '';
  return {
    procedure: office.procedures.find((each) => each.code === procedure)?.code ?? null,
    channel: CHANNELS.find((each) => each === c.req.query('channel')) ?? null,
  };
}

function addressOf(base: string, { procedure, channel }: Filter, isWall: boolean): string {
  const asked = new URLSearchParams({
    ...(procedure && { procedure }),
    ...(channel && { channel }),
    ...(isWall && { wall: '1' }),
  });
  return asked.size > 0 ? `${base}/now?${asked}` : `${base}/now`;
}

function Chooser({ visit, filter }: { visit: DeskVisit; filter: Filter }) {
  const { t, base, office } = visit;
  return (
    <form action={`${base}/now`} class="choose">
      <div class="field">
        <label for="now-procedure" class="small">
          {t('liveBoard.procedure')}
        </label>
        <select id="now-procedure" name="procedure">
          <option value="">{t('liveBoard.every.procedure')}</option>
          {office.procedures.map(({ code }) => (
            <option key={code} value={code} selected={code === filter.procedure}>
              {procedureName(t, office, code)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="now-channel" class="small">
          {t('liveBoard.channel')}
        </label>
        <select id="now-channel" name="channel">
          <option value="">{t('liveBoard.every.channel')}</option>
          {CHANNELS.map((each) => (
            <option key={each} value={each} selected={each === filter.channel}>
              {t(`common.channel.${each}`)}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" class="button quiet">
        {t('staff.day.show')}
      </button>
      <button type="submit" name="wall" value="1" class="button quiet">
        {t('liveBoard.wall')}
      </button>
    </form>
  );
}

/** The filter as text on a wall, where it can't be changed. */
function SayFilter({ visit, filter }: { visit: DeskVisit; filter: Filter }) {
  const { t, office } = visit;
  const parts = [
    filter.procedure && procedureName(t, office, filter.procedure),
    filter.channel && t(`common.channel.${filter.channel}`),
  ].filter(Boolean);
  return parts.length > 0 ? <strong>{parts.join(' · ')}</strong> : null;
}

/** The present state in eight numbers. A number that should be zero is marked when it isn't. */
function Figures({ visit: { t }, board: { figures } }: NowProps) {
  const rows = [
    ['waiting', ''],
    ['longest', ''],
    ['late', 'warn'],
    ['unresponsive', 'bad'],
    ['uncalled', 'bad'],
    ['inCall', ''],
    ['free', ''],
    ['noshow', ''],
  ] as const;
  return (
    <dl class="tally">
      {rows.map(([name, kind]) => (
        <div key={name} class={kind && figures[name] > 0 ? kind : undefined}>
          <dt>{t(`liveBoard.figure.${name}`)}</dt>
          <dd class="figures" id={`figure-${name}`}>
            {name === 'longest' ? spanIn(t, figures.longest ?? 0) : figures[name]}
          </dd>
        </div>
      ))}
    </dl>
  );
}
