import { textOf } from '../../features/foundation/proof-of-work/rules.ts';
import { sha256 } from './sha256.ts';

/** Milliseconds of work after which the browser may do something else. */
const SHIFT = 30;

/** Returns the number below `below` whose hash with `salt` is `target` (hexadecimal); null when there is none. Works in short stretches. */
export async function solve(
  { salt, target, below }: { salt: string; target: string; below: number },
  onShift: (tried: number) => void = () => {},
): Promise<number | null> {
  const wanted = Int32Array.from(target.match(/.{8}/g) ?? [], (word) => Number.parseInt(word, 16));
  const state = new Int32Array(8);
  let until = performance.now() + SHIFT;
  for (let number = 0; number < below; number++) {
    sha256(textOf(salt, number), state);
    if (state[0] === wanted[0] && state.every((word, at) => word === wanted[at])) return number;
    if (number % 256 === 0 && performance.now() > until) {
      onShift(number);
      await rest();
      until = performance.now() + SHIFT;
    }
  }
  return null;
}

/** Lets the browser handle waiting events. A timer would be slowed to one a second in a hidden tab. */
function rest(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
