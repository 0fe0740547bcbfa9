import {
  growthOf,
  type SheetSums,
  scoreOf,
  VISIT_MINUTES,
} from '../../../features/insight/statistics/rules.ts';
import type { OfficeSheet } from '../../../features/insight/statistics/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Table } from '../../../ui/parts.tsx';
import { numbersIn } from '../../numbers.ts';
import { type Figure, per, write } from './tables.ts';

/** The figures of a month that are looked at first, in their order. */
const KEYS = ['served', 'growth', 'punctual', 'score', 'saved', 'inTime'] as const;
type Key = (typeof KEYS)[number];

/** Returns the key figures of one office, or of several. */
function figuresOf({ now, before, opinion, requests }: SheetSums): Record<Key, Figure> {
  const score = opinion?.scores ? scoreOf(opinion.scores) : null;
  return {
    served: { how: 'count', value: now.served },
    growth: { how: 'growth', value: growthOf(now.served, before.served) },
    punctual: { how: 'percent', value: per(now.punctual, now.contacted) },
    score: { how: 'number', value: score?.mean ?? null },
    saved: { how: 'count', value: (now.remote * VISIT_MINUTES) / 60 },
    inTime: { how: 'percent', value: requests && per(requests.inTime, requests.withTerm) },
  };
}

/** The key figures, large, each with what it means. `opinionMonth`: the name of the month of the opinions; null: there are none. */
export function KeyFigures(props: { t: Translate; sum: SheetSums; opinionMonth: string | null }) {
  const { t, sum, opinionMonth } = props;
  const { now, before, opinion, requests } = sum;
  const numbers = numbersIn(t.language);
  const figures = figuresOf(sum);
  const notes: Record<Key, string> = {
    served: t('figures.month.note.served', { unbooked: numbers.count(now.unbooked) }),
    growth:
      figures.growth.value === null
        ? t('figures.month.noYear')
        : t('figures.month.note.growth', { before: numbers.count(before.served) }),
    punctual: t('figures.month.note.punctual'),
    score:
      opinion && opinionMonth
        ? t('figures.month.note.score', {
            answered: numbers.count(opinion.answered),
            month: opinionMonth,
          })
        : t('figures.month.unsaid'),
    saved: t('figures.month.note.saved', { people: numbers.count(now.remote) }),
    inTime: requests?.withTerm
      ? t('figures.month.note.inTime', { of: numbers.count(requests.withTerm) })
      : t('figures.month.note.noRequests'),
  };
  return (
    <dl class="sums">
      {KEYS.map((key) => (
        <div key={key}>
          <dt>{t(`figures.month.key.${key}`)}</dt>
          <dd class="figures">{write(numbers, figures[key])}</dd>
          <dd class="soft small">{notes[key]}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The key figures by office, and of all together. */
export function ByOffice(props: { t: Translate; sheets: readonly OfficeSheet[]; sum: SheetSums }) {
  const { t, sheets, sum } = props;
  const numbers = numbersIn(t.language);
  const rows = [
    ...sheets.map((each) => ({ name: textIn(each.office.name, t.language), of: figuresOf(each) })),
    { name: t('figures.month.together'), of: figuresOf(sum) },
  ];
  return (
    <Table
      caption={t('figures.month.byOffice')}
      wide="by-office"
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        { head: t('figures.month.office'), cell: ({ name }) => name },
        ...KEYS.map((key) => ({
          head: t(`figures.month.key.${key}`),
          number: true,
          cell: ({ of }: (typeof rows)[number]) => write(numbers, of[key]),
        })),
      ]}
    />
  );
}

/** The rest of a month, in words. */
export function Sentences({ t, sum }: { t: Translate; sum: SheetSums }) {
  const numbers = numbersIn(t.language);
  const { now, opinion, requests } = sum;
  const kept = now.booked - now.cancelled;
  const [yes = 0, partly = 0, no = 0] = opinion?.solved ?? [];
  const days = { value: per(now.waitDays, kept), how: 'number' } as const;
  return (
    <section class="stack" aria-labelledby="in-words">
      <h2 id="in-words">{t('figures.month.words')}</h2>
      <ul>
        <li>{t('figures.month.days', { days: write(numbers, days) })}</li>
        <li>
          {t('figures.month.missed', {
            noshow: numbers.count(now.noshow),
            of: numbers.count(kept),
          })}
        </li>
        <li>
          {t('figures.month.lateCalls', { count: numbers.count(now.contacted - now.punctual) })}
        </li>
        <li>{t('figures.month.unkept', { count: numbers.count(now.unkept) })}</li>
        {yes + partly + no > 0 ? (
          <li>{t('figures.month.solved', { solved: numbers.share(yes, yes + partly + no) })}</li>
        ) : null}
        {requests ? (
          <li>
            {t('figures.month.came', {
              came: numbers.count(requests.came),
              closed: numbers.count(requests.closed),
              open: numbers.count(requests.open),
            })}
          </li>
        ) : null}
      </ul>
    </section>
  );
}
