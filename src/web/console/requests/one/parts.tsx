import type { MapPoint } from '../../../../domain/requests/areas.ts';
import type { RequestQuestion } from '../../../../domain/requests/schema.ts';
import { REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import { declaredType } from '../../../../features/service/requests/service.ts';
import type { RequestAnswers } from '../../../../features/service/requests/types.ts';
import { LANGUAGE_NAMES, textIn } from '../../../../lib/i18n/languages.ts';
import { TextArea } from '../../../../ui/forms.tsx';
import type { Drawing } from '../../../../ui/map/projection.ts';
import { TownMap } from '../../../../ui/map/town-map.tsx';
import { RequestStateTag } from '../../../words/request-states.tsx';
import { whenIn } from '../../cases/words.ts';
import type { DeskVisit } from '../../visit.tsx';
import { areaName } from '../words.ts';
import type { RequestProps, RequestShown } from './request.tsx';

/** What somebody wrote, and what they answered to the questions of its type. */
export function WhatPart({ visit, work }: RequestProps) {
  const { t, office } = visit;
  const { row } = work;
  const questions = declaredType(office, row.type)?.questions ?? [];
  const answered = questions.filter(({ id }) => id in row.answers);
  return (
    <section class="stack" aria-labelledby="what">
      <h2 id="what">{t('requestDesk.what')}</h2>
      {row.sentAt ? (
        <p class="small soft">{t('requestDesk.sentAt', { when: whenIn(visit, row.sentAt) })}</p>
      ) : null}
      {row.anonymisedAt ? (
        <p class="soft">{t('requestDesk.anonymised')}</p>
      ) : (
        <p class="said" lang={row.language}>
          {row.text}
        </p>
      )}
      {answered.length > 0 ? (
        <dl class="facts">
          {answered.map((question) => (
            <div key={question.id}>
              <dt>{textIn(question.label, t.language)}</dt>
              <dd>{answerWords(visit, question, row.answers)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  );
}

function answerWords(
  { t, dates, office }: DeskVisit,
  { id, type, options = [] }: RequestQuestion,
  answers: RequestAnswers,
): string {
  const given = [answers[id] ?? []].flat();
  if (type === 'choice' || type === 'choices')
    return given
      .map((each) => textIn(options.find((one) => one.id === each)?.label, t.language) || each)
      .join(', ');
  const [first = ''] = given;
  if (type !== 'date') return first;
  const noon = { timeZone: office.timeZone, plainTime: '12:00' };
  return dates.longDay(Temporal.PlainDate.from(first).toZonedDateTime(noon).toInstant());
}

/** The photos, as files to open. */
export function PhotosPart({ visit, work, at }: RequestProps) {
  const { t } = visit;
  const { photos } = work;
  if (photos.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="photos">
      <h2 id="photos">{t('requestDesk.photos')}</h2>
      <ul>
        {photos.map(({ id, standing }, nth) => (
          <li key={id}>
            {standing === 'here' ? (
              <a href={`${at}/photos/${id}`}>{t('requestDesk.photo', { number: nth + 1 })}</a>
            ) : (
              <>
                {t('requestDesk.photo', { number: nth + 1 })}{' '}
                <span class="soft">{t(`requestDesk.photo.${standing}`)}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Returns the letter of a place in a list: A, B, C … */
const letter = (nth: number): string => String.fromCharCode(65 + (nth % 26));

/** A letter at a point of the map, which the list beside it has too. */
function Mark(props: { point: MapPoint; mark: string; isMain: boolean; at: Drawing['at'] }) {
  const { point, mark, isMain, at } = props;
  const { x, y } = at(point);
  return (
    <g class={isMain ? 'point main' : 'point'}>
      <circle cx={x} cy={y} r={isMain ? 10 : 8} />
      <text x={x} y={y} text-anchor="middle" dominant-baseline="central">
        {mark}
      </text>
    </g>
  );
}

/** Where it is: in words, on the drawing of the town, and as a position to take elsewhere. */
export function WherePart({ visit, work, areas, near }: RequestProps) {
  const { t } = visit;
  const { row } = work;
  const { point, address, area } = row;
  if (!point && address === '' && area === null) return null;
  const others = near.flatMap((each, nth) =>
    each.point ? [{ point: each.point, mark: letter(nth + 1), isMain: false }] : [],
  );
  const marks = point ? [...others, { point, mark: letter(0), isMain: true }] : [];
  const place = point && `${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`;
  return (
    <section class="stack" aria-labelledby="where">
      <h2 id="where">{t('requestDesk.where')}</h2>
      {address ? <p class="said">{address}</p> : null}
      {area ? (
        <p>{t('requestDesk.inArea', { area: areaName(visit, areas, area) })}</p>
      ) : (
        <p class="soft">{t('requestDesk.noArea')}</p>
      )}
      {point ? (
        <>
          <TownMap
            label={t('requestDesk.map')}
            language={t.language}
            areas={areas}
            points={marks.map((each) => each.point)}
          >
            {(at) => marks.map((each) => <Mark key={each.mark} {...each} at={at} />)}
          </TownMap>
          <p class="small">
            <span class="figures">{place}</span>{' '}
            <a href={`geo:${point.lat},${point.lon}`}>{t('requestDesk.geo')}</a>
          </p>
        </>
      ) : null}
    </section>
  );
}

/** Open requests that may be the same, and a way to merge them. */
export function NearPart({ visit, work, at, near }: RequestProps) {
  const { t, base } = visit;
  if (near.length === 0) return null;
  const mayMerge = work.steps.includes('merge');
  return (
    <section class="stack" aria-labelledby="near">
      <h2 id="near">{t('requestDesk.near')}</h2>
      <ol class="plain stack">
        {near.map((each, nth) => (
          <li key={each.id} class="case-note">
            <p class="row">
              <b>{letter(nth + 1)}</b>
              <a href={`${base}/requests/${each.id}`} class="figures">
                {each.reference}
              </a>
              <RequestStateTag t={t} state={each.state} />
              <span class="small soft">
                {[
                  each.metres === null
                    ? each.address
                    : t('requestDesk.metres', { metres: each.metres }),
                  whenIn(visit, each.sentAt),
                ].join(' · ')}
              </span>
            </p>
            <p>{each.extract}</p>
            {mayMerge ? (
              <div class="row">
                <form method="post" action={`${at}/merge`}>
                  <input type="hidden" name="seen" value={each.version} />
                  <button type="submit" class="button quiet small" name="other" value={each.id}>
                    {t('requestDesk.merge.here', { reference: each.reference })}
                  </button>
                </form>
                <form method="post" action={`${at}/step`}>
                  <input type="hidden" name="seen" value={work.row.version} />
                  <input type="hidden" name="target" value={each.reference} />
                  <button type="submit" class="button quiet small" name="step" value="merge">
                    {t('requestDesk.merge.there', { reference: each.reference })}
                  </button>
                </form>
              </div>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Who sent it, and how they want to hear of it. */
export function ContactPart({ visit, work, at }: RequestProps) {
  const { t } = visit;
  const { row } = work;
  const { tellBy, email, phone } = row;
  return (
    <section aria-labelledby="contact">
      <h2 id="contact">{t('requestDesk.contact')}</h2>
      <p>
        <strong>
          {row.name || t(row.isAnonymous ? 'requestDesk.anonymous' : 'caseDesk.nameless')}
        </strong>
      </p>
      {row.anonymisedAt ? null : (
        <p>
          {t(`requestDesk.tellBy.${tellBy ?? 'page'}`)}
          {tellBy === 'email' && email ? <> {email}</> : null}
          {tellBy === 'sms' && phone ? <> {phone}</> : null}
          {tellBy === 'call' && phone ? (
            <>
              {' '}
              <a href={`tel:${phone}`} class="figures">
                {phone}
              </a>
            </>
          ) : null}
        </p>
      )}
      {work.mayHandle && row.callOwedAt ? (
        <form method="post" action={`${at}/called`}>
          <input type="hidden" name="seen" value={row.version} />
          <p>{t('requestDesk.call.owed')}</p>
          <button type="submit" class="button quiet small">
            {t('requestDesk.call.done')}
          </button>
        </form>
      ) : null}
      <p class="small soft">
        {t('requestDesk.language', { language: LANGUAGE_NAMES[row.language] })}
      </p>
    </section>
  );
}

/** What everybody may see of a request of a public type. Its words and photos are seen by nobody until they are passed, one by one. */
export function ShowingPart(props: RequestProps & { typed: RequestShown['showing'] }) {
  const { visit, work, at, shown, typed } = props;
  const { t } = visit;
  const { row, photos, mayHandle } = work;
  if (!shown || !mayHandle) return null;
  const here = photos.filter(({ standing }) => standing === 'here');
  return (
    <section aria-labelledby="showing">
      <h2 id="showing">{t('requestDesk.showing')}</h2>
      <p class="small soft">{t('requestDesk.showing.text')}</p>
      <form method="post" action={`${at}/showing`} class="stack">
        <input type="hidden" name="seen" value={row.version} />
        <label class="row">
          <input
            type="checkbox"
            class="tick"
            name="text"
            value="yes"
            checked={typed !== undefined || shown.text}
          />
          <span>{t('requestDesk.showing.words')}</span>
        </label>
        <TextArea
          name="words"
          label={t('requestDesk.showing.cut')}
          hint={t('requestDesk.showing.cut.hint')}
          value={typed?.words ?? shown.words ?? row.text}
          error={typed?.error}
          rows={5}
          maxLength={2 * REQUEST_LENGTH}
        />
        {here.map(({ id }) => (
          <label key={id} class="row">
            <input
              type="checkbox"
              class="tick"
              name="photo"
              value={id}
              checked={shown.photos.includes(id)}
            />
            <span>
              {t('requestDesk.photo', {
                number: photos.findIndex((each) => each.id === id) + 1,
              })}
            </span>
          </label>
        ))}
        <button type="submit" class="button quiet small">
          {t('requestDesk.showing.save')}
        </button>
      </form>
    </section>
  );
}
