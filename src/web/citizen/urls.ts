import type { ListName } from '../../features/service/folder/types.ts';
import type { InterpretedLanguage } from '../../lib/i18n/interpreted.ts';
import type { Language } from '../../lib/i18n/languages.ts';

/** The choices before a time, carried in the address, so that a page can be kept and sent. */
export interface Choosing {
  channel: string;
  language: string;
  /** The language of the interpreter that is asked for. */
  interpreter?: InterpretedLanguage;
  /** Codes of the further procedures, with spaces between them. */
  with?: string;
  /** How many people it is for, if several. */
  people?: string;
}

/** The pages in the footer of every citizen's page. */
export const ABOUT_PAGES = [
  ...(['help', 'accessibility', 'privacy', 'cookies', 'software', 'verify'] as const),
] as const;
export type AboutPage = (typeof ABOUT_PAGES)[number];

export type AppointmentPage =
  | ''
  | 'confirmed'
  | 'change'
  | `change?channel=${string}`
  | 'contact'
  | 'contact/confirm'
  | 'notices'
  | 'cancel'
  | 'survey'
  | 'thanks'
  | 'earlier'
  | 'device'
  | 'room'
  | 'companions'
  | 'documents'
  | 'documents/code'
  | 'form'
  | 'documents/upload'
  | 'documents/seen'
  | 'calendar.ics'
  | 'check-in'
  | 'folder'
  | 'identify'
  | 'identify/code';

/** The pages of a person's folder; its lists are pages too. */
export type FolderPage =
  | ('' | ListName)
  | ('representations' | 'representations/ask' | 'representations/give')
  | ('notifications' | 'notifications/choice' | `notifications/${string}`)
  | ('preferences' | 'data' | 'data/file' | 'data/erase');

export type BookingPage = 'time' | 'details' | 'needs' | 'check' | 'hold' | 'relay';

/** Addresses of pages by a secret link. */
const linkUrls = (town: string) => ({
  cosign: (secret: string, page = '') => `${town}/cosign/${secret}${page && `/${page}`}`,
  /** Where a conversation in writing begins. */
  startChat: (office: string) => `${town}/${office}/chat`,
  chat: (secret: string, page = '') => `${town}/chat/${secret}${page && `/${page}`}`,
  /** All that can be told to an office. */
  requests: (office: string) => `${town}/${office}/requests`,
  /** `page`: where it is written, or what its person does with it; empty: how it stands. */
  request: (secret: string, page = '') => `${town}/request/${secret}${page && `/${page}`}`,
  follow: (secret: string) => `${town}/follow/${secret}`,
});

const known = new Map<Language, ReturnType<typeof makeUrls>>();

/** Returns the addresses of the citizen's pages in one language. */
export function urls(language: Language) {
  const made = known.get(language) ?? makeUrls(language);
  known.set(language, made);
  return made;
}

function makeUrls(language: Language) {
  const town = `/${language}`;
  return {
    town,
    about: (page: AboutPage) => `${town}/${page}`,
    linkRecovery: `${town}/lost-link`,
    /**
     * Where somebody identifies. `next`: the path where they go on; `level`: what it demands; `ended`: a session was there; `for`: what needs
     * that the provider asks again.
     */
    identify: (
      of: { next?: string; level?: string; ended?: string; for?: 'export' | 'erasure' } = {},
    ) => {
      const query = new URLSearchParams(of).toString();
      return `${town}/identify${query && `?${query}`}`;
    },
    /** Where somebody types the code of another device. `end`: they are back from identifying. */
    identityCode: (at: '' | 'end' = '') => `${town}/identify/code${at && `?${at}=1`}`,
    leave: `${town}/identify/leave`,
    folder: (page: FolderPage = '') => `${town}/folder${page && `/${page}`}`,
    interpreter: (spoken: InterpretedLanguage) => `${town}/interpreter/${spoken}`,
    verify: (what: '' | 'file' | 'eni' = '') => `${town}/verify${what && `/${what}`}`,
    office: (office: string) => `${town}/${office}`,
    data: (office: string) => `${town}/${office}/data`,
    theme: (office: string, theme: string) => `${town}/${office}#theme-${theme}`,
    procedure: (office: string, procedure: string) => `${town}/${office}/${procedure}`,
    /** Where a form is begun on-line. */
    apply: (office: string, procedure: string) => `${town}/${office}/${procedure}/apply`,
    /** `page`: the id of a page of its form, `done`, or `delete`; empty: where somebody goes on with it. */
    case: (secret: string, page = '') => `${town}/case/${secret}${page && `/${page}`}`,
    /** Where something is added to an appointment of a procedure. */
    adding: (office: string, procedure: string) => `${town}/${office}/${procedure}/more`,
    /** `start`: a time to choose on the page. */
    times: (office: string, procedure: string, choosing: Choosing, start?: Temporal.Instant) => {
      const query = new URLSearchParams({
        ...choosing,
        ...(start && { start: start.toString() }),
      });
      return `${town}/${office}/${procedure}/times?${query}`;
    },
    waitingFor: (office: string, procedure: string, choosing: Choosing & { about?: string }) =>
      `${town}/${office}/${procedure}/waiting?${new URLSearchParams({ ...choosing })}`,
    /** The page where the owner of a previous address denies a change. */
    notMe: (token: string) => `${town}/notices/${token}/not-me`,
    notices: (token: string) => `${town}/notices/${token}`,
    waiting: (secret: string, page: '' | 'leave' = '') =>
      `${town}/waiting/${secret}${page && `/${page}`}`,
    booking: (office: string, journey: string, page: BookingPage) =>
      `${town}/${office}/booking/${journey}/${page}`,
    ...linkUrls(town),
    companion: (secret: string, page: '' | 'room' = '') =>
      `${town}/companion/${secret}${page && `/${page}`}`,
    document: (secret: string, id: string, page: '' | 'withdraw' | 'eni' = '') =>
      `${town}/appointment/${secret}/documents/${id}${page && `/${page}`}`,
    act: (secret: string, id: string, page: '' | 'identify' = '') =>
      `${town}/appointment/${secret}/acts/${id}${page && `/${page}`}`,
    appointment: (secret: string, page: AppointmentPage = '') =>
      `${town}/appointment/${secret}${page && `/${page}`}`,
  };
}
