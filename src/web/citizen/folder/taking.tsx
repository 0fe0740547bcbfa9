import type { Standing } from '../../../features/service/folder/types.ts';
import { Button, LinkButton } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { personOf } from '../visit.tsx';

/** What the page of an appointment says of folders; null: nobody is identified, or there is nothing of them left. */
export interface InFolder {
  standing: Standing;
}

/** Returns whose folder an appointment is in, where somebody is identified. */
export async function inFolder(
  { folder }: Pick<CitizenDeps, 'folder'>,
  { session, office, appointment }: AppointmentVisit,
): Promise<InFolder | null> {
  if (!session || appointment.citizen.name === '') return null;
  return { standing: await folder.standing(personOf(session), office, appointment.id) };
}

/** `…/appointment/{secret}/folder`: puts the appointment into the folder of who is identified, or takes it out. */
export function takingForm(deps: CitizenDeps) {
  return async (visit: AppointmentVisit): Promise<Response> => {
    const { c, to, secret, office, appointment, session } = visit;
    const here = to.appointment(secret);
    if (!session) return visit.redirect(to.identify({ next: here }));
    const viewer = personOf(session);
    const form = await readForm(c);
    if (form.text('do') === 'remove') {
      await deps.folder.remove(viewer, office, appointment.id);
      return visit.redirect(`${here}?folder=removed#folder`);
    }
    const taken = await deps.folder.take(
      viewer,
      office,
      appointment.id,
      'link',
      !!visit.viewer.proof,
    );
    return visit.redirect(`${here}${taken.ok ? '?folder=added' : ''}#folder`);
  };
}

/** Whether the appointment is in the reader's folder, and how to put it there. Opening the page changes nothing. */
export function FolderPart({ visit, found }: { visit: AppointmentVisit; found: InFolder | null }) {
  const { c, t, to, secret, appointment } = visit;
  if (!found) return null;
  const { standing } = found;
  const done = c.req.query('folder');
  const isAdded = done === 'added' && standing === 'mine';
  const isRemoved = done === 'removed' && standing === 'nobodys';
  const isProved = !!visit.viewer.proof;
  return (
    <section class="stack no-print" aria-labelledby="folder">
      <h2 id="folder">{t('folder.title')}</h2>
      {isAdded || isRemoved ? (
        <div role="status">
          <Notice kind="good">
            <p>{t(isAdded ? 'folder.take.added' : 'folder.take.removed')}</p>
          </Notice>
        </div>
      ) : null}
      <p>
        {t(`folder.take.${standing}`)}{' '}
        {standing === 'mine' ? <a href={to.folder()}>{t('folder.take.see')}</a> : null}
      </p>
      {appointment.onBehalfOf && standing === 'nobodys' ? (
        <p>{t('folder.take.behalf', { name: appointment.onBehalfOf })}</p>
      ) : null}
      {standing === 'others' ? (
        <p>
          {isProved ? (
            t('folder.take.proved')
          ) : (
            <a href={to.appointment(secret, 'documents/code')}>{t('folder.take.code')}</a>
          )}
        </p>
      ) : null}
      {standing === 'others' && !isProved ? null : (
        <form action={to.appointment(secret, 'folder')} method="post">
          {standing === 'mine' ? (
            <LinkButton name="do" value="remove">
              {t('folder.take.remove')}
            </LinkButton>
          ) : (
            <Button kind="quiet" name="do" value="take">
              {t('folder.take.button')}
            </Button>
          )}
        </form>
      )}
    </section>
  );
}
