import type { ComponentChildren } from 'preact';
import { ROLES, roleCan } from '../../../domain/roles.ts';
import type {
  InvitationDraft,
  InvitationMistakes,
  PersonAnywhere,
  PersonHere,
  PersonState,
} from '../../../features/foundation/people/types.ts';
import { INVITATION_DAYS } from '../../../features/foundation/staff/rules.ts';
import type { Dates } from '../../../lib/i18n/dates.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { StaffRole } from '../../../lib/viewer.ts';
import { Radios, TextInput } from '../../../ui/forms.tsx';
import { type ProblemLink, Table, Tag, type TagKind } from '../../../ui/parts.tsx';
import { Select } from '../fields.tsx';

type Person = PersonHere | PersonAnywhere;

const KINDS: Record<PersonState, TagKind> = {
  ready: 'good',
  invited: 'now',
  expired: 'warn',
  waiting: 'plain',
  retired: 'plain',
};

/** Whether a person can sign in, and the result of the last mail to a person who can't yet. */
export function PersonStateTag(props: { t: Translate; dates: Dates; person: Person }) {
  const { t, dates, person } = props;
  const { state, invitedUntil, mail } = person;
  const isOwed = state === 'invited' || state === 'expired';
  const words =
    state === 'invited'
      ? t('people.state.invited', { day: invitedUntil ? dates.briefDay(invitedUntil) : '' })
      : t(`people.state.${state}`);
  return (
    <>
      <Tag kind={KINDS[state]}>{words}</Tag>
      {isOwed && mail !== null && mail !== 'sent' ? (
        <div class={mail === 'pending' ? 'small soft' : 'small mend'}>
          {t(`people.sent.${mail}`)}
        </div>
      ) : null}
    </>
  );
}

/** The person's last sign-in. */
function Seen({ t, dates, person }: { t: Translate; dates: Dates; person: Person }) {
  const { signedInAt } = person;
  const label = <span class="label soft">{t('people.column.seen')}: </span>;
  if (!signedInAt)
    return (
      <>
        {label}
        <span class="soft">{t('people.never')}</span>
      </>
    );
  return (
    <span class="figures">
      {label}
      <span class="nowrap">{dates.briefDay(signedInAt)}</span>{' '}
      <span class="nowrap">{dates.time(signedInAt)}</span>
    </span>
  );
}

/** The name over the address; the viewer's own entry is marked. */
function Who({ t, person, isYou }: { t: Translate; person: Person; isYou: boolean }) {
  return (
    <>
      {person.name}
      {isYou ? ` (${t('people.you')})` : null}
      <div class="small soft address">{person.email}</div>
    </>
  );
}

/**
 * A table of people, which a telephone shows as a list: the person, the role, the sign-in, and the
 * possible actions.
 */
export function PeopleTable<P extends Person>(props: {
  t: Translate;
  dates: Dates;
  list: readonly P[];
  /** The id of the viewer. */
  you: number;
  post: (person: P) => ComponentChildren;
  /** Absent: no action is possible. */
  act?: ((person: P) => ComponentChildren) | undefined;
}) {
  const { t, dates, list, you, post, act } = props;
  return (
    <div class="people-list listed">
      <Table
        caption={t('people.caption')}
        rows={list}
        keyOf={(each) => String(each.staff)}
        columns={[
          {
            head: t('people.column.name'),
            cell: (each) => <Who t={t} person={each} isYou={each.staff === you} />,
          },
          { head: t('people.column.post'), cell: post },
          {
            head: t('people.column.state'),
            cell: (each) => <PersonStateTag t={t} dates={dates} person={each} />,
          },
          {
            head: t('people.column.seen'),
            cell: (each) => <Seen t={t} dates={dates} person={each} />,
          },
          ...(act ? [{ head: t('people.column.act'), cell: act }] : []),
        ]}
      />
    </div>
  );
}

/** Returns a role, with its desk if any; for an agent without a desk the text says so. */
export function postIn(t: Translate, role: StaffRole, desk: string | null): string {
  const where = desk ?? (roleCan(role, 'serve_without_desk') ? null : t('people.post.noDesk'));
  return where ? `${t(`people.post.${role}`)} · ${where}` : t(`people.post.${role}`);
}

/** Returns the mistakes of an invitation, for the summary on top. */
export function problemsOf(t: Translate, mistakes: InvitationMistakes): ProblemLink[] {
  const { email, name, role, desk } = mistakes;
  return [
    ...(email ? [{ href: '#email', text: t(`people.wrong.email.${email}`) }] : []),
    ...(name ? [{ href: '#name', text: t(`people.wrong.name.${name}`) }] : []),
    ...(role ? [{ href: '#role', text: t(`people.wrong.role.${role}`) }] : []),
    ...(desk ? [{ href: '#desk', text: t(`people.wrong.desk.${desk}`) }] : []),
  ];
}

/** The fields for the name and address of a person. */
export function WhoFields(props: {
  t: Translate;
  draft: InvitationDraft;
  mistakes: InvitationMistakes;
}) {
  const { t, draft, mistakes } = props;
  return (
    <>
      <TextInput
        name="email"
        type="email"
        label={t('people.invite.email')}
        hint={t('people.invite.emailHint', { days: INVITATION_DAYS })}
        error={mistakes.email && t(`people.wrong.email.${mistakes.email}`)}
        value={draft.email}
        autocomplete="off"
        spellcheck={false}
      />
      <TextInput
        name="name"
        label={t('people.invite.name')}
        error={mistakes.name && t(`people.wrong.name.${mistakes.name}`)}
        value={draft.name}
        autocomplete="off"
        spellcheck={false}
      />
    </>
  );
}

/** The field for a role. */
export function RoleField({
  t,
  value,
  error,
}: {
  t: Translate;
  value: string;
  error?: string | undefined;
}) {
  return (
    <Radios
      name="role"
      label={t('people.invite.role')}
      value={value}
      error={error}
      options={ROLES.map((role) => ({
        value: role,
        label: t(`people.post.${role}`),
        hint: t(`people.post.${role}.hint`),
      }))}
    />
  );
}

/** The field for the person's desk. */
export function DeskField(props: {
  t: Translate;
  desks: readonly { id: number; name: string }[];
  value: string;
  error?: string | undefined;
}) {
  const { t, desks, value, error } = props;
  return (
    <Select
      name="desk"
      label={t('people.invite.desk')}
      value={value}
      error={error}
      empty={t('people.invite.noDesk')}
      options={desks.map((each) => ({ value: String(each.id), label: each.name }))}
    />
  );
}
