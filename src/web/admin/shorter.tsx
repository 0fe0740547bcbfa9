import type { Shorter } from '../../domain/office/retention.ts';
import type { Declaration } from '../../features/booking/administration/types.ts';
import type { DeletionPreview } from '../../features/booking/administration/views.ts';
import { fingerprint } from '../../formats/town-file/changes/fingerprint.ts';
import { Button, ButtonLink } from '../../ui/buttons.tsx';
import { BackLink } from '../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../console/visit.tsx';
import type { Form } from '../form.ts';

/** The kinds of data that a shorter period can destroy, in the order of the page. */
const KINDS: readonly (keyof DeletionPreview)[] = [
  'contacts',
  'waiting',
  'notes',
  'words',
  'calls',
  'reasons',
  'documents',
  'acts',
  'payments',
];

/**
 * Asks for a confirmation before a period becomes shorter, with the number of deletions. The typed
 * values go along.
 */
export async function askShorter(
  deps: Pick<StaffDeps, 'administration'>,
  visit: DeskVisit,
  asked: { declaration: Declaration; here: string; form: Form; shorter: readonly Shorter[] },
): Promise<Response> {
  const { t } = visit;
  const { declaration, here, form, shorter } = asked;
  const sooner = Object.fromEntries(shorter.map(({ period, to }) => [period, to]));
  const { timeZone, retention } = declaration.state.settings;
  const settings = { timeZone, retention: { ...retention, ...sooner } };
  const deletions = await deps.administration.previewDeletion(visit.viewer, settings);
  if (!deletions) return visit.c.notFound() as Response;
  const kinds = KINDS.filter((kind) => deletions[kind] > 0);
  const title = t('admin.shorter.title');
  return visit.show(
    { title },
    <>
      <BackLink href={here}>{t('admin.section.retention')}</BackLink>
      <h1>{title}</h1>
      <ul>
        {shorter.map(({ period, from, to }) => (
          <li key={period}>
            {t('admin.shorter.period', { period: t(`admin.field.${period}`), from, to })}
          </li>
        ))}
      </ul>
      {kinds.length > 0 ? (
        <>
          <p>{t('admin.shorter.text')}</p>
          <ul>
            {kinds.map((kind) => (
              <li key={kind}>{t(`admin.shorter.${kind}`, { count: deletions[kind] })}</li>
            ))}
          </ul>
        </>
      ) : (
        <p>{t('admin.shorter.nothing')}</p>
      )}
      <form method="post" action={here} class="row">
        {form
          .fields()
          .filter(([name]) => !['act', 'agreed', 'code', 'answer'].includes(name))
          .map(([name, text], index) => (
            <input key={index} type="hidden" name={name} value={text} />
          ))}
        <input type="hidden" name="agreed" value={fingerprint(shorter)} />
        <Button kind="grave" name="act" value="save">
          {t('admin.shorter.submit')}
        </Button>
        <ButtonLink kind="quiet" href={here}>
          {t('people.end.back')}
        </ButtonLink>
      </form>
    </>,
  );
}
