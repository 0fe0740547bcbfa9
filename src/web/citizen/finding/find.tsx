import type { Office, Procedure } from '../../../domain/office/types.ts';
import type { Found } from '../../../features/foundation/catalogue/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { Say } from '../../../ui/parts.tsx';
import { askedText } from '../../form.ts';
import { Reach } from '../reaching.tsx';
import type { Visit } from '../visit.tsx';
import { LONGEST_SEARCH, type Place } from './search.ts';

/** Returns the search text of the address. */
export const soughtIn = ({ c }: Visit): string => askedText(c, 'q', LONGEST_SEARCH);

/** The search form. `action`: the page with the results. */
export function SearchForm(props: { visit: Visit; action: string; sought?: string }) {
  const { t } = props.visit;
  return (
    <search>
      <form class="search" action={props.action} method="get">
        <TextInput
          name="q"
          type="search"
          label={t('citizen.office.search')}
          value={props.sought ?? ''}
          maxLength={LONGEST_SEARCH}
          autocomplete="off"
        />
        <Button kind="quiet">{t('citizen.office.searchButton')}</Button>
      </form>
    </search>
  );
}

/** The results, the corrections of the search text, and the advice for an empty result. */
export function Results(props: {
  visit: Visit;
  sought: string;
  found: Found<Place>;
  /** The offices to contact when nothing was found. */
  offices: readonly Office[];
}) {
  const { visit, sought, found, offices } = props;
  const count = found.results.length;
  const { t } = visit;
  const said = found.meant
    ? t('finding.meant', { count, meant: found.meant })
    : t('citizen.office.count', { count, sought });
  return (
    <>
      <p role="status">
        {said}
        {found.isPartial ? ` ${t('finding.partial')}` : ''}
      </p>
      {count === 0 ? <Instead visit={visit} offices={offices} /> : null}
      <Places visit={visit} places={found.results} isOfMany={visit.office === null} />
    </>
  );
}

/** A list of procedures. `isOfMany`: each names its office. */
export function Places(props: { visit: Visit; places: readonly Place[]; isOfMany: boolean }) {
  const { t, to } = props.visit;
  if (props.places.length === 0) return null;
  return (
    <ul class="lists">
      {props.places.map(({ office, procedure }) => (
        <li key={`${office.code}/${procedure.code}`}>
          <a class="main" href={to.procedure(office.code, procedure.code)}>
            <Say of={procedure.name} t={t} />
          </a>
          {procedure.summary ? (
            <p>
              <Say of={procedure.summary} t={t} />
            </p>
          ) : null}
          {props.isOfMany ? (
            <p class="small">
              <Say of={office.name} t={t} />
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** The alternatives after an empty search: other words, a telephone, a visit. */
function Instead({ visit, offices }: { visit: Visit; offices: readonly Office[] }) {
  const { t, to } = visit;
  const general = offices
    .map((office) => ({ office, procedure: office.procedures.find(isGeneral) }))
    .find((each) => each.procedure);
  const first = offices[0];
  return (
    <ul>
      <li>{t('finding.otherWord')}</li>
      {general?.procedure ? (
        <li>
          <a href={to.procedure(general.office.code, general.procedure.code)}>
            {t('finding.tellUs')}
          </a>
        </li>
      ) : null}
      <li>
        <Reach
          visit={{ ...visit, office: visit.office ?? first ?? null }}
          lead={t('finding.ring')}
        />
      </li>
    </ul>
  );
}

const isGeneral = (procedure: Procedure): boolean => procedure.kind === 'information';
