import type { Area } from '../../../../domain/requests/areas.ts';
import { pointIn, pointText } from '../../../../domain/requests/points.ts';
import type { WriteMistakes } from '../../../../features/service/requests/service.ts';
import type { RequestPlace } from '../../../../features/service/requests/types.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Button, EnterButton } from '../../../../ui/buttons.tsx';
import { SelectField, TextInput } from '../../../../ui/forms.tsx';
import { type Form, readForm } from '../../../form.ts';
import type { CitizenDeps } from '../../visit.tsx';
import type { RequestVisit } from '../find.ts';
import { clickedAt, MAP_SIDES, type MapSize, viewIn, viewOf, viewText } from '../map.tsx';
import {
  actionOf,
  mistakeText,
  onward,
  problemsOf,
  stepPage,
  type Writing,
  withWriting,
} from './frame.tsx';

/** What is typed of the place, as its fields have it. */
interface Typed {
  address: string;
  area: string;
  point: string;
}

/**
 * `…/request/{secret}/where`: in words, by district, or at a point of the town's map. The map is a picture that is clicked, so it needs no scripts; who
 * can't see or click it writes the address.
 */
export function wherePage(deps: CitizenDeps) {
  return {
    get: withWriting(deps, async (writing) => {
      const { address, area, point } = writing.row;
      const typed = { address, area: area ?? '', point: point ? pointText(point) : '' };
      return show(writing, await deps.offices.areas(), typed);
    }),

    post: withWriting(deps, async (writing) => {
      const { visit } = writing;
      const { viewer, office, id } = visit;
      const areas = await deps.offices.areas();
      const form = await readForm(visit.c);
      const typed = {
        address: form.line('address'),
        area: form.text('area'),
        point: form.line('point'),
      };
      const clicked = clickIn(form);
      const place = placeOf(typed);
      if (clicked === 'none' && isNowhere(typed))
        return show(writing, areas, typed, { place: 'missing' });
      if (clicked && clicked !== 'none') {
        const done = await deps.requests.writePlace(viewer, office, id, {
          ...place,
          point: clicked,
          area: null,
        });
        if (!('mistakes' in done)) return visit.redirect(here(visit));
        return show(writing, areas, typed, done.mistakes);
      }
      if (typed.point !== '' && !place.point)
        return show(writing, areas, typed, { point: 'outside' });
      const done = await deps.requests.writePlace(viewer, office, id, place);
      if ('mistakes' in done) return show(writing, areas, typed, done.mistakes);
      return onward(writing, 'where');
    }),
  };
}

/** The page once more, at its map. */
function here(visit: RequestVisit): string {
  return `${actionOf(visit, 'where')}#map`;
}

const placeOf = ({ address, area, point }: Typed): RequestPlace => ({
  address,
  area: area === '' ? null : area,
  point: pointIn(point),
});

const isNowhere = ({ address, area, point }: Typed): boolean => `${address}${area}${point}` === '';

/** Returns where the map was clicked; `none`: it was pressed without a place; null: another button was. */
function clickIn(form: Form) {
  const view = viewIn(form.text('view'));
  for (const size of ['small', 'large'] as const) {
    const x = form.text(`map-${size}.x`);
    const y = form.text(`map-${size}.y`);
    if (view && x !== '' && y !== '')
      return clickedAt(view, size, { x: Number(x), y: Number(y) }) ?? 'none';
  }
  return null;
}

function show(
  writing: Writing,
  areas: readonly Area[],
  typed: Typed,
  mistakes: WriteMistakes = {},
): Response {
  const { visit, type } = writing;
  const { t, language } = visit;
  const wrong = (field: string) => mistakes[field] && mistakeText(t, mistakes[field]);
  // What lacks of the place as a whole is mended in the first field.
  const { place, ...others } = mistakes;
  const all = place ? { address: place, ...others } : others;
  return stepPage(
    writing,
    'where',
    { title: t('requests.where.title'), problems: problemsOf(t, all) },
    <form class="form" action={actionOf(visit, 'where')} method="post" novalidate>
      <EnterButton>{t('requests.next')}</EnterButton>
      <TextInput
        name="address"
        label={t('requests.where.address')}
        hint={t('requests.where.address.hint')}
        value={typed.address}
        error={wrong('address') ?? wrong('place')}
        autocomplete="off"
      />
      {areas.length > 0 ? (
        <>
          <SelectField name="area" label={t('requests.where.area')}>
            <option value="">{t('requests.where.area.none')}</option>
            {areas.map(({ code, name }) => (
              <option key={code} value={code} selected={code === typed.area}>
                {textIn(name, language)}
              </option>
            ))}
          </SelectField>
          <TownMap writing={writing} areas={areas} typed={typed} />
        </>
      ) : null}
      <TextInput
        name="point"
        label={t('requests.where.point')}
        hint={t('requests.where.point.hint')}
        value={typed.point}
        error={wrong('point')}
        autocomplete="off"
        spellcheck={false}
      />
      <Button>{t('requests.next')}</Button>
      {type.place === 'optional' ? <p class="soft">{t('requests.where.optional')}</p> : null}
    </form>,
  );
}

/** The town's districts as a picture: a click on it chooses the point, and then shows it nearer. */
function TownMap({
  writing,
  areas,
  typed,
}: {
  writing: Writing;
  areas: readonly Area[];
  typed: Typed;
}) {
  const { visit } = writing;
  const { t, to, office, language, secret } = visit;
  const point = pointIn(typed.point);
  const isWhole = visit.c.req.query('whole') === '1' || point === null;
  const view = viewOf(areas, isWhole ? null : point);
  const query = new URLSearchParams({
    view: viewText(view),
    lang: language,
    ...(point && { at: `${point.lat},${point.lon}` }),
  });
  const address = `${to.requests(office.code)}/map.svg?${query}`;
  return (
    <fieldset id="map">
      <legend class="legend">{t('requests.where.map')}</legend>
      <p class="hint">{t(point ? 'requests.where.map.chosen' : 'requests.where.map.hint')}</p>
      <input type="hidden" name="view" value={viewText(view)} />
      {(Object.keys(MAP_SIDES) as MapSize[]).map((size) => (
        <input
          key={size}
          type="image"
          class={`map-picture ${size}`}
          name={`map-${size}`}
          src={address}
          width={MAP_SIDES[size]}
          height={MAP_SIDES[size]}
          alt={t('requests.where.map.alt')}
        />
      ))}
      {isWhole ? null : (
        <p>
          <a href={`${to.request(secret, 'where')}?whole=1#map`}>{t('requests.where.map.whole')}</a>
        </p>
      )}
    </fieldset>
  );
}
