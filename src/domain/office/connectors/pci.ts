import { isSafeAddress } from '../../../lib/http/loopback.ts';
import { ine10, line, url } from '../fields.ts';

/** By what a town asks the PCI of the Consorci AOC. */
export const pciFields = {
  endpoint: url
    .refine((text) => URL.canParse(text) && isSafeAddress(new URL(text)), {
      error: 'must begin with https://: it is told who somebody is',
    })
    .describe('the synchronous front of the PCI')
    .default('https://serveis3.iop.aoc.cat/siri-proxy/services/Sincron'),
  ine10,
  requester: line(
    10,
    'the code of the town at the PCI, if it is not that of the INE',
  ).exactOptional(),
  purpose: line(250, 'the purpose (finalitat) with which the AOC authorised it'),
};
