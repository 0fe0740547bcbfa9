import { checkDay, type Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';

/** Checks the legal contents of the town's pages that are missing from the file. */
export function checkTrust(town: Spot, tell: Tellers): void {
  if (!town.isGroup()) return;
  checkPrivacy(town, tell);
  checkAccessibility(town.get('accessibility'), tell);
}

function checkPrivacy(town: Spot, { warning }: Tellers): void {
  const privacy = town.get('privacy');
  const [controller, dpo] = [privacy.get('controller'), privacy.get('dpo')];
  const at = privacy.exists() ? privacy : town;
  if (!controller.exists()) {
    warning(
      at.path,
      'The page on privacy must name who answers for the data by its official name (town: privacy: controller).',
      'key',
    );
  }
  if (!dpo.get('email').exists() && !dpo.get('url').exists()) {
    warning(
      at.path,
      'The page on privacy must say how to reach the data-protection officer (town: privacy: dpo; RGPD, art. 13.1.b and 37.1.a).',
      'key',
    );
  }
}

function checkAccessibility(statement: Spot, { mistake, warning }: Tellers): void {
  const [prepared, reviewed] = [statement.get('prepared'), statement.get('reviewed')];
  for (const day of [prepared, reviewed]) checkDay(day, mistake);
  if ((prepared.text() ?? '') > (reviewed.text() ?? '9')) {
    mistake(
      reviewed.path,
      `The statement was reviewed (${reviewed.text()}) before it was prepared (${prepared.text()}).`,
    );
  }
  if (statement.get('status').text() === 'fully') {
    warning(
      statement.get('status').path,
      'The statement can hardly say fully: it lists what Finestreta itself knows to be missing.',
    );
  }
}
