import { pictureFault } from '../look/logo.ts';
import type { Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';

/** Checks that a logo in a file is a picture that may be shown on every page. */
export function checkLogo(look: Spot, { mistake }: Tellers): void {
  const url = look.get('logo').get('url');
  const fault = pictureFault(url.text() ?? '');
  if (!fault) return;
  const { message, ...slip } = fault;
  mistake(url.path, `The logo's file ${message}.`, 'value', slip);
}
