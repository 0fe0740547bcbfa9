import type { Body, Procedure } from '../../../features/bodies/types.ts';
import type { Found } from '../../../features/catalogue/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { Say } from '../../../ui/parts.tsx';
import { Phone } from '../shared.tsx';
import type { Visit } from '../visit.tsx';
import { LONGEST_SEARCH, type Place } from './search.ts';

/** What is looked for, as the address says. */
export const soughtIn = ({ c }: Visit): string =>
  (c.req.query('q') ?? '').slice(0, LONGEST_SEARCH).trim();

/** The question that leads to a procedure. `action`: the page that answers it. */
export function SearchForm(props: { visit: Visit; action: string; sought?: string }) {
  const { t } = props.visit;
  return (
    <search>
      <form class="search" action={props.action} method="get">
        <TextInput
          name="q"
          type="search"
          label={t('citizen.body.search')}
          value={props.sought ?? ''}
          maxLength={LONGEST_SEARCH}
          autocomplete="off"
        />
        <Button kind="quiet">{t('citizen.body.searchButton')}</Button>
      </form>
    </search>
  );
}

/** What was found, how it was understood, and what to do when it is nothing. */
export function Results(props: {
  visit: Visit;
  sought: string;
  found: Found<Place>;
  /** Who is asked where nothing was found. */
  bodies: readonly Body[];
}) {
  const { visit, sought, found, bodies } = props;
  const count = found.results.length;
  const { t } = visit;
  const said = found.meant
    ? t('finding.meant', { count, meant: found.meant })
    : t('citizen.body.count', { count, sought });
  return (
    <>
      <p role="status">
        {said}
        {found.isPartial ? ` ${t('finding.partial')}` : ''}
      </p>
      {count === 0 ? <Instead visit={visit} bodies={bodies} /> : null}
      <Places visit={visit} places={found.results} isOfMany={visit.body === null} />
    </>
  );
}

/** Procedures to choose from. `isOfMany`: each says who does it. */
export function Places(props: { visit: Visit; places: readonly Place[]; isOfMany: boolean }) {
  const { t, to } = props.visit;
  if (props.places.length === 0) return null;
  return (
    <ul class="lists">
      {props.places.map(({ body, procedure }) => (
        <li key={`${body.code}/${procedure.code}`}>
          <a class="main" href={to.procedure(body.code, procedure.code)}>
            <Say of={procedure.name} t={t} />
          </a>
          {procedure.summary ? (
            <p>
              <Say of={procedure.summary} t={t} />
            </p>
          ) : null}
          {props.isOfMany ? (
            <p class="small">
              <Say of={body.name} t={t} />
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** The ways on when a search found nothing: other words, somebody who knows, coming in. */
function Instead({ visit, bodies }: { visit: Visit; bodies: readonly Body[] }) {
  const { t, to } = visit;
  const general = bodies
    .map((body) => ({ body, procedure: body.procedures.find(isGeneral) }))
    .find((each) => each.procedure);
  const phone = bodies.map((each) => each.settings.contact?.phone).find(Boolean);
  const first = bodies[0];
  return (
    <ul>
      <li>{t('finding.otherWord')}</li>
      {general?.procedure ? (
        <li>
          <a href={to.procedure(general.body.code, general.procedure.code)}>
            {t('finding.tellUs')}
          </a>
        </li>
      ) : null}
      {phone ? (
        <li>
          {t('finding.ring')} <Phone number={phone} />
        </li>
      ) : null}
      {first ? (
        <li>
          <a href={`${to.body(first.code)}#walk-in`}>{t('finding.comeIn')}</a>
        </li>
      ) : null}
    </ul>
  );
}

const isGeneral = (procedure: Procedure): boolean => procedure.kind === 'information';
