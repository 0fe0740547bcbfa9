import type { Form } from '../../../domain/form/schema.ts';
import { isEnough, type Level } from '../../../domain/identity.ts';
import type { TownFile, TownProcedure } from '../../../domain/office/schema.ts';
import { isLanguage } from '../../../lib/i18n/languages.ts';
import type { Tellers } from '../../town-file/reading/references.ts';
import { didYouMean } from '../../town-file/reading/words.ts';

/** Compares a form with the town file whose folder it is in: its procedure, what that demands, and the town's languages. */
export function checkFormInTown(form: Form, town: TownFile, { mistake, warning }: Tellers): void {
  const offices = Object.entries(town.offices).flatMap(([code, { procedures }]) => {
    const procedure = procedures[form.procedure];
    return procedure ? [{ code, procedure }] : [];
  });
  if (offices.length === 0) {
    const known = Object.values(town.offices).flatMap((each) => Object.keys(each.procedures));
    const hint = didYouMean(form.procedure, known);
    mistake(['procedure'], `No office has a procedure "${form.procedure}".${hint}`);
  }
  for (const { code, procedure } of offices) {
    if (form.onBehalf && !procedure.onBehalf)
      mistake(['onBehalf'], `Nobody may act for somebody else here: ${code} has onBehalf: false.`);
    checkLevel(form, code, procedure, { mistake, warning });
  }
  const missing = town.town.languages.filter(
    (each) => form.languages && !form.languages.includes(each),
  );
  if (missing.length > 0)
    warning(['languages'], `The town also has: ${missing.filter(isLanguage).join(', ')}.`);
}

function checkLevel(
  { identity }: Form,
  office: string,
  procedure: TownProcedure,
  { mistake, warning }: Tellers,
): void {
  const demanded: Level = procedure.identity === 'electronic' ? procedure.level : 'none';
  if (!isEnough(identity, demanded))
    mistake(
      ['identity'],
      `The procedure needs ${demanded} in ${office}, and the form lets people in with ${identity}.`,
    );
  if (identity === 'none' && procedure.identity === 'shown')
    warning(
      ['identity'],
      `People show who they are in an appointment of ${office}; the form does not ask it.`,
    );
}
