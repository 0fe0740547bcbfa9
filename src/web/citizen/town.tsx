import { preferredLanguage } from '../../lib/i18n/languages.ts';
import { Say } from '../../ui/parts.tsx';
import type { Handler } from '../routes.ts';
import type { CitizenDeps, Visit } from './visit.tsx';

/** `/`: to the town's page in the language that the browser asks for. */
export function rootPage({ bodies }: CitizenDeps): Handler {
  return async (c) => {
    const town = await bodies.town();
    c.header('Vary', 'Accept-Language');
    c.header('Cache-Control', 'no-cache');
    return c.redirect(`/${preferredLanguage(c.req.header('Accept-Language'), town.languages)}`);
  };
}

/** `/{language}`: the town and its bodies. */
export function townPage({ bodies }: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { t, town, to } = visit;
    const all = await bodies.list();
    return visit.show(
      { title: t('citizen.town.title') },
      <>
        <h1>{t('citizen.town.title')}</h1>
        <p class="lead">{t('citizen.town.lead', { town: town.name })}</p>
        <h2>{t('citizen.town.bodies')}</h2>
        <ul class="lists">
          {all.map((body) => (
            <li key={body.code}>
              <a class="main" href={to.body(body.code)}>
                <Say of={body.name} t={t} />
              </a>
              {body.settings.intro ? (
                <p>
                  <Say of={body.settings.intro} t={t} />
                </p>
              ) : null}
            </li>
          ))}
        </ul>
      </>,
    );
  };
}
