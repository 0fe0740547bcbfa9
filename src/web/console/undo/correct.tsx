import { mayCorrect } from '../../../features/service/encounter/rules.ts';
import type { Conflict, DraftMistakes } from '../../../features/service/encounter/types.ts';
import { readForm } from '../../form.ts';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import { draftOf, kept, met, readDraft, type TypedDraft } from '../encounter/draft.ts';
import { EncounterForm } from '../encounter/form.tsx';
import { problemsOf } from '../encounter/mistakes.ts';
import { rowsChanged } from '../encounter/save.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

interface Typed {
  draft?: TypedDraft;
  mistakes?: DraftMistakes;
  /** A colleague's correction meanwhile. */
  conflict?: Pick<Conflict, 'current' | 'who' | 'collisions'>;
}

/** Shows the record of a closed encounter as a form; whoever can't correct it sees the appointment. */
function showCorrection(
  deps: StaffDeps,
  visit: DeskVisit,
  { draft, mistakes = {}, conflict }: Typed = {},
  around: Parameters<typeof showAppointment>[2] = {},
) {
  return showAppointment(deps, visit, {
    ...around,
    title: visit.t('correct.title'),
    instead: (dossier) =>
      dossier.encounter && mayCorrect(visit.viewer, dossier.encounter) ? (
        <section class="region work stack" aria-labelledby="encounter-title">
          <EncounterForm
            visit={visit}
            dossier={dossier}
            draft={draft ?? draftOf(visit, dossier)}
            mistakes={mistakes}
            conflict={conflict}
            frequent={[]}
            following={null}
            isCorrection
          />
        </section>
      ) : undefined,
  });
}

/** Corrects the record of a closed encounter. */
export function correctPage(deps: StaffDeps) {
  return {
    get: (visit: DeskVisit) => showCorrection(deps, visit),
    post: async (visit: DeskVisit) => {
      const { viewer, office, c } = visit;
      const form = await readForm(c);
      const typed = readDraft(form);
      const changed = rowsChanged(visit, typed, form.text('action'));
      if (changed) return showCorrection(deps, visit, { draft: changed });
      const of = { appointment: c.req.param('id') ?? '' };
      const how = { base: typed.base };
      const clean = kept(typed);
      const result = await deps.encounter.correct(viewer, office, of, typed.version, clean, how);
      if (result.ok) return visit.redirect(`${here(visit)}?done=corrected`);
      switch (result.reason) {
        case 'not_found':
          return c.notFound();
        case 'stale': {
          const draft = met(result.merged, result.current);
          const problems = [{ href: '#encounter', text: visit.t('staff.conflict.text') }];
          const again = { draft, conflict: result };
          return showCorrection(deps, visit, again, { status: 409, problems });
        }
        case 'invalid': {
          const { mistakes } = result;
          const draft = { ...typed, ...clean };
          const problems = problemsOf(visit, mistakes, draft.items);
          return showCorrection(deps, visit, { draft, mistakes }, { status: 422, problems });
        }
        default:
          return conflict(deps, visit, clean.notes);
      }
    },
  };
}
