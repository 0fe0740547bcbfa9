import { blanksIn, DECISION_BLANKS } from '../../../domain/form/decision.ts';
import type { Tellers } from '../../town-file/reading/references.ts';
import type { Spot } from '../../town-file/reading/spot.ts';

/** Checks what stands in braces in the texts of a decision: a name of what is known, or of a question. */
export function checkTemplates(form: Spot, { mistake }: Tellers): void {
  const known = new Set<string>([
    ...DECISION_BLANKS,
    ...form
      .get('steps')
      .items()
      .flatMap((step) =>
        step
          .get('questions')
          .items()
          .map((each) => `${step.get('id').text()}.${each.get('id').text()}`),
      ),
  ]);
  const decision = form.get('decision');
  const texts = [
    decision.get('templates').get('granted'),
    decision.get('templates').get('refused'),
    decision.get('appeal'),
  ];
  for (const text of texts)
    for (const [language, spot] of text.entries())
      for (const name of blanksIn(spot.text() ?? ''))
        if (!known.has(name))
          mistake(
            text.get(language).path,
            `There is no "${name}" to fill in: use ${DECISION_BLANKS.map((each) => `{${each}}`).join(', ')}, or a question, such as {local.rotul}.`,
          );
}
