import { PHOTO_BYTES } from '../../../../features/service/requests/service.ts';
import { Button, ButtonLink, LinkButton } from '../../../../ui/buttons.tsx';
import { FileInput } from '../../../../ui/forms.tsx';
import { type FileForm, isFileForm, readFileForm } from '../../../files/upload.ts';
import { readForm } from '../../../form.ts';
import { formatSize } from '../../../words/documents.tsx';
import { senderIn } from '../../documents/sender.ts';
import type { CitizenDeps } from '../../visit.tsx';
import { onward, stepAfter, stepPage, type Writing, withWriting } from './frame.tsx';

type Wrong = 'type' | 'large' | 'many' | 'empty' | 'missing' | 'busy';

/** `…/request/{secret}/photos`: photos, without what their camera wrote beside them. A form with a file works without scripts. */
export function photosPage(deps: CitizenDeps) {
  return {
    get: withWriting(deps, (writing) => show(writing)),

    post: withWriting(deps, async (writing) => {
      const { visit, type } = writing;
      if (!isFileForm(visit.c)) return removed(deps, writing);
      const most = PHOTO_BYTES * type.photos;
      using read = await readFileForm(visit.c, most, senderIn(deps, visit));
      if (!read.ok) return show(writing, read.reason === 'busy' ? 'busy' : 'large');
      return added(deps, writing, read.form);
    }),
  };
}

async function removed(deps: CitizenDeps, writing: Writing): Promise<Response> {
  const { visit } = writing;
  const { viewer, office, id, to, secret } = visit;
  const photo = (await readForm(visit.c)).text('remove');
  if (photo === '') return onward(writing, 'photos');
  await deps.requests.removePhoto(viewer, office, id, photo);
  return visit.redirect(to.request(secret, 'photos'));
}

/** Adds all photos that were chosen. Those that can be taken are; of the first that can't, it is said why. */
async function added(deps: CitizenDeps, writing: Writing, form: FileForm): Promise<Response> {
  const { visit } = writing;
  const { viewer, office, id, to, secret } = visit;
  if (form.files.length === 0)
    return form.has('add') ? show(writing, 'missing') : onward(writing, 'photos');
  let wrong: Wrong | null = null;
  for (const { bytes } of form.files) {
    const done = await deps.requests.addPhoto(viewer, office, id, bytes);
    if (!done.ok && done.reason !== 'sent' && done.reason !== 'not_found') wrong ??= done.reason;
  }
  const back = visit.c.req.query('back') === '1' ? '?back=1' : '';
  if (!wrong) return visit.redirect(`${to.request(secret, 'photos')}${back}`);
  const photos = (await deps.requests.unsent(viewer, office, id))?.photos ?? writing.photos;
  return show({ ...writing, photos }, wrong);
}

function show(writing: Writing, wrong?: Wrong): Response {
  const { visit, type, photos } = writing;
  const { t, to, secret } = visit;
  const back = visit.c.req.query('back') === '1';
  const action = `${to.request(secret, 'photos')}${back ? '?back=1' : ''}`;
  const values = { most: type.photos, megabytes: PHOTO_BYTES / 1024 / 1024 };
  const error = wrong && t(`requests.photos.wrong.${wrong}`, values);
  const next = to.request(secret, back ? 'check' : stepAfter(type, 'photos'));
  const isFull = photos.length >= type.photos;
  return stepPage(
    writing,
    'photos',
    {
      title: t('requests.photos.title'),
      problems: error ? [{ href: '#file', text: error }] : [],
    },
    <>
      <p class="lead">{t('requests.photos.lead', values)}</p>
      <Photos writing={writing} action={action} />
      {isFull ? (
        <p>{t('requests.photos.full', values)}</p>
      ) : (
        <form class="form" action={action} method="post" encType="multipart/form-data" novalidate>
          <FileInput
            name="file"
            label={t('requests.photos.choose')}
            hint={t('requests.photos.hint', values)}
            error={error || undefined}
            accept="image/jpeg,image/png"
            multiple={type.photos - photos.length > 1}
          />
          <Button kind="quiet" name="add" value="1">
            {t('requests.photos.add')}
          </Button>
        </form>
      )}
      <p>
        <ButtonLink href={next}>
          {t(photos.length > 0 ? 'requests.next' : 'requests.photos.none')}
        </ButtonLink>
      </p>
    </>,
  );
}

/** The photos that are there, each with the button that takes it out. */
function Photos({ writing, action }: { writing: Writing; action: string }) {
  const { photos, visit } = writing;
  const { t } = visit;
  if (photos.length === 0) return null;
  return (
    <form action={action} method="post">
      <ul class="sent">
        {photos.map(({ id, size, standing }, nth) => (
          <li key={id} class="row">
            <span>{t('requests.photos.one', { number: nth + 1 })}</span>
            <span class="soft">{formatSize(t, size)}</span>
            {standing === 'refused' ? <span>{t('requests.photos.refused')}</span> : null}
            <LinkButton name="remove" value={id}>
              {t('requests.photos.remove')}
              <span class="hide"> {t('requests.photos.one', { number: nth + 1 })}</span>
            </LinkButton>
          </li>
        ))}
      </ul>
    </form>
  );
}
