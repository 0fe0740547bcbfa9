import { CHANNELS, isChannel } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Case, WordedKind, Wording } from '../../../domain/office/wording.ts';
import { casesOf } from '../../../domain/office/wording.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { costlyIn, type SmsSize, sizeOf } from '../../../lib/gsm.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { letterOf, linksOf } from './letter.ts';
import { letterMessage } from './render.ts';
import { smsOf } from './sms.ts';
import type { LinkMaker } from './types.ts';
import { type NextTime, readNextTime } from './views.ts';
import type { Worded } from './wording.ts';

/** A notice in the form in which it is sent, in one language and one of the cases of its kind. */
export interface Preview {
  language: Language;
  of: Case;
  subject: string;
  /** The mail as plain text. */
  text: string;
  sms: SmsSize & {
    text: string;
    /** Characters because of which less fits into an SMS. */
    costly: string[];
  };
}

/** Previews of notices. They use the day, hour and procedure of the next booked appointment, and no name. */
export interface Previews {
  /** Returns the previews in each language of the office and each case. `isMade`: no appointment is booked, and the time is an example. */
  of(
    office: Office,
    kind: WordedKind,
    wording: Wording,
  ): Promise<{ isMade: boolean; all: Preview[] }>;
  /** The mail as HTML, as a mail program shows it. */
  html(
    office: Office,
    kind: WordedKind,
    wording: Wording,
    as: Pick<Preview, 'language' | 'of'>,
  ): Promise<string>;
}

export function createPreviews(deps: { db: Db; clock: Clock; links: LinkMaker }): Previews {
  const { db, clock } = deps;
  const masked = maskedLinks(deps.links);

  async function timeOf(office: Office) {
    const now = clock.now();
    const booked = await within(db, office.id, (tx) => readNextTime(tx, now));
    return { now, isMade: !booked, time: booked ?? madeTime(office, now) };
  }

  return {
    async of(office, kind, wording) {
      const { now, isMade, time } = await timeOf(office);
      const worded = withWording(office, wording);
      const all = office.languages.flatMap((language) =>
        casesOf(kind).map((of): Preview => {
          const notice = noticeAbout(time, worded, kind, { language, of }, now);
          const { subject, text } = mailOf(notice, worded);
          const asSms: Worded = { ...notice, channel: 'sms' };
          const sms = smsOf(asSms, worded, linksOf(asSms, worded, masked));
          // The space after a signature's hyphens is for mail programs only.
          const plain = text.replaceAll(/ +$/gm, '');
          return {
            language,
            of,
            subject,
            text: plain,
            sms: { text: sms, ...sizeOf(sms), costly: costlyIn(sms) },
          };
        }),
      );
      return { isMade, all };
    },
    async html(office, kind, wording, as) {
      const { now, time } = await timeOf(office);
      const worded = withWording(office, wording);
      return mailOf(noticeAbout(time, worded, kind, as, now), worded).html;
    },
  };
}

const withWording = (office: Office, wording: Wording): Office => ({
  ...office,
  settings: { ...office.settings, wording },
});

const mailOf = (notice: Worded, office: Office) =>
  letterMessage(letterOf(notice, office, NO_LINKS), notice.language, office.settings.look);

/** Placeholder of a link, since only its recipient may know it. */
const SECRET = 'https://…';
const NO_LINKS = {
  manage: SECRET,
  device: SECRET,
  survey: SECRET,
  waiting: SECRET,
  again: SECRET,
  documents: SECRET,
  identify: SECRET,
  representations: SECRET,
  case: SECRET,
  request: SECRET,
  chat: SECRET,
  code: '',
  object: SECRET,
  stop: SECRET,
};

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Links of real length with hidden secrets, so that the preview shows the length of an SMS. */
function maskedLinks(links: LinkMaker): LinkMaker {
  const mask = (url: string) => url.replace(/\w+$/, (secret) => '*'.repeat(secret.length));
  const of = { id: NOBODY, link: 0 };
  return {
    manageUrl: ({ noticeLanguage }) => mask(links.manageUrl({ ...of, noticeLanguage })),
    shortManageUrl: () => mask(links.shortManageUrl(of)),
    waitingUrl: (_, language) => mask(links.waitingUrl(of, language)),
    shortWaitingUrl: () => mask(links.shortWaitingUrl(of)),
    caseUrl: (_, language) => mask(links.caseUrl(of, language)),
    requestUrl: (_, language) => mask(links.requestUrl(of, language)),
    chatUrl: (_, language) => mask(links.chatUrl(NOBODY, language)),
    followUrl: (_, language) => mask(links.followUrl(NOBODY, language)),
    cosignUrl: (_, language) => mask(links.cosignUrl(NOBODY, language)),
    stopUrl: (_, language) => mask(links.stopUrl(NOBODY, language)),
    shortObjectUrl: () => mask(links.shortObjectUrl(NOBODY)),
    digitsOf: () => '',
  };
}

/** An example time: in a week at ten, of the first procedure that has a channel. */
function madeTime(office: Office, now: Temporal.Instant): NextTime {
  const offered = office.procedures.filter((each) => !each.retired);
  const procedure = offered.find((each) => each.kind === 'procedure') ?? offered[0];
  const day = now.toZonedDateTimeISO(office.timeZone).toPlainDate().add({ days: 7 });
  const start = day.toZonedDateTime({ timeZone: office.timeZone, plainTime: '10:00' }).toInstant();
  const [language = 'ca'] = office.languages;
  return {
    procedure: procedure?.code ?? '',
    channel: CHANNELS[0],
    language,
    start,
    end: start.add({ minutes: 15 }),
  };
}

function noticeAbout(
  time: NextTime,
  office: Office,
  kind: WordedKind,
  { language, of }: Pick<Preview, 'language' | 'of'>,
  now: Temporal.Instant,
): Worded {
  const { start, end, channel, ...facts } = time;
  const waits = kind === 'waiting' || kind === 'offer';
  const offered = {
    start: start.add({ hours: 24 }).toString(),
    expiresAt: now.add({ hours: 1 }).toString(),
  };
  const isOffered = kind === 'offer' || of === 'kept';
  return {
    id: NOBODY,
    kind,
    recipient: '',
    language,
    office: office.id,
    channel: 'email',
    appointment: waits ? null : NOBODY,
    waiting: waits ? NOBODY : null,
    case: null,
    request: null,
    chat: null,
    createdAt: now,
    notBefore: now,
    attempts: 0,
    lastError: null,
    sentAt: null,
    droppedAt: null,
    failedAt: null,
    facts: {
      ...facts,
      channel: isChannel(of) ? of : channel,
      ...(waits
        ? { start: null, end: null, reference: null }
        : { start: start.toString(), end: end.toString(), reference: 'K7M-2QX' }),
      sequence: 0,
      name: translateTo(language)('notices.preview.name'),
      onBehalfOf: null,
      minutes: 15,
      before: { start: start.subtract({ hours: 24 }).toString(), channel },
      ...(of === 'byCitizen' && { by: 'citizen' as const }),
      ...(of === 'byOffice' && { by: 'office' as const }),
      ...(isOffered && { offer: offered }),
    },
  };
}
