import type { ComponentChildren } from 'preact';
import type { Shortcuts } from '../../features/foundation/preferences/types.ts';
import type { ThemeStyle } from '../../ui/theme.ts';
import { Bar, type BarProps } from './bar/bar.tsx';
import { Dock } from './bar/dock.tsx';
import { KeysHelp, Palette } from './help.tsx';
import { PersonsShortcuts } from './key.tsx';

export interface ConsolePageProps extends BarProps {
  title: string;
  stylesheet: string;
  scripts: readonly string[];
  /** The person's keys; undefined before the sign-in. */
  keys?: Shortcuts | undefined;
  theme?: ThemeStyle | null | undefined;
  hasErrors?: boolean | undefined;
  /** `column`: one question; `regions`: the day, the person, the work. */
  layout: 'column' | 'regions';
  /** A second skip link, to the page's next action. */
  skipToAction?: boolean | undefined;
  /** The desk's telephone. */
  phone?: ComponentChildren;
  /** The requests of colleagues that wait for an answer, and conversations in writing. */
  beside?: ComponentChildren;
  /** How the person is alerted. */
  alerts?: ComponentChildren;
  children: ComponentChildren;
}

/** A whole staff page: dense for whoever has signed in, and complete without a script. */
export function ConsolePage(props: ConsolePageProps) {
  const { t, title, theme, layout, keys } = props;
  const page = (
    <html lang={t.language} dir="ltr" data-density={keys ? 'dense' : undefined}>
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
        <header class="band">
          <a class="skip" href="#main">
            {t('common.page.skip')}
          </a>
          {props.skipToAction ? (
            <a class="skip" href="#action">
              {t('staff.skipToAction')}
            </a>
          ) : null}
          <Bar {...props} />
        </header>
        <main class={layout === 'regions' ? 'regions' : 'page'} id="main" tabIndex={-1}>
          {props.children}
        </main>
        {props.alerts}
        {props.post ? (
          <Dock t={t} base={`/console/${props.post.code}`}>
            {props.beside}
            {props.phone}
          </Dock>
        ) : null}
        {keys ? <KeysHelp t={t} /> : null}
        {keys ? <Palette t={t} office={props.post?.code} /> : null}
      </body>
    </html>
  );
  return keys ? <PersonsShortcuts.Provider value={keys}>{page}</PersonsShortcuts.Provider> : page;
}
