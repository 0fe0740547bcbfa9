import type { ShownRequest } from '../../../features/service/requests/service.ts';
import { declaredType } from '../../../features/service/requests/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { BackLink, Notice, SummaryList, type SummaryRow } from '../../../ui/parts.tsx';
import { sendFile } from '../../files/served.ts';
import { problem } from '../problem.tsx';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';
import { dayText } from './list.tsx';
import { numberedOf, RequestMap } from './map.tsx';
import { publicUrls } from './urls.ts';

/** `/{language}/{office}/requests/map/{reference}`: one request, as everybody may see it. */
export function publicRequestPage({ requests, offices }: CitizenDeps) {
  return async (visit: OfficeVisit): Promise<Response> => {
    const { c, t, office, language } = visit;
    const to = publicUrls(language, office.code);
    const found = await requests.publicRequest(office, c.req.param('reference') ?? '');
    if (!found) return problem(visit, 'not_found');
    const areas = await offices.areas();
    const type = declaredType(office, found.type);
    const name = type ? textIn(type.name, language) : found.type;
    const area = areas.find(({ code }) => code === found.area);
    const { text, photos, point, into } = found;
    const isQuiet = text === null && photos.length === 0;
    return visit.show(
      { title: name, isPassing: true },
      <>
        {c.req.query('done') === 'followed' ? (
          <div role="status">
            <Notice kind="good">
              <p>{t('requests.follow.look')}</p>
            </Notice>
          </div>
        ) : null}
        <BackLink href={to.all}>{t('requests.public.title')}</BackLink>
        <h1>{name}</h1>
        <SummaryList rows={rowsOf(visit, found, area ? textIn(area.name, language) : '')} />
        {into ? (
          <p>
            <a href={to.one(into)}>{t('requests.public.into', { reference: into })}</a>
          </p>
        ) : null}
        {found.followers > 0 ? (
          <p>{t('requests.public.followers', { count: found.followers })}</p>
        ) : null}
        {found.isOpen ? (
          <p>
            <a href={`${to.one(found.reference)}/follow`}>{t('requests.public.follow')}</a>
          </p>
        ) : null}
        {isQuiet ? <p>{t('requests.public.quiet')}</p> : <Said visit={visit} request={found} />}
        {point ? (
          <>
            <h2>{t('requests.public.map')}</h2>
            <RequestMap
              t={t}
              areas={areas}
              dots={[{ point, requests: 1 }]}
              numbered={numberedOf([found], 1)}
            />
          </>
        ) : null}
      </>,
    );
  };
}

function rowsOf(visit: OfficeVisit, found: ShownRequest, area: string): SummaryRow[] {
  const { t, dates } = visit;
  const day = (each: Temporal.PlainDate) => dayText(visit, each, dates.longDay);
  return [
    { label: t('requests.public.number'), value: found.reference },
    { label: t('requests.public.standing'), value: t(`requests.state.${found.state}`) },
    ...(area ? [{ label: t('requests.public.area'), value: area }] : []),
    { label: t('requests.public.day'), value: day(found.sentOn) },
    ...(found.due ? [{ label: t('requests.public.due'), value: day(found.due) }] : []),
    ...(found.closedOn
      ? [{ label: t('requests.public.closedOn'), value: day(found.closedOn) }]
      : []),
  ];
}

/** What an official passed. */
function Said({ visit, request }: { visit: OfficeVisit; request: ShownRequest }) {
  const { t, office, language } = visit;
  const to = publicUrls(language, office.code);
  const { text, photos } = request;
  return (
    <>
      {text ? (
        <>
          <h2>{t('requests.public.words')}</h2>
          <blockquote class="said">{text}</blockquote>
        </>
      ) : null}
      {photos.length > 0 ? (
        <>
          <h2>{t('requests.public.photos')}</h2>
          {photos.map((photo, at) => (
            <img
              key={photo}
              class="request-photo"
              src={to.photo(request.reference, photo)}
              loading="lazy"
              {...sidesOf(request.sides[photo])}
              alt={t('requests.public.photo', { number: at + 1 })}
            />
          ))}
        </>
      ) : null}
    </>
  );
}

const sidesOf = (sides: readonly [number, number] | undefined) =>
  sides && { width: sides[0], height: sides[1] };

/** How long browsers and caches on the way keep a photo, in seconds: as long as it may still be seen after an official took it back. */
const PHOTO_KEPT = 3600;

/** `/{language}/{office}/requests/map/{reference}/photos/{photo}`: a photo that an official passed. What an id names never changes. */
export function publicPhoto({ requests }: CitizenDeps) {
  return async (visit: OfficeVisit): Promise<Response> => {
    const { c, office } = visit;
    const reference = c.req.param('reference') ?? '';
    const photo = c.req.param('photo') ?? '';
    const opened = await requests.publicPhoto(office, reference, photo);
    if (!opened) return problem(visit, 'not_found');
    const sent = await sendFile(c, opened);
    sent.headers.set('Cache-Control', `public, max-age=${PHOTO_KEPT}`);
    return sent;
  };
}
