import type { ComponentChildren } from 'preact';
import type { Language } from '../lib/i18n/languages.ts';
import { LANGUAGE_NAMES } from '../lib/i18n/languages.ts';
import type { Translate } from '../lib/i18n/translate.ts';
import { LinkButton } from './buttons.tsx';
import { Metadata, type Permanent } from './head.tsx';
import { Mark } from './mark.tsx';
import type { ThemeStyle } from './theme.ts';

/** The owner of the page: an office, or the town. */
export interface Owner {
  name: ComponentChildren;
  /** The name as plain text, for the page's title. */
  title: string;
  href: string;
  logo?: { url: string; alt: string } | undefined;
  theme?: ThemeStyle | null;
}

/** The identified person in this browser. */
export interface Identified {
  /** What they want to be called. */
  called: string;
  /** The organisation or the person for whom they act; null: for themselves. */
  for: string | null;
  /** Whether the authorisation by which they act for a person is valid; null: they act by none. */
  acting: 'valid' | 'over' | null;
}

/** Where a page leads on by itself, without a script: at once, or after some seconds. */
export type Refresh = string | { to: string; seconds: number };

const refreshing = (to: Refresh): string =>
  typeof to === 'string' ? `0;url=${to}` : `${to.seconds};url=${to.to}`;

export interface PageProps {
  t: Translate;
  /** The purpose of the page; its `<h1>` has the same text. */
  title: string;
  owner: Owner;
  /** Addresses of its sheets. */
  stylesheets: readonly string[];
  /** The same page in each language of the town. */
  languages: readonly { language: Language; href: string }[];
  /** Links at the end of the page; may be empty. */
  footer: readonly { href: string; text: string }[];
  /** The language and direction of the content, where it isn't the language of the texts around it. */
  written?: { tag: string; dir: 'ltr' | 'rtl' } | undefined;
  hasErrors?: boolean | undefined;
  /** Hidden from search engines: personal pages, and pages whose content changes daily. */
  isHidden?: boolean | undefined;
  /** The permanent address of the page; undefined when it has none. */
  permanent?: Permanent | undefined;
  /** Shown in a panel of another page of ours, which has the header and the footer. */
  isFramed?: boolean | undefined;
  /** Its links open in place of the page around it. */
  isPart?: boolean | undefined;
  /** An on-screen keyboard makes the page smaller, rather than covering it. */
  fillsWindow?: boolean | undefined;
  /** The identified person, with the addresses of their folder, of acting for others and of leaving; undefined: nobody is. */
  identified?: (Identified & { folder: string; acts: string; leave: string }) | undefined;
  /** The address to which the page leads on by itself, at once or after some seconds. */
  refresh?: Refresh | undefined;
  /** Addresses of the islands' modules; most pages have none. */
  scripts?: readonly string[] | undefined;
  children: ComponentChildren;
}

/** The whole page for a citizen: skip link, header, main, footer. */
export function Page(props: PageProps) {
  const { t, owner, written } = props;
  const title = `${props.title} – ${owner.title}`;
  return (
    <html lang={written?.tag ?? t.language} dir={written?.dir ?? 'ltr'}>
      <head>
        <meta charset="utf-8" />
        <title>{props.hasErrors ? t('common.page.errorTitle', { title }) : title}</title>
        <meta
          name="viewport"
          content={`width=device-width, initial-scale=1${props.fillsWindow ? ', interactive-widget=resizes-content' : ''}`}
        />
        {props.refresh ? <meta http-equiv="refresh" content={refreshing(props.refresh)} /> : null}
        {props.isPart ? <base target="_top" /> : null}
        {props.isHidden ? <meta name="robots" content="noindex" /> : null}
        {props.permanent ? (
          <Metadata permanent={props.permanent} title={props.title} language={t.language} />
        ) : null}
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        {props.stylesheets.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        {props.scripts?.map((src) => (
          <script key={src} type="module" src={src} />
        ))}
        {owner.theme ? <style dangerouslySetInnerHTML={{ __html: owner.theme.css }} /> : null}
      </head>
      <body class={props.isFramed ? 'framed' : undefined}>
        {props.isFramed ? null : <Header {...props} />}
        <main class="page" id="main" tabIndex={-1}>
          {props.children}
        </main>
        {props.isFramed ? null : (
          <Footer links={props.footer} label={t('common.page.about')} own={around(t, written)} />
        )}
      </body>
    </html>
  );
}

/** Who is identified, on every page, with the way to leave. */
function Session({
  t,
  identified,
}: {
  t: Translate;
  identified: NonNullable<PageProps['identified']>;
}) {
  const { called, for: other, acting, folder, acts, leave } = identified;
  return (
    <nav class="session" aria-label={t('identify.bar.label')}>
      <p>
        {acting === 'over' && other
          ? t('representation.bar.over', { name: called, other })
          : other
            ? t('identify.bar.for', { name: called, company: other })
            : t('identify.bar.as', { name: called })}
      </p>
      <ul>
        {acting && other ? (
          <li>
            <form action={acts} method="post">
              <LinkButton name="do" value="stop">
                {acting === 'over'
                  ? t('representation.goOn')
                  : t('representation.stop', { name: other })}
              </LinkButton>
            </form>
          </li>
        ) : null}
        <li>
          <a href={folder}>{t('identify.bar.folder')}</a>
        </li>
        <li>
          <a href={leave}>{t('identify.bar.leave')}</a>
        </li>
      </ul>
    </nav>
  );
}

function Header({ t, owner, languages, written, identified }: PageProps) {
  return (
    <header class="band" {...around(t, written)}>
      <a class="skip" href="#main">
        {t('common.page.skip')}
      </a>
      <div class="site">
        <a class="owner" href={owner.href}>
          {owner.logo ? <img src={owner.logo.url} alt={owner.logo.alt} height="44" /> : <Mark />}
          <span>{owner.name}</span>
        </a>
        {languages.length > 1 ? (
          <nav aria-label={t('common.page.languages')}>
            <ul class="languages">
              {languages.map(({ language, href }) => (
                <li key={language}>
                  <a
                    href={href}
                    lang={language}
                    hreflang={language}
                    aria-current={language === t.language ? 'true' : undefined}
                  >
                    {LANGUAGE_NAMES[language]}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        ) : null}
      </div>
      {identified ? <Session t={t} identified={identified} /> : null}
    </header>
  );
}

type Around = ReturnType<typeof around>;

/** The attributes of what is around a content in another language. */
const around = (t: Translate, written: PageProps['written']) =>
  written ? ({ lang: t.language, dir: 'ltr' } as const) : {};

function Footer(props: { links: PageProps['footer']; label: string; own: Around }) {
  if (props.links.length === 0) return null;
  return (
    <footer class="rule" {...props.own}>
      <nav class="foot" aria-label={props.label}>
        <ul>
          {props.links.map((link) => (
            <li key={link.href}>
              <a href={link.href}>{link.text}</a>
            </li>
          ))}
        </ul>
      </nav>
    </footer>
  );
}
