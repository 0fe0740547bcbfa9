import type { Tellers } from '../../town-file/reading/references.ts';
import type { Spot } from '../../town-file/reading/spot.ts';

/** The types that the questions about somebody who must sign can have. */
const TYPES = { name: 'text', nif: 'nif', email: 'email' } as const;

/** Checks that those who must sign are asked for in a group, and that the case waits for them in a state which their signatures end. */
export function checkCosigners(form: Spot, { mistake }: Tellers): void {
  const cosigners = form.get('cosigners');
  if (!cosigners.isGroup()) return;
  const of = cosigners.get('of');
  const [stepId, id] = (of.text() ?? '').split('.');
  const step = form
    .get('steps')
    .items()
    .find((each) => each.get('id').text() === stepId);
  const group = step
    ?.get('questions')
    .items()
    .find((each) => each.get('id').text() === id);
  if (group?.get('type').text() !== 'group') {
    mistake(of.path, `There is no group "${of.text() ?? ''}".`);
    return;
  }
  for (const [key, type] of Object.entries(TYPES))
    checkQuestion(cosigners.get(key), group, type, mistake);
  checkWait(form, cosigners.get('state'), mistake);
  if ((form.get('identity').text() ?? 'none') === 'none')
    mistake(
      cosigners.path,
      '"cosigners" needs "identity": who hands it in must be identified, too.',
      'key',
    );
}

function checkQuestion(spot: Spot, group: Spot, type: string, mistake: Tellers['mistake']): void {
  const name = spot.text();
  if (name === undefined) return;
  const question = group
    .get('questions')
    .items()
    .find((each) => each.get('id').text() === name);
  if (question?.get('type').text() !== type)
    mistake(spot.path, `The group has no question "${name}" of type ${type}.`);
  else if (
    type !== 'email' &&
    (question.get('required').value !== true || question.get('when').exists())
  )
    mistake(spot.path, `The question "${name}" must be required, without a condition.`);
}

/** The default states have none in which a case waits for others. */
function checkWait(form: Spot, state: Spot, mistake: Tellers['mistake']): void {
  const goesOn = form
    .get('states')
    .get('transitions')
    .items()
    .some(
      (each) => each.get('from').text() === state.text() && each.get('who').text() === 'cosigners',
    );
  if (state.text() !== undefined && !goesOn)
    mistake(
      state.path,
      `No transition from "${state.text()}" has "who: cosigners": nothing would follow their signatures.`,
    );
}
