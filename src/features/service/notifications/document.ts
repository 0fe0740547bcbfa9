import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Dates, datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import type { PdfPart } from '../../../lib/pdf/document.ts';
import { peopleIn } from '../cases/service.ts';
import type { ToIssue } from '../verification/service.ts';
import { shownSigner } from './elsewhere/rules.ts';
import { dayText, factText } from './facts.ts';
import { appealOf } from './rules.ts';
import type { EvidenceOf } from './types.ts';

/** Returns the evidence of a notification as a document, in the language of its case. */
export function evidenceDocument(
  of: EvidenceOf,
  on: { office: Office; code: string; at: Temporal.Instant },
): ToIssue {
  const { office, code, at } = on;
  const { language, reference } = of;
  const t = translateTo(language);
  const dates = datesIn(language, office.timeZone);
  const title = t('notification.evidence.title', { reference });
  const line = (text: string): PdfPart => ({ as: 'P', text });
  return {
    ...{ language, title, code, at },
    office: textIn(office.name, language),
    subject: t('notification.evidence.subject'),
    parts: [
      { as: 'H1', text: title },
      line(t('notification.evidence.what', { procedure: of.procedure })),
      ...(of.applicant ? peopleIn(of.applicant, t).map(line) : []),
      line(t(`notification.why.${of.notification.reason}`)),
      { as: 'P', label: t('notification.evidence.hash'), text: of.notification.hash },
      ...factParts(of, t, dates),
      ...openedBy(of, t, dates),
      ...thereParts(of, t),
      ...resultParts(of, t, { office, dates }),
      line(t('notification.evidence.at', { when: momentIn(dates, at) })),
    ],
    how: t('notification.evidence.verify'),
  };
}

function factParts(of: EvidenceOf, t: Translate, dates: Dates): PdfPart[] {
  const facts = of.facts.map(
    (each): PdfPart => ({
      as: 'LI',
      text: `${momentIn(dates, each.at)}: ${factText(each, t, dates)}`,
    }),
  );
  const notices = of.notices.flatMap(({ channel, masked, sentAt }): PdfPart[] =>
    sentAt
      ? [
          {
            as: 'LI',
            text: `${momentIn(dates, sentAt)}: ${t(`notification.fact.noticed.sent.${channel}`)} ${masked}`,
          },
        ]
      : [],
  );
  // The exact hour at which a notice left stands with the notice, the fact only that it did.
  const noted = of.facts.some(({ kind }) => kind === 'notification_noticed');
  return [
    { as: 'H2', text: t('notification.evidence.facts') },
    ...facts,
    ...(noted ? [] : notices),
    { as: 'P', text: t('notification.evidence.notice') },
  ];
}

/** Returns what e-NOTUM says: the number that it gave, and who it was. */
function thereParts({ there }: EvidenceOf, t: Translate): PdfPart[] {
  if (!there?.number) return [];
  const { number, signer } = there;
  const parts: PdfPart[] = [{ as: 'P', text: t('notification.desk.enotum.number', { number }) }];
  if (signer)
    parts.push({ as: 'P', text: t('notification.desk.enotum.signer', shownSigner(signer)) });
  return parts;
}

function openedBy({ by }: EvidenceOf, t: Translate, dates: Dates): PdfPart[] {
  if (!by) return [];
  const { name, masked, provider, level, represents } = by;
  const known = { name, identifier: masked, provider, level: t(`identify.level.${level}`) };
  return [
    { as: 'H2', text: t('notification.evidence.by') },
    {
      as: 'P',
      text: t('notification.evidence.by.text', { ...known, when: momentIn(dates, by.at) }),
    },
    ...(represents
      ? [{ as: 'P', text: t('notification.evidence.by.for', represents) } as const]
      : []),
  ];
}

function resultParts(
  { notification }: EvidenceOf,
  t: Translate,
  { office, dates }: { office: Office; dates: Dates },
): PdfPart[] {
  const { notifiedOn, state } = notification;
  const appeal = appealOf(notification, workingDaysOf(office.settings));
  const line = (text: string): PdfPart => ({ as: 'P', text });
  return [
    { as: 'H2', text: t('notification.evidence.result') },
    line(t(`notification.state.${state}`)),
    ...(notifiedOn ? [line(t('notification.on', { day: dayText(dates, notifiedOn) }))] : []),
    ...(appeal
      ? [line(t('notification.appeal.until', { day: dayText(dates, appeal.until) }))]
      : []),
  ];
}

/** Returns an instant to the second, with its offset: "1/12/2026, 9:20:31 (+01:00)". */
function momentIn(dates: Dates, at: Temporal.Instant): string {
  const { second, offset } = at.toZonedDateTimeISO(dates.timeZone);
  return `${dates.shortDay(at)}, ${dates.time(at)}:${String(second).padStart(2, '0')} (${offset})`;
}
