import {
  type HowCallsGo,
  PERIODS,
  type Period,
} from '../../../features/insight/call-quality/types.ts';
import { FEWEST } from '../../../features/insight/statistics/rules.ts';
import { BackLink } from '../../../ui/parts.tsx';
import { AsOf, sendFiguresFile } from '../figures/as-of.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { BadCalls, HeardTable, PhoneTable, SEEN, SeenTable, VideoTable } from './calls-tables.tsx';

const periodAsked = ({ c }: DeskVisit): Period =>
  PERIODS.find((each) => each === c.req.query('by')) ?? 'week';

/** `…/calls`: the quality of the office's calls, in figures; `?by=month` by months. */
export function callsPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, base } = visit;
    const by = periodAsked(visit);
    const found = await deps.callQuality.figures(visit.viewer, visit.office, by);
    if (!found) return c.notFound();
    const title = t('quality.title');
    const canSave = periodsOf(found, by).length > 0;
    const hasAny = canSave || found.heard.length > 0;
    return visit.show(
      { title, layout: 'column' },
      <div class="stack calls">
        <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('quality.lead')}</p>
        <AsOf t={t} dates={visit.dates} reading={deps.reading} />
        <nav class="row" aria-label={t('quality.by')}>
          {PERIODS.map((each) => (
            <a
              key={each}
              href={`${base}/calls?by=${each}`}
              aria-current={each === by ? 'page' : undefined}
            >
              {t(`quality.by.${each}`)}
            </a>
          ))}
        </nav>
        {hasAny ? <Tables visit={visit} by={by} found={found} /> : <p>{t('quality.none')}</p>}
        {canSave ? (
          <p>
            <a href={`${base}/calls.csv?by=${by}`}>{t('quality.export')}</a>
          </p>
        ) : null}
      </div>,
    );
  };
}

function Tables(props: { visit: DeskVisit; by: Period; found: HowCallsGo }) {
  const { visit, by, found } = props;
  const { t } = visit;
  const { video, phone, heard, bad } = found;
  return (
    <>
      {video.length > 0 ? (
        <>
          <VideoTable visit={visit} by={by} rows={video} />
          <p class="soft small">{t('quality.relay')}</p>
          <SeenTable visit={visit} by={by} rows={video} side="theirs" />
          <SeenTable visit={visit} by={by} rows={video} side="ours" />
          <p class="soft small">{t('quality.signs')}</p>
        </>
      ) : null}
      {heard.length > 0 ? (
        <>
          <HeardTable visit={visit} by="month" rows={heard} />
          <p class="soft small">{t('quality.heard.explain', { fewest: FEWEST })}</p>
        </>
      ) : null}
      {phone.length > 0 ? <PhoneTable visit={visit} by={by} rows={phone} /> : null}
      {bad.length > 0 ? <BadCalls visit={visit} rows={bad} /> : null}
    </>
  );
}

/** Returns the first days of all weeks or months with data, newest first. */
const periodsOf = ({ video, phone, heard }: HowCallsGo, by: Period): string[] =>
  [
    ...new Set(
      [...video, ...phone, ...(by === 'month' ? heard : [])].map((each) => each.from.toString()),
    ),
  ]
    .sort()
    .reverse();

/**
 * The same as a file: a row for each week or month; the citizens' answers are in the file of months.
 * Numbers are raw, times in milliseconds.
 */
export function callsFile(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, office } = visit;
    const by = periodAsked(visit);
    const found = await deps.callQuality.figures(visit.viewer, office, by);
    if (!found) return c.notFound();
    const rows = periodsOf(found, by).map((at) => rowOf(found, at, by));
    const file = { name: `calls-${office.code}-${by}`, rows: [headsOf(visit, by), ...rows] };
    return sendFiguresFile(visit, deps.reading, file);
  };
}

const CALLS = ['calls', 'connected', 'relayed', 'cut'] as const;
const WORDS = ['good', 'fair', 'poor'] as const;
const SIDES = ['theirs', 'ours'] as const;
const ANSWERS = ['yes', 'partly', 'no'] as const;
/** Returns the channels with citizens' answers. */
const saidBy = (by: Period) => (by === 'month' ? (['video', 'phone'] as const) : []);

function headsOf({ t }: DeskVisit, by: Period): string[] {
  return [
    t(`quality.column.${by}`),
    ...[...CALLS, ...WORDS].map(
      (each) => `${t('quality.table.video')}: ${t(`quality.column.${each}`)}`,
    ),
    ...SIDES.flatMap((side) =>
      SEEN.map(({ name }) => `${t(`quality.table.${side}`)}: ${t(`quality.column.${name}`)}`),
    ),
    ...saidBy(by).flatMap((channel) =>
      ANSWERS.map((each) => `${t(`quality.heard.${channel}`)} ${t(`citizen.survey.${each}`)}`),
    ),
    ...(['calls', 'answered', 'loss', 'rtt'] as const).map(
      (each) => `${t('quality.table.phone')}: ${t(`quality.column.${each}`)}`,
    ),
  ];
}

function rowOf(found: HowCallsGo, at: string, by: Period): string[] {
  const isThen = (each: { from: Temporal.PlainDate }) => each.from.toString() === at;
  const video = found.video.find(isThen);
  const phone = found.phone.find(isThen);
  const heard = saidBy(by).flatMap((channel) => {
    const said = found.heard.find((each) => isThen(each) && each.channel === channel);
    return ANSWERS.map((each) => said?.[each]);
  });
  const cells = [
    ...CALLS.map((each) => video?.[each]),
    ...WORDS.map((each) => video?.words[each]),
    ...SIDES.flatMap((side) => {
      const seen = video?.seen[side];
      return SEEN.map(({ value }) => seen && value(seen));
    }),
    ...heard,
    ...[phone?.calls, phone?.answered, phone?.lossPercent, phone?.rttMs],
  ];
  return [at, ...cells.map((each) => (each == null ? '' : String(Math.round(100 * each) / 100)))];
}
