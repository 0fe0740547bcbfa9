import type {
  BadCall,
  CallFigures,
  HeardFigures,
  Period,
  PhoneFigures,
  Seen,
} from '../../../features/insight/call-quality/types.ts';
import { type Column, Table } from '../../../ui/parts.tsx';
import { type Numbers, numbersIn } from '../../numbers.ts';
import type { DeskVisit } from '../visit.tsx';

interface Props<Row> {
  visit: DeskVisit;
  by: Period;
  rows: readonly Row[];
}

/** The column of the week's first day, or of the month. */
function periodColumn<Row extends { from: Temporal.PlainDate }>(
  { t, office, dates }: DeskVisit,
  by: Period,
): Column<Row> {
  return {
    head: t(`quality.column.${by}`),
    cell: ({ from }) => {
      const at = from.toZonedDateTime(office.timeZone).toInstant();
      return <span class="nowrap">{by === 'week' ? dates.shortDay(at) : dates.month(at)}</span>;
    },
  };
}

export function VideoTable({ visit, by, rows }: Props<CallFigures>) {
  const { t } = visit;
  const { count, share } = numbersIn(t.language);
  const column = (name: 'calls' | 'connected' | 'relayed' | 'cut', of?: 'calls' | 'connected') => ({
    head: t(`quality.column.${name}`),
    number: true,
    cell: (row: CallFigures) => (of ? share(row[name], row[of]) : count(row[name])),
  });
  return (
    <Table
      caption={t('quality.table.video')}
      wide="video"
      rows={rows}
      keyOf={(row) => row.from.toString()}
      columns={[
        periodColumn(visit, by),
        column('calls'),
        column('connected', 'calls'),
        { head: t('quality.column.words'), cell: (row) => <Words visit={visit} of={row} /> },
        column('cut', 'calls'),
        column('relayed', 'connected'),
      ]}
    />
  );
}

/** The quality of a period's calls: bars as long as their share, each in its colour; the text is below. */
function Words({ visit: { t }, of: { words, calls } }: { visit: DeskVisit; of: CallFigures }) {
  let from = 0;
  const parts = (['good', 'fair', 'poor'] as const).map((each) => {
    const part = { each, from, width: (100 * words[each]) / Math.max(1, calls) };
    from += part.width;
    return part;
  });
  return (
    <>
      <svg class="shares" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part) => (
          <rect key={part.each} class={part.each} x={part.from} width={part.width} height="6" />
        ))}
      </svg>
      <span class="nowrap small">{t('quality.words', words)}</span>
    </>
  );
}

interface SeenColumn {
  name: 'firstHalf' | 'firstMost' | 'loss' | 'rtt' | 'fps' | 'freezes' | 'audioOnly';
  value(seen: Seen): number | null | undefined;
  write(numbers: Numbers): (value: number | null) => string;
}

/** The columns for one side's picture and sound, in the table and in the file. */
export const SEEN: readonly SeenColumn[] = [
  {
    name: 'firstHalf',
    value: (seen) => seen.firstFrameMs?.half,
    write:
      ({ seconds }) =>
      (value) =>
        seconds(value === null ? null : value / 1000),
  },
  {
    name: 'firstMost',
    value: (seen) => seen.firstFrameMs?.most,
    write:
      ({ seconds }) =>
      (value) =>
        seconds(value === null ? null : value / 1000),
  },
  { name: 'fps', value: (seen) => seen.fps, write: ({ number }) => number },
  { name: 'freezes', value: (seen) => seen.freezesPerHour, write: ({ number }) => number },
  { name: 'loss', value: (seen) => seen.lossPercent, write: ({ percent }) => percent },
  { name: 'rtt', value: (seen) => seen.rttMs, write: ({ ms }) => ms },
  {
    name: 'audioOnly',
    value: (seen) => seen.audioOnly && 100 * seen.audioOnly,
    write: ({ percent }) => percent,
  },
];

export function SeenTable(props: Props<CallFigures> & { side: 'theirs' | 'ours' }) {
  const { visit, by, rows, side } = props;
  const { t } = visit;
  const numbers = numbersIn(t.language);
  return (
    <Table
      caption={t(`quality.table.${side}`)}
      wide={side}
      rows={rows}
      keyOf={(row) => row.from.toString()}
      columns={[
        periodColumn(visit, by),
        ...SEEN.map(({ name, value, write }) => ({
          head: t(`quality.column.${name}`),
          number: true,
          cell: ({ seen }: CallFigures) => {
            const one = seen[side];
            return write(numbers)((one && value(one)) ?? null);
          },
        })),
      ]}
    />
  );
}

export function HeardTable({ visit, by, rows }: Props<HeardFigures>) {
  const { t } = visit;
  const { count } = numbersIn(t.language);
  return (
    <Table
      caption={t('quality.table.heard')}
      wide="heard"
      rows={rows}
      keyOf={(row) => `${row.from} ${row.channel}`}
      columns={[
        periodColumn(visit, by),
        { head: t('quality.column.channel'), cell: (row) => t(`common.channel.${row.channel}`) },
        ...(['yes', 'partly', 'no'] as const).map((each) => ({
          head: t(`citizen.survey.${each}`),
          number: true,
          cell: (row: HeardFigures) => count(row[each]),
        })),
      ]}
    />
  );
}

export function PhoneTable({ visit, by, rows }: Props<PhoneFigures>) {
  const { t } = visit;
  const { count, share, percent, ms } = numbersIn(t.language);
  const column = (
    name: 'calls' | 'answered' | 'loss' | 'rtt',
    cell: (row: PhoneFigures) => string,
  ) => ({ head: t(`quality.column.${name}`), number: true, cell });
  return (
    <Table
      caption={t('quality.table.phone')}
      wide="by-phone"
      rows={rows}
      keyOf={(row) => row.from.toString()}
      columns={[
        periodColumn(visit, by),
        column('calls', (row) => count(row.calls)),
        column('answered', (row) => share(row.answered, row.calls)),
        column('loss', (row) => percent(row.lossPercent)),
        column('rtt', (row) => ms(row.rttMs)),
      ]}
    />
  );
}

/** The bad calls by reference, without names; the link leads to the appointment as long as it is kept. */
export function BadCalls({ visit, rows }: { visit: DeskVisit; rows: readonly BadCall[] }) {
  const { t, dates, base } = visit;
  const { count, number, percent, ms, seconds, minutes } = numbersIn(t.language);
  const column = (
    name: 'lasted' | 'fps' | 'frozen' | 'loss' | 'rtt' | 'reconnections',
    cell: (row: BadCall) => string,
  ) => ({ head: t(`quality.column.${name}`), number: true, cell });
  return (
    <Table
      caption={t('quality.table.bad')}
      wide="bad"
      rows={rows}
      keyOf={(row) => `${row.at} ${row.side} ${row.from} ${row.appointment?.id}`}
      columns={[
        {
          head: t('quality.column.when'),
          cell: ({ at }) => (
            <span class="nowrap">
              {dates.briefDay(at)} {dates.time(at)}
            </span>
          ),
        },
        {
          head: t('quality.column.appointment'),
          cell: ({ appointment }) =>
            appointment ? (
              <a href={`${base}/appointment/${appointment.id}`} class="figures nowrap">
                {appointment.reference}
              </a>
            ) : (
              <span class="soft">{t('quality.forgotten')}</span>
            ),
        },
        { head: t('quality.column.who'), cell: (row) => t(`quality.side.${row.side}`) },
        { head: t('quality.column.path'), cell: (row) => t(`quality.path.${row.path ?? 'none'}`) },
        column('lasted', (row) => minutes(row.seconds / 60)),
        column('fps', (row) => number(row.fps)),
        column('frozen', (row) => seconds(row.frozenSeconds)),
        column('loss', (row) => percent(row.lossPercent)),
        column('rtt', (row) => ms(row.rttMs)),
        column('reconnections', (row) => count(row.reconnections)),
      ]}
    />
  );
}
