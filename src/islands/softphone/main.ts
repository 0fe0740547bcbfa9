/**
 * The desk's telephone in the console: an extension of the town's exchange over SIP on a WebSocket. One tab of a browser is the telephone.
 * A call continues while the pages of the console change below it.
 */
import { forgetKept } from './memory.ts';
import { openTelephone } from './telephone.ts';

const root = document.querySelector<HTMLElement>('#phone');
if (root && !root.dataset.isOpen) {
  root.dataset.isOpen = 'yes';
  openTelephone(root);
}

// Signing out removes the citizen's data from the tab.
document.addEventListener('submit', ({ target }) => {
  if (target instanceof Element && target.getAttribute('action') === '/staff/sign-out')
    forgetKept();
});
