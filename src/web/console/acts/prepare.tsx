import { LONGEST_DETAILS } from '../../../features/service/consent/rules.ts';
import type { Options } from '../../../features/service/consent/service.ts';
import type {
  ActDraft,
  DraftField,
  DraftMistakes,
  Ineligibility,
} from '../../../features/service/consent/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { isLanguage, LANGUAGE_NAMES, textIn } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Checkboxes, Radios, TextArea } from '../../../ui/forms.tsx';
import { Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { here, showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { BackAction } from './acts.tsx';

/** `…/act`: prepares an act for the citizen's consent: its kind, its language, its subject. */
export function prepareActPage(deps: StaffDeps) {
  const { consent } = deps;

  const show = async (visit: DeskVisit, typed?: ActDraft, mistakes: DraftMistakes = {}) => {
    const { c, t, viewer, office } = visit;
    const options = await consent.options(viewer, office, c.req.param('id') ?? '');
    if (!options) return c.notFound();
    const problems = problemsOf(visit, mistakes);
    return showAppointment(deps, visit, {
      title: t('acts.desk.new'),
      problems,
      ...(problems.length > 0 && { status: 422 as const }),
      instead: (dossier) => (
        <Form visit={visit} dossier={dossier} options={options} typed={typed} problems={problems} />
      ),
    });
  };

  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const form = await readForm(c);
      const language = form.text('language');
      const draft: ActDraft = {
        template: form.text('template'),
        language: isLanguage(language) ? language : office.languages[0]!,
        details: form.lines('details'),
        documents: [...new Set(form.all('documents'))],
        mayBeAttended: form.has('mayBeAttended'),
      };
      const made = await consent.prepare(viewer, office, c.req.param('id') ?? '', draft);
      if (made.ok) return visit.redirect(`${here(visit)}/acts/${made.id}#acts`);
      if (made.reason === 'not_found') return c.notFound();
      return show(visit, draft, made.reason === 'invalid' ? made.mistakes : {});
    },
  };
}

const FIELDS: readonly DraftField[] = [
  ...(['template', 'language', 'details', 'documents', 'mayBeAttended'] as const),
];

function problemsOf({ t }: DeskVisit, mistakes: DraftMistakes): ProblemLink[] {
  return FIELDS.flatMap((field) => {
    const mistake = mistakes[field];
    if (!mistake) return [];
    const what = mistake === 'too_long' ? 'long' : 'missing';
    const text =
      field === 'details'
        ? t(`acts.wrong.details.${what}`, { max: LONGEST_DETAILS })
        : t(`acts.wrong.${field}`);
    return [{ href: `#${field}`, text }];
  });
}

interface FormProps {
  visit: DeskVisit;
  dossier: Dossier;
  options: Options;
  typed: ActDraft | undefined;
  problems: readonly ProblemLink[];
}

function Form({ visit, dossier, options, typed, problems }: FormProps) {
  const { t } = visit;
  const { ineligibility, habilitation } = options;
  return (
    <section class="region work stack" aria-labelledby="prepare">
      <h2 id="prepare">{t('acts.desk.new')}</h2>
      {ineligibility || !habilitation ? (
        <>
          <Hindered visit={visit} ineligibility={ineligibility ?? 'not_habilitated'} />
          <BackAction t={t} href={here(visit)} />
        </>
      ) : (
        <>
          <p>{t('acts.desk.lead')}</p>
          <p class="soft small">{t('acts.desk.as', habilitation)}</p>
          <Fields
            visit={visit}
            dossier={dossier}
            options={options}
            typed={typed}
            problems={problems}
          />
        </>
      )}
    </section>
  );
}

function Hindered({
  visit: { t },
  ineligibility,
}: {
  visit: DeskVisit;
  ineligibility: Ineligibility;
}) {
  return (
    <Notice kind="warn">
      <p role="status">{t(`acts.ineligibility.${ineligibility}`)}</p>
    </Notice>
  );
}

type Wrong = (field: DraftField) => string | undefined;

/** The kind of act, and its language. */
function Which({
  visit: { t },
  dossier,
  options,
  typed,
  wrong,
}: Omit<FormProps, 'problems'> & { wrong: Wrong }) {
  const { acts, languages } = options;
  const { noticeLanguage } = dossier.appointment;
  const usual = languages.includes(noticeLanguage) ? noticeLanguage : languages[0];
  return (
    <>
      <Radios
        name="template"
        label={t('acts.desk.which')}
        error={wrong('template')}
        value={typed?.template ?? (acts.length === 1 ? acts[0]?.code : undefined)}
        options={acts.map((each) => ({
          value: each.code,
          label: textIn(each.name, t.language),
          under: (
            <details>
              <summary>{t('acts.desk.text')}</summary>
              <p class="said small">{textIn(each.text, t.language)}</p>
            </details>
          ),
        }))}
      />
      <Radios
        name="language"
        label={t('acts.desk.language')}
        error={wrong('language')}
        value={typed?.language ?? usual}
        options={languages.map((each) => ({
          value: each,
          label: LANGUAGE_NAMES[each],
          lang: each,
        }))}
      />
    </>
  );
}

function Fields({ visit, dossier, options, typed, problems }: FormProps) {
  const { t } = visit;
  const { documents } = options;
  const identity = dossier.encounter?.identity ?? 'none';
  const wrong: Wrong = (field) => problems.find((each) => each.href === `#${field}`)?.text;
  return (
    <form method="post" class="stack">
      <Which visit={visit} dossier={dossier} options={options} typed={typed} wrong={wrong} />
      <TextArea
        name="details"
        label={t('acts.desk.details')}
        hint={t('acts.desk.detailsHint', { max: LONGEST_DETAILS })}
        error={wrong('details')}
        value={typed?.details}
      />
      {documents.length > 0 ? (
        <Checkboxes
          name="documents"
          label={t('acts.desk.documents')}
          error={wrong('documents')}
          values={typed?.documents ?? []}
          options={documents.map((each) => ({ value: each.id, label: each.name }))}
        />
      ) : null}
      <p>{t('acts.desk.identity', { how: t(`acts.identity.${identity}`) })}</p>
      <Checkboxes
        name="mayBeAttended"
        label={t('acts.desk.allowedTitle')}
        error={wrong('mayBeAttended')}
        values={typed?.mayBeAttended ? ['yes'] : []}
        options={[{ value: 'yes', label: t('acts.desk.allowed') }]}
      />
      <div class="action row">
        <ButtonLink kind="quiet" href={here(visit)}>
          {t('acts.desk.back')}
        </ButtonLink>
        <button type="submit" class="button" id="action">
          {t('acts.desk.ask')}
        </button>
      </div>
    </form>
  );
}
