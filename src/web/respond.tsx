import { gzipSync } from 'node:zlib';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { lookOf } from '../domain/office/look.ts';
import type { OfficeSettings, Town } from '../domain/office/types.ts';
import { isPanelPage } from '../features/service/room/rules.ts';
import { answerAgain, firstAnswer, type Repeated } from '../lib/http/direct.ts';
import { LANGUAGES, type Language, textIn } from '../lib/i18n/languages.ts';
import type { Translate } from '../lib/i18n/translate.ts';
import { keeping, nameOf } from '../lib/process/kept.ts';
import type { Permanent } from '../ui/head.tsx';
import { type Identified, type Owner, Page, type Refresh } from '../ui/page.tsx';
import { Say } from '../ui/parts.tsx';
import { styleOf } from '../ui/theme.ts';
import type { Assets } from './assets.ts';
import { ABOUT_PAGES } from './citizen/urls.ts';
import { logoAddress } from './files/logos.ts';
import { contentSecurityPolicy, type Device, permissionsPolicy } from './security.ts';

/** What the headers of a kept page take, about. */
const HEADERS_BYTES = 3_000;

/** Pages as they were sent, packed, of all towns of a process: some thousand. What may not be kept (`sendPage`) never gets here. */
const kept = keeping<Repeated>(8_000_000, ({ body }) => body.length + HEADERS_BYTES);

/** Sends a whole document: doctype, policy, and no stored copy if it is personal. */
export function sendDocument(
  c: Context,
  document: VNode,
  how: {
    status?: ContentfulStatusCode;
    isPersonal?: boolean;
    style?: string | undefined;
    image?: string | undefined;
    /** The origins of its videos. */
    media?: readonly string[] | undefined;
    script?: boolean;
    /** More origins that its scripts may connect to. */
    connect?: readonly string[] | undefined;
    /** The devices that the page may request. */
    devices?: readonly Device[] | undefined;
    /** Whether a page of ours may frame it, and whether it may frame pages of ours. */
    frames?: { itself: boolean; others: boolean };
    /** Only where the page doesn't have a session's secret beside text of another person (BREACH). */
    compress?: boolean;
    /** More origins that its forms may be sent to. */
    formTo?: readonly string[] | undefined;
    /** All that its content follows from, but for the bar of a demo, where it is the same for everybody; it is then kept as it was sent. */
    same?: string | undefined;
  } = {},
): Response {
  const bar = barOf(c);
  const html = () => withBar(bar, `<!DOCTYPE html>${renderToString(document)}`);
  const pack = (): Repeated => ({
    body: new Uint8Array(gzipSync(html(), { level: 4 })),
    first: null,
  });
  const isPacked = how.compress === true && takesGzip(c);
  const isKept = isPacked && how.same !== undefined;
  const page = isKept ? kept.get(`${how.same} ${bar?.key}`, pack) : null;
  const again = page && answerAgain(page);
  if (again) return again;
  c.header('Content-Security-Policy', contentSecurityPolicy(withoutUndefined(how)));
  if (how.devices?.length) c.header('Permissions-Policy', permissionsPolicy(how.devices));
  c.header('Cache-Control', how.isPersonal ? 'no-store' : 'no-cache');
  if (how.isPersonal) c.header('X-Robots-Tag', 'noindex');
  if (how.compress) c.header('Vary', 'Accept-Encoding');
  if (!isPacked) return c.html(html(), how.status ?? 200);
  c.header('Content-Encoding', 'gzip');
  c.header('Content-Type', 'text/html; charset=UTF-8');
  if (!page) return c.body(pack().body, how.status ?? 200);
  return firstAnswer(c.body(page.body, how.status ?? 200), page);
}

/** The bar that every page of a demo has under its head. */
export interface DemoBar {
  /** Differs where it says something else. */
  key: string;
  /** Returns it in a page's language. */
  draw(language: Language): VNode;
}

/** Has every page that answers this request say that it is of a demo. */
export const markAsDemo = (c: Context, bar: DemoBar): void => c.set(DEMO_BAR, bar);
const DEMO_BAR = 'demoBar';

/** Returns the bar of a demo; null: there is none. A page in a frame is part of another one, which has it. */
function barOf(c: Context): DemoBar | null {
  const bar = c.get(DEMO_BAR) as DemoBar | undefined;
  return !bar || c.req.header('Sec-Fetch-Dest') === 'iframe' ? null : bar;
}

/** Returns a page with the bar of a demo, after the links that skip the head. */
function withBar(bar: DemoBar | null, html: string): string {
  if (!bar) return html;
  const written = /<html lang="([a-z]+)"/.exec(html)?.[1];
  const language = LANGUAGES.find((each) => each === written) ?? LANGUAGES[0];
  const after = html.includes('</header>') ? '</header>' : /<body[^>]*>/;
  return html.replace(after, (place) => place + renderToString(bar.draw(language)));
}

/** Returns whether the browser accepts gzip (RFC 9110, 12.5.3). */
export const takesGzip = (c: Context): boolean =>
  /(^|[\s,])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(c.req.header('Accept-Encoding') ?? '');

function withoutUndefined(how: {
  style?: string | undefined;
  image?: string | undefined;
  media?: readonly string[] | undefined;
  script?: boolean;
  connect?: readonly string[] | undefined;
  frames?: { itself: boolean; others: boolean };
  formTo?: readonly string[] | undefined;
}) {
  return {
    ...(how.formTo && { formTo: how.formTo }),
    ...(how.media?.length && { media: how.media }),
    ...(how.style !== undefined && { style: how.style }),
    ...(how.image !== undefined && { image: how.image }),
    ...(how.script !== undefined && { script: how.script }),
    ...(how.connect !== undefined && { connect: how.connect }),
    ...(how.frames !== undefined && { frames: how.frames }),
  };
}

/** The office whose look a page has. */
export interface OwnerOffice {
  code: string;
  name: Partial<Record<Language, string>>;
  settings: { look: OfficeSettings['look'] };
}

function ownerOf(t: Translate, town: CitizenPage['town'], office: OwnerOffice | null): Owner {
  const { logo, ...theme } = office?.settings.look ?? lookOf(town);
  const title = office ? textIn(office.name, t.language) : town.name;
  return {
    name: office ? <Say of={office.name} t={t} /> : title,
    title,
    href: office ? `/${t.language}/${office.code}` : `/${t.language}`,
    theme: styleOf(theme),
    ...(logo && { logo: { url: logoAddress(logo), alt: textIn(logo.alt, t.language) } }),
  };
}

export interface CitizenPage {
  t: Translate;
  title: string;
  town: Pick<Town, 'name' | 'languages' | 'look'>;
  office?: OwnerOffice | null;
  status?: ContentfulStatusCode;
  hasErrors?: boolean;
  isPersonal?: boolean;
  /** The installation's public address; without it the page has no permanent one. */
  baseUrl?: string;
  /** One sentence for search engines and for link previews. */
  description?: () => string;
  /**
   * The content is temporary, as results of a search and free times are: search engines don't index the page.
   */
  isPassing?: boolean;
  /** The data for machines (schema.org). */
  data?: () => Record<string, unknown>;
  /** The language and direction of the content, where it isn't the page's own language. */
  written?: { tag: string; dir: 'ltr' | 'rtl' };
  /** The islands that enhance the page. */
  islands?: readonly string[];
  /** The origins of its videos; none by default. */
  media?: readonly string[];
  /** The devices that the page may request; none by default. */
  devices?: readonly Device[];
  /** The room: it fills the window during a call, and shows pages of the appointment in panels. */
  fillsWindow?: boolean;
  /** More origins that the page's scripts may connect to. */
  connect?: readonly string[];
  /** The identified person in this browser; null: nobody is. */
  identified?: Identified | null;
  /** The address to which the page leads on by itself, at once or after some seconds. */
  refresh?: Refresh;
  /** `within`: it is a part of another page of ours, in a frame; `around`: it has such parts. */
  parts?: 'within' | 'around';
  /** More origins that its forms may be sent to. */
  formTo?: readonly string[];
  /** A part of it comes later, so it is not compressed as a whole. */
  isStreamed?: boolean;
  /**
   * What its content follows from, besides the address, town and office: then the page is kept as it was sent, for others. It may depend neither on who
   * asks nor on the time.
   */
  same?: string;
  children: ComponentChildren;
}

/** The addresses of an identified person's own pages. */
const placesOf = ({ language }: Translate) => ({
  folder: `/${language}/folder`,
  acts: `/${language}/folder/representations`,
  leave: `/${language}/identify/leave`,
});

/** Sends a page of the citizen's side with its office's look. */
export function sendPage(c: Context, assets: Assets, page: CitizenPage): Response {
  const { t } = page;
  const owner = ownerOf(t, page.town, page.office ?? null);
  const isIdentified = page.identified != null;
  const scripts = (page.islands ?? []).flatMap((each) => assets.island(each) ?? []);
  // The browser says whether the page is for a frame; only our own pages may frame it, and only where it says so.
  const isPanel =
    c.req.header('Sec-Fetch-Dest') === 'iframe' && isPanelPage(new URL(c.req.url).pathname);
  const isFramed = isPanel || page.parts === 'within';
  const image = owner.logo && URL.canParse(owner.logo.url) ? new URL(owner.logo.url).origin : '';
  return sendDocument(
    c,
    <CitizenDocument
      at={c.req.url}
      assets={assets}
      page={page}
      owner={owner}
      scripts={scripts}
      isFramed={isFramed}
    />,
    {
      ...(page.status && { status: page.status }),
      isPersonal: (page.isPersonal ?? false) || isIdentified,
      formTo: page.formTo,
      style: owner.theme?.source,
      image: image || undefined,
      media: page.media,
      script: scripts.length > 0,
      devices: page.devices,
      frames: { itself: isFramed, others: page.fillsWindow === true || page.parts === 'around' },
      connect: page.connect,
      // Without a session only people with the address can request the page. With one, its size could betray what is on it (BREACH).
      compress: !isIdentified && page.isStreamed !== true,
      same: isIdentified ? undefined : sameOf(c, assets, page, isFramed),
    },
  );
}

/** The document of a page: what it needs besides its content is worked out only where it is drawn, and not where it was kept. */
function CitizenDocument(props: {
  /** The address that was asked for. */
  at: string;
  assets: Assets;
  page: CitizenPage;
  owner: Owner;
  scripts: readonly string[];
  isFramed: boolean;
}) {
  const { assets, page, owner, scripts, isFramed } = props;
  const at = new URL(props.at);
  const { t } = page;
  return (
    <Page
      t={t}
      title={page.title}
      owner={owner}
      stylesheets={[
        assets.citizenCss,
        ...(page.islands ?? []).flatMap((each) => assets.islandCss(each) ?? []),
      ]}
      languages={page.town.languages.map((language) => ({
        language,
        href: samePage(at, language),
      }))}
      footer={ABOUT_PAGES.map((each) => ({
        href: `/${t.language}/${each}`,
        text: t(`common.footer.${each}`),
      }))}
      written={page.written}
      hasErrors={page.hasErrors}
      isHidden={page.isPersonal || page.isPassing}
      isFramed={isFramed}
      isPart={page.parts === 'within'}
      fillsWindow={page.fillsWindow}
      identified={page.identified ? { ...page.identified, ...placesOf(t) } : undefined}
      refresh={page.refresh}
      permanent={permanentOf(at, page)}
      scripts={scripts}
    >
      {page.children}
    </Page>
  );
}

/** Returns all that a page's content follows from; undefined where it says something to somebody, or of a mistake. */
function sameOf(
  c: Context,
  assets: Assets,
  page: CitizenPage,
  isFramed: boolean,
): string | undefined {
  const { t, town, office, baseUrl, same } = page;
  const isForAll = !page.isPersonal && !page.hasErrors && (page.status ?? 200) === 200;
  if (same === undefined || !isForAll) return undefined;
  const of = [assets, town, ...(office ? [office] : [])].map(nameOf);
  return JSON.stringify([c.req.url, t.language, baseUrl, isFramed, of, same]);
}

/**
 * Returns the permanent address of a page in each language; temporary, personal and missing pages have none.
 */
function permanentOf({ pathname }: URL, page: CitizenPage): Permanent | undefined {
  const { town, baseUrl } = page;
  const isFleeting = page.isPersonal || page.isPassing || (page.status ?? 200) !== 200;
  if (!baseUrl || isFleeting) return undefined;
  const addressIn = (language: Language) => baseUrl + samePage({ pathname, search: '' }, language);
  return {
    here: addressIn(page.t.language),
    languages: town.languages.map((language) => ({ language, href: addressIn(language) })),
    byDefault: addressIn(town.languages[0] ?? page.t.language),
    site: town.name,
    description: page.description?.(),
    data: page.data?.(),
  };
}

/** Returns the address of the same page in another language: its first segment is the language. */
export function samePage(
  { pathname, search }: Pick<URL, 'pathname' | 'search'>,
  language: Language,
): string {
  const [, first = '', ...rest] = pathname.split('/');
  const isPage = (LANGUAGES as readonly string[]).includes(first);
  return isPage ? `/${[language, ...rest].join('/')}${search}` : `/${language}`;
}
