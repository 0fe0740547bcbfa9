import type { DocumentEntry } from '../../../features/service/documents/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** The types that every browser shows as a picture, where the file can't run scripts. */
const PICTURES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);
/** The types that the island shows. */
const BY_SCRIPT: ReadonlySet<string> = new Set(['application/pdf', 'image/heic']);

type Viewed = Pick<DocumentEntry, 'type'>;

/** Returns whether the console can show a document, so that it needn't be downloaded. */
export const isViewable = ({ type }: Viewed): boolean =>
  PICTURES.has(type ?? '') || BY_SCRIPT.has(type ?? '');

const WORDS = [
  ...(['loading', 'page', 'zoom', 'tools', 'text'] as const),
  ...(['previous', 'next', 'closer', 'farther', 'turn'] as const),
  ...(['mistake', 'locked', 'away', 'unread'] as const),
];
/** The island replaces these. */
const FILLED_IN = { page: '{page}', pages: '{pages}', percent: '{percent}' };

/** Shows a document: pages by a script, a picture also without one. Its file is requested once. */
export function Viewer(props: { t: Translate; entry: Viewed; file: string }) {
  const { t, entry, file } = props;
  if (!isViewable(entry)) return null;
  const type = entry.type ?? '';
  return (
    <>
      <section
        class="viewer stack"
        data-viewer={type}
        data-file={file}
        aria-label={t('viewer.title')}
      >
        {PICTURES.has(type) ? (
          <p>
            <img class="shown" src={file} alt={t('documents.desk.picture')} />
          </p>
        ) : (
          <p class="soft">{t('viewer.noScript')}</p>
        )}
      </section>
      <template id="viewer-words">
        {WORDS.map((each) => (
          <p key={each} data-word={each}>
            {t(`viewer.${each}`, FILLED_IN)}
          </p>
        ))}
      </template>
    </>
  );
}
