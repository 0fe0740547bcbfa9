import type { Appointment } from '../../../domain/appointment.ts';
import { hasRoom } from '../../../domain/channel.ts';
import { MOST_COMPANIONS, mayInvite } from '../../../features/service/companions/rules.ts';
import { type Companion, ROLES } from '../../../features/service/companions/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { mayTalk } from '../../../features/service/room/rules.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { TextInput } from '../../../ui/forms.tsx';
import { Tag } from '../../../ui/parts.tsx';
import { urls } from '../../citizen/urls.ts';
import {
  CompanionLink,
  formatMistakes,
  mailOf,
  NO_INVITATION,
  TakeBackForm,
  type TypedInvitation,
} from '../../companion-link.tsx';
import { Select } from '../fields.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** A companion, as the agent sees them. */
export interface Guest extends Companion {
  link: string;
  /** See `mailOf`. */
  mail: string;
  /** In the call, or waiting. */
  isThere: boolean;
}

/** Returns the companions of a video appointment; null for another channel. */
export async function guestsOf(
  { companions, room, config }: StaffDeps,
  { viewer, office }: DeskVisit,
  appointment: Appointment,
): Promise<Guest[] | null> {
  if (!hasRoom(appointment.channel)) return null;
  const list = (await companions.list(viewer, office.id, appointment.id)) ?? [];
  const present = list.length > 0 ? await room.present(appointment) : [];
  // In the citizen's language.
  const t = translateTo(appointment.noticeLanguage);
  const dates = datesIn(t.language, office.timeZone);
  const title = textIn(office.name, t.language);
  const when = { day: dates.day(appointment.start), time: dates.time(appointment.start) };
  return list.map((each) => {
    const link = config.baseUrl + urls(t.language).companion(companions.secretOf(each.id));
    const text = t('companions.letter.office', { name: each.name, office: title, ...when, link });
    const mail = mailOf({ subject: t('companions.subject', when), text });
    const isThere = present.some(({ companion }) => companion === each.id);
    return { ...each, link, mail, isThere };
  });
}

export interface CompanyProps {
  visit: DeskVisit;
  dossier: Dossier;
  guests: readonly Guest[] | null;
  typed?: TypedInvitation | undefined;
}

/**
 * The companions, beside the call: the waiting ones, their links, and an invitation. The `console`
 * island keeps it unchanged.
 */
export function CompanyPanel({ visit, dossier, guests, typed = NO_INVITATION }: CompanyProps) {
  const { t, now, viewer } = visit;
  const { appointment, events } = dossier;
  if (!guests || !mayInvite(appointment, now)) return null;
  const admits = appointment.status === 'in_progress' && mayTalk(events, actorOf(viewer));
  const first = guests.find(isWaiting);
  return (
    <section class="stack" id="company" aria-labelledby="company-title">
      <h2 id="company-title">{t('companions.desk.title')}</h2>
      <ul class="lists" id="guests">
        {guests.length === 0 ? <li class="soft">{t('companions.desk.none')}</li> : null}
        {guests.map((each) => (
          <Entry
            key={each.id}
            visit={visit}
            of={each}
            admits={admits && isWaiting(each)}
            isFirst={each === first}
          />
        ))}
      </ul>
      {guests.length < MOST_COMPANIONS ? (
        <Invite visit={visit} typed={typed} />
      ) : (
        <p class="soft small">{t('companions.full')}</p>
      )}
    </section>
  );
}

const isWaiting = ({ isThere, admittedAt }: Guest): boolean => isThere && !admittedAt;

function Entry(props: { visit: DeskVisit; of: Guest; admits: boolean; isFirst: boolean }) {
  const { visit, of, admits, isFirst } = props;
  const { t } = visit;
  const { name, role, link, mail, madeBy } = of;
  const at = `${addressOf(visit)}/${of.id}`;
  return (
    <li class="stack">
      <div>
        <b>{name}</b> <span class="soft">{t(`companions.role.${role}`)}</span>{' '}
        <Presence visit={visit} of={of} />
      </div>
      {admits ? (
        <form method="post" action={`${at}/admit`}>
          <button
            type="submit"
            class="button"
            id={`admit-${of.id}`}
            data-action={isFirst ? 'admit' : undefined}
          >
            {t('companions.desk.admit', { name })} {isFirst ? <Key action="admit" /> : null}
          </button>
        </form>
      ) : null}
      <details class="more" id={`more-${of.id}`}>
        <summary>
          {t('companions.desk.more')}
          <span class="hide"> ({name})</span>
        </summary>
        <div class="stack">
          {madeBy === 'citizen' ? <p class="soft">{t('companions.by.citizen')}</p> : null}
          <CompanionLink t={t} of={of} link={link} mail={mail} />
          <TakeBackForm t={t} of={of} action={`${at}/revoke`} />
        </div>
      </details>
    </li>
  );
}

function Presence({ visit: { t }, of }: { visit: DeskVisit; of: Guest }) {
  if (isWaiting(of)) return <Tag kind="now">{t('companions.desk.waiting')}</Tag>;
  if (of.isThere) return <Tag kind="good">{t('companions.desk.in')}</Tag>;
  return (
    <Tag kind="plain">{t(of.admittedAt ? 'companions.desk.left' : 'companions.desk.away')}</Tag>
  );
}

function Invite({ visit, typed }: { visit: DeskVisit; typed: TypedInvitation }) {
  const { t } = visit;
  const wrong = formatMistakes(t, typed.mistakes);
  return (
    <details class="more" id="invite" open={typed !== NO_INVITATION}>
      <summary>{t('companions.invite.title')}</summary>
      <form method="post" action={addressOf(visit)} class="stack" novalidate>
        <TextInput
          name="name"
          label={t('companions.field.name')}
          value={typed.name}
          error={wrong.name}
          autocomplete="off"
          spellcheck={false}
        />
        <Select
          name="role"
          label={t('companions.field.role')}
          value={typed.role}
          error={wrong.role}
          empty={t('companions.field.role.choose')}
          options={ROLES.map((each) => ({ value: each, label: t(`companions.role.${each}`) }))}
        />
        <p>
          <button type="submit" class="button quiet">
            {t('companions.invite.button')}
          </button>
        </p>
      </form>
    </details>
  );
}

/** Returns the address for invitations, and the prefix of the actions on each. */
const addressOf = ({ base, c }: DeskVisit): string =>
  `${base}/appointment/${c.req.param('id')}/companion`;
