/** Which page of the service is explained by which guide: docs/guides/LANGUAGE/NAME.md. */

/** Pages of citizens. The words of each link are `guide.*`. */
export const CITIZEN_GUIDES = {
  help: 'book-for-somebody',
  privacy: 'what-the-town-keeps',
  room: 'video-call-at-home',
} as const;
export type ExplainedPage = keyof typeof CITIZEN_GUIDES;

/** Pages of the console, by what follows `/console/OFFICE/`; the empty one is the first page. Pages below them have the same guide. */
const CONSOLE_GUIDES: Record<string, readonly string[]> = {
  'a-day-at-the-desk': ['', 'serve', 'book', 'search'],
  calls: ['appointment', 'late-call', 'calls'],
  'chats-requests-cases': ['chats', 'requests', 'cases', 'form', 'register'],
  'the-day-of-an-office': ['now', 'board', 'desk-away', 'late', 'close', 'closing', 'audit'],
  'shifts-and-figures': ['rota', 'planning', 'figures', 'calendars'],
  'first-steps': ['admin'],
  'people-and-access': ['people', 'admin/tokens', 'webhooks'],
};

/** Pages of the installation. What operators read is in English only. */
const INSTALLATION_GUIDES: Record<string, readonly string[]> = {
  'people-and-access': ['/staff/people'],
  'shifts-and-figures': ['/staff/month'],
  operating: ['/staff/operation'],
};

const invert = (guides: Record<string, readonly string[]>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(guides).flatMap(([guide, pages]) => pages.map((each) => [each, guide] as const)),
  );
const IN_OFFICE = invert(CONSOLE_GUIDES);
const IN_INSTALLATION = invert(INSTALLATION_GUIDES);

/** The guides to which pages link. */
export const LINKED_GUIDES: readonly string[] = [
  ...Object.values(CITIZEN_GUIDES),
  ...Object.keys(CONSOLE_GUIDES),
  ...Object.keys(INSTALLATION_GUIDES),
];

/** Returns the guide that explains a page of the console; null: none does. */
export function consoleGuide(path: string): string | null {
  const [here = ''] = path.split('?');
  const [, rest] = /^\/console\/[^/]+\/?(.*)/.exec(here) ?? [];
  if (rest === undefined) return IN_INSTALLATION.get(here) ?? null;
  const [page = '', below = ''] = rest.split('/');
  return IN_OFFICE.get(`${page}/${below}`) ?? IN_OFFICE.get(page) ?? null;
}
