import { LONGEST_SEARCH, MOST_FOUND } from '../../../features/service/assistance/rules.ts';
import type { Found } from '../../../features/service/assistance/types.ts';
import { isStillOpen, mayAssist } from '../../../features/service/encounter/rules.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Tag } from '../../../ui/parts.tsx';
import { askedText } from '../../form.ts';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { bookedName, STATUS_KINDS } from '../words.ts';

/** `/console/{office}/search`: finds a returning caller by name, number, address or reference. */
export function searchPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, viewer, office, base } = visit;
    if (!mayAssist(viewer)) return c.notFound();
    const typed = askedText(c, 'q', LONGEST_SEARCH);
    if (typed === '') return show(visit, <p class="lead">{t('desk.search.hint')}</p>);
    const result = await deps.assistance.search(viewer, office, typed);
    if (!result.ok && result.reason === 'not_allowed') return c.notFound();
    if (!result.ok) return show(visit, <p role="status">{t('desk.search.short')}</p>);
    if (result.exact) return visit.redirect(`${base}/appointment/${result.exact}`);
    const { found, more } = result;
    const open = found.filter((each) => isStillOpen(each.status));
    const past = found.filter((each) => !isStillOpen(each.status));
    return show(
      visit,
      <>
        <p role="status" class="lead">
          {more
            ? t('desk.search.more', { most: MOST_FOUND })
            : t('desk.search.count', { count: found.length, sought: typed })}
        </p>
        {found.length === 0 ? <p>{t('desk.search.hint')}</p> : null}
        <List visit={visit} title={t('desk.search.open')} found={open} />
        <List visit={visit} title={t('desk.search.past')} found={past} />
        <p>
          <ButtonLink kind="quiet" href={`${base}/book`}>
            {t('desk.book.title')}
          </ButtonLink>
        </p>
      </>,
    );
  };
}

function show(visit: DeskVisit, children: preact.ComponentChildren): Response {
  const title = visit.t('desk.search.title');
  return visit.show(
    { title },
    <>
      <h1>{title}</h1>
      {children}
    </>,
  );
}

function List(props: { visit: DeskVisit; title: string; found: readonly Found[] }) {
  const { visit, title, found } = props;
  if (found.length === 0) return null;
  return (
    <section class="stack" aria-label={title}>
      <h2>{title}</h2>
      <ul class="entries">
        {found.map((each) => (
          <Line key={each.id} visit={visit} found={each} />
        ))}
      </ul>
    </section>
  );
}

function Line({ visit, found }: { visit: DeskVisit; found: Found }) {
  const { t, dates, office, base } = visit;
  const { name, onBehalfOf, start, status } = found;
  const desk = formatDesk(visit, found.desk);
  return (
    <li class={status === 'cancelled' ? 'entry off' : 'entry'}>
      <time class="figures" dateTime={start.toString()}>
        {dates.time(start)}
      </time>
      <div>
        <a href={`${base}/appointment/${found.id}`} class="who">
          {name}
        </a>
        {onBehalfOf ? (
          <span class="small"> ({t('desk.search.behalf', { other: onBehalfOf })})</span>
        ) : null}
        <p class="small">
          {dates.longDay(start)} · <span class="figures">{found.reference}</span>
        </p>
        <p class="small soft">
          {bookedName(t, office, found)} · {t(`common.channel.${found.channel}`)}
          {desk ? ` · ${desk}` : ''}
        </p>
        <p class="small marks">
          <Tag kind={STATUS_KINDS[status]}>{t(`staff.status.${status}`)}</Tag>
        </p>
      </div>
    </li>
  );
}
