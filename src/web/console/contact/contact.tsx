import { isSpaceOpen } from '../../../features/booking/appointments/rules.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { readForm } from '../../form.ts';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import {
  ContactFields,
  checkPerson,
  type PersonMistakes,
  personOf,
  personProblems,
  readPerson,
  type TypedPerson,
} from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

interface Typed {
  person: TypedPerson;
  mistakes: PersonMistakes;
}

/** `…/contact`: name, telephone and e-mail. Pending notices go to the new address. */
export function contactPage(deps: StaffDeps) {
  const show = (visit: DeskVisit, typed?: Typed) => {
    const problems = typed ? personProblems(visit, typed.person, typed.mistakes) : [];
    return showAppointment(deps, visit, {
      title: visit.t('desk.contact.title'),
      ...(problems.length > 0 && { status: 422, problems }),
      instead: ({ appointment }) =>
        isSpaceOpen(appointment, visit.office.settings.retention, visit.now) ? (
          <Region
            visit={visit}
            typed={typed ?? { person: personOf(visit, appointment), mistakes: {} }}
          />
        ) : null,
    });
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit) => {
      const { c, viewer, office } = visit;
      const id = c.req.param('id') ?? '';
      const person = readPerson(await readForm(visit.c));
      const channel = await deps.assistance.channelOf(viewer, office, id);
      if (!channel) return c.notFound();
      const checked = checkPerson(visit, channel, person);
      if (!checked.ok) return show(visit, { person, mistakes: checked.mistakes });
      const changed = await deps.assistance.changeContact(
        viewer,
        office,
        id,
        checked.details.citizen,
      );
      if (changed.ok) return visit.redirect(`${here(visit)}?done=contact`);
      return changed.reason === 'not_found' ? c.notFound() : conflict(deps, visit, '');
    },
  };
}

function Region({ visit, typed }: { visit: DeskVisit; typed: Typed }) {
  const { t } = visit;
  return (
    <section class="region work stack" aria-labelledby="contact">
      <h2 id="contact">{t('desk.contact.title')}</h2>
      <p>{t('desk.contact.text')}</p>
      <p class="soft">{t('desk.contact.told')}</p>
      <form method="post" action={`${here(visit)}/contact`} class="form" novalidate>
        <ContactFields visit={visit} typed={typed.person} mistakes={typed.mistakes} />
        <div class="action row">
          <ButtonLink kind="quiet" href={here(visit)}>
            {t('desk.back')}
          </ButtonLink>
          <button type="submit" class="button" id="action">
            {t('desk.contact.submit')}
          </button>
        </div>
      </form>
    </section>
  );
}
