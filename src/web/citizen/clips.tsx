import type { SignClip } from '../../domain/office/clips.ts';
import { LANGUAGE_NAMES, SIGN_LANGUAGES, type SignLanguage } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { pageKeyOf } from './page-key.ts';
import type { Visit } from './visit.tsx';

/** A clip that explains a page, and the language in which somebody signs in it. */
export interface PageClip {
  signed: SignLanguage;
  clip: SignClip;
}

/** Returns the clips that the town declares for the page of a request. */
export function clipsOf({ town, c }: Pick<Visit, 'town' | 'c'>): PageClip[] {
  const key = town.signClips && pageKeyOf(c.req.path);
  const declared = key && town.signClips?.[key];
  if (!declared) return [];
  return SIGN_LANGUAGES.flatMap((signed) => {
    const clip = declared[signed];
    return clip ? [{ signed, clip }] : [];
  });
}

/** The page in sign languages, each closed until somebody opens it; nothing of a video is loaded before it is played. */
export function Clips({ t, clips }: { t: Translate; clips: readonly PageClip[] }) {
  return (
    <>
      {clips.map(({ signed, clip }) => (
        <details key={signed} class="clip no-print">
          <summary>
            {t(`clips.see.${signed}`)}
            {clip.seconds ? ` (${t('clips.seconds', { count: clip.seconds })})` : ''}
          </summary>
          <video
            src={clip.video}
            aria-label={t(`clips.see.${signed}`)}
            controls
            muted
            playsInline
            preload="none"
            {...(clip.captions && { crossOrigin: 'anonymous' })}
          >
            {Object.entries(clip.captions ?? {}).map(([language, src]) => (
              <track
                key={language}
                kind="captions"
                src={src}
                srclang={language}
                label={LANGUAGE_NAMES[language as keyof typeof LANGUAGE_NAMES]}
              />
            ))}
            <a href={clip.video}>{t(`clips.see.${signed}`)}</a>
          </video>
        </details>
      ))}
    </>
  );
}
