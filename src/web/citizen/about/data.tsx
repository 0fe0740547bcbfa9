import { FEWEST, INDICATORS, type Indicator } from '../../../features/insight/statistics/rules.ts';
import {
  type Edition,
  type OpenRow,
  REQUEST_INDICATORS,
} from '../../../features/insight/statistics/types.ts';
import { publicTypes, settingsOf } from '../../../features/service/requests/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { BackLink, Say, Table } from '../../../ui/parts.tsx';
import { numbersIn } from '../../numbers.ts';
import { COLUMNS, unitOf } from '../../open-data/dictionary.ts';
import { LICENCE } from '../../open-data/files.ts';
import { REQUEST_COLUMNS } from '../../open-data/requests.ts';
import { PageLinks, pageOf } from '../../paged.tsx';
import { publicUrls } from '../public-requests/urls.ts';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';

const FILES = [
  ['csv', 'figures.csv'],
  ['json', 'figures.json'],
  ['dcat', 'dcat.jsonld'],
  ['procedures', 'procedures.jsonld'],
] as const;
/** The indicators of each month in the page's table. */
const SHOWN: readonly Indicator[] = [
  'appointments',
  'attended',
  'missed',
  'procedures',
  'queries',
  'cases',
];
const MONTHS_SHOWN = 12;
const COMMENTS_SHOWN = 20;

/** `/{language}/{office}/data`: the open data of an office, to read and to download. */
export function dataPage({ statistics, baseUrl }: CitizenDeps) {
  return async (visit: OfficeVisit): Promise<Response> => {
    const { t, office, to, town, language } = visit;
    const edition = await statistics.edition(office);
    const comments = await statistics.openComments(office);
    const title = t('open.title');
    return visit.show(
      {
        title,
        description: () => t('open.dataset.text', { office: textIn(office.name, language) }),
      },
      <>
        <BackLink href={to.office(office.code)}>
          <Say of={office.name} t={t} />
        </BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('open.lead')}</p>
        {edition ? (
          <Latest
            visit={visit}
            edition={edition}
            rows={await statistics.openLatest(office, MONTHS_SHOWN)}
          />
        ) : (
          <p>{t('open.none')}</p>
        )}
        <h2>{t('open.files')}</h2>
        <ul>
          {FILES.map(([name, file]) => (
            <li key={name}>
              <a href={`${baseUrl}/open-data/${office.code}/${file}`}>{t(`open.file.${name}`)}</a>
            </li>
          ))}
        </ul>
        {office.settings.requests ? <RequestFiles visit={visit} baseUrl={baseUrl} /> : null}
        <h2>{t('open.licence')}</h2>
        <p>
          <a href={LICENCE} rel="license">
            {t('open.licence.text', { source: town.mailFrom ?? town.name })}
          </a>
        </p>
        <h2>{t('open.small')}</h2>
        <p>
          {t('open.small.text', {
            fewest: FEWEST,
            perPerson: office.settings.booking.openPerPerson,
          })}
        </p>
        <Dictionary visit={visit} />
        {office.settings.requests ? <RequestDictionary visit={visit} /> : null}
        {comments.length > 0 ? <Said visit={visit} comments={comments} /> : null}
      </>,
    );
  };
}

/** Requests by month, and those that everybody may see. */
function RequestFiles({ visit, baseUrl }: { visit: OfficeVisit; baseUrl: string }) {
  const { t, office, language } = visit;
  const root = `${baseUrl}/open-data/${office.code}`;
  return (
    <ul>
      <li>
        <a href={`${root}/requests.csv`}>{t('open.requests.csv')}</a>
      </li>
      <li>
        <a href={`${root}/requests.json`}>{t('open.requests.json')}</a>
      </li>
      {publicTypes(settingsOf(office)).length > 0 ? (
        <li>
          <a href={publicUrls(language, office.code).all}>{t('open.requests.map')}</a>
        </li>
      ) : null}
    </ul>
  );
}

/** The citizens' published comments. */
function Said({ visit, comments }: { visit: OfficeVisit; comments: readonly string[] }) {
  const { t, c } = visit;
  const at = pageOf(comments, c.req.query('page'), COMMENTS_SHOWN);
  return (
    <section id="said" aria-labelledby="said-title">
      <h2 id="said-title">{t('open.said')}</h2>
      {at.shown.map((each) => (
        <blockquote key={each} class="said">
          {each}
        </blockquote>
      ))}
      <PageLinks t={t} name={t('open.said')} at={at} href={(page) => `?page=${page}#said`} />
    </section>
  );
}

/** The last year, newest first, without a breakdown. */
function Latest(props: { visit: OfficeVisit; edition: Edition; rows: readonly OpenRow[] }) {
  const { visit, edition, rows } = props;
  const { t, dates, office } = visit;
  const { count } = numbersIn(t.language);
  const all = [...new Set(rows.map((row) => row.month))].sort().reverse();
  const monthName = (month: string) =>
    dates.month(Temporal.PlainDate.from(month).toZonedDateTime(office.timeZone).toInstant());
  return (
    <>
      <p>{t('open.edition', { months: edition.months, last: monthName(edition.last) })}</p>
      <Table
        caption={
          <>
            {t('open.latest')} <a href={`/open-data/${office.code}/figures.csv`}>CSV</a>
          </>
        }
        rows={all}
        keyOf={(month) => month}
        columns={[
          {
            head: t('figures.head.month'),
            cell: (month: string) => <span class="nowrap">{monthName(month)}</span>,
          },
          ...SHOWN.map((indicator) => ({
            head: t(`open.indicator.${indicator}`),
            number: true,
            cell: (month: string) => {
              const value = rows.find(
                (row) => row.month === month && row.indicator === indicator,
              )?.value;
              return value == null ? '..' : count(value);
            },
          })),
        ]}
      />
    </>
  );
}

function Dictionary({ visit: { t } }: { visit: OfficeVisit }) {
  return (
    <>
      <Table
        caption={t('open.columns')}
        rows={COLUMNS}
        keyOf={(name) => name}
        columns={[
          { head: t('open.column'), cell: (name) => <code>{name}</code> },
          { head: t('open.meaning'), cell: (name) => t(`open.column.${name}`) },
        ]}
      />
      <Table
        caption={t('open.indicators')}
        rows={INDICATORS}
        keyOf={(code) => code}
        columns={[
          { head: t('open.indicator'), cell: (code) => <code>{code}</code> },
          { head: t('open.meaning'), cell: (code) => t(`open.indicator.${code}`) },
          { head: t('open.unit'), cell: (code) => t(`open.unit.${unitOf(code)}`) },
        ]}
      />
    </>
  );
}

function RequestDictionary({ visit: { t } }: { visit: OfficeVisit }) {
  return (
    <Table
      caption={t('open.requests.columns')}
      rows={[...REQUEST_COLUMNS, ...REQUEST_INDICATORS]}
      keyOf={(name) => name}
      columns={[
        { head: t('open.column'), cell: (name) => <code>{name}</code> },
        {
          head: t('open.meaning'),
          cell: (name) => (isColumn(name) ? t(`open.column.${name}`) : t(`open.indicator.${name}`)),
        },
      ]}
    />
  );
}

type RequestColumn = (typeof REQUEST_COLUMNS)[number];
const isColumn = (name: string): name is RequestColumn =>
  REQUEST_COLUMNS.some((each) => each === name);
