import { textsOf } from '../../../domain/person.ts';
import { formatPhone } from '../../../features/booking/appointments/rules.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, type ProblemLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { checkAnswers, type Mistakes, problemsOf, readAnswers } from '../booking/answers.ts';
import { ContactFields } from '../booking/details-form.tsx';
import { askForCode } from '../documents/code.tsx';
import { inFolder } from '../folder/taking.tsx';
import { formPage, Problems } from '../shared.tsx';
import { type AppointmentVisit, type CitizenDeps, personOf } from '../visit.tsx';
import { afterDoing } from './done.tsx';
import { whileReachable } from './while-open.ts';

/** `…/contact`: name, telephone and e-mail. */
export function contactPage(deps: CitizenDeps) {
  return {
    get: whileReachable(deps, async (visit) => {
      if (await needsCode(deps, visit)) return askForCode(visit, 'contact');
      const { citizen } = visit.appointment;
      const { phone } = citizen;
      const said = phone ? formatPhone(phone, visit.office.settings.country) : '';
      return showContact(visit, { ...textsOf(citizen), phone: said }, {});
    }),

    post: whileReachable(deps, async (visit) => {
      const { office, appointment, viewer, session } = visit;
      const answers = readAnswers(await readForm(visit.c));
      const checked = checkAnswers(visit, appointment.channel, answers);
      if (!checked.ok) return showContact(visit, answers, checked.mistakes);
      const { citizen } = checked.details;
      const found = await inFolder(deps, visit);
      const changed = await deps.appointments.changeContact(
        viewer,
        office,
        appointment.id,
        citizen,
      );
      if (!changed.ok && changed.reason === 'too_many') {
        const problem = { href: '#email', text: visit.t('limits.contact') };
        return showContact(visit, answers, {}, [problem]);
      }
      if (!changed.ok && changed.reason === 'needs_proof') return askForCode(visit, 'contact');
      if (!changed.ok) return afterDoing(visit, 'too_late');
      // A new address has a new link, and whoever had the old one loses the appointment: not those who changed it themselves.
      if (session && found?.standing === 'mine')
        await deps.folder.take(personOf(session), office, appointment.id, 'link', !!viewer.proof);
      const secret = deps.appointments.secretOf(changed.appointment);
      return afterDoing({ ...visit, secret }, 'contact');
    }),
  };
}

/**
 * Returns whether the page asks for a code before any input. The service decides again when the form is sent.
 */
const needsCode = async (deps: CitizenDeps, { viewer, appointment }: AppointmentVisit) =>
  !viewer.proof && (await deps.proofs.holdsDocuments(appointment));

function showContact(
  visit: AppointmentVisit,
  answers: Record<string, string | string[]>,
  mistakes: Mistakes,
  problems: readonly ProblemLink[] = problemsOf(visit.t, mistakes, answers),
): Response {
  const { t, appointment, secret, to } = visit;
  const { channel, language } = appointment;
  const title = t('citizen.contact.title');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <form class="form" action={to.appointment(secret, 'contact')} method="post" novalidate>
        <ContactFields
          t={t}
          channel={channel}
          language={language}
          answers={answers}
          mistakes={mistakes}
        />
        <p class="soft">{t('proof.contact.note')}</p>
        <Button>{t('citizen.contact.button')}</Button>
      </form>
    </>,
  );
}
