import type { ComponentChildren } from 'preact';
import { LANGUAGE_NAMES, LANGUAGES } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Mark } from '../../ui/mark.tsx';
import { Say } from '../../ui/parts.tsx';
import type { ThemeStyle } from '../../ui/theme.ts';
import { KeysHelp } from './help.tsx';
import { SearchBox } from './search-box.tsx';

export interface ConsolePageProps {
  t: Translate;
  title: string;
  stylesheet: string;
  scripts: readonly string[];
  /** Where the language buttons come back to. */
  path: string;
  /** Who is signed in; nobody on the way in. */
  person?: { name: string } | undefined;
  body?: { code: string; name: Partial<Record<string, string>> } | undefined;
  /** The other bodies that they work in. */
  bodies?: readonly { code: string; name: Partial<Record<string, string>> }[] | undefined;
  /** Where else in this body one may go. */
  places?: readonly Place[] | undefined;
  theme?: ThemeStyle | null | undefined;
  hasErrors?: boolean | undefined;
  /** `column`: one question; `regions`: the day, the person, what I am doing. */
  layout: 'column' | 'regions';
  /** A second skip link, to the page's next action. */
  skipToAction?: boolean | undefined;
  children: ComponentChildren;
}

/** A page of the console that others are reached from. */
export interface Place {
  href: string;
  text: string;
  isHere: boolean;
}

/** The whole page for staff: dense, complete without a script. */
export function ConsolePage(props: ConsolePageProps) {
  const { t, title, theme, layout } = props;
  return (
    <html lang={t.language} dir="ltr" data-density={layout === 'regions' ? 'dense' : undefined}>
      <head>
        <meta charset="utf-8" />
        <title>{props.hasErrors ? t('common.page.errorTitle', { title }) : title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={props.stylesheet} />
        {props.scripts.map((src) => (
          <script key={src} type="module" src={src} />
        ))}
        {theme ? <style dangerouslySetInnerHTML={{ __html: theme.css }} /> : null}
      </head>
      <body class={layout === 'regions' ? 'desk' : undefined}>
        <TopBar {...props} />
        <main class={layout === 'regions' ? 'regions' : 'page'} id="main" tabIndex={-1}>
          {props.children}
        </main>
        {props.person ? <KeysHelp t={t} /> : null}
      </body>
    </html>
  );
}

function TopBar(props: ConsolePageProps) {
  const { t, person, body, bodies = [] } = props;
  return (
    <header class="band">
      <a class="skip" href="#main">
        {t('common.page.skip')}
      </a>
      {props.skipToAction ? (
        <a class="skip" href="#action">
          {t('staff.skipToAction')}
        </a>
      ) : null}
      <div class={props.layout === 'regions' ? 'bar' : 'site'}>
        <a
          class="owner"
          href={person ? (body ? `/console/${body.code}` : '/console') : '/staff/sign-in'}
        >
          <Mark />
          <span>{body ? <Say of={body.name} t={t} /> : t('staff.console')}</span>
        </a>
        {bodies.length > 1 ? (
          <nav aria-label={t('staff.bodies.other')}>
            <ul class="languages">
              {bodies.map((each) => (
                <li key={each.code}>
                  <a
                    href={`/console/${each.code}`}
                    aria-current={each.code === body?.code ? 'true' : undefined}
                  >
                    <Say of={each.name} t={t} />
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        ) : null}
        {props.places && props.places.length > 1 ? (
          <nav aria-label={t('staff.places')}>
            <ul class="languages">
              {props.places.map((each) => (
                <li key={each.href}>
                  <a href={each.href} aria-current={each.isHere ? 'page' : undefined}>
                    {each.text}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        ) : null}
        {person && body ? <SearchBox t={t} code={body.code} /> : null}
        <div class="bar-end">
          <LanguageButtons t={t} path={props.path} />
          {person ? (
            <form method="post" action="/staff/sign-out" class="row">
              <span class="small">{person.name}</span>
              <button type="submit" class="link small">
                {t('staff.signOut')}
              </button>
            </form>
          ) : null}
        </div>
      </div>
    </header>
  );
}

/** The choice is kept in a cookie, so it is a form and not a link. */
function LanguageButtons({ t, path }: { t: Translate; path: string }) {
  return (
    <form
      method="post"
      action="/staff/language"
      class="row small"
      aria-label={t('common.page.languages')}
    >
      <input type="hidden" name="back" value={path} />
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="submit"
          name="language"
          value={language}
          lang={language}
          class="link"
          aria-current={language === t.language ? 'true' : undefined}
        >
          {LANGUAGE_NAMES[language]}
        </button>
      ))}
    </form>
  );
}
