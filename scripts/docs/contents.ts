/** What the documentation has, for whom, and in which order. */

/** The languages of the site; guides are in all of them, the rest is in English. */
export const SITE_LANGUAGES = ['ca', 'es', 'en', 'eu'] as const;
export type SiteLanguage = (typeof SITE_LANGUAGES)[number];

/** Those for whom a part is written. */
export const AUDIENCES = [
  'helpers',
  'agents',
  'coordinators',
  'administrators',
  'procurement',
  'operators',
  'integrators',
  'developers',
] as const;
export type Audience = (typeof AUDIENCES)[number];

/** Guides: `docs/guides/LANGUAGE/NAME.md`, the same names in each language. */
export const GUIDES: Partial<Record<Audience, readonly string[]>> = {
  helpers: ['book-for-somebody', 'video-call-at-home', 'what-the-town-keeps'],
  agents: ['a-day-at-the-desk', 'calls', 'chats-requests-cases'],
  coordinators: ['the-day-of-an-office', 'shifts-and-figures'],
  administrators: ['first-steps', 'people-and-access'],
};

/** Pages in English only, by their paths in the project. */
export const PAGES: Partial<Record<Audience, readonly string[]>> = {
  agents: ['docs/cases.md', 'docs/requests.md', 'docs/answering-chats.md'],
  coordinators: ['docs/planning.md'],
  administrators: ['docs/town-file.md', 'docs/chat.md', 'docs/embed.md'],
  procurement: [
    'docs/dossier/README.md',
    'docs/dossier/ens.md',
    'docs/dossier/data-map.md',
    'docs/dossier/dpia.md',
    'docs/dossier/records-of-processing.md',
    'docs/dossier/service-levels.md',
    'docs/dossier/accessibility.md',
    'docs/dossier/standard-for-public-code.md',
    'docs/third-party.md',
  ],
  operators: [
    'docs/operating.md',
    'docs/upgrading.md',
    'docs/scaling.md',
    'docs/web-server.md',
    'docs/database.md',
    'docs/demo.md',
    'docs/security.md',
    'docs/security-events.md',
    'docs/importing.md',
    'docs/residents.md',
    'docs/sms.md',
    'docs/performance.md',
    'SECURITY.md',
    'CHANGELOG.md',
  ],
  integrators: [
    'docs/api.md',
    'docs/open311.md',
    'docs/forms.md',
    'docs/folder-file.md',
    'docs/protocol.md',
    'docs/reference/town-file.md',
    'docs/reference/forms.md',
  ],
  developers: [
    'README.md',
    'CONTRIBUTING.md',
    'docs/development.md',
    'docs/request.md',
    'docs/changing.md',
    'docs/dependencies.md',
    'docs/coverage.md',
    'docs/glossary.md',
  ],
};

/** The folder of the decisions: each is a page, and a page lists them. */
export const DECISIONS = 'docs/adr';
