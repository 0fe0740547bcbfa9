import {
  addable,
  type Bundle,
  type BundleRefusal,
  bookedBundle,
  codesOf,
  mostPeople,
} from '../../../domain/office/bundle.ts';
import type { Procedure } from '../../../domain/office/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Checkboxes, SelectField, TextInput } from '../../../ui/forms.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { soughtIn } from '../finding/find.tsx';
import { LONGEST_SEARCH, searchIn } from '../finding/search.ts';
import { Problems } from '../shared.tsx';
import type { AddingVisit, ProcedureVisit } from '../visit.tsx';
import { CarriedInterpreter } from './ask.tsx';
import { Apart } from './together.tsx';

/** From so many procedures on there is a search, and only so many are shown without one. */
const MANY = 10;

/**
 * `/{language}/{office}/{procedure}/more`: what else the appointment is for, and for how many people. It leads back to where one was, and says why
 * when the office doesn't allow it.
 */
export const addingPage = () => (visit: AddingVisit) => {
  const { t, office, procedure, to, refused } = visit;
  const others = addable(office, procedure.parts);
  const most = mostPeople(office, procedure);
  const asksForOthers = office.settings.combining.procedures > 1 && others.length > 0;
  const title = t(asksForOthers ? 'combining.title' : 'combining.title.people');
  const problem = refused && formatRefusal(visit, refused);
  return visit.show(
    {
      title,
      hasErrors: problem !== null,
      status: problem ? 422 : 200,
      isPassing: true,
    },
    <>
      <BackLink href={to.procedure(office.code, procedure.code)}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problem ? [problem] : []} />
      <h1>{title}</h1>
      <p class="lead">{t('combining.lead', { name: textIn(procedure.name, t.language) })}</p>
      {refused && refused !== 'too_many_people' ? (
        <Apart visit={visit} parts={asked(visit)} />
      ) : null}
      <form class="form" action={next(visit)} method="get">
        <Kept visit={visit} />
        {asksForOthers ? <Others visit={visit} others={others} /> : null}
        {most > 1 ? <People visit={visit} most={most} /> : null}
        <Button>{t('citizen.continue')}</Button>
      </form>
    </>,
  );
};

/** Returns the page where the form leads: that of the times once channel and language are chosen, else the procedure's. */
function next({ c, office, procedure, to }: AddingVisit): string {
  const page = to.procedure(office.code, procedure.code);
  return c.req.query('channel') && c.req.query('language') ? `${page}/times` : `${page}#book`;
}

/** What was chosen before. */
function Kept({ visit }: { visit: AddingVisit }) {
  const chosen = ['channel', 'language'].flatMap((name) => {
    const value = visit.c.req.query(name);
    return value ? [{ name, value }] : [];
  });
  return (
    <>
      {chosen.map(({ name, value }) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <CarriedInterpreter visit={visit} />
    </>
  );
}

/** Returns the procedures that the address asks for, the page's own one first. */
const asked = ({ office, procedure, asked: { further } }: AddingVisit): Procedure[] =>
  codesOf({ procedure: procedure.code, further }).flatMap((code) => office.procedure(code) ?? []);

function formatRefusal(visit: AddingVisit, refused: BundleRefusal): { href: string; text: string } {
  const { t, office, asked: wanted } = visit;
  const { procedures } = office.settings.combining;
  if (refused === 'too_many_people' || wanted.people === 0) {
    const most = Math.min(...asked(visit).map((each) => mostPeople(office, each)));
    const text =
      wanted.people === 0
        ? t('combining.problem.people')
        : t('combining.problem.too_many_people', { most });
    return { href: '#people', text };
  }
  const isTooMany = refused === 'not_combinable' && (wanted.further?.length ?? 0) >= procedures;
  return {
    href: '#with',
    text: isTooMany
      ? t('combining.problem.too_many', { most: procedures })
      : t(`combining.problem.${refused}`),
  };
}

/** The procedures that can be added, those of the same theme first; where they are many, those that were searched for. */
function Others({ visit, others }: { visit: AddingVisit; others: readonly Procedure[] }) {
  const { t, office, procedure, c } = visit;
  const { further = [] } = visit.asked;
  const sought = soughtIn(visit);
  const isLong = others.length > MANY;
  const found = isLong && sought ? resultsOf(visit, others, sought) : null;
  const near = (each: Procedure) => Number(each.theme !== procedure.theme);
  const shown = found ?? others.toSorted((a, b) => near(a) - near(b)).slice(0, MANY);
  const isShown = (each: Procedure) => further.includes(each.code) || shown.includes(each);
  const count = office.settings.combining.procedures - 1;
  return (
    <>
      {isLong ? (
        <div class="search">
          <TextInput
            name="q"
            type="search"
            label={t('citizen.office.search')}
            value={sought}
            maxLength={LONGEST_SEARCH}
            autocomplete="off"
          />
          <Button kind="quiet" formaction={c.req.path}>
            {t('citizen.office.searchButton')}
          </Button>
        </div>
      ) : null}
      {found ? <p role="status">{t('combining.found', { count: found.length })}</p> : null}
      <Checkboxes
        name="with"
        label={t('combining.with')}
        hint={`${t('combining.with.hint', { count })}${isLong && !found ? ` ${t('combining.search.more')}` : ''}`}
        values={further}
        options={[...others.filter((each) => further.includes(each.code)), ...shown]
          .filter((each, index, all) => all.indexOf(each) === index && isShown(each))
          .map((each) => ({
            value: each.code,
            label: textIn(each.name, t.language),
            hint: formatAdded(visit, each),
          }))}
      />
    </>
  );
}

function resultsOf(
  { office, language }: ProcedureVisit,
  others: readonly Procedure[],
  sought: string,
): Procedure[] {
  const { results } = searchIn([office], sought, language);
  return results.map((each) => each.procedure).filter((each) => others.includes(each));
}

/** Returns the minutes that a procedure adds to the page's own one, in words; undefined: the two are never done together. */
function formatAdded(
  { t, office, procedure }: ProcedureVisit,
  other: Procedure,
): string | undefined {
  const both = bookedBundle(office, { procedure: procedure.code, further: [other.code] });
  const added = both && addedMinutes(procedure, both);
  if (added === null) return undefined;
  const minutes = t('common.minutes', { count: added });
  return added > 0 ? t('combining.adds', { minutes }) : t('combining.adds.none');
}

/** Returns how many minutes longer one is, on the first channel that both have; null: on none. */
function addedMinutes(one: Bundle, both: Bundle): number | null {
  const added = Object.entries(both.channels).flatMap(([channel, minutes]) => {
    const own = Object.entries(one.channels).find(([each]) => each === channel)?.[1];
    return own === undefined ? [] : [minutes - own];
  });
  return added[0] ?? null;
}

function People({ visit, most }: { visit: AddingVisit; most: number }) {
  const { t, asked: wanted } = visit;
  const people = Array.from({ length: most }, (_, index) => index + 1);
  return (
    <SelectField name="people" label={t('combining.people')} hint={t('combining.people.hint')}>
      {people.map((count) => (
        <option key={count} value={count === 1 ? '' : count} selected={count === wanted.people}>
          {t('common.people', { count })}
        </option>
      ))}
    </SelectField>
  );
}
