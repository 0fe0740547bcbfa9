import type { Case, WordedKind, Wording, Words } from '../../../domain/office/wording.ts';
import { casesOf, WORDED_KINDS } from '../../../domain/office/wording.ts';
import type { Preview } from '../../../features/foundation/notices/service.ts';
import { roomOf } from '../../../lib/gsm.ts';
import { LANGUAGE_NAMES, type Language } from '../../../lib/i18n/languages.ts';
import { Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import { sendFramed } from '../../framed.ts';
import { adminBase } from '../places.ts';
import { type AdminDeps, declared } from '../sheet.tsx';

/** The framed mail: one notice in one language and case, with the form's words, saved or not. */
interface Framed {
  kind: WordedKind;
  of: Case;
  language: Language;
  words: { subject?: string; lead?: string; note?: string };
}

/** How a notice looks with the words of the form: as a mail, as text and as an SMS, in each language and case. */
export async function wordingPreviews(props: {
  visit: DeskVisit;
  deps: AdminDeps;
  kind: WordedKind;
  wording: Wording;
  isSought: boolean;
}) {
  const { visit, deps, kind, wording, isSought } = props;
  const { t, office } = visit;
  const { isMade, all } = await deps.previews.of(office, kind, wording);
  return (
    <section aria-labelledby="preview" class="admin-previews">
      <h2 id="preview" tabIndex={-1} autofocus={isSought}>
        {t('admin.wording.preview.title')}
      </h2>
      <p class="hint">{t(`admin.wording.preview.${isMade ? 'made' : 'real'}`)}</p>
      {office.languages.map((language, index) => (
        <details key={language} open={index === 0}>
          <summary lang={language}>{LANGUAGE_NAMES[language]}</summary>
          {all
            .filter((each) => each.language === language)
            .map((each) => (
              <OnePreview
                key={each.of}
                visit={visit}
                preview={each}
                src={addressOf(visit, {
                  kind,
                  language,
                  of: each.of,
                  words: wordsIn(wording[kind], language, each.of),
                })}
              />
            ))}
        </details>
      ))}
      <p>
        <button type="submit" class="button quiet" name="act" value="look-at">
          {t('admin.wording.look')}
        </button>
      </p>
    </section>
  );
}

function OnePreview(props: { visit: DeskVisit; preview: Preview; src: string }) {
  const { visit, preview, src } = props;
  const { t } = visit;
  const { language, of, subject, text, sms } = preview;
  const named = t(`admin.wording.case.${of}`);
  const taken = t('admin.wording.sms.count', { count: sms.segments, length: sms.units });
  const title = t('admin.wording.frame', { language: LANGUAGE_NAMES[language], of: named });
  return (
    <div class="admin-preview">
      <h3>{named}</h3>
      <p>
        <span class="soft">{t('admin.wording.part.subject')}:</span>{' '}
        <strong lang={language}>{subject}</strong>
      </p>
      <iframe src={src} title={title} sandbox="" loading="lazy" class="admin-mail" />
      <p>
        <a href={src} target="_blank" rel="noopener" class="act">
          {t('admin.wording.alone')}
          <span class="hide">: {title}</span>
        </a>
      </p>
      <details>
        <summary>
          {t('admin.wording.asText')}
          <span class="hide">
            : {LANGUAGE_NAMES[language]}, {named}
          </span>
        </summary>
        <pre class="admin-letter" lang={language}>
          {text}
        </pre>
      </details>
      <h4>{t('admin.wording.sms.title')}</h4>
      <p class="admin-letter" lang={language}>
        {sms.text}
      </p>
      <p class="hint">
        {sms.segments > 1 ? <Tag kind="warn">{taken}</Tag> : taken}{' '}
        {t('admin.wording.sms.room', { max: roomOf(sms.alphabet) })}{' '}
        {sms.costly.length > 0
          ? t('admin.wording.sms.costly', { signs: sms.costly.join(' '), max: roomOf('gsm-7') })
          : null}
      </p>
    </div>
  );
}

function wordsIn(words: Words | undefined, language: Language, of: Case): Framed['words'] {
  const all = { subject: words?.subject, lead: words?.[of], note: words?.note };
  const said = Object.entries(all).flatMap(([part, texts]) => {
    const text = texts?.[language];
    return text ? [[part, text]] : [];
  });
  return Object.fromEntries(said);
}

function addressOf(visit: DeskVisit, { kind, of, language, words }: Framed): string {
  const said = Buffer.from(JSON.stringify(words)).toString('base64url');
  const query = new URLSearchParams({ kind, of, language, words: said });
  return `${adminBase(visit)}/wording/mail?${query}`;
}

/**
 * `/console/{office}/admin/wording/mail`: the mail that a preview frames. The default words fill the rest.
 */
export const wordingMail = (deps: AdminDeps) =>
  declared(deps, async (visit) => {
    const { c, office } = visit;
    const { kind, of, language, words } = framedIn(visit);
    const in_ = (text: string | undefined) => (text ? { [language]: text } : {});
    const { subject, lead, note } = words;
    const wording = { [kind]: { subject: in_(subject), [of]: in_(lead), note: in_(note) } };
    return sendFramed(c, await deps.previews.html(office, kind, wording, { language, of }));
  });

function framedIn({ c, office }: DeskVisit): Framed {
  const asked = (name: string) => c.req.query(name);
  const kind = WORDED_KINDS.find((each) => each === asked('kind')) ?? WORDED_KINDS[0];
  const [first = 'phone'] = casesOf(kind);
  return {
    kind,
    of: casesOf(kind).find((each) => each === asked('of')) ?? first,
    language:
      office.languages.find((each) => each === asked('language')) ?? office.languages[0] ?? 'ca',
    words: wordsFrom(asked('words') ?? ''),
  };
}

function wordsFrom(said: string): Framed['words'] {
  try {
    const words: unknown = JSON.parse(Buffer.from(said, 'base64url').toString());
    const texts = Object.entries(words ?? {}).filter(([, text]) => typeof text === 'string');
    return Object.fromEntries(texts);
  } catch {
    return {};
  }
}
