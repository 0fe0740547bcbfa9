import type { Tell } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';

const OF_THIS_MACHINE = /^ws:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/;

/** Checks an address where something takes WebSockets: the connection must be encrypted, except to the same machine. */
export function checkSocket(url: Spot, name: string, mistake: Tell): void {
  const address = url.text() ?? '';
  if (/^wss?:/.test(address) && !URL.canParse(address))
    mistake(url.path, `"${address}" is no address.`);
  else if (/^ws:/.test(address) && !OF_THIS_MACHINE.test(`${address}/`))
    mistake(url.path, `The ${name} must take WebSockets with encryption: wss://…`);
}
