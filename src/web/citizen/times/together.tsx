import { addable, bundleOf, isSingle, mostPeople } from '../../../domain/office/bundle.ts';
import type { Procedure } from '../../../domain/office/types.ts';
import { Say } from '../../../ui/parts.tsx';
import { aboutQuery } from '../cases/talking/about.tsx';
import type { ProcedureVisit } from '../visit.tsx';
import { carriedQuery, extentQuery } from './extent.ts';

/** The quiet way to add something else or more people, or to change what was added. `keep`: other parameters of the address. */
export function AddLink({ visit, keep = {} }: { visit: ProcedureVisit; keep?: object }) {
  const { t, office, procedure, to } = visit;
  const what = mayAdd(visit);
  if (!what && isSingle(procedure)) return null;
  const query = new URLSearchParams({ ...keep, ...Object.fromEntries(carriedQuery(visit)) });
  const href = `${to.procedure(office.code, procedure.code)}/more${query.size > 0 ? `?${query}` : ''}`;
  return (
    <p>
      <a href={href}>{t(`combining.link.${isSingle(procedure) && what ? what : 'change'}`)}</a>
    </p>
  );
}

/** The procedures of the appointment, each with a link that leaves it out, and the people; nothing for one of each. `path`: the procedure's page. */
export function Together({ visit, path }: { visit: ProcedureVisit; path: string }) {
  const { t, procedure, language, interpreter } = visit;
  const { parts, people } = procedure;
  if (isSingle(procedure)) return null;
  const without = (left: Procedure): string => {
    const further = parts.slice(1).flatMap(({ code }) => (code === left.code ? [] : [code]));
    const query = new URLSearchParams({
      ...extentQuery({ further, people }),
      ...(interpreter && { interpreter }),
      ...aboutQuery(visit),
    });
    return `${query.size > 0 ? `${path}?${query}` : path}#book`;
  };
  return (
    <div class="stack">
      <p>
        <strong>{t('combining.included')}</strong>
      </p>
      <ul>
        {parts.map((each, index) => (
          <li key={each.code}>
            <Say of={each.name} t={t} />
            {index > 0 ? (
              <>
                {' '}
                <a class="small" href={without(each)}>
                  {t('combining.remove')}
                  <span class="hide"> {each.name[language]}</span>
                </a>
              </>
            ) : null}
          </li>
        ))}
        {people > 1 ? <li>{t('common.people', { count: people })}</li> : null}
      </ul>
    </div>
  );
}

/** The way on when they can't be done together: a link to each. */
export function Apart({ visit, parts }: { visit: ProcedureVisit; parts: readonly Procedure[] }) {
  const { t, office, to, interpreter } = visit;
  const kept = interpreter ? `?interpreter=${interpreter}` : '';
  if (parts.length < 2) return null;
  return (
    <div class="stack">
      <p>{t('combining.apart')}</p>
      <ul>
        {parts.map((each) => (
          <li key={each.code}>
            <a href={`${to.procedure(office.code, each.code)}${kept}`}>
              <Say of={each.name} t={t} />
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Returns whether an appointment of this procedure may be for more than one procedure or person. */
function mayAdd(visit: ProcedureVisit): 'both' | 'procedures' | 'people' | null {
  const { office, procedure } = visit;
  const [first] = procedure.parts;
  if (!first) return null;
  const hasOthers =
    office.settings.combining.procedures > 1 &&
    addable(office, [first]).some(
      (each) => bundleOf(office, { procedure: first.code, further: [each.code] }).ok,
    );
  const isForMore = mostPeople(office, first) > 1;
  if (hasOthers && isForMore) return 'both';
  return hasOthers ? 'procedures' : isForMore ? 'people' : null;
}
