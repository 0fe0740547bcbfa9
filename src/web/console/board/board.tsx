import type { Board } from '../../../features/service/coordination/types.ts';
import type { EnteredAbsence } from '../../../features/service/rota/types.ts';
import { Notice, Tag } from '../../../ui/parts.tsx';
import { ChatsLine } from '../chats/on-board.tsx';
import { dayAsked } from '../day/page.tsx';
import { Key } from '../key.tsx';
import { Live } from '../live.tsx';
import { formatAbsence, formatHours } from '../rota/words.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { outsideShift } from '../words.ts';
import { BoardColumn, lengthClass, placeClass } from './column.tsx';
import { Without } from './displaced.tsx';

export interface BoardProps {
  visit: DeskVisit;
  board: Board;
}

/** `…/board`: today's lists of all desks; `?choose=1`: a choice of several appointments for one action. */
export function boardPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { t, c, viewer, office, base } = visit;
    const after = await deps.eventFeed.newest(office.id);
    const board = await deps.coordination.board(viewer, office, dayAsked(visit));
    if (!board) return c.notFound();
    const isChoosing = c.req.query('choose') === '1';
    const hasChats = office.settings.chat.topics.length > 0;
    const chats = hasChats ? await deps.chatDesk.list(viewer, office) : null;
    const absences = await deps.rota.absences(viewer, office);
    const { day } = board;
    const columns = <Columns visit={visit} board={board} isChoosing={isChoosing} />;
    return visit.show(
      {
        title: t('board.title'),
        layout: 'regions',
        islands: isChoosing ? [] : ['console'],
      },
      <>
        <section
          class="region day-region board stack"
          aria-labelledby="day"
          data-from={isChoosing ? undefined : `${base}/board?day=${day}`}
          data-day={day.toString()}
        >
          <Head visit={visit} board={board} />
          <Chooser visit={visit} board={board} />
          <Figures visit={visit} board={board} />
          {chats ? <ChatsLine visit={visit} chats={chats} /> : null}
          {isChoosing ? null : <Ways visit={visit} board={board} absences={absences} />}
          {isChoosing ? null : <Without visit={visit} board={board} />}
          {isChoosing ? (
            <form method="post" action={`${base}/board/several`} class="choosing">
              <input type="hidden" name="day" value={day.toString()} />
              <fieldset>
                <legend class="legend">{t('several.mark')}</legend>
                {columns}
              </fieldset>
              <Doing visit={visit} board={board} />
            </form>
          ) : (
            columns
          )}
        </section>
        {isChoosing ? null : <Live visit={visit} after={after} />}
      </>,
    );
  };
}

function Head({ visit, board }: BoardProps) {
  const { t, dates, office, now } = visit;
  const noon = board.day.toZonedDateTime({ timeZone: office.timeZone, plainTime: '12:00' });
  const isToday = now.toZonedDateTimeISO(office.timeZone).toPlainDate().equals(board.day);
  return (
    <div class="board-head" id="day">
      <h1>{t('board.title')}</h1>
      <p class="day-title">
        <strong>{dates.day(noon.toInstant())}</strong>
        {isToday ? (
          <span class="soft"> · {t('staff.day.now', { time: dates.time(now) })}</span>
        ) : null}
      </p>
    </div>
  );
}

function Chooser({ visit, board: { day } }: BoardProps) {
  const { t, base } = visit;
  const to = (other: Temporal.PlainDate) => `${base}/board?day=${other}`;
  return (
    <form action={`${base}/board`} class="choose">
      <nav class="row small" aria-label={t('staff.day.others')}>
        <a href={to(day.subtract({ days: 1 }))}>{t('staff.day.before')}</a>
        <a href={`${base}/board`}>{t('staff.day.today')}</a>
        <a href={to(day.add({ days: 1 }))}>{t('staff.day.after')}</a>
      </nav>
      <div class="field">
        <label for="choose-day" class="small">
          {t('staff.day.choose')}
        </label>
        <input type="date" id="choose-day" name="day" value={day.toString()} required />
      </div>
      <button type="submit" class="button quiet">
        {t('staff.day.show')}
      </button>
    </form>
  );
}

/** The state of the day in seven numbers. A number that should be zero is marked when it isn't. */
function Figures({ visit: { t }, board: { figures } }: BoardProps) {
  const rows = [
    ['inCall', ''],
    ['soon', ''],
    ['late', 'warn'],
    ['noshow', ''],
    ['undelivered', 'bad'],
    ['stoppedResults', 'bad'],
    ['displaced', 'warn'],
  ] as const;
  return (
    <dl class="tally">
      {rows.map(([name, kind]) => (
        <div key={name} class={figures[name] > 0 && kind ? kind : undefined}>
          <dt>{t(`board.figure.${name}`)}</dt>
          <dd class="figures">{figures[name]}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The actions on the day, and the absent desks. */
function Ways({ visit, board, absences }: BoardProps & { absences: readonly EnteredAbsence[] }) {
  const { t, base } = visit;
  return (
    <>
      <p class="row ways">
        {nowLine(visit, board) ? (
          <a href="#now" class="to-now">
            {t('board.toNow')}
          </a>
        ) : null}
        <a href={`${base}/desk-away`} data-action="deskAway">
          {t('away.title')}
          <Key action="deskAway" />
        </a>
        <a href={`${base}/close`}>{t('freeNow.close.title')}</a>
        <a href={`${base}/late`} data-action="sayLate">
          {t('late.title')}
          <Key action="sayLate" />
        </a>
        <a href={`${base}/board?day=${board.day}&choose=1#now`} data-action="several">
          {t('several.choose')}
          <Key action="several" />
        </a>
        <a href={`${base}/calls`}>{t('quality.title')}</a>
        <a href={`${base}/planning`} data-action="planning">
          {t('planning.place')}
          <Key action="planning" />
        </a>
      </p>
      {absences.length > 0 ? (
        <ul class="unmarked" aria-label={t('away.now')}>
          {closingsOf(absences).map((each) => (
            <li key={each.id}>
              <Tag kind="warn">{t('freeNow.close.tag')}</Tag>{' '}
              <a href={`${base}/closing/${each.change}`}>{formatHours(visit, each)}</a>
            </li>
          ))}
          {absences
            .filter((each) => !each.isOfClosing)
            .map((each) => (
              <li key={each.id}>
                <Tag kind="warn">{t('away.tag')}</Tag>{' '}
                <a href={`${base}/desk-away/${each.id}`}>{formatAbsence(visit, each)}</a>
              </li>
            ))}
        </ul>
      ) : null}
    </>
  );
}

/** One absence of each closing of the office: all its desks have the same hours. */
const closingsOf = (absences: readonly EnteredAbsence[]): EnteredAbsence[] =>
  [
    ...Map.groupBy(
      absences.filter((each) => each.isOfClosing),
      (each) => each.change,
    ).values(),
  ].map((each) => each[0]!);

function Columns({ visit, board, isChoosing }: BoardProps & { isChoosing: boolean }) {
  const { t } = visit;
  const outside = outsideShift(
    visit.office,
    board.desks.flatMap((each) => each.entries),
  );
  if (board.desks.length === 0) return <Notice>{t('board.noDesks')}</Notice>;
  const isAnyBusy = board.desks.some(({ gaps }) => gaps.some(({ kind }) => kind === 'calendar'));
  return (
    <>
      {isAnyBusy ? (
        <p class="small calendar-key">
          <span class="swatch" aria-hidden="true" />
          <span>
            {t('calendars.busy')}. {t('calendars.busy.hint')}
          </span>
        </p>
      ) : null}
      <div class={`columns ${lengthClass(board.from, board.to)}`}>
        <Axis visit={visit} board={board} />
        {board.desks.map((each) => (
          <BoardColumn
            key={each.desk.id}
            visit={visit}
            board={board}
            column={each}
            isChoosing={isChoosing}
            outside={outside}
            now={nowLine(visit, board)}
          />
        ))}
      </div>
    </>
  );
}

/** The hours at the left, for sighted readers: each entry says its own. */
function Axis({ visit: { dates }, board: { from, to } }: BoardProps) {
  const count = Math.round(from.until(to).total('hours'));
  return (
    <ol class="axis figures" aria-hidden="true">
      {Array.from({ length: count }, (_, nth) => {
        const at = from.add({ hours: nth });
        return <li key={nth}>{dates.time(at)}</li>;
      })}
    </ol>
  );
}

/** Returns the classes of the present-time line, where the board shows it. */
function nowLine({ now }: DeskVisit, { from, to }: Board): string | null {
  const isOn = Temporal.Instant.compare(from, now) <= 0 && Temporal.Instant.compare(now, to) < 0;
  return isOn ? placeClass(from, now) : null;
}

/** The actions on the chosen appointments. */
function Doing({ visit: { t, base }, board: { day } }: BoardProps) {
  return (
    <div class="doing">
      <strong>{t('several.with')}</strong>
      {(['reassign', 'displace', 'cancel'] as const).map((each) => (
        <button key={each} type="submit" name="action" value={each} class="button quiet">
          {t(`several.action.${each}`)}
        </button>
      ))}
      <a class="button quiet" href={`${base}/board?day=${day}`}>
        {t('board.back')}
      </a>
    </div>
  );
}
