import type { Area } from '../../../domain/requests/areas.ts';
import type { RequestType } from '../../../domain/requests/schema.ts';
import type { ShownDot, ShownRequest } from '../../../features/service/requests/service.ts';
import { publicTypes, settingsOf } from '../../../features/service/requests/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import { SelectField } from '../../../ui/forms.tsx';
import { BackLink, Say } from '../../../ui/parts.tsx';
import { problem } from '../problem.tsx';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';
import { type Chosen, chosenIn, filterOf, hrefOf, monthsUntil, placeIn } from './filter.ts';
import { type Numbered, numberedOf, RequestMap } from './map.tsx';
import { publicUrls } from './urls.ts';

/** How many requests are on a page of the list. */
const MOST = 25;

/** `/{language}/{office}/requests/map`: what people have told the office about public things, on a map and in a list. */
export function publicRequestsPage({ requests, offices }: CitizenDeps) {
  return async (visit: OfficeVisit): Promise<Response> => {
    const { c, t, office, language, to, now } = visit;
    const types = publicTypes(settingsOf(office));
    if (types.length === 0) return problem(visit, 'not_found');
    const areas = await offices.areas();
    const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
    const months = monthsUntil(today);
    const chosen = chosenIn((name) => c.req.query(name), types, areas, months);
    const filter = filterOf(chosen);
    const behind = placeIn(c.req.query('after') ?? '');
    const found = await requests.publicRequests(office, filter, { behind, most: MOST });
    const { total, dots } = await requests.publicSummary(office, filter);
    // Behind the last one there is nothing.
    if (behind && found.requests.length === 0)
      return visit.redirect(publicUrls(language, office.code).all + hrefOf(chosen));
    const title = t('requests.public.title');
    return visit.show(
      { title, description: () => t('requests.public.lead'), isPassing: c.req.url.includes('?') },
      <>
        <BackLink href={to.office(office.code)}>
          <Say of={office.name} t={t} />
        </BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('requests.public.lead')}</p>
        <Choices visit={visit} chosen={chosen} types={types} areas={areas} months={months} />
        <h2>{t('requests.public.map')}</h2>
        <Picture visit={visit} areas={areas} dots={dots} numbered={numberedOf(found.requests, 1)} />
        <h2 id="list">{t('requests.public.list')}</h2>
        <p>{t('requests.public.count', { count: Math.max(total, found.requests.length) })}</p>
        {found.requests.length > 0 ? (
          <ol class="request-list">
            {found.requests.map((each) => (
              <li key={each.reference}>
                <Line visit={visit} request={each} types={types} areas={areas} today={today} />
              </li>
            ))}
          </ol>
        ) : null}
        {behind || found.next ? (
          <nav class="row" aria-label={t('common.pages', { name: t('requests.public.list') })}>
            {behind ? <a href={`${hrefOf(chosen)}#list`}>{t('requests.public.first')}</a> : null}
            {found.next ? (
              <a rel="next" href={`${hrefOf(chosen, found.next)}#list`}>
                {t('common.pages.after')}
              </a>
            ) : null}
          </nav>
        ) : null}
      </>,
    );
  };
}

function Picture(props: {
  visit: OfficeVisit;
  areas: readonly Area[];
  dots: readonly ShownDot[];
  numbered: readonly Numbered[];
}) {
  const { visit, areas, dots, numbered } = props;
  const { t } = visit;
  if (dots.length + numbered.length === 0) return <p>{t('requests.public.map.none')}</p>;
  return (
    <>
      <RequestMap t={t} areas={areas} dots={dots} numbered={numbered} />
      <p class="hint">{t('requests.public.map.text')}</p>
    </>
  );
}

function Choices(props: {
  visit: OfficeVisit;
  chosen: Chosen;
  types: readonly RequestType[];
  areas: readonly Area[];
  months: readonly string[];
}) {
  const { visit, chosen, types, areas, months } = props;
  const { t, office, language, dates } = visit;
  const { all: page } = publicUrls(language, office.code);
  const monthName = (month: string) =>
    dates.month(
      Temporal.PlainDate.from(`${month}-01`).toZonedDateTime(office.timeZone).toInstant(),
    );
  const choice = (name: keyof Chosen, all: string, options: readonly (readonly string[])[]) => (
    <SelectField name={name} label={t(LABELS[name])}>
      <option value="">{all}</option>
      {options.map(([value = '', text]) => (
        <option key={value} value={value} selected={chosen[name] === value}>
          {text}
        </option>
      ))}
    </SelectField>
  );
  const open = ['open', t('requests.public.standing.open')];
  const closed = ['closed', t('requests.public.standing.closed')];
  const named = (each: { code: string; name: RequestType['name'] }) => [
    ...[each.code, textIn(each.name, language)],
  ];
  return (
    <form method="get" action={page} class="stack">
      <h2>{t('requests.public.filter')}</h2>
      {choice('type', t('requests.public.type.all'), types.map(named))}
      {areas.length > 0 ? choice('area', t('requests.public.area.all'), areas.map(named)) : null}
      {choice('standing', t('requests.public.standing.all'), [open, closed])}
      {choice(
        ...(['month', t('requests.public.month.all')] as const),
        months.map((each) => [each, monthName(each)]),
      )}
      <div class="row">
        <Button kind="quiet">{t('requests.public.show')}</Button>
        {Object.values(chosen).some((each) => each !== '') ? (
          <a href={page}>{t('requests.public.all')}</a>
        ) : null}
      </div>
    </form>
  );
}

const LABELS = {
  type: 'requests.public.type',
  area: 'requests.public.area',
  standing: 'requests.public.standing',
  month: 'requests.public.month',
} as const satisfies Record<keyof Chosen, string>;

function Line(props: {
  visit: OfficeVisit;
  request: ShownRequest;
  types: readonly RequestType[];
  areas: readonly Area[];
  today: Temporal.PlainDate;
}) {
  const { visit, request, types, areas, today } = props;
  const { t, office, language, dates } = visit;
  const type = types.find(({ code }) => code === request.type);
  const area = areas.find(({ code }) => code === request.area);
  return (
    <>
      <a href={publicUrls(language, office.code).one(request.reference)}>
        {type ? textIn(type.name, language) : request.type}{' '}
        <span class="nowrap">{request.reference}</span>
      </a>
      {area ? <p>{textIn(area.name, language)}</p> : null}
      <p>
        <strong>{t(`requests.state.${request.state}`)}</strong>.{' '}
        {t('requests.public.sent', { day: dayText(visit, request.sentOn, dates.longDay) })}{' '}
        {request.days === null
          ? t('requests.public.waits', { days: request.sentOn.until(today).days })
          : t('requests.public.closed', { days: request.days })}
        {request.text !== null || request.photos.length > 0
          ? ` ${t('requests.public.hasWords')}`
          : ''}
      </p>
    </>
  );
}

/** Returns a local day in words. */
export const dayText = (
  { office }: OfficeVisit,
  day: Temporal.PlainDate,
  format: (at: Temporal.Instant) => string,
): string => format(day.toZonedDateTime(office.timeZone).toInstant());
