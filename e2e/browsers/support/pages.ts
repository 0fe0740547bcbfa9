import type { Page } from 'playwright-core';
import { offeredTimes, type Person, say } from '../../support/pages.ts';

/**
 * Books by telephone with keys alone. It works in a Firefox without scripts too, where Playwright waits in vain for an element
 * to stand still before it clicks on it.
 */
export async function bookByKeyboard(page: Page, person: Person): Promise<void> {
  const go = (role: 'link' | 'button', name: string) =>
    page.getByRole(role, { name, exact: true }).press('Enter');
  await page.goto('/ca/oac/volant-padro');
  await page.getByLabel(say('common.channel.phone')).press('Space');
  await go('button', say('citizen.procedure.seeTimes'));
  await page.waitForURL('**/times**');
  const [first] = await offeredTimes(page);
  await page.locator(`input[type="radio"][value="${first?.start}"]`).press('Space');
  await go('button', say('citizen.continue'));
  await page.waitForURL('**/booking/**');
  const type = (label: string, text: string) =>
    page.getByLabel(label, { exact: true }).pressSequentially(text);
  await type(say('citizen.details.name'), person.name);
  await type(say('citizen.details.phone'), person.phone);
  // As many pages of details as there are.
  while (!page.url().includes('/check')) {
    const before = page.url();
    await go('button', say('citizen.continue'));
    await page.waitForURL(({ href }) => href !== before);
  }
  await go('button', say('citizen.check.confirm'));
  await page.waitForURL('**/confirmed');
}
