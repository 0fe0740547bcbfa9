import type { Language } from '../lib/i18n/languages.ts';

/** The page's permanent addresses, absolute, and its description for links to it. */
export interface Permanent {
  here: string;
  languages: readonly { language: Language; href: string }[];
  /** The address for readers of any other language. */
  byDefault: string;
  /** The town's name. */
  site: string;
  description?: string | undefined;
  /** JSON-LD. */
  data?: Record<string, unknown> | undefined;
}

/** Open Graph requires a country with a language. */
const LOCALES: Record<Language, string> = { ca: 'ca_ES', es: 'es_ES', en: 'en_GB', eu: 'eu_ES' };

/** The metadata for search engines and for shared links. */
export function Metadata(props: { permanent: Permanent; title: string; language: Language }) {
  const { permanent, title, language } = props;
  const { here, languages, byDefault, site, description, data } = permanent;
  return (
    <>
      <link rel="canonical" href={here} />
      {languages.map((each) => (
        <link key={each.language} rel="alternate" hreflang={each.language} href={each.href} />
      ))}
      <link rel="alternate" hreflang="x-default" href={byDefault} />
      {description ? <meta name="description" content={description} /> : null}
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={site} />
      <meta property="og:title" content={title} />
      {description ? <meta property="og:description" content={description} /> : null}
      <meta property="og:url" content={here} />
      <meta property="og:locale" content={LOCALES[language]} />
      {languages
        .filter((each) => each.language !== language)
        .map((each) => (
          <meta
            key={each.language}
            property="og:locale:alternate"
            content={LOCALES[each.language]}
          />
        ))}
      {data ? (
        <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: asJson(data) }} />
      ) : null}
    </>
  );
}

/** Returns JSON that can't end the element around it. */
const asJson = (data: Record<string, unknown>): string =>
  JSON.stringify(data).replaceAll('<', '\\u003c');
