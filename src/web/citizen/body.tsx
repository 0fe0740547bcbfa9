import type { Procedure } from '../../features/bodies/types.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import { Button } from '../../ui/buttons.tsx';
import { TextInput } from '../../ui/forms.tsx';
import { BackLink, Say } from '../../ui/parts.tsx';
import { searchProcedures } from './search.ts';
import { OtherWays, WalkIn } from './shared.tsx';
import type { BodyVisit } from './visit.tsx';

const LONGEST_SEARCH = 100;

/** `/{language}/{body}`: what it does, by theme, with a search; and the ways without an appointment. */
export function bodyPage() {
  return (visit: BodyVisit): Response => {
    const { c, t, body, to, language } = visit;
    const sought = (c.req.query('q') ?? '').slice(0, LONGEST_SEARCH).trim();
    const name = textIn(body.name, language);
    return visit.show(
      { title: sought ? t('citizen.body.found', { sought }) : t('citizen.body.title') },
      <>
        <BackLink href={to.town}>{visit.town.name}</BackLink>
        <h1>{name}</h1>
        {body.settings.intro ? (
          <p class="lead">
            <Say of={body.settings.intro} t={t} />
          </p>
        ) : null}
        <section class="stack" aria-labelledby="what">
          <h2 id="what">{t('citizen.body.title')}</h2>
          <search>
            <form class="search" action={to.body(body.code)} method="get">
              <TextInput
                name="q"
                type="search"
                label={t('citizen.body.search')}
                value={sought}
                maxLength={LONGEST_SEARCH}
                autocomplete="off"
              />
              <Button kind="quiet">{t('citizen.body.searchButton')}</Button>
            </form>
          </search>
          {sought ? <Found visit={visit} sought={sought} /> : <Themes visit={visit} />}
        </section>
        <WalkIn t={t} body={body} />
        <OtherWays t={t} body={body} />
      </>,
    );
  };
}

function Found({ visit, sought }: { visit: BodyVisit; sought: string }) {
  const { t, body, to, language } = visit;
  const found = searchProcedures(body.procedures, language, sought);
  return (
    <>
      <p role="status">{t('citizen.body.count', { count: found.length, sought })}</p>
      {found.length === 0 ? <p>{t('citizen.body.nothing')}</p> : null}
      <Procedures visit={visit} procedures={found} />
      <p>
        <a href={to.body(body.code)}>{t('citizen.body.all')}</a>
      </p>
    </>
  );
}

function Themes({ visit }: { visit: BodyVisit }) {
  const { t, body } = visit;
  const { themes } = body.settings;
  const known = new Set(themes.map((each) => each.code));
  const themeOf = ({ theme }: Procedure) => (theme && known.has(theme) ? theme : '');
  const groups = [...themes, { code: '', name: null }]
    .map((theme) => ({
      ...theme,
      procedures: body.procedures.filter((each) => themeOf(each) === theme.code),
    }))
    .filter((each) => each.procedures.length > 0);
  return (
    <>
      {groups.map((group) => (
        <div key={group.code} class="theme">
          {groups.length > 1 ? (
            <h3>{group.name ? <Say of={group.name} t={t} /> : t('citizen.body.others')}</h3>
          ) : null}
          <Procedures visit={visit} procedures={group.procedures} />
        </div>
      ))}
    </>
  );
}

function Procedures(props: { visit: BodyVisit; procedures: readonly Procedure[] }) {
  const { t, body, to } = props.visit;
  if (props.procedures.length === 0) return null;
  return (
    <ul class="lists">
      {props.procedures.map((each) => (
        <li key={each.code}>
          <a class="main" href={to.procedure(body.code, each.code)}>
            <Say of={each.name} t={t} />
          </a>
          {each.summary ? (
            <p>
              <Say of={each.summary} t={t} />
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
