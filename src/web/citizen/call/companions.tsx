import {
  checkInvitation,
  MOST_COMPANIONS,
  mayInvite,
} from '../../../features/service/companions/rules.ts';
import { type Companion, ROLES } from '../../../features/service/companions/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Radios, TextInput } from '../../../ui/forms.tsx';
import { BackLink, Notice, type ProblemLink } from '../../../ui/parts.tsx';
import {
  CompanionLink,
  formatMistakes,
  mailOf,
  NO_INVITATION,
  TakeBack,
  type TypedInvitation,
} from '../../companion-link.tsx';
import { readForm } from '../../form.ts';
import { formPage, Problems } from '../shared.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

const DONE = ['invited', 'revoked'] as const;

/** `…/companions`: the companions in a video appointment, each with a link of their own. */
export function companionsPage(deps: CitizenDeps) {
  const back = ({ redirect, to, secret }: AppointmentVisit, done?: (typeof DONE)[number]) =>
    redirect(`${to.appointment(secret, 'companions')}${done ? `?done=${done}` : ''}`);

  return {
    get: (visit: AppointmentVisit) => showCompanions(deps, visit, NO_INVITATION),

    post: async (visit: AppointmentVisit): Promise<Response> => {
      const { c, t, viewer, office, appointment } = visit;
      const form = await readForm(c);
      const typed = { name: form.text('name'), role: form.text('role') };
      const checked = checkInvitation(typed);
      if (!checked.ok) return showCompanions(deps, visit, { ...typed, mistakes: checked.mistakes });
      const { invitation } = checked;
      const made = await deps.companions.invite(viewer, office.id, appointment.id, invitation);
      if (made.ok) return back(visit, 'invited');
      if (made.reason !== 'too_many') return back(visit);
      const full = { href: '#companions', text: t('companions.full') };
      return showCompanions(deps, visit, { ...typed, mistakes: {} }, [full]);
    },

    revoke: async (visit: AppointmentVisit): Promise<Response> => {
      const { c, viewer, office, appointment } = visit;
      const companion = c.req.param('companion') ?? '';
      await deps.companions.revoke(viewer, office.id, appointment.id, companion);
      return back(visit, 'revoked');
    },
  };
}

async function showCompanions(
  deps: CitizenDeps,
  visit: AppointmentVisit,
  typed: TypedInvitation,
  others: readonly ProblemLink[] = [],
): Promise<Response> {
  const { t, to, secret, viewer, office, appointment, now } = visit;
  if (!mayInvite(appointment, now)) return visit.redirect(to.appointment(secret));
  const companions = (await deps.companions.list(viewer, office.id, appointment.id)) ?? [];
  const wrong = formatMistakes(t, typed.mistakes);
  const problems = [
    ...Object.entries(wrong).map(([field, text]) => ({ href: `#${field}`, text })),
    ...others,
  ];
  const title = t('companions.title');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      {problems.length === 0 ? <SayDone visit={visit} companions={companions} /> : null}
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('companions.lead')}</p>
      {companions.length > 0 ? (
        <ul class="lists" id="companions">
          {companions.map((each) => (
            <Entry key={each.id} deps={deps} visit={visit} of={each} />
          ))}
        </ul>
      ) : (
        <p>{t('companions.together')}</p>
      )}
      {companions.length < MOST_COMPANIONS ? (
        <InviteForm visit={visit} typed={typed} wrong={wrong} />
      ) : (
        <p>{t('companions.full')}</p>
      )}
      <p class="soft">{t('companions.how')}</p>
    </>,
  );
}

/**
 * Shows the result of a form, if it still holds. It takes the focus, so that screen readers read it first.
 */
function SayDone(props: { visit: AppointmentVisit; companions: readonly Companion[] }) {
  const { t, c } = props.visit;
  const done = DONE.find((each) => each === c.req.query('done'));
  if (!done || (done === 'invited' && props.companions.length === 0)) return null;
  return (
    <div role="status" id="done" tabIndex={-1} autofocus>
      <Notice kind="good">{t(`companions.done.${done}`)}</Notice>
    </div>
  );
}

function Entry(props: { deps: CitizenDeps; visit: AppointmentVisit; of: Companion }) {
  const { deps, visit, of } = props;
  const { t, to, secret, dates, office, appointment } = visit;
  const { name } = of;
  const link = deps.baseUrl + to.companion(deps.companions.secretOf(of.id));
  const { start } = appointment;
  const title = textIn(office.name, t.language);
  const when = { day: dates.day(start), time: dates.time(start) };
  const mail = mailOf({
    subject: t('companions.subject', when),
    text: t('companions.letter.citizen', { name, office: title, ...when, link }),
  });
  return (
    <li class="stack">
      <h2>{name}</h2>
      <p>
        {t(`companions.role.${of.role}`)}
        {of.madeBy === 'citizen' ? '' : `. ${t('companions.by.us')}`}
      </p>
      <CompanionLink t={t} of={of} link={link} mail={mail} />
      <TakeBack t={t} of={of} action={`${to.appointment(secret, 'companions')}/${of.id}/revoke`} />
    </li>
  );
}

function InviteForm(props: {
  visit: AppointmentVisit;
  typed: TypedInvitation;
  wrong: { name?: string; role?: string };
}) {
  const { visit, typed, wrong } = props;
  const { t, to, secret } = visit;
  return (
    <section class="stack" aria-labelledby="invite">
      <h2 id="invite">{t('companions.invite.title')}</h2>
      <form class="form" action={to.appointment(secret, 'companions')} method="post" novalidate>
        <TextInput
          name="name"
          label={t('companions.field.name')}
          hint={t('companions.field.name.hint')}
          value={typed.name}
          error={wrong.name}
          autocomplete="off"
          spellcheck={false}
        />
        <Radios
          name="role"
          label={t('companions.field.role')}
          error={wrong.role}
          value={typed.role}
          options={ROLES.map((each) => ({ value: each, label: t(`companions.role.${each}`) }))}
        />
        <Button>{t('companions.invite.button')}</Button>
      </form>
    </section>
  );
}
